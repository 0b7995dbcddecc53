from . import (
    dealer_agency_ledger,
    dealer_collection_report,
    dealer_sales_pace,
    dealer_stock_turnover,
    dealer_vehicle_margin_report,
    dealer_vehicle_composite_report,
    report_gate_pass,
    sale_report,
)
