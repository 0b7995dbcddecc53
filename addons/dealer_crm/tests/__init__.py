from . import test_person_file
