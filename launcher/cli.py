"""The commands of `./dealer`."""

import argparse
import contextlib
import fcntl
import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import debian, odoo, postgres, python_env
from .console import Failure, Step, run, say
from .settings import (
    ADDONS,
    CONFIG,
    HOME,
    LOGS,
    PYTHON,
    ROOT,
    checkout_id,
    external_database,
    lines,
    modules,
)

PDF = {"wkhtmltopdf": "wkhtmltopdf", "font:zh": "fonts-wqy-microhei"}
BROWSER = {"chromium": "chromium"}
#: options of pytest whose next word is no path, whatever it looks like
TAKE_A_WORD = ("-k", "-m", "-p", "-o", "-W", "--deselect", "--maxfail", "--durations")
#: test processes side by side: as many as the smallest machine that we know of has processors
PROCESSES = 2
#: pytest's exit code when no test was found
NOTHING_FOUND = 5
#: our demo data without those of Odoo's own addons, whose companies and orders would be in the way
DEMO = "env['dealer.demo']._load()\nenv.cr.commit()\n"


def main(arguments):
    parser = _parser()
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command not in ("test", "bench", "compare", "shell", "lint"):
        parser.error(f"unknown argument: {rest[0]}")
    options.rest = rest
    for ending in (signal.SIGTERM, signal.SIGHUP):  # also when the terminal's window is closed
        signal.signal(ending, lambda number, _frame: sys.exit(128 + number))
    try:
        return options.call(options) or 0
    except Failure as error:
        say(f"\ndealer: {error}")
        return 1
    except KeyboardInterrupt:
        say("\nInterrupted. Start again when you like: it goes on where it can.")
        return 130


def _parser():
    parser = argparse.ArgumentParser(
        prog="./dealer",
        description="Dealer suite on Odoo 19: run it, test it, measure it.",
        epilog="Environment: DEALER_HOME (data folder, default .dealer), ODOO_HOME (another Odoo "
        "19.0 tree), PGHOST… (an external PostgreSQL), XDG_CACHE_HOME (downloads).",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name, call, text, *words):
        command = commands.add_parser(name, help=text, description=text)
        for word, settings in words:
            command.add_argument(word, **settings)
        command.set_defaults(call=call)

    port = ("--port", {"type": int, "default": 8069, "help": "first port to try (8069)"})
    file = ("file", {"type": Path, "metavar": "FILE"})
    prepare = ("--prepare", {"action": "store_true", "help": "make it, but do not serve it"})
    add("run", run_server, "make a demo dealership if there is none, and serve it", port, prepare)
    add("test", test, "run the tests; paths and options go to pytest")
    add("bench", bench, "measure against stock Odoo and raw SQL; --quick for a short run")
    add("compare", compare, "run Odoo's own tests without and with our addons; tell differences")
    add("shell", shell, "Odoo's Python shell on the dealership")
    add("update", update, "upgrade the dealership's changed addons")
    add("backup", backup, "write database and files of the dealership to FILE (zip)", file)
    add("restore", restore, "put a backup in place; the replaced dealership is kept aside", file)
    add("lint", lint, "ruff and pylint-odoo; --fix repairs what ruff can")
    add("lock", lock, "compile config/requirements*.in into hashed lists")
    return parser


# === THE DEALERSHIP ===


def demo_database():
    """On an external server the name tells the checkouts apart."""
    return f"dealer_{checkout_id()}" if external_database() else "dealer"


def run_server(options):
    """Serve the demo dealership, making all that is missing first."""
    python_env.ensure()
    missing = debian.ensure_programs(PDF, "printing")
    database = demo_database()
    with postgres.server() as server:
        port = odoo.free_port(options.port)
        conf = odoo.configuration(server, http_port=port, gevent_port=odoo.free_port(port + 3))
        if database not in server.databases():
            title = "Demo dealership"
            odoo.create(server, conf, database, modules(), script=DEMO, title=title)
            odoo.remember(database, addons=odoo.addon_hashes())
        else:
            odoo.bring_up_to_date(server, conf, database)
        if options.prepare:
            return 0
        _set_report_url(server, database, port)
        _greet(port, missing)
        return _serve(odoo.command(conf, "-d", database), server)


def _set_report_url(server, database, port):
    """wkhtmltopdf fetches styles and pictures from the server itself, whatever its public name."""
    server.sql(
        "INSERT INTO ir_config_parameter (key, value) "
        f"VALUES ('report.url', 'http://127.0.0.1:{port}') "
        "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        database,
    )


def _greet(port, missing):
    if missing:
        say(f"\nPrinting is off until these packages are installed: {', '.join(missing)}")
        say(f"    sudo apt install {' '.join(missing)}")
    say(f"\nThe dealership opens at  http://127.0.0.1:{port}/odoo   (Ctrl-C closes it)")
    say("Log-ins (the password is the same word):")
    for login, role in demo_logins():
        say(f"    {login:<14} {role}")
    say()


def demo_logins():
    return [(login, " ".join(role)) for login, *role in lines("demo-logins.txt")]


