from . import test_canaries
from . import test_golden_aftermath
from . import test_golden_deals
from . import test_golden_group
from . import test_golden_timing
from . import test_golden_valuation
from . import test_price_race
from . import test_two_people_at_once
