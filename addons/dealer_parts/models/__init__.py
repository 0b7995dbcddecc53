from . import product_category
from . import product_template
from . import dealer_lost_sale
from . import sale_order_counter
from . import sale_order_line_counter
from . import dealer_special_order
from . import stock_picking_special
