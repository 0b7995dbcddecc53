"""Measure our addons against plain Odoo and against raw SQL.

    python tests/bench --config FILE --stock DB [--suite DB] [--quick] [--json FILE]

Run it with the Python that has Odoo. `--stock` names a database with the core modules that our
addons build on, `--suite` one with our addons as well; both without demo data and both with a chart
of accounts. They are only copied. Without `--suite` our addons are installed into a copy of the
first. The working copies are called PREFIX_stock, PREFIX_suite, PREFIX_large and dropped at the
end. The role of the configuration must be allowed to create databases.

Promises (a broken one gives exit code 1):
  deal    a deal takes at most 820 statements and 1.20 times the time of plain Odoo's
  growth  with 20, 100, 300 cars of the model in stock, and with 100,000 lots in the database:
          at most 5 % more statements and 1.10 times the time of our own deal with an empty stock
  reads   the list of vehicles takes as many statements with 100,000 vehicles as with 1,000;
          a search takes at most 3 times the time of hand-written SQL
  leads   pipeline and page of the day take as many statements with 10,000 leads as with 100, and at
          most 1.30 times the time; 10,000 media leads are imported in at most 180 seconds

  parts   receipt and issue of a part at average cost with 20,000 past moves take as many statements
          as those of a part with none, and at most 1.30 times the time

Statements are exact. Times are ratios inside one run, both sides taking turns: the median of the
ratios of each repetition. A quick run has few repetitions and 1,000 rows: there, times are shown
but fail nothing.
"""

import argparse
import sys
from pathlib import Path

if not __package__:  # started as `python tests/bench`
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from bench import databases, report
from bench.client import Client, WorkerError

from odoo.tools import config

DEAL_STATEMENTS = 820
DEAL_TIME = 1.20
GROWTH_STATEMENTS = 1.05
GROWTH_TIME = 1.10
SEARCH_TIME = 3.0
PAGE_TIME = 1.30
IMPORT_SECONDS = 180
MOVE_TIME = 1.30

FULL = {
    "warm_up": 3,
    "repetitions": 12,
    "in_stock": (20, 100, 300),
    "small": 1_000,
    "large": 100_000,
    "reads": 20,
    "few_leads": 100,
    "many_leads": 10_000,
    "past_moves": 20_000,
}
QUICK = {
    "warm_up": 1,
    "repetitions": 3,
    "in_stock": (20,),
    "small": 200,
    "large": 1_000,
    "reads": 5,
    "few_leads": 100,
    "many_leads": 1_000,
    "past_moves": 1_000,
}
SIDES = ("stock", "suite", "large", "few", "many")
PARTS = ("deal", "growth", "reads", "leads", "parts")


