from . import test_canaries
