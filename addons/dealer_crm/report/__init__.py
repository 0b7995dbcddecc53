from . import dealer_traffic_report
from . import dealer_market_share