class Bench:
    """One run: the databases, the workers and the parts of the measurement."""

    def __init__(self, args):
        self.args = args
        self.size = QUICK if args.quick else FULL
        if args.repetitions:
            self.size = self.size | {"repetitions": args.repetitions}
        self.names = {side: f"{args.prefix}_{side}" for side in SIDES}
        self.workers = {}
        self.report = report.Report(quick=args.quick)

    def run(self):
        """Measure the wanted parts; return the report."""
        try:
            self._prepare()
            for part in self.args.parts:
                print(f"\n=== {part} ===", flush=True)
                getattr(self, f"measure_{part}")()
        finally:
            for worker in self.workers.values():
                worker.close()
            if not self.args.keep:
                for name in self.names.values():
                    databases.drop(name)
        return self.report

    # === PARTS ===

    def measure_deal(self):
        """The deal on plain Odoo and through our addons, taking turns."""
        self._worker("stock").prepare_deal(name="Empty", kind="stock", series="A")
        stock, suite = self._alternate([("stock", "Empty"), ("suite", "Empty")])
        report.print_deal(stock, suite)
        time = report.ratio(suite, stock)
        self.report.measures["deal"] = {"stock": stock, "suite": suite, "time": time}
        self.report.check_statements(
            "statements of a deal", report.statements(suite), DEAL_STATEMENTS
        )
        self.report.check_time("time of a deal, times plain Odoo", time["median"], DEAL_TIME)

    def measure_growth(self):
        """Our deal with more cars of the model in stock, and in a large database."""
        runs = {"empty stock": ("suite", "Empty")}
        for cars in self.size["in_stock"]:
            runs[f"{cars} cars of the model in stock"] = ("suite", f"Stock {cars}")
        runs[f"{self.size['large']} lots in the database"] = ("large", "Empty")
        results = dict(zip(runs, self._alternate(list(runs.values())), strict=True))
        base = results["empty stock"]
        report.print_growth(results, base)
        self.report.measures["growth"] = results
        for name in list(runs)[1:]:
            self.report.check_statements(
                f"statements, {name}",
                report.statements(results[name]),
                int(report.statements(base) * GROWTH_STATEMENTS),
            )
            time = report.ratio(results[name], base)["median"]
            self.report.check_time(f"time, {name}, times empty stock", time, GROWTH_TIME)

    def measure_reads(self):
        """The list of vehicles and the search from one box."""
        self._worker("suite").generate(vehicles=self.size["small"])
        databases.analyze(self.names["suite"])
        results = {
            f"{self.size[size]} vehicles": self._worker(side).read(repetitions=self.size["reads"])
            for size, side in (("small", "suite"), ("large", "large"))
        }
        report.print_reads(results)
        self.report.measures["reads"] = results
        small, large = results.values()
        for name, read in large.items():
            self.report.check_statements(
                f"statements, {name}", read["statements"], small[name]["statements"]
            )
            if name.startswith("search"):
                self.report.check_time(
                    f"time, {name}, times raw SQL", report.read_ratio(read), SEARCH_TIME
                )

    def measure_leads(self):
        """The pages of people who follow up leads, and the import of leads, taking turns."""
        sizes = {"few": self.size["few_leads"], "many": self.size["many_leads"]}
        for side, count in sizes.items():
            self._say(f"generating {count} leads")
            self._worker(side).generate_leads(count=count)
            databases.analyze(self.names[side])
        runs = [
            {side: self._worker(side).open_pages() for side in sizes}
            for _repetition in range(self.size["repetitions"])
        ]
        report.print_pages(runs, sizes)
        imported = self._worker("few").import_leads(rows=self.size["many_leads"])
        report.print_import(imported)
        self.report.measures["leads"] = {"pages": runs, "import": imported}
        for page in runs[0]["few"]:
            few, many = ([run[side][page] for run in runs] for side in sizes)
            self.report.check_statements(
                f"statements, {page}", many[-1]["statements"], few[-1]["statements"]
            )
            self.report.check_time(
                f"time, {page}, times that with few leads", report.page_ratio(many, few), PAGE_TIME
            )
        self.report.check_time("seconds of the import", imported["seconds"], IMPORT_SECONDS)

    def measure_parts(self):
        """Receipts and issues of parts at average cost, with and without a past, taking turns."""
        suite = self._worker("suite")
        self._say(f"generating {self.size['past_moves']} moves of a part")
        suite.generate_parts(moves=self.size["past_moves"])
        databases.analyze(self.names["suite"])
        first = suite.move_parts()
        for _repetition in range(self.size["warm_up"]):
            suite.move_parts()
        runs = [suite.move_parts() for _repetition in range(self.size["repetitions"])]
        report.print_moves(runs, first, self.size["past_moves"])
        self.report.measures["parts"] = {"first": first, "runs": runs}
        for step in runs[0]["none"]:
            none, many = ([run[name][step] for run in runs] for name in ("none", "many"))
            self.report.check_statements(
                f"statements, {step} of a part",
                report.move_statements(many),
                report.move_statements(none),
            )
            self.report.check_time(
                f"time, {step} of a part, times that of one without past",
                report.page_ratio(many, none),
                MOVE_TIME,
            )

    # === HELPERS ===

    def _prepare(self):
        """Make the databases that the wanted parts need and the masters of the deals."""
        if "deal" in self.args.parts:
            databases.copy(self.args.stock, self.names["stock"])
        databases.copy(self.args.suite or self.args.stock, self.names["suite"])
        if not self.args.suite:
            self._say("installing our addons")
            databases.install_suite(self.args.config, self.names["suite"])
        suite = self._worker("suite")
        deals = {"Empty": suite.prepare_deal(name="Empty", kind="suite", series="B")}
        if "growth" in self.args.parts:
            for cars, series in zip(self.size["in_stock"], "CDE", strict=False):
                self._say(f"buying {cars} cars of one model")
                suite.prepare_deal(name=f"Stock {cars}", kind="suite", series=series, in_stock=cars)
        if {"growth", "reads"} & set(self.args.parts):
            self._say(f"generating {self.size['large']} vehicles")
            suite.disconnect()
            databases.copy(self.names["suite"], self.names["large"])
            large = self._worker("large")
            large.adopt_deal(name="Empty", kind="suite", state=deals["Empty"])
            large.generate(vehicles=self.size["large"])
        if "leads" in self.args.parts:
            suite.disconnect()
            for side in ("few", "many"):
                databases.copy(self.names["suite"], self.names[side])
        for name in self.names.values():
            if name in {worker.database for worker in self.workers.values()}:
                databases.analyze(name)

    def _worker(self, side):
        if side not in self.workers:
            self.workers[side] = Client(self.args.config, self.names[side])
        return self.workers[side]

    def _alternate(self, runs):
        """Run the deals in turns, each repetition beginning with another one.

        :return: for each run the list of its repetitions, warm-up left out
        """
        results = [[] for _run in runs]
        for repetition in range(self.size["warm_up"] + self.size["repetitions"]):
            for turn in range(len(runs)):
                index = (repetition + turn) % len(runs)
                side, name = runs[index]
                deal = self._worker(side).run_deal(name=name)
                if repetition >= self.size["warm_up"]:
                    results[index].append(deal)
        return results

    @staticmethod
    def _say(what):
        print(f"... {what}", flush=True)


def parse_arguments():
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--config", required=True, help="Odoo configuration file")
    parser.add_argument("--stock", required=True, help="database without our addons")
    parser.add_argument("--suite", help="database with our addons")
    parser.add_argument("--prefix", default="bench", help="of the working copies: %(default)s")
    parser.add_argument("--quick", action="store_true", help="for CI: a few minutes")
    parser.add_argument("--repetitions", type=int, help="instead of 12, or 3 in a quick run")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--json", type=Path, help="write all figures into this file")
    parser.add_argument("--keep", action="store_true", help="keep the working copies")
    return parser.parse_args()


def main():
    args = parse_arguments()
    config.parse_config(["-c", args.config, "--log-level", "error"], setup_logging=True)
    try:
        result = Bench(args).run()
    except WorkerError as error:
        print(error, file=sys.stderr)
        return 2
    result.print_checks()
    if args.json:
        result.write(args.json)
    return result.exit_code()


if __name__ == "__main__":
    sys.exit(main())
