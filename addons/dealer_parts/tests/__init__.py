from . import test_part_number
