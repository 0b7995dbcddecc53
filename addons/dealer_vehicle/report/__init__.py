from . import dealer_vehicle_margin_report, sale_report
