"""A process that holds one database's registry and measures what it is told to.

The bench starts one worker for each database and lets them take turns. Two processes rather than
two registries in one: each side then has its own class hierarchy, process caches and memory, just
as two separate installations would, and nothing that our addons import can touch the stock side.

Protocol: one JSON object a line on standard input ({"call": name, "args": {...}}), one JSON
value a line as the answer. Logs, and the traceback of an error that ends it, go to standard error.
"""

import argparse
import gc
import json
import os
import sys
import time

from bench import bulk, flow, leads, parts, reads

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config


class Worker:
    """The commands; each public method can be called through the protocol."""

    def __init__(self, database):
        self.registry = Registry(database)
        self.deals = {}
        self.parts = parts.Parts(self.registry)

    def _measure(self, function, *args, **kwargs):
        """Run the function as one request: new cursor and environment, commit; return the cost.

        Statements are counted in Odoo's cursor (COMMIT is not one). The processor time is that of
        this process alone; the wall time also holds PostgreSQL's share.
        """
        count, wall, cpu = sql_db.sql_counter, time.perf_counter(), time.process_time()
        with self.registry.cursor() as cr:
            function(Environment(cr, SUPERUSER_ID, {}), *args, **kwargs)
        return {
            "statements": sql_db.sql_counter - count,
            "seconds": time.perf_counter() - wall,
            "cpu": time.process_time() - cpu,
        }

    def prepare_deal(self, name, kind, series, in_stock=0):
        """Make the masters of a deal and buy `in_stock` cars of its model that stay unsold.

        :return: what another worker needs to do the same deal on a copy of this database
        """
        with self.registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            deal = self.deals[name] = flow.KINDS[kind](series)
            deal.prepare(env)
        if in_stock:
            with self.registry.cursor() as cr:
                deal.fill_stock(Environment(cr, SUPERUSER_ID, {}), in_stock)
        return vars(deal)

    def adopt_deal(self, name, kind, state):
        """Take over a deal whose masters a copied database already holds."""
        deal = self.deals[name] = flow.KINDS[kind](state["series"])
        vars(deal).update(state)

    def disconnect(self):
        """Close the connections, so that the database can be copied."""
        sql_db.close_db(self.registry.db_name)

    def run_deal(self, name):
        """Run one deal from purchase to payment; return the cost of each step."""
        deal = self.deals[name]
        deal.begin()
        gc.collect()
        return {step: self._measure(getattr(deal, step)) for step in flow.STEPS}

    def generate(self, vehicles):
        """Fill the database with so many lots, vehicles, quants and owners."""
        with self.registry.cursor() as cr:
            return bulk.generate(Environment(cr, SUPERUSER_ID, {}), vehicles)

    def read(self, repetitions):
        """Measure each read and its hand-written counterpart, alternating."""
        return reads.measure(self.registry, repetitions)

    def generate_parts(self, moves):
        """Create a part without history and one with so many moves."""
        self.parts.generate(moves)

    def move_parts(self):
        """Receive and issue both parts once."""
        return self.parts.measure()

    def generate_leads(self, count):
        """Fill the database with so many leads of one salesperson."""
        with self.registry.cursor() as cr:
            return leads.generate(Environment(cr, SUPERUSER_ID, {}), count)

    def open_pages(self):
        """Open the pipeline and the page of the day once."""
        return leads.Pages(self.registry).measure()

    def import_leads(self, rows):
        """Import a file of so many media leads, and take it back."""
        return leads.import_file(self.registry, rows)


def serve(worker):
    """Answer calls until standard input ends. An error ends the worker, which its caller sees."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever prints must not disturb the protocol
    print(json.dumps("ready"), file=answers, flush=True)
    for line in sys.stdin:
        call = json.loads(line)
        answer = getattr(worker, call["call"])(**call["args"])
        print(json.dumps(answer), file=answers, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", required=True)
    parser.add_argument("--database", required=True)
    args = parser.parse_args()
    config.parse_config(
        ["-c", args.config, "-d", args.database, "--log-level", "error"], setup_logging=True
    )
    serve(Worker(args.database))


if __name__ == "__main__":
    main()
