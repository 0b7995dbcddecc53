"""Compare the results of Odoo's own tests with and without our addons.

    python tests/core --config FILE --without DB --with DB [--unskip] [--output-folder FOLDER]

Both databases hold the same core modules (and both or neither hold demo data); the second one
holds our addons as well. They are only copied. The copies are turned to English, because many of
Odoo's own tests compare English texts.

Odoo 19.0 ships the tests of lot valuation and of landed costs switched off. `--unskip` runs these
too: many fail on plain Odoo, but whatever passes there must pass with our addons.

Exit code: 0 when every test ends the same way on both databases, 1 when one differs, 2 when the
comparison could not be made.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from odoo import sql_db
from odoo.tools import config
from odoo.tools.sql import column_exists

sys.path.append(str(Path(__file__).resolve().parent.parent))
from bench import databases  # noqa: E402 - beside us in the tests folder

MODULES = (
    "stock_account",
    "sale_stock",
    "purchase_stock",
    "stock_landed_costs",
    "sale_margin",
    "sale_stock_margin",
)


class Side:
    """The tests on one of the two databases."""

    def __init__(self, args, name, source, folder, http_port):
        self.args = args
        self.source = source
        self.http_port = http_port
        self.output = folder / f"{name}{'-unskipped' if args.unskip else ''}.json"
        self.database = f"{args.prefix}_{name}"
        self.process = None

    def start(self):
        """Copy the database and run its tests in a process of their own."""
        if not self.source:
            return
        databases.copy(self.source, self.database)
        use_english(self.database)
        hide_places(self.database)
        command = [
            sys.executable,
            str(Path(__file__).with_name("worker.py")),
            *("--config", self.args.config),
            *("--database", self.database),
            *("--http-port", str(self.http_port)),
            *("--modules", self.args.modules),
            *("--output", str(self.output)),
            *(["--unskip"] if self.args.unskip else []),
        ]
        with self.output.with_suffix(".log").open("w") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)

    def finish(self):
        """Wait for the end; return {test: {outcome, reason}}, or nothing without a result."""
        if self.process and self.process.wait():
            print(self.output.with_suffix(".log").read_text()[-2000:], file=sys.stderr)
            return None
        return json.loads(self.output.read_text()) if self.output.exists() else None

    def clean(self):
        """Leave neither the process nor the copy behind."""
        if self.process:
            self.process.kill()
            self.process.wait()
            databases.drop(self.database)


def use_english(database):
    """Give every user of the database, and every partner made from now on, English."""
    with sql_db.db_connect(database).cursor() as cr:
        cr.execute("UPDATE res_lang SET active = true WHERE code = 'en_US'")
        cr.execute("UPDATE res_partner SET lang = 'en_US'")
        cr.execute(
            """DELETE FROM ir_default d USING ir_model_fields f
                WHERE d.field_id = f.id AND f.model = 'res.partner' AND f.name = 'lang'"""
        )
    sql_db.close_db(database)


def hide_places(database):
    """Archive the places that our addons give each store.

    A core test of `purchase_stock` unpacks the children of the stock location into two names and
    makes the two itself when there are none. What it tests works with our places; only its count
    does not.
    """
    with sql_db.db_connect(database).cursor() as cr:
        if column_exists(cr, "stock_location", "dealer_place_type"):
            cr.execute(
                "UPDATE stock_location SET active = false WHERE dealer_place_type IS NOT NULL"
            )
            print(f"{database}: {cr.rowcount} places for cars archived for these tests")
    sql_db.close_db(database)


def differences(without, with_addons):
    """Yield (test, result without, result with) for every test that ends differently."""
    missing = {"outcome": "missing", "reason": ""}
    for test in sorted(without.keys() | with_addons.keys()):
        before, after = without.get(test, missing), with_addons.get(test, missing)
        if before["outcome"] != after["outcome"]:
            yield test, before, after


def other_reasons(without, with_addons):
    """Return the tests that fail on both databases, but with another message."""
    return [
        test
        for test, before in sorted(without.items())
        if test in with_addons
        and before["outcome"] == with_addons[test]["outcome"]
        and before["reason"] != with_addons[test]["reason"]
    ]


def summary(outcomes):
    """Return the counts by outcome in one line."""
    counts = Counter(result["outcome"] for result in outcomes.values())
    return ", ".join(f"{counts[name]} {name}" for name in sorted(counts))


def report(without, with_addons):
    """Print both counts and every difference; return the exit code."""
    print(f"without our addons: {len(without)} tests: {summary(without)}")
    print(f"with our addons:    {len(with_addons)} tests: {summary(with_addons)}")
    found = list(differences(without, with_addons))
    for test, before, after in found:
        print(f"DIFFERS {test}: {before['outcome']} -> {after['outcome']}")
        for side, result in (("without", before), ("with", after)):
            if result["reason"]:
                print(f"    {side}: {result['reason']}")
    for test in other_reasons(without, with_addons):
        print(f"note: {test} fails on both, with another message")
        print(f"    without: {without[test]['reason']}")
        print(f"    with:    {with_addons[test]['reason']}")
    print(f"{len(found)} tests differ" if found else "every test ends the same way on both")
    return 1 if found else 0


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", required=True, help="Odoo configuration file")
    parser.add_argument("--without", help="database without our addons")
    parser.add_argument("--with", dest="with_addons", help="database with our addons")
    parser.add_argument("--prefix", default="core", help="of the copies: %(default)s")
    parser.add_argument("--modules", default=",".join(MODULES), help="default: %(default)s")
    parser.add_argument("--http-port", type=int, default=8099, help="and the next: %(default)s")
    parser.add_argument("--unskip", action="store_true", help="run skipped tests as well")
    parser.add_argument(
        "--output-folder",
        type=Path,
        help="keep results and logs there; a side without a database is read from there",
    )
    args = parser.parse_args()
    config.parse_config(["-c", args.config, "--log-level", "error"], setup_logging=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.output_folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        sides = [
            Side(args, "without", args.without, folder, args.http_port),
            Side(args, "with", args.with_addons, folder, args.http_port + 1),
        ]
        try:
            for side in sides:
                side.start()
            results = [side.finish() for side in sides]
        finally:
            for side in sides:
                side.clean()
        if not all(results):
            print("nothing to compare: " + " / ".join(summary(r) if r else "-" for r in results))
            return 2
        return report(*results)


if __name__ == "__main__":
    sys.exit(main())
