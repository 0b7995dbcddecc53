from . import dealer_demo, dealer_demo_delivery
from . import dealer_demo_alloc
