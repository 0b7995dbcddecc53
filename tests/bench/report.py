"""Judge the measurements, print them as tables and keep them as JSON."""

import json
from dataclasses import asdict, dataclass, field
from statistics import median, quantiles


@dataclass
class Check:
    """One promise: a figure that must not exceed its limit.

    Statement counts are exact, so breaking their limit always fails the run. Time ratios of a
    quick run (few repetitions) are only reported.
    """

    name: str
    value: float
    limit: float
    kind: str  # "statements" or "time"
    binding: bool = True

    @property
    def kept(self):
        return self.value <= self.limit

    def __str__(self):
        verdict = "ok" if self.kept else ("FAILED" if self.binding else "above (not binding)")
        shown = f"{self.value:g}" if self.kind == "statements" else f"{self.value:.2f}"
        return f"{verdict:>20}  {self.name}: {shown}, at most {self.limit:g}"


@dataclass
class Report:
    """What a run measured and how it is judged."""

    quick: bool
    checks: list[Check] = field(default_factory=list)
    measures: dict = field(default_factory=dict)

    def check_statements(self, name, value, limit):
        self.checks.append(Check(name, value, limit, "statements"))

    def check_time(self, name, ratio, limit):
        self.checks.append(Check(name, ratio, limit, "time", binding=not self.quick))

    def print_checks(self):
        print("\nPromises")
        for check in self.checks:
            print(check)

    def exit_code(self):
        """Return 1 when a binding promise is broken."""
        return int(any(check.binding and not check.kept for check in self.checks))

    def write(self, path):
        """Write everything that was measured, for comparisons over time."""
        content = {
            "quick": self.quick,
            "checks": [asdict(check) | {"kept": check.kept} for check in self.checks],
            "measures": self.measures,
        }
        path.write_text(json.dumps(content, indent=1) + "\n")


def totals(repetitions, figure):
    """Return the sum over the steps for each repetition of a deal."""
    return [sum(step[figure] for step in deal.values()) for deal in repetitions]


def statements(repetitions):
    """Return the statements of a deal: the median over the repetitions."""
    return round(median(totals(repetitions, "statements")))


def ratio(repetitions, base, figure="seconds"):
    """Return the median and the quartiles of the ratios within each repetition."""
    pairs = zip(totals(repetitions, figure), totals(base, figure), strict=True)
    ratios = [value / reference for value, reference in pairs]
    low, middle, high = quantiles(ratios, n=4, method="inclusive")
    return {"median": middle, "quartiles": [low, high], "all": ratios}


def print_deal(stock, suite):
    """Print the steps of the deal side by side."""
    print(
        f"\n{'step':<12}{'stock stmts':>12}{'suite stmts':>12}{'more':>6}"
        f"{'stock ms':>10}{'suite ms':>10}{'time x':>8}"
    )
    rows = [
        (step, [{step: deal[step]} for deal in stock], [{step: deal[step]} for deal in suite])
        for step in stock[0]
    ]
    for name, left, right in [*rows, ("deal", stock, suite)]:
        print(
            f"{name:<12}{statements(left):>12}{statements(right):>12}"
            f"{statements(right) - statements(left):>+6}"
            f"{1000 * median(totals(left, 'seconds')):>10.0f}"
            f"{1000 * median(totals(right, 'seconds')):>10.0f}"
            f"{ratio(right, left)['median']:>8.2f}"
        )


def print_growth(results, base):
    """Print how the deal grows from our own deal with an empty stock."""
    print(
        f"\n{'deal of the suite':<44}{'stmts':>7}{'receive':>8}{'deliver':>8}"
        f"{'ms':>7}{'time x':>8}{'quartiles':>14}"
    )
    for name, repetitions in results.items():
        growth = ratio(repetitions, base)
        receive, deliver = (
            statements([{step: deal[step]} for deal in repetitions])
            for step in ("receive", "deliver")
        )
        low, high = growth["quartiles"]
        print(
            f"{name:<44}{statements(repetitions):>7}{receive:>8}{deliver:>8}"
            f"{1000 * median(totals(repetitions, 'seconds')):>7.0f}{growth['median']:>8.2f}"
            f"{f'{low:.2f}-{high:.2f}':>14}"
        )


def print_reads(results):
    """Print the reads: {size: {read: {statements, odoo, floor}}}."""
    sizes = list(results)
    print(f"\n{'read':<34}" + "".join(f"{size:>30}" for size in sizes))
    print(f"{'':<34}" + f"{'stmts':>10}{'ms':>8}{'x raw SQL':>12}" * len(sizes))
    for name in results[sizes[0]]:
        line = f"{name:<34}"
        for size in sizes:
            read = results[size][name]
            line += f"{read['statements']:>10}{1000 * median(read['odoo']):>8.1f}"
            line += f"{read_ratio(read):>12.2f}"
        print(line)


def read_ratio(read):
    """Return the median of the ratios of a read to its hand-written counterpart."""
    return median(odoo / floor for odoo, floor in zip(read["odoo"], read["floor"], strict=True))


def print_pages(runs, sizes):
    """Print the pages with few and with many leads: runs of {side: {page: figures}}."""
    heads = "".join(f"{f'{count} leads':>26}" for count in sizes.values())
    print(f"\n{'page':<34}{heads}{'time x':>8}")
    print(f"{'':<34}" + f"{'stmts':>10}{'rows':>6}{'ms':>10}" * len(sizes))
    for page in runs[0]["few"]:
        line = f"{page:<34}"
        for side in sizes:
            figures = [run[side][page] for run in runs]
            line += f"{figures[-1]['statements']:>10}{figures[-1]['rows']:>6}"
            line += f"{1000 * median(one['seconds'] for one in figures):>10.1f}"
        few, many = ([run[side][page] for run in runs] for side in sizes)
        print(f"{line}{page_ratio(many, few):>8.2f}")


def page_ratio(many, few):
    """Return the median of the ratios of each repetition."""
    return median(one["seconds"] / two["seconds"] for one, two in zip(many, few, strict=True))


def move_statements(runs):
    """Return the statements of a move: the median, as a sequence is cached or not now and then."""
    return round(median(run["statements"] for run in runs))


def print_import(imported):
    """Print what an import took and brought."""
    print(
        "\nimport of {rows} media leads: {seconds:.1f} s, {statements} statements, {people} people,"
        " {broken} broken rows".format(**imported)
    )


def print_moves(runs, first, moves):
    """Print the moves of parts: runs of {part: {step: figures}}.

    :param first: the first run, which leaves the checkpoints of the whole history
    """
    print(f"\n{'':<12}{'without past':>24}{f'{moves} past moves':>24}{'time x':>8}{'first ms':>10}")
    print(f"{'':<12}" + f"{'stmts':>12}{'ms':>12}" * 2)
    for step in runs[0]["none"]:
        line = f"{step:<12}"
        for name in ("none", "many"):
            figures = [run[name][step] for run in runs]
            line += f"{figures[-1]['statements']:>12}"
            line += f"{1000 * median(one['seconds'] for one in figures):>12.1f}"
        none, many = ([run[name][step] for run in runs] for name in ("none", "many"))
        print(f"{line}{page_ratio(many, none):>8.2f}{1000 * first['many'][step]['seconds']:>10.0f}")
