from . import dealer_part_move_report
from . import dealer_part_stock_age
from . import dealer_part_fill_report
from . import dealer_part_supplier_report
from . import dealer_part_store_stock
