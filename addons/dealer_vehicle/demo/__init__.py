from . import dealer_demo, dealer_demo_delivery
