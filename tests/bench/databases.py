"""Make and drop the working databases of a bench run, with their file stores."""

import contextlib
import shutil
import subprocess
import sys
from pathlib import Path

from odoo import sql_db
from odoo.tools import SQL, config

#: The modules that make the difference between the two sides.
SUITE_MODULES = "dealer_vehicle"


def _execute(query, database="postgres"):
    """Run one statement outside of a transaction, as CREATE DATABASE and VACUUM demand."""
    connection = sql_db.db_connect(database)
    with contextlib.closing(connection.cursor()) as cr:
        cr._cnx.autocommit = True
        cr.execute(query)
    sql_db.close_db(database)


def drop(name):
    """Drop the database if it exists, and its files."""
    _execute(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", SQL.identifier(name)))
    shutil.rmtree(config.filestore(name), ignore_errors=True)


def copy(source, target):
    """Make `target` a copy of `source`; nobody may be connected to the source."""
    drop(target)
    _execute(SQL("CREATE DATABASE %s TEMPLATE %s", SQL.identifier(target), SQL.identifier(source)))
    files = Path(config.filestore(source))
    if files.exists():
        shutil.copytree(files, config.filestore(target))


def analyze(name):
    """Give the planner fresh statistics, as autovacuum does in a database that lives."""
    _execute(SQL("VACUUM (ANALYZE)"), name)


def install_suite(config_file, name):
    """Install our addons into the database."""
    command = (
        "from odoo.cli.command import main; import sys; sys.argv[0] = 'odoo'; main()",
        *("server", "-c", config_file, "-d", name, "-i", SUITE_MODULES),
        *("--no-http", "--stop-after-init", "--log-level", "error"),
    )
    subprocess.run([sys.executable, "-c", *command], check=True)
