"""Several people press the button at the same moment: real threads, cursors and commits.

Each press runs the way the server runs a request (``retrying``), as its own user, and all have
read the database before any of them acts. What is committed is deleted afterwards.
"""

import threading
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.service.model import retrying
from odoo.tests import TransactionCase
from odoo.tools import mute_logger
from odoo.tools.sql import existing_tables

DONE = "done"


class RaceCase(TransactionCase):
    """Committed data of its own, a starting gun, and a broom."""

    def setUp(self):
        super().setUp()
        self.highest_ids = self._highest_ids()
        self.addCleanup(self._sweep)
        with self._committing() as env:
            self._prepare(env)

    def _prepare(self, env):
        """Make the data that every test of the class races for."""
        raise NotImplementedError

    @contextmanager
    def _committing(self):
        """Environment of the superuser whose changes are committed when all went well."""
        context = {"tracking_disable": True, "no_reset_password": True, "lang": "en_US"}
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, context)

    # === THE BROOM ===

    def _tables(self, cr):
        """Return the tables of lasting models; models that only tests define have none."""
        tables = {
            model._table
            for model in self.registry.values()
            if model._auto and not model._abstract and not model._transient
        }
        return existing_tables(cr, sorted(tables))

    def _highest_ids(self):
        highest = {}
        with self.registry.cursor() as cr:
            for table in self._tables(cr):
                cr.execute(f'SELECT COALESCE(MAX(id), 0) FROM "{table}"')  # pylint: disable=E8103
                highest[table] = cr.fetchone()[0]
        return highest

    def _sweep(self):
        """Delete every row that was committed since ``setUp``, whatever points to what."""
        left = set(self.highest_ids)
        with self.registry.cursor() as cr, mute_logger("odoo.sql_db"):
            while left:
                refused = {table for table in left if not self._delete_new_rows(cr, table)}
                if refused == left:
                    raise AssertionError(f"rows cannot be deleted from {refused}")
                left = refused
        self.registry.clear_all_caches()

    def _delete_new_rows(self, cr, table):
        query = f'DELETE FROM "{table}" WHERE id > %s'  # pylint: disable=E8103
        try:
            with cr.savepoint(flush=False):
                cr.execute(query, [self.highest_ids[table]])
        except psycopg2.IntegrityError:
            return False
        return True

    # === THE STARTING GUN ===

    def _race(self, *presses):
        """Let each (user id, action on env) run at once; return what became of each.

        An outcome is ``DONE`` or the error that its user would read; None where a press broke off
        with anything else, whose traceback is printed.
        """
        gun = threading.Barrier(len(presses), timeout=120)
        outcomes = [None] * len(presses)
        threads = [
            threading.Thread(target=self._press, args=(gun, outcomes, index, *press))
            for index, press in enumerate(presses)
        ]
        with patch("odoo.service.model.random.uniform", return_value=0.05):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=300)
        self.assertFalse(any(thread.is_alive() for thread in threads), "somebody waits for ever")
        return outcomes

    def _press(self, gun, outcomes, index, uid, action):
        """Run one request; an error leaves nothing behind, as on the server."""
        try:
            with (
                mute_logger("odoo.sql_db", "odoo.service.model"),
                self.registry.cursor() as cr,
            ):
                self._request(api.Environment(cr, uid, {"lang": "en_US"}), gun, action)
            outcomes[index] = DONE
        except (UserError, psycopg2.Error) as error:
            outcomes[index] = error

    def _request(self, env, gun, action):
        attempts = []

        def attempt():
            if not attempts:
                attempts.append(env.user.name)  # the snapshot is taken before the gun
                gun.wait()
            action(env)

        retrying(attempt, env)
