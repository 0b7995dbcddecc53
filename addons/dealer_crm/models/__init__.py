from . import crm_lead
from . import dealer_channel
from . import res_partner
from . import res_partner_timeline
