"""Odoo's configuration, databases and processes."""

import ast
import contextlib
import hashlib
import json
import os
import shutil
import socket
import string
from pathlib import Path

from .console import Failure, Step, run
from .settings import (
    ADDONS,
    CONFIG,
    HOME,
    LOGS,
    ODOO_HOME,
    PYTHON,
    SITE_PACKAGES,
    TEST_ADDONS,
    VENV,
)

DATA = HOME / "odoo"
FILESTORE = DATA / "filestore"
STATE = HOME / "state"
LANGUAGE, COUNTRY = "zh_CN", "CN"


# === CONFIGURATION AND PROCESSES ===


def configuration(server, name="odoo-development.conf", *, number="", **extra):
    """Fill in the template `config/<name>`; return the path of the result.

    :param number: keeps the files of processes apart that run side by side
    :param extra: options added to the file, e.g. `http_port`
    """
    paths = [ADDONS, TEST_ADDONS]
    if ODOO_HOME:
        # addons from the package index land here; without ODOO_HOME it is Odoo's own folder
        paths = [ODOO_HOME / "addons", SITE_PACKAGES / "odoo" / "addons", *paths]
    template = string.Template((CONFIG / name).read_text(encoding="utf-8"))
    text = template.substitute(
        addons_path=",".join(str(path) for path in paths),
        data_dir=DATA,
        db_host=server.variables.get("PGHOST", ""),
        db_port=server.variables.get("PGPORT", "5432"),
        db_user=server.variables.get("PGUSER", ""),
        db_password=server.variables.get("PGPASSWORD", ""),
    )
    text += "".join(f"{key} = {value}\n" for key, value in extra.items())
    HOME.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    stem = f"{Path(name).stem}{number}"
    file = HOME / f"{stem}-{digest}.conf"
    for old in HOME.glob(f"{stem}-*.conf"):
        if old != file:
            with contextlib.suppress(FileNotFoundError):
                old.unlink()
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    return file


def command(conf, *words):
    """`odoo <subcommand> -c conf …` as the virtual environment runs it.

    Words that start with a subcommand (`db`, `shell`, `i18n`) get the configuration after it, as
    Odoo's parser wants it; plain options follow the configuration.
    """
    start = [str(PYTHON), "-m", "odoo"]
    words = [str(word) for word in words]
    if words and not words[0].startswith("-"):
        return [*start, words[0], "-c", str(conf), *words[1:]]
    return [*start, "-c", str(conf), *words]


def environment(server):
    path = f"{VENV / 'bin'}{os.pathsep}{server.env['PATH']}"
    return server.env | {"PATH": path, "PYTHONDONTWRITEBYTECODE": ""}


def free_port(wanted):
    """`wanted`, or the next port that nobody listens on at the loopback address."""
    for port in range(wanted, wanted + 200):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                return port
    raise Failure(f"No free port between {wanted} and {wanted + 200}.")


# === ADDONS ===


def manifest(addon):
    return ast.literal_eval((addon / "__manifest__.py").read_text(encoding="utf-8"))


def our_addons(*folders):
    """{technical name: folder} of the addons in this checkout."""
    folders = folders or (ADDONS, TEST_ADDONS)
    return {
        file.parent.name: file.parent
        for folder in folders
        for file in sorted(folder.glob("*/__manifest__.py"))
    }


def outside_dependencies():
    """The modules of Odoo and OCA that our addons stand on: what a test template holds."""
    addons = our_addons()
    depends = {name for folder in addons.values() for name in manifest(folder).get("depends", [])}
    return sorted(depends - addons.keys())


def addon_hashes():
    """{addon: hash} of all that a module upgrade reads; tests and texts are left out."""
    return {name: _hash(folder) for name, folder in our_addons().items()}


def _hash(folder):
    digest = hashlib.sha256()
    for file in sorted(folder.rglob("*")):
        relative = file.relative_to(folder)
        if (
            file.is_file()
            and file.suffix not in (".pyc", ".md", ".rst")
            and not (relative.parts[0] == "tests" and file.suffix == ".py")
        ):
            digest.update(str(relative).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


# === DATABASES ===


def create(server, conf, database, modules, *, script="", title):
    """Make `database` with `modules` installed; a half-made one of an earlier try is replaced.

    The work happens under another name, and the name that counts appears last: whoever finds
    `database` finds it whole.

    :param script: Python for Odoo's shell, run at the end; it must commit
    """
    draft = f"{database}_building"
    drop(server, draft)
    with Step(f"{title}: new database") as step:
        init = ["db", "init", draft, "--language", LANGUAGE, "--country", COUNTRY]
        _odoo(server, conf, step, *init)
    if modules:
        with Step(f"{title}: installing modules") as step:
            install = ["-d", draft, "--no-http", "--stop-after-init", "-i", ",".join(modules)]
            _odoo(server, conf, step, *install)
    if script:
        with Step(f"{title}: buying and selling cars") as step:
            _odoo(server, conf, step, "shell", "-d", draft, "--no-http", words=script)
    drop(server, database)
    rename(server, draft, database)


def upgrade(server, conf, database, modules, *, title="Upgrading changed addons"):
    with Step(f"{title}: {', '.join(modules)}") as step:
        # -i installs what is new and upgrades nothing; -u does the opposite: both are given
        words = ["-d", database, "--no-http", "--stop-after-init"]
        _odoo(server, conf, step, *words, "-i", ",".join(modules), "-u", ",".join(modules))


def _odoo(server, conf, step, *options, words=""):
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / "odoo-setup.log"
    env = environment(server)
    run(command(conf, *options), step=step, log=log, env=env, what="Odoo", words=words)


def copy(server, source, target):
    """Copy a database and its files."""
    drop(server, target)
    server.copy(source, target)
    if (FILESTORE / source).exists():
        shutil.copytree(FILESTORE / source, FILESTORE / target)


def rename(server, source, target):
    """Rename files and database, the database last: whoever finds it finds its files."""
    if (FILESTORE / source).exists():
        (FILESTORE / source).rename(FILESTORE / target)
    server.rename(source, target)


def drop(server, database):
    server.drop(database)
    shutil.rmtree(FILESTORE / database, ignore_errors=True)


def remember(database, **facts):
    """Write down what a database was made of; see `remembered`."""
    STATE.mkdir(parents=True, exist_ok=True)
    (STATE / f"{database}.json").write_text(json.dumps(facts), encoding="utf-8")


def forget(database):
    """The database is another one from now on: the next start upgrades all its addons."""
    (STATE / f"{database}.json").unlink(missing_ok=True)


def remembered(database):
    with contextlib.suppress(FileNotFoundError, ValueError):
        return json.loads((STATE / f"{database}.json").read_text(encoding="utf-8"))
    return {}


def bring_up_to_date(server, conf, database):
    """Upgrade the addons that changed since `database` was last brought up to date."""
    hashes = addon_hashes()
    installed = {
        row[0]
        for row in server.sql(
            "SELECT name FROM ir_module_module WHERE state = 'installed'", database
        )
    }
    known = remembered(database).get("addons", {})
    changed = [name for name in hashes if name in installed and known.get(name) != hashes[name]]
    if changed:
        upgrade(server, conf, database, changed)
        remember(database, **{**remembered(database), "addons": hashes})
    return changed
