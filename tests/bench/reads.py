"""Reading vehicles: the list and the search from one box, against hand-written SQL.

Statements are counted and times taken as the browser causes them: with the fields of the list
view, as a named user with access rules, in a new environment each time. "Hand-written" is the SQL
that an expert writes for the same rows on the same database.
"""

import ast
import gc
import time

from lxml import etree

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment

LIST_VIEW = "dealer_vehicle.dealer_vehicle_view_list"
SEARCH_VIEW = "dealer_vehicle.dealer_vehicle_view_search"
PAGE = 80
SEARCH_LIMIT = 8

LIST_FLOOR = """
    SELECT v.id, v.vin, v.license_plate, v.status, v.date_in, m.name, b.name, s.name,
           l.complete_name, w.name, p.complete_name
      FROM (SELECT * FROM dealer_vehicle WHERE active ORDER BY date_in DESC, id DESC LIMIT 80) v
      JOIN fleet_vehicle_model m ON m.id = v.model_id
 LEFT JOIN fleet_vehicle_model_brand b ON b.id = v.brand_id
 LEFT JOIN dealer_vehicle_series s ON s.id = v.series_id
 LEFT JOIN stock_location l ON l.id = v.location_id
 LEFT JOIN stock_warehouse w ON w.id = v.warehouse_id
 LEFT JOIN res_partner p ON p.id = v.partner_id
  ORDER BY v.date_in DESC, v.id DESC
"""

COUNT_FLOOR = "SELECT count(*) FROM (SELECT 1 FROM dealer_vehicle WHERE active LIMIT 10001) rows"

# Each branch of the UNION can use an index of its own; one WHERE with all ORs cannot. Trims are few
# and found first. Of several words one may be a number or an owner, the others say the trim.
TRIM_FLOOR = """
    model_id IN (
        SELECT m.id
          FROM fleet_vehicle_model m
     LEFT JOIN fleet_vehicle_model_brand b ON b.id = m.brand_id
     LEFT JOIN dealer_vehicle_series s ON s.id = m.dealer_series_id
         WHERE {conditions})
"""
TRIM_WORD_FLOOR = "(m.name ILIKE %({0})s OR s.name ILIKE %({0})s OR b.name ILIKE %({0})s)"
OWN_FLOORS = (
    "vin ILIKE %({0})s",
    "license_plate ILIKE %({0})s",
    "partner_id IN (SELECT id FROM res_partner WHERE name ILIKE %({0})s)",
)

SEARCH_FLOOR = """
    SELECT v.id, v.vin, v.license_plate, b.name, m.name
      FROM ({found}) found
      JOIN dealer_vehicle v ON v.id = found.id AND v.active
      JOIN fleet_vehicle_model m ON m.id = v.model_id
 LEFT JOIN fleet_vehicle_model_brand b ON b.id = m.brand_id
  ORDER BY v.date_in DESC, v.id DESC
     LIMIT %(limit)s
"""


def get_search_floor(text):
    """Return the statement for a text and its values, the limit left out."""
    names = {f"word{number}": word for number, word in enumerate(text.split())}
    conditions = [_get_trim_floor(names)]
    for name in names:
        others = [other for other in names if other != name]
        trim = f" AND {_get_trim_floor(others)}" if others else ""
        conditions += [own.format(name) + trim for own in OWN_FLOORS]
    if len(names) > 1:
        conditions += [own.format("text") for own in OWN_FLOORS]
        compact = "".join(text.split())
        conditions += [own.format("compact") for own in OWN_FLOORS[:2]]
        names |= {"text": text, "compact": compact}
    found = " UNION ".join(f"SELECT id FROM dealer_vehicle WHERE {each}" for each in conditions)
    values = {name: f"%{word}%" for name, word in names.items()}
    return SEARCH_FLOOR.format(found=found), values


def _get_trim_floor(names):
    conditions = " AND ".join(TRIM_WORD_FLOOR.format(name) for name in names)
    return TRIM_FLOOR.format(conditions=conditions)


