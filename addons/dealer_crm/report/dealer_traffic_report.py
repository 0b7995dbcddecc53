from odoo import fields, models
from odoo.tools import SQL

#: Rates of the report: (above the line, below the line), both sums of its counts.
RATES = {
    "capture_rate": ("carded", "asked"),
    "test_drive_rate": ("test_drives", "eligible"),
    "closing_rate": ("orders", "carded"),
}


class DealerTrafficReport(models.Model):
    """From the door to the order by day, store, person and model: visits, test drives, orders.

    The rates of a group are computed from its sums, by the formulas of the key figures of the same
    names; a rate of a single row would mean nothing.
    """

    _name = "dealer.traffic.report"
    _description = "Traffic Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "date"
    _depends = {
        "dealer.visit": [
            "arrived_on", "company_id", "warehouse_id", "user_id", "series_id", "traffic",
        ],
        "dealer.test.drive": [
            "date_start", "company_id", "warehouse_id", "user_id", "series_id", "state",
        ],
        "sale.order": ["date_order", "company_id", "warehouse_id", "user_id", "state"],
        "sale.order.line": ["order_id", "dealer_model_id"],
        "fleet.vehicle.model": ["dealer_series_id"],
    }  # fmt: skip

    date = fields.Date(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    series_id = fields.Many2one("dealer.vehicle.series", string="Model", readonly=True)
    parties = fields.Integer("Traffic", readonly=True)
    carded = fields.Integer("First Visits with a New Card", readonly=True)
    asked = fields.Integer("First Visits without an Earlier Card", readonly=True)
    eligible = fields.Integer("Visits That May Drive", readonly=True)
    test_drives = fields.Integer(readonly=True)
    orders = fields.Integer("New Orders", readonly=True)
    capture_rate = fields.Float("Capture Rate (%)", readonly=True, aggregator="avg")
    test_drive_rate = fields.Float("Test-Drive Rate (%)", readonly=True, aggregator="avg")
    closing_rate = fields.Float("Closing Rate (%)", readonly=True, aggregator="avg")

    def _read_group_select(self, aggregate_spec, query):
        """OVERRIDE orm: a rate of a group is its sums divided, not an average of rates."""
        name, _colon, function = aggregate_spec.partition(":")
        if name not in RATES or function != "avg":
            return super()._read_group_select(aggregate_spec, query)
        above, below = (self._field_to_sql(self._table, part, query) for part in RATES[name])
        return SQL("100.0 * SUM(%s) / NULLIF(SUM(%s), 0)", above, below)

    @property
    def _table_query(self):
        rates = SQL(", ").join(
            SQL("NULL::float AS %s", SQL.identifier(name)) for name in sorted(RATES)
        )
        return SQL(
            "SELECT fact.*, %s FROM (%s UNION ALL %s UNION ALL %s) fact",
            rates,
            self._select_visits(),
            self._select_drives(),
            self._select_orders(),
        )

    def _get_zone(self):
        """Days are those of the reader, as in the key figures."""
        return str(self.env.tz)

    def _select_visits(self):
        return SQL(
            """
            SELECT visit.id * 4 AS id,
                   (visit.arrived_on AT TIME ZONE 'UTC' AT TIME ZONE %s)::date AS date,
                   visit.company_id, visit.warehouse_id, visit.user_id, visit.series_id,
                   1 AS parties,
                   (visit.traffic = 'first_carded')::integer AS carded,
                   (visit.traffic IN ('first_carded', 'first_uncarded'))::integer AS asked,
                   (visit.traffic IN ('first_carded', 'first_known', 'repeat'))::integer
                       AS eligible,
                   0 AS test_drives,
                   0 AS orders
              FROM dealer_visit visit
            """,
            self._get_zone(),
        )

    def _select_drives(self):
        return SQL(
            """
            SELECT drive.id * 4 + 1,
                   (drive.date_start AT TIME ZONE 'UTC' AT TIME ZONE %s)::date,
                   drive.company_id, drive.warehouse_id, drive.user_id, drive.series_id,
                   0, 0, 0, 0, 1, 0
              FROM dealer_test_drive drive
             WHERE drive.state = 'done'
            """,
            self._get_zone(),
        )

    def _select_orders(self):
        return SQL(
            """
            SELECT line.id * 4 + 2,
                   (sale.date_order AT TIME ZONE 'UTC' AT TIME ZONE %s)::date,
                   sale.company_id, sale.warehouse_id, sale.user_id, trim.dealer_series_id,
                   0, 0, 0, 0, 0, 1
              FROM sale_order_line line
              JOIN sale_order sale ON sale.id = line.order_id
              JOIN fleet_vehicle_model trim ON trim.id = line.dealer_model_id
             WHERE sale.state = 'sale'
            """,
            self._get_zone(),
        )
