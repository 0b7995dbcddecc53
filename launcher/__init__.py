"""From a fresh machine to a running, tested or measured dealer suite; see `./dealer --help`.

One module a concern: `console` talks, `settings` knows the paths, `debian` fetches packages of
Debian, `python_env` makes the virtual environment, `postgres` the database server, `odoo` the
databases and processes of Odoo, `cli` the commands. Standard library only.
"""
