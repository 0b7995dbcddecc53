from . import test_part_number
from . import test_counter
