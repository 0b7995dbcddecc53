from . import dealer_visit_card
