from . import dealer_demo, dealer_demo_delivery
from . import dealer_demo_alloc
from . import dealer_demo_money
from . import dealer_demo_price
from . import dealer_demo_stock
from . import dealer_demo_sheet
from . import dealer_demo_handover