class Reads:
    """The reads on one database, as its user would cause them."""

    def __init__(self, registry):
        self.registry = registry
        with registry.cursor() as cr:
            env = Environment(cr, SUPERUSER_ID, {})
            self.user_id = self._get_user(env).id
            self.context = {"lang": env.user.lang, "allowed_company_ids": env.company.ids}
            self.texts = self._get_texts(env)
        with self._environment() as env:
            self.specification = self._get_specification(env)
            self.box = self._get_box(env)

    def _get_user(self, env):
        """The manager who may see every column, costs too."""
        login = "bench.manager"
        user = env["res.users"].search([("login", "=", login)])
        return user or env["res.users"].create(
            {
                "name": "Bench Manager",
                "login": login,
                "group_ids": [(4, env.ref("dealer_base.group_general_manager").id)],
            }
        )

    def _get_texts(self, env):
        """What people type: something that finds one car, or the cars of a trim or series."""
        env.cr.execute(
            """
            SELECT v.vin, v.license_plate, p.name, m.name, s.name, b.name
              FROM dealer_vehicle v
              JOIN res_partner p ON p.id = v.partner_id
              JOIN fleet_vehicle_model m ON m.id = v.model_id
              JOIN dealer_vehicle_series s ON s.id = v.series_id
              JOIN fleet_vehicle_model_brand b ON b.id = v.brand_id
             WHERE v.license_plate IS NOT NULL AND m.name LIKE 'Bulk Trim %'
          ORDER BY v.date_in, v.id LIMIT 1 OFFSET 50
            """
        )
        vin, plate, owner, model, series, brand = env.cr.fetchone()
        return {
            "last 6 of the VIN": vin[-6:],
            "plate": plate[1:],
            "owner": owner,
            "trim no longer built": model,
            "series": series,
            "brand": brand,
            "series and last 6 of the VIN": f"{series} {vin[-6:]}",
            "nothing found": "qqqqqq",
        }

    def _get_specification(self, env):
        """The fields that the web client asks for: those of the list view."""
        view = env["dealer.vehicle"].get_view(env.ref(LIST_VIEW).id, "list")
        specification = {}
        for node in etree.fromstring(view["arch"]).xpath("/list/field"):
            if node.get("column_invisible") in ("1", "True"):
                continue
            field = env["dealer.vehicle"]._fields[node.get("name")]
            named = field.type == "many2one" or node.get("widget", "").startswith("many2many")
            specification[field.name] = {"fields": {"display_name": {}}} if named else {}
        return specification

    def _get_box(self, env):
        """The domain of the first field of the search view, with `self` for the typed text."""
        view = env["dealer.vehicle"].get_view(env.ref(SEARCH_VIEW).id, "search")
        node = etree.fromstring(view["arch"]).find("field")
        return node.get("filter_domain") or f"[('{node.get('name')}', 'ilike', self)]"

    def _environment(self):
        return OdooRequest(self.registry, self.user_id, self.context)

    def get_reads(self):
        """Return {name: (read through Odoo, the same by hand)}, both taking an environment."""
        reads = {"list of vehicles": (self._list, self._list_by_hand)}
        for what, text in self.texts.items():
            by_hand = self._by_hand(text, SEARCH_LIMIT)
            reads[f"search name: {what}"] = (self._name_search(text), by_hand)
            by_hand = self._by_hand(text, PAGE)
            reads[f"search box: {what}"] = (self._box_search(text), by_hand)
        return reads

    def _list(self, env):
        return env["dealer.vehicle"].web_search_read(
            [], self.specification, limit=PAGE, count_limit=10_001
        )

    def _list_by_hand(self, env):
        env.cr.execute(LIST_FLOOR)
        rows = env.cr.fetchall()
        env.cr.execute(COUNT_FLOOR)
        return rows, env.cr.fetchall()

    def _name_search(self, text):
        return lambda env: env["dealer.vehicle"].name_search(text, limit=SEARCH_LIMIT)

    def _box_search(self, text):
        domain = _fill(self.box, text)
        return lambda env: (
            env["dealer.vehicle"]
            .search_fetch(domain, ["display_name"], limit=PAGE)
            .mapped("display_name")
        )

    def _by_hand(self, text, limit):
        query, values = get_search_floor(text)
        values["limit"] = limit

        def read(env):
            env.cr.execute(query, values)
            return env.cr.fetchall()

        return read

    def measure(self, repetitions):
        """Return {read: {statements, odoo: [seconds], floor: [seconds]}}."""
        results = {}
        for name, (odoo, floor) in self.get_reads().items():
            for _warm_up in range(3):
                self._run(odoo)
                self._run(floor)
            gc.collect()
            gc.disable()  # one collection takes longer than many of these reads
            try:
                runs = [(self._best(odoo), self._best(floor)) for _number in range(repetitions)]
            finally:
                gc.enable()
            rows = len(runs[0][1]["result"])
            found = runs[0][0]["result"]
            if name.startswith("search") and len(found) != rows:
                raise AssertionError(f"{name}: Odoo found {len(found)} cars, SQL {rows}")
            results[name] = {
                "statements": runs[-1][0]["statements"],
                "odoo": [odoo_run["seconds"] for odoo_run, _floor in runs],
                "floor": [floor_run["seconds"] for _odoo, floor_run in runs],
            }
        return results

    def _best(self, read):
        """The quickest of three runs: others who use the processor only ever make them slower."""
        return min((self._run(read) for _number in range(3)), key=lambda run: run["seconds"])

    def _run(self, read):
        with self._environment() as env:
            count, start = sql_db.sql_counter, time.perf_counter()
            result = read(env)
            return {
                "seconds": time.perf_counter() - start,
                "statements": sql_db.sql_counter - count,
                "result": result,
            }


class OdooRequest:
    """A new cursor and environment, as each request has."""

    def __init__(self, registry, user_id, context):
        self._parts = (registry, user_id, context)

    def __enter__(self):
        registry, user_id, context = self._parts
        self._cr = registry.cursor()
        return Environment(self._cr, user_id, context)

    def __exit__(self, *error):
        self._cr.close()


def _fill(expression, text):
    """Put the typed text into a filter domain of a search view, as the web client does."""

    class Text(ast.NodeTransformer):
        def visit_Name(self, node):
            return ast.Constant(text) if node.id == "self" else node

    tree = Text().visit(ast.parse(expression, mode="eval"))
    return ast.literal_eval(tree)


def measure(registry, repetitions):
    """Measure all reads on the registry's database."""
    return Reads(registry).measure(repetitions)
