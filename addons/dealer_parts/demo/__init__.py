from . import dealer_demo_parts
