from . import dealer_traffic_sheet, dealer_traffic_sheet_line
from . import dealer_visit_card
from . import dealer_visit_import, dealer_visit_import_line
