from . import test_part_number
from . import test_counter
from . import test_part_count
from . import test_part_count_ui
from . import test_part_care
from . import test_part_bin
from . import test_average_cost
from . import test_part_request