def _serve(command, server):
    """Run Odoo in the foreground; a Ctrl-C ends it in order, and the database after it.

    In a session of its own Odoo does not hear the terminal's Ctrl-C: a second signal, after ours,
    would make it stop at once instead of in order.
    """
    environment = odoo.environment(server)
    with subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True) as process:
        while True:
            try:
                return process.wait()
            except (KeyboardInterrupt, SystemExit):
                process.terminate()


def shell(options):
    with _dealership() as (server, conf, database):
        words = odoo.command(conf, "shell", "-d", database, "--no-http", *options.rest)
        return subprocess.call(words, env=odoo.environment(server))


def update(_options):
    with _dealership() as (server, conf, database):
        if not odoo.bring_up_to_date(server, conf, database):
            say("Nothing has changed.")


def backup(options):
    target = options.file.resolve()
    if target.exists():
        raise Failure(f"{target} exists; choose another name.")
    with _dealership() as (server, conf, database), Step(f"Writing {target}") as step:
        draft = target.with_name(target.name + ".part")
        words = odoo.command(conf, "db", "dump", database, draft)
        run(words, step=step, env=odoo.environment(server), what="Odoo's dump")
        draft.rename(target)


def restore(options):
    source = options.file.resolve()
    if not source.exists():
        raise Failure(f"{source} does not exist.")
    python_env.ensure()
    database = demo_database()
    with postgres.server() as server:
        conf = odoo.configuration(server)
        draft, kept = f"{database}_restoring", f"{database}_before_restore"
        odoo.drop(server, draft)
        with Step(f"Reading {source}") as step:
            words = odoo.command(conf, "db", "load", draft, source)
            run(words, step=step, env=odoo.environment(server), what="Odoo's load")
        if database in server.databases():
            odoo.drop(server, kept)
            odoo.rename(server, database, kept)
            say(f"    the dealership of before is kept as database {kept}")
        odoo.forget(database)  # the backup may be older than the addons
        odoo.rename(server, draft, database)


class _dealership:
    """Environment, server and configuration of the demo dealership, which must exist."""

    def __enter__(self):
        python_env.ensure()
        self.context = postgres.server()
        server = self.context.__enter__()
        database = demo_database()
        if database not in server.databases():
            self.context.__exit__(None, None, None)
            raise Failure("There is no dealership yet: ./dealer run makes it.")
        return server, odoo.configuration(server), database

    def __exit__(self, *exc):
        return self.context.__exit__(*exc)


# === DEVELOPERS ===


def test(options):
    """pytest on copies of a database that has all addons installed.

    Two databases are kept: a template with what our addons depend on (made anew when that or Odoo
    changes), and one with our addons (changed addons are upgraded in it). The whole suite runs in
    two processes side by side, each on a copy of its own.
    """
    python_env.ensure()
    missing = debian.ensure_programs(PDF | BROWSER, "tests of printing and of the browser")
    if missing:
        raise Failure(f"The tests need these packages: apt install {' '.join(missing)}")
    with postgres.server() as server:
        shares = _test_shares(options.rest)
        databases = _copies_for_run(server, len(shares))
        try:
            return _run_tests(server, dict(zip(databases, shares, strict=True)))
        finally:
            for database in databases:
                odoo.drop(server, database)


def _run_tests(server, shares):
    """Run pytest on each database with its words; what the later ones say is shown at the end."""
    # what a test loses in a power cut is no loss
    environment = odoo.environment(server) | {"PGOPTIONS": "-c synchronous_commit=off"}
    LOGS.mkdir(parents=True, exist_ok=True)
    port, processes = 18069, []
    try:
        for number, (database, words) in enumerate(shares.items()):
            port = odoo.free_port(port)
            conf = odoo.configuration(server, "odoo-test.conf", number=number or "", http_port=port)
            command = [PYTHON, "-m", "pytest", f"--odoo-database={database}"]
            command += [f"--odoo-config={conf}", "--odoo-http", *words]
            log = LOGS / f"test-{number}.log"
            with open(log, "w") if number else contextlib.nullcontext() as output:
                process = subprocess.Popen(
                    [str(word) for word in command],
                    env=environment,
                    cwd=ROOT,
                    stdout=output,
                    stderr=subprocess.STDOUT if number else None,
                )
            processes.append((process, log))
            port += 1
        codes = []
        for number, (process, log) in enumerate(processes):
            codes.append(process.wait())
            if number:
                say(log.read_text(errors="replace"))
    finally:
        for process, _log in processes:
            process.terminate()
            process.wait()
    return _whole_result(codes)


def _whole_result(codes):
    """Exit code of the whole run; a share in which `-k` has found nothing is no failure."""
    found = [code for code in codes if code != NOTHING_FOUND]
    return max(found, key=abs, default=NOTHING_FOUND)


