"""Where things are: the checkout, its data folder, the user's cache."""

import configparser
import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "config"
ADDONS = ROOT / "addons"
TEST_ADDONS = ROOT / "tests"

#: virtual environment, database, files of this checkout; one folder, ignored by git
HOME = Path(os.environ.get("DEALER_HOME") or ROOT / ".dealer").resolve()
VENV = HOME / "venv"
PYTHON = VENV / "bin" / "python"
SITE_PACKAGES = VENV / "lib" / "python3.11" / "site-packages"
LOGS = HOME / "log"

#: downloads, shared by all checkouts of this user
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").resolve() / "dealer-suite"

#: another Odoo 19.0 tree to be used instead of Debian's
ODOO_HOME = Path(os.environ["ODOO_HOME"]).resolve() if os.environ.get("ODOO_HOME") else None


def checkout_id():
    """Eight characters that tell this checkout's server and databases from another one's."""
    return hashlib.sha256(str(HOME).encode()).hexdigest()[:8]


def lines(name):
    """The entries of `config/<name>`: one a line, `#` starts a comment."""
    text = (CONFIG / name).read_text(encoding="utf-8")
    entries = (line.partition("#")[0].split() for line in text.splitlines())
    return [entry for entry in entries if entry]


def modules():
    """What a dealership installs, in the order of `config/modules.txt`."""
    return [entry[0] for entry in lines("modules.txt")]


def external_database():
    """Connection of an external PostgreSQL as libpq variables, or None for the embedded one.

    The usual variables win (PGHOST, PGPORT, PGUSER, PGPASSWORD …); else `config/database.conf`,
    made from `config/database.conf.example`.
    """
    if os.environ.get("PGHOST") or os.environ.get("PGHOSTADDR") or os.environ.get("PGSERVICE"):
        return {key: value for key, value in os.environ.items() if key.startswith("PG")}
    file = CONFIG / "database.conf"
    if not file.exists():
        return None
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(file, encoding="utf-8")
    return {f"PG{key.upper()}": value for key, value in parser["postgresql"].items() if value}
