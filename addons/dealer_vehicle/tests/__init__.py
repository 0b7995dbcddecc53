from . import (
    test_access,
    test_catalogue,
    test_concurrency,
    test_cost,
    test_invoice,
    test_margin_report,
    test_performance,
    test_purchase,
    test_sale,
    test_valuation,
    test_vehicle,
)
