"""Customers: the pipeline and the page of the day with few and with many leads, and the import.

A page is what the browser asks for when it opens: the groups of the pipeline with their first
cards and their progress bars, or the one call of the page of the day. Both sizes spread their leads
over the same stages and show the same number of cards, so that only the database grows. Of many
leads each twentieth is the salesperson's, the others are of colleagues; the manager sees all.
"""

import base64
import csv
import gc
import io
import random
import time

from bench.reads import OdooRequest
from lxml import etree

from odoo import fields, sql_db
from odoo.api import SUPERUSER_ID, Environment

PIPELINE = "crm.crm_case_kanban_view_leads"
CARDS = 40  # of a stage, as the web client shows at first
STAGES = 2
TEAM = 20  # salespeople, when there are enough leads to fill the page of each
SEED = 20261122
PEOPLE = {"salesperson": "sales_consultant", "manager": "sales_manager"}


def generate(env, leads):
    """Give the salesperson of the bench so many leads, of all levels, contacted at all times."""
    rng = random.Random(SEED)
    users = _get_team(env, TEAM if leads >= TEAM * CARDS * STAGES else 1)
    stages = env["crm.stage"].search([("fold", "=", False), ("is_won", "=", False)], limit=STAGES)
    levels = env["dealer.intention.level"].search([("code", "in", ("H", "A", "B", "C"))])
    now = fields.Datetime.now()
    records = env["crm.lead"].with_context(tracking_disable=True, mail_create_nolog=True)
    for first in range(0, leads, 1000):
        records.create(
            [
                {
                    "name": f"Bulk Lead {number}",
                    "contact_name": f"Customer {number}",
                    "phone": f"139{number:08d}",
                    "type": "opportunity",
                    "user_id": users[number // STAGES % len(users)].id,
                    "stage_id": stages[number % STAGES].id,
                    "dealer_level_id": rng.choice(levels).id,
                }
                for number in range(first, min(first + 1000, leads))
            ]
        )
    env.flush_all()
    # contacted over the last days, so that some are due, some are overdue and some go to the pool
    env.cr.execute(
        """
        UPDATE crm_lead
           SET dealer_next_contact_date = %(now)s + (id %% 100 - 50) * interval '1 hour',
               dealer_pool_date = %(now)s + (id %% 100 - 10) * interval '1 hour'
         WHERE name LIKE 'Bulk Lead %%'
        """,
        {"now": now},
    )
    env.invalidate_all()
    return leads


def _get_team(env, size):
    """The salesperson of the bench, and so many colleagues as the team needs."""
    me = _get_person(env, "salesperson")
    return me + me.union(*(_get_person(env, "salesperson", number) for number in range(1, size)))


def _get_person(env, role, number=0):
    login = f"bench.{role}{number or ''}"
    user = env["res.users"].search([("login", "=", login)])
    return user or env["res.users"].create(
        {
            "name": f"Bench {role.title()}",
            "login": login,
            "group_ids": [(4, env.ref(f"dealer_base.group_{PEOPLE[role]}").id)],
        }
    )


class Pages:
    """The pages on one database, as the two people open them."""

    def __init__(self, registry):
        self.registry = registry
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            self.users = {role: _get_person(env, role).id for role in PEOPLE}
            self.context = {"lang": env.user.lang, "allowed_company_ids": env.company.ids}
            view = env["crm.lead"].get_view(env.ref(PIPELINE).id, "kanban")
            self.arch = etree.fromstring(view["arch"])
            self.specification = self._get_specification(env)

    def _get_specification(self, env):
        """The fields that the web client asks for: those of the cards."""
        specification = {}
        for node in self.arch.xpath("//field"):
            field = env["crm.lead"]._fields[node.get("name")]
            specification[field.name] = {"fields": {"display_name": {}}} if field.relational else {}
        return specification

    def _open_pipeline(self, env):
        lead = env["crm.lead"]
        bar = self.arch.find("progressbar")
        domain = [("type", "=", "opportunity"), ("active", "=", True)]
        groups = lead.web_read_group(
            domain,
            ["stage_id"],
            [f"{bar.get('sum_field')}:sum"] if bar is not None and bar.get("sum_field") else [],
            auto_unfold=True,
            unfold_read_specification=self.specification,
            unfold_read_default_limit=CARDS,
            groupby_read_specification={"stage_id": {"display_name": {}, "fold": {}}},
        )
        if bar is not None:
            colors = {"planned": "success", "today": "warning", "overdue": "danger"}
            lead.read_progress_bar(
                domain, "stage_id", {"field": bar.get("field"), "colors": colors}
            )
        return sum(len(group.get("__records", ())) for group in groups["groups"])

    @staticmethod
    def _open_today(env):
        page = env["dealer.today"].get_page()
        return sum(len(section["items"]) for section in page["sections"])

    def measure(self):
        """Open each page once; return {page: {statements, seconds, rows}}."""
        results = {}
        for role, user_id in self.users.items():
            for name, page in (("pipeline", self._open_pipeline), ("today", self._open_today)):
                runs = [self._run(page, user_id) for _number in range(4)]
                # others who use the processor only ever make a page slower
                results[f"{name} of the {role}"] = min(runs[1:], key=lambda run: run["seconds"])
        return results

    def _run(self, page, user_id):
        gc.collect()
        with OdooRequest(self.registry, user_id, self.context) as env:
            count, start = sql_db.sql_counter, time.perf_counter()
            rows = page(env)
            return {
                "seconds": time.perf_counter() - start,
                "statements": sql_db.sql_counter - count,
                "rows": rows,
            }


def import_file(registry, rows):
    """Import a file of so many media leads with planted faults; return what it took and brought.

    The file is the one of the tests (``dealer_crm/tests/lead_file.py``).
    """
    from odoo.addons.dealer_crm.tests.lead_file import HEADER, make_leads

    table, planted = make_leads(rows)
    text = io.StringIO(newline="")
    csv.writer(text).writerows([HEADER, *table])
    with registry.cursor() as cr:
        env = Environment(cr, SUPERUSER_ID, {})
        manager = _get_person(env, "manager")
        count, start = sql_db.sql_counter, time.perf_counter()
        wizard = env(user=manager)["dealer.lead.import"].create(
            {
                "data_file": base64.b64encode(text.getvalue().encode("utf-8-sig")),
                "filename": "leads.csv",
            }
        )
        wizard.action_read_file()
        wizard.action_import()
        env.flush_all()
        found = {
            "seconds": time.perf_counter() - start,
            "statements": sql_db.sql_counter - count,
            "rows": rows,
            "broken": wizard.error_count,
            "people": env["crm.lead"].search_count([("dealer_phone_key", "=like", "861390400%")]),
        }
        cr.rollback()
    for what in ("broken", "people"):
        if found[what] != planted[what]:
            raise AssertionError(f"Import: {found[what]} {what}, planted were {planted[what]}")
    return found
