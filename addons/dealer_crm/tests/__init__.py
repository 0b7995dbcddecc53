from . import test_care_dates
from . import test_care_tasks
from . import test_lead_assignment
from . import test_lead_follow_up
from . import test_lead_wish
from . import test_person_file
from . import test_person_sharing
from . import test_showroom_visit
