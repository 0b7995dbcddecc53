from . import account_payment_register
from . import dealer_allocation_swap
from . import dealer_arrival_import
from . import dealer_arrival_import_line
from . import dealer_catalogue_import
from . import dealer_catalogue_import_line
from . import dealer_vehicle_transfer
