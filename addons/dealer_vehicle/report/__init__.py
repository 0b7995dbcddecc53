from . import (
    dealer_collection_report,
    dealer_stock_turnover,
    dealer_vehicle_margin_report,
    report_gate_pass,
    sale_report,
)
