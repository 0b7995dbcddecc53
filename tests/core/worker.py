"""Run the tests of some Odoo modules on one database and write every single result to a file.

The whole registry is loaded first, so tests that Odoo runs while it installs their module
(``at_install``) meet all the modules of the database here. That is the point of the exercise:
on a database with our addons each core test runs with our overrides in place.

Run by `compare.py`; not meant to be called by hand.
"""

import argparse
import json
import logging
import re
import signal
import threading
import traceback
from pathlib import Path

import odoo.http
from odoo.modules import module as odoo_module
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tests import loader
from odoo.tests.result import OdooTestResult
from odoo.tests.suite import OdooSuite
from odoo.tests.tag_selector import TagsSelector
from odoo.tools import config

#: What varies from one run to the next in an error message although nothing differs in substance.
VOLATILE = re.compile(r"0x[0-9a-f]+|\d+")


class RecordingResult(OdooTestResult):
    """Odoo's own result object that also keeps the outcome of each test."""

    def __init__(self, expected):
        super().__init__()
        self.outcomes = {test.id(): {"outcome": "not run", "reason": ""} for test in expected}

    def _record(self, test, outcome, reason=""):
        """Keep the worst outcome: a failing subtest decides over the test around it."""
        test = getattr(test, "test_case", test)
        known = self.outcomes.get(test.id(), {}).get("outcome")
        if known not in ("failure", "error"):
            self.outcomes[test.id()] = {"outcome": outcome, "reason": reason}

    def addSuccess(self, test):
        super().addSuccess(test)
        self._record(test, "ok")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._record(test, "skipped", reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._record(test, "failure", describe(err))

    def addError(self, test, err):
        super().addError(test, err)
        self._record(test, "error", describe(err))


def describe(err):
    """Return the exception in one line, without the numbers that change from run to run."""
    text = "".join(traceback.format_exception_only(err[0], err[1])).strip().splitlines()
    return VOLATILE.sub("#", text[0] if text else err[0].__name__)[:300]


def collect(modules, unskip):
    """Return the standard tests of the modules; `unskip` takes away the marks of skipped ones."""
    wanted = TagsSelector("standard")
    tests = [
        test
        for name in modules
        for python_module in loader.get_test_modules(name)
        for test in loader.get_module_test_cases(python_module)
        if wanted.check(test)
    ]
    if unskip:
        for test in tests:
            type(test).__unittest_skip__ = False
            function = getattr(type(test), test._testMethodName)
            if getattr(function, "__unittest_skip__", False):
                setattr(type(test), test._testMethodName, function.__wrapped__)
    return sorted(tests, key=lambda test: getattr(test, "test_sequence", 0))


def run(modules, unskip):
    """Run all tests in one suite as Odoo's own test runner does; return the outcomes."""
    tests = collect(modules, unskip)
    result = RecordingResult(tests)
    odoo_module.current_test = True
    try:
        OdooSuite(tests)(result)
    finally:
        odoo_module.current_test = False
    return result.outcomes


def start_http():
    """Serve HTTP from a thread: some tests call our own server."""
    server.load_server_wide_modules()
    server.server = server.ThreadedServer(odoo.http.root)
    server.server.start(stop=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--http-port", required=True)
    parser.add_argument("--modules", required=True)
    parser.add_argument("--unskip", action="store_true")
    parser.add_argument("--output", type=Path, required=True)
    args = parser.parse_args()
    config.parse_config(
        ["-c", args.config, "-d", args.database, "--http-port", args.http_port]
        + ["--log-level", "warn"],
        setup_logging=True,
    )
    logging.getLogger("odoo.addons.base.models.ir_attachment").setLevel(logging.CRITICAL)
    threading.current_thread().testing = True
    threading.current_thread().dbname = args.database
    start_http()
    Registry(args.database)
    config["test_enable"] = True
    try:
        outcomes = run(args.modules.split(","), args.unskip)
    finally:
        config["test_enable"] = False
        server.server.stop()
    args.output.write_text(json.dumps(outcomes, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
