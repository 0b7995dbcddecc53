from . import dealer_demo_crm_showroom
from . import dealer_demo_crm_lead
from . import dealer_demo_crm_care
