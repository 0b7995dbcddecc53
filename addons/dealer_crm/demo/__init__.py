from . import dealer_demo_crm_showroom
