from odoo import fields, models
from odoo.tools import SQL

#: days of the past on which the pace of sales is measured
DAYS = 90


class DealerStockTurnover(models.Model):
    """Stock against sales of each trim in the last 90 days (库存结构与周转).

    The same sums as the key figures, by trim: which trims turn fast, which stand, and what each
    yuan in them earns. Cars count for each evening on which they were in stock. People of a store
    see the cars of that store here, because sums of all would tell them the costs of others.
    """

    _name = "dealer.stock.turnover"
    _description = "Stock Turnover by Trim"
    _auto = False
    _order = "stock_units desc, id"
    _rec_name = "model_id"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    brand_id = fields.Many2one("fleet.vehicle.model.brand", readonly=True)
    series_id = fields.Many2one("dealer.vehicle.series", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", string="Trim", readonly=True)
    stock_units = fields.Integer(string="In Stock", readonly=True)
    reserved_units = fields.Integer(string="Reserved", readonly=True)
    order_units = fields.Integer(string="On Order", readonly=True)
    old_units = fields.Integer(string="Over 90 Days", readonly=True)
    average_age = fields.Float(digits=(16, 1), readonly=True, aggregator="avg")
    sold_30 = fields.Integer(string="Sold in 30 Days", readonly=True)
    sold_90 = fields.Integer(string="Sold in 90 Days", readonly=True)
    days_supply = fields.Float(
        string="Days of Supply",
        digits=(16, 0),
        readonly=True,
        aggregator=None,
        help="Cars in stock divided by the deliveries a day; empty when none was sold.",
    )
    turnover_days = fields.Float(
        string="Turnover (days)",
        digits=(16, 1),
        readonly=True,
        aggregator=None,
        help="Average stock of 90 days divided by the deliveries a day.",
    )
    situation = fields.Selection(
        [
            ("fast", "Fast"),
            ("normal", "Normal"),
            ("slow", "Slow"),
            ("dead", "Not sold in 90 days"),
        ],
        readonly=True,
        help="Fast: up to 30 days of supply; slow: more than 90.",
    )
    stock_value = fields.Monetary(readonly=True, groups="dealer_base.group_vehicle_cost")
    gross_90 = fields.Monetary(
        string="Gross of 90 Days", readonly=True, groups="dealer_base.group_vehicle_cost"
    )
    gmroi = fields.Float(
        string="GMROI",
        digits=(16, 2),
        readonly=True,
        aggregator=None,
        groups="dealer_base.group_vehicle_cost",
        help="Front gross a year for each yuan of average stock.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH cars AS (%(cars)s),
                 gross AS (%(gross)s)
          SELECT cars.*,
                 company.currency_id,
                 COALESCE(gross.amount, 0) AS gross_90,
                 CASE WHEN sold_90 > 0 THEN stock_units * %(days)s / sold_90::numeric END
                     AS days_supply,
                 CASE WHEN sold_90 > 0 THEN evenings / sold_90::numeric END AS turnover_days,
                 CASE WHEN sold_90 = 0 THEN 'dead'
                      WHEN stock_units * %(days)s <= 30 * sold_90 THEN 'fast'
                      WHEN stock_units * %(days)s <= 90 * sold_90 THEN 'normal'
                      ELSE 'slow' END AS situation,
                 CASE WHEN cost_evenings > 0
                      THEN COALESCE(gross.amount, 0) * 365 / cost_evenings END AS gmroi
            FROM cars
            JOIN res_company company ON company.id = cars.company_id
       LEFT JOIN gross ON gross.model_id = cars.model_id AND gross.company_id = cars.company_id
            """,
            cars=self._select_cars(),
            gross=self._select_gross(),
            days=DAYS,
        )

    def _select_cars(self):
        """New cars of each trim and company: numbers, evenings and costs."""
        return SQL(
            """
              SELECT MIN(car.id) AS id, car.company_id, car.brand_id, car.series_id, car.model_id,
                     COUNT(*) FILTER (WHERE car.here) AS stock_units,
                     COUNT(*) FILTER (WHERE car.status = 'reserved') AS reserved_units,
                     COUNT(*) FILTER (WHERE car.status = 'on_order') AS order_units,
                     COUNT(*) FILTER (WHERE car.here AND car.date_in < CURRENT_DATE - 90)
                         AS old_units,
                     AVG(CURRENT_DATE - car.date_in) FILTER (WHERE car.here) AS average_age,
                     COUNT(*) FILTER (WHERE car.status = 'sold'
                                        AND car.date_out > CURRENT_DATE - 30) AS sold_30,
                     COUNT(*) FILTER (WHERE car.status = 'sold'
                                        AND car.date_out > CURRENT_DATE - %(days)s) AS sold_90,
                     COALESCE(SUM(car.evenings), 0) AS evenings,
                     COALESCE(SUM(car.evenings * car.cost), 0) AS cost_evenings,
                     COALESCE(SUM(car.cost) FILTER (WHERE car.here), 0) AS stock_value
                FROM (
                      SELECT vehicle.id, vehicle.company_id, vehicle.brand_id,
                             vehicle.series_id, vehicle.model_id, vehicle.status,
                             vehicle.date_in, vehicle.date_out,
                             vehicle.status IN ('in_stock', 'reserved') AS here,
                             -- GREATEST leaves a missing day out: a car on order would be here
                             CASE WHEN vehicle.date_in IS NULL THEN 0
                                  ELSE GREATEST(
                                      LEAST(COALESCE(vehicle.date_out, CURRENT_DATE + 1),
                                            CURRENT_DATE + 1)
                                      - GREATEST(vehicle.date_in,
                                                 CURRENT_DATE + 1 - %(days)s), 0) END AS evenings,
                             (CASE WHEN template.lot_valuated
                                   THEN lot.standard_price ELSE product.standard_price END
                              ->> vehicle.company_id::text)::numeric AS cost
                        FROM dealer_vehicle vehicle
                   LEFT JOIN stock_lot lot ON lot.id = vehicle.lot_id
                   LEFT JOIN product_product product ON product.id = vehicle.product_id
                   LEFT JOIN product_template template ON template.id = product.product_tmpl_id
                       WHERE vehicle.kind = 'new' AND vehicle.company_id IS NOT NULL
                         AND (vehicle.status IN ('in_stock', 'reserved', 'on_order')
                              OR vehicle.date_out > CURRENT_DATE - %(days)s)
                         AND %(known)s
                     ) car
            GROUP BY car.company_id, car.brand_id, car.series_id, car.model_id
            """,
            days=DAYS,
            known=self._is_known(),
        )

    def _is_known(self):
        """Condition of the cars that count for the reader."""
        cars = self.env["dealer.vehicle"]
        domain = cars._dealer_get_cost_domain()
        if domain.is_true():
            return SQL("TRUE")
        # sudo: the condition itself is about the stores of the reader
        known = cars.sudo().with_context(active_test=False)._search(domain)
        return SQL("vehicle.id IN %s", known.subselect())

    def _select_gross(self):
        """Posted revenue less costs of the new cars of each trim in the period."""
        return SQL(
            """
              SELECT vehicle.model_id, item.company_id, -SUM(item.balance) AS amount
                FROM account_move_line item
                JOIN account_account account ON account.id = item.account_id
                JOIN dealer_vehicle vehicle ON vehicle.id = item.dealer_vehicle_id
               WHERE item.parent_state = 'posted' AND vehicle.kind = 'new'
                 AND item.date > CURRENT_DATE - %(days)s AND %(known)s
                 AND (starts_with(account.account_type, 'income')
                      OR starts_with(account.account_type, 'expense'))
            GROUP BY vehicle.model_id, item.company_id
            """,
            days=DAYS,
            known=self._is_known(),
        )

    def action_view_cars(self):
        """Open the cars of this trim that are in stock."""
        self.ensure_one()
        known = list(self.env["dealer.vehicle"]._dealer_get_cost_domain())
        return {
            "type": "ir.actions.act_window",
            "name": self.model_id.display_name,
            "res_model": "dealer.vehicle",
            "view_mode": "list,kanban,form",
            "domain": [
                ("model_id", "=", self.model_id.id),
                ("company_id", "=", self.company_id.id),
                ("kind", "=", "new"),
                ("status", "in", ("in_stock", "reserved", "on_order")),
                *known,
            ],
        }