def _copies_for_run(server, number):
    """Copies of the ready database for this process; those of dead processes are dropped."""
    with open(HOME / "test.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        suite = ready_database(server, odoo.configuration(server, "odoo-test.conf"))
        for name in server.databases():
            owner = name.removeprefix(f"{suite}_run_")
            if owner != name and not Path(f"/proc/{owner.split('_')[0]}").exists():
                odoo.drop(server, name)
        databases = [f"{suite}_run_{os.getpid()}_{copy}" for copy in range(number)]
        for database in databases:
            odoo.copy(server, suite, database)
    return databases


def ready_database(server, conf):
    """Name of the database with all our addons installed and up to date, and no demo data."""
    template, suite = template_database(server, conf), f"test_suite_{checkout_id()}"
    if suite not in server.databases() or odoo.remembered(suite).get("template") != template:
        draft = f"{suite}_building"
        odoo.copy(server, template, draft)
        odoo.upgrade(server, conf, draft, list(odoo.our_addons()), title="Installing our addons")
        odoo.drop(server, suite)
        odoo.rename(server, draft, suite)
        odoo.remember(suite, template=template, addons=odoo.addon_hashes())
    else:
        new = odoo.our_addons().keys() - odoo.remembered(suite)["addons"].keys()
        if new:
            odoo.upgrade(server, conf, suite, sorted(new), title="Installing new addons")
        odoo.bring_up_to_date(server, conf, suite)
    return suite


def template_database(server, conf):
    """Name of the database with all that our addons depend on; made if need be."""
    depends = odoo.outside_dependencies()
    key = (python_env.VENV / "complete").read_text() + " ".join(depends)
    name = f"test_template_{hashlib.sha256(key.encode()).hexdigest()[:8]}"
    if external_database():
        name += f"_{checkout_id()}"
    if name not in server.databases():
        for old in server.databases():
            if old.startswith("test_template_") and not external_database():
                odoo.drop(server, old)
        odoo.create(server, conf, name, depends, title="Test template")
    return name


def _absolute(word):
    path, separator, test_id = word.partition("::")
    return f"{Path(path).resolve()}{separator}{test_id}" if Path(path).exists() else word


def _test_paths(rest):
    """Words for pytest with the paths among them; those are of the person's own folder."""
    return [
        word if word.startswith("-") or before in TAKE_A_WORD else _absolute(word)
        for before, word in zip(["", *rest], rest, strict=False)
    ]


def _test_shares(rest):
    """Words for pytest by process: paths that somebody named, or half of all test files each.

    The halves have as many tests each; they are the same ones every time.
    """
    words = _test_paths(rest)
    if words != rest:
        return [words]
    folders = [folder / "tests" for folder in odoo.our_addons().values()]
    files = [file for folder in folders for file in sorted(folder.rglob("test_*.py"))]
    files += sorted((ROOT / "tests" / "launcher").glob("test_*.py"))
    shares = {number: [] for number in range(PROCESSES)}
    tests = dict.fromkeys(shares, 0)
    for file, count in sorted(
        ((file, file.read_text(encoding="utf-8").count("def test_")) for file in files),
        key=lambda pair: -pair[1],
    ):
        least = min(tests, key=tests.get)
        shares[least].append(file)
        tests[least] += count
    return [[*sorted(share), *rest] for share in shares.values()]


def bench(options):
    """The benchmark: stock Odoo and the suite, each on a copy of its own database."""
    return _measure(options.rest, "tests/bench", "--stock", "--suite")


def compare(options):
    """Odoo's own tests of the modules that we extend, without and with our addons."""
    return _measure(options.rest, "tests/core", "--without", "--with")


def _measure(rest, script, stock_option, suite_option):
    python_env.ensure()
    with postgres.server() as server:
        conf = odoo.configuration(server, "odoo-test.conf", http_port=odoo.free_port(18069))
        stock, suite = template_database(server, conf), ready_database(server, conf)
        words = [PYTHON, ROOT / script, "--config", conf]
        words += [stock_option, stock, suite_option, suite, *rest]
        return subprocess.call([str(w) for w in words], env=odoo.environment(server), cwd=ROOT)


def lint(options):
    """ruff and pylint-odoo with OCA's 19.0 rules; any message fails."""
    tools = python_env.ensure_tool_env("lint")
    python = [str(path) for path in (ROOT / "dealer", ROOT / "launcher", ADDONS, ROOT / "tests")]
    fix = ["--fix"] if "--fix" in options.rest else []
    checks = [
        [tools / "ruff", "check", *fix, *python],
        [tools / "ruff", "format", *([] if fix else ["--check"]), *python],
        # a model has a file for each concern: its classes are not to be merged (the file of
        # settings cannot take one check out of a family that it switches on)
        [
            tools / "pylint",
            "--rcfile",
            CONFIG / "pylintrc",
            "--disable=consider-merging-classes-inherited",
            *odoo.our_addons().values(),
        ],
    ]
    environment = os.environ | {"PYLINTHOME": str(HOME / "pylint")}
    codes = [
        subprocess.call([str(w) for w in check], env=environment, cwd=ROOT) for check in checks
    ]
    say("lint: clean" if not any(codes) else "lint: see above")
    return int(any(codes))


def lock(_options):
    python_env.lock()
