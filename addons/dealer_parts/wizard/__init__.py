from . import dealer_part_lookup
