from . import dealer_lead_import
from . import dealer_lead_import_line
from . import dealer_traffic_sheet, dealer_traffic_sheet_line
from . import dealer_unmask
from . import dealer_market_import
from . import dealer_market_import_line
from . import dealer_purchase_import
from . import dealer_purchase_import_line
from . import dealer_visit_card
from . import dealer_visit_import, dealer_visit_import_line
from . import sms_composer_restricted
from . import sms_composer
