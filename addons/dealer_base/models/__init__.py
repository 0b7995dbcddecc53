from . import dealer_parameter
from . import ir_actions_report
