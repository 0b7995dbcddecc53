from . import test_checklist
from . import test_identifiers
from . import test_kpi
from . import test_kpi_registry
from . import test_parameter
from . import test_report_layout
from . import test_table_reader
from . import test_taxes
