from . import test_identifiers
from . import test_parameter
from . import test_report_layout
from . import test_table_reader
from . import test_taxes
