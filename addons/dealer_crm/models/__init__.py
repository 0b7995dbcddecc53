from . import crm_lead
from . import dealer_channel
from . import res_partner
from . import res_partner_timeline
from . import crm_lead_showroom
from . import dealer_visit
