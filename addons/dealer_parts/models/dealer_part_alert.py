from odoo import api, fields, models
from odoo.tools import SQL

KINDS = [
    ("low", "Low"),
    ("high", "Too much"),
    ("slow", "Slow"),
    ("expiring", "Expiring"),
    ("expired", "Expired"),
]


class DealerPartAlert(models.Model):
    """What needs attention in the stock of parts (features P-15), found every night.

    An alert that no longer holds closes itself; one that somebody has looked at does not come back
    while it holds.
    """

    _name = "dealer.part.alert"
    _description = "Alert of Parts"
    _order = "kind, date, id"
    _rec_name = "product_id"

    kind = fields.Selection(KINDS, required=True, readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, readonly=True, index=True
    )
    lot_id = fields.Many2one("stock.lot", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", required=True, readonly=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    quantity = fields.Float(string="On Hand", digits="Product Unit", readonly=True)
    limit = fields.Float(digits="Product Unit", readonly=True)
    date = fields.Date(readonly=True, help="Since when, or the day of expiry.")
    is_done = fields.Boolean(string="Looked At")
    note = fields.Char()

    _once = models.UniqueIndex(
        "(kind, product_id, warehouse_id, COALESCE(lot_id, 0))",
        "There is an alert of this kind already.",
    )

    @api.model
    def _cron_update_alerts(self):
        """Find what holds now, in one statement, and forget what does not."""
        self.env.flush_all()
        query = SQL(" UNION ALL ").join(
            [self._get_limits(), self._get_slow(), self._get_expiring()]
        )
        rows = self.env.execute_query(query)
        found = {row[:4]: row[4:] for row in rows}
        # sudo: found for all stores
        known = {
            (alert.kind, alert.product_id.id, alert.warehouse_id.id, alert.lot_id.id or None): alert
            for alert in self.sudo().search([])
        }
        # sudo: nobody writes alerts but the nightly look at the stock
        self.sudo().browse([alert.id for key, alert in known.items() if key not in found]).unlink()
        for key, alert in known.items():
            if key in found and (alert.quantity, alert.limit) != found[key][:2]:
                alert.write({"quantity": found[key][0], "limit": found[key][1]})
        # sudo: as above
        new = self.sudo().create(
            [
                {
                    "kind": key[0],
                    "product_id": key[1],
                    "warehouse_id": key[2],
                    "lot_id": key[3],
                    "quantity": values[0],
                    "limit": values[1],
                    "date": values[2],
                }
                for key, values in found.items()
                if key not in known
            ]
        )
        new._ask_keepers()

    def _ask_keepers(self):
        """One activity for each store about what expires, for a manager of its parts."""
        expiring = self.filtered(lambda alert: alert.kind in ("expiring", "expired"))
        for store, alerts in expiring.grouped("warehouse_id").items():
            manager = self.env["res.users"].search(
                [
                    (
                        "all_group_ids",
                        "in",
                        self.env.ref("dealer_base.group_parts_keeper").ids,
                    ),
                    ("company_ids", "in", store.company_id.ids),
                ],
                limit=1,
            )
            if manager and alerts.lot_id:
                alerts.lot_id[:1].activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=manager.id,
                    summary=self.with_context(lang=manager.lang).env._(
                        "%(count)s lots of parts expire in %(store)s",
                        count=len(alerts),
                        store=store.name,
                    ),
                )

    # === WHAT HOLDS NOW ===
    def _get_limits(self):
        """Below the order point or above the maximum of the policy, else of the reordering rule."""
        return SQL(
            """
            SELECT limits.kind, rule.product_id, rule.warehouse_id, NULL::integer AS lot_id,
                   stock.quantity, limits.value, %s::date AS date
              FROM (SELECT policy.product_id, policy.warehouse_id,
                           (CASE WHEN policy.is_manual THEN policy.manual_min
                                 ELSE policy.computed_point END)::float AS least,
                           (CASE WHEN policy.is_manual THEN policy.manual_max
                                 ELSE policy.computed_max END)::float AS most
                      FROM dealer_part_policy policy
                     WHERE policy.is_manual OR policy.phase = 'stock'
                     UNION ALL
                    SELECT point.product_id, point.warehouse_id,
                           MIN(point.product_min_qty)::float, MIN(point.product_max_qty)::float
                      FROM stock_warehouse_orderpoint point
                     WHERE point.active
                       AND NOT EXISTS (SELECT FROM dealer_part_policy policy
                                        WHERE policy.product_id = point.product_id
                                          AND policy.warehouse_id = point.warehouse_id)
                  GROUP BY point.product_id, point.warehouse_id) rule
              JOIN product_product product ON product.id = rule.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
         LEFT JOIN (SELECT quant.product_id, place.warehouse_id,
                           SUM(quant.quantity)::float AS quantity
                      FROM stock_quant quant
                      JOIN stock_location place ON place.id = quant.location_id
                     WHERE place.usage = 'internal' AND quant.owner_id IS NULL
                  GROUP BY quant.product_id, place.warehouse_id) here
                   ON here.product_id = rule.product_id AND here.warehouse_id = rule.warehouse_id
        CROSS JOIN LATERAL (SELECT COALESCE(here.quantity, 0)::float AS quantity) stock
        CROSS JOIN LATERAL (VALUES ('low', rule.least, stock.quantity < rule.least),
                                   ('high', rule.most, stock.quantity > rule.most AND rule.most > 0)
                           ) limits (kind, value, holds)
             WHERE product.active AND template.dealer_is_part AND limits.holds
            """,
            fields.Date.context_today(self),
        )

    def _get_slow(self):
        """Stock without movement, of which nobody takes care."""
        return SQL(
            """
            SELECT 'slow', age.product_id, age.warehouse_id, NULL::integer, age.quantity::float,
                   age.idle_months::float, age.idle_since
              FROM (%s) age
             WHERE age.band != 'fresh' AND age.action_id IS NULL
            """,
            self.env["dealer.part.stock.age"]._get_query(),
        )

    def _get_expiring(self):
        """Lots in stock whose day is near or past."""
        today = fields.Date.context_today(self)
        days = int(self.env["dealer.parameter"]._get_value("part_expiry_alert_days"))
        return SQL(
            """
            SELECT CASE WHEN lot.expiration_date::date < %(today)s THEN 'expired'
                        ELSE 'expiring' END,
                   lot.product_id, place.warehouse_id, lot.id, SUM(quant.quantity)::float,
                   0::float, lot.expiration_date::date
              FROM stock_lot lot
              JOIN stock_quant quant ON quant.lot_id = lot.id
              JOIN stock_location place ON place.id = quant.location_id
              JOIN product_product product ON product.id = lot.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE template.dealer_is_part
               AND place.usage = 'internal' AND place.warehouse_id IS NOT NULL
               AND lot.expiration_date::date <= %(until)s
          GROUP BY lot.id, place.warehouse_id
            HAVING SUM(quant.quantity) > 0
            """,
            today=today,
            until=fields.Date.add(today, days=days),
        )
