from . import test_person_file
from . import test_showroom_visit
