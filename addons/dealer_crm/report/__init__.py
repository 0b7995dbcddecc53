from . import dealer_traffic_report
