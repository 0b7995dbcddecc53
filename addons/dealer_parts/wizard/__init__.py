from . import dealer_part_lookup
from . import dealer_part_count_import
from . import dealer_part_count_import_line
from . import dealer_bin_generate
from . import dealer_part_return
from . import dealer_part_return_line
