from odoo import api, fields, models
from odoo.tools import SQL

#: Class of a part to the parameter of the months between two counts.
CYCLES = {
    "A": "part_count_months_a",
    "B": "part_count_months_b",
    "C": "part_count_months_c",
}


class DealerPartCount(models.Model):
    """Which parts and bins a count lists (盘点计划), in one statement whatever their number."""

    _inherit = "dealer.part.count"

    def _get_planned_rows(self):
        """Rows (product, bin, lot, quantity) that the books have where this count looks."""
        self.ensure_one()
        self.env["stock.quant"].flush_model()
        self.env["stock.move.line"].flush_model()
        self.env["dealer.part.count.line"].flush_model()
        # sudo: the store of the count is counted as a whole, whatever its keeper may read
        places = self.env["stock.location"].sudo()
        inside = places._search(
            [("id", "child_of", self._get_places().ids), ("usage", "=", "internal")]
        )
        order = SQL("random()") if self._is_random() else SQL("location.complete_name, quant.id")
        limit = self.size if self.kind in ("cycle", "spot") else 0
        return self.env.execute_query(
            SQL(
                """
                SELECT quant.product_id, quant.location_id, quant.lot_id, quant.quantity
                  FROM (SELECT MIN(quant.id) AS id, quant.product_id, quant.location_id,
                               quant.lot_id, SUM(quant.quantity) AS quantity
                          FROM stock_quant quant
                         WHERE quant.location_id IN %(places)s
                           AND quant.owner_id IS NULL
                           AND quant.quantity != 0
                           AND quant.product_id IN (
                               SELECT product.id
                                 FROM product_product product
                                 JOIN product_template template
                                   ON template.id = product.product_tmpl_id
                                WHERE template.dealer_is_part)
                           AND NOT EXISTS (
                               SELECT FROM dealer_part_count_line line
                                WHERE line.product_id = quant.product_id
                                  AND line.location_id = quant.location_id
                                  AND line.is_open AND %(skip_open)s)
                           AND %(condition)s
                      GROUP BY quant.product_id, quant.location_id, quant.lot_id) quant
                  JOIN stock_location location ON location.id = quant.location_id
              ORDER BY %(order)s
                 %(limit)s
                """,
                places=inside.subselect(),
                skip_open=self.kind != "full",
                condition=self._get_plan_condition(),
                order=order,
                limit=SQL("LIMIT %s", limit) if limit else SQL(),
            )
        )

    def _is_random(self):
        return self.kind == "spot" and not self.product_ids

    def _get_plan_condition(self):
        """Which of the parts in the bins are counted, as SQL on ``quant``."""
        if self.kind == "cycle":
            return SQL("quant.product_id IN (%s)", self._get_due_query())
        if self.kind == "spot" and self.product_ids:
            return SQL("quant.product_id IN %s", tuple(self.product_ids.ids))
        if self.kind == "movement":
            return SQL(
                """
                EXISTS (SELECT FROM stock_move_line move
                         WHERE move.product_id = quant.product_id
                           AND quant.location_id IN (move.location_id, move.location_dest_id)
                           AND move.state = 'done' AND move.date >= %s)
                """,
                fields.Datetime.to_datetime(self.date_from),
            )
        return SQL("TRUE")

    def _get_due_query(self):
        """Parts of the store that were last counted longer ago than their class allows."""
        Parameter = self.env["dealer.parameter"]
        months = {
            name: int(Parameter._get_value(code, self.date, company=self.company_id))
            for name, code in CYCLES.items()
        }
        return SQL(
            """
            SELECT class.product_id
              FROM (%(classes)s) class
         LEFT JOIN (SELECT line.product_id, MAX(line.date) AS date
                      FROM dealer_part_count_line line
                     WHERE line.warehouse_id = %(store)s AND line.state = 'done'
                  GROUP BY line.product_id) counted USING (product_id)
             WHERE counted.date IS NULL
                OR counted.date <= (%(today)s::date - make_interval(months =>
                       CASE class.abc WHEN 'A' THEN %(a)s WHEN 'B' THEN %(b)s ELSE %(c)s END))
            """,
            classes=self._get_class_query(),
            store=self.warehouse_id.id,
            today=self.date,
            a=months["A"],
            b=months["B"],
            c=months["C"],
        )

    def _get_class_query(self):
        """ABC class of each stocked part, from its policy; C where it has none."""
        self.env["dealer.part.policy"].flush_model()
        stocked = SQL(
            """
            SELECT DISTINCT quant.product_id
              FROM stock_quant quant
              JOIN stock_location place ON place.id = quant.location_id
             WHERE place.warehouse_id = %s
            """,
            self.warehouse_id.id,
        )
        return SQL(
            """
            SELECT stocked.product_id, COALESCE(UPPER(policy.abc_class), 'C') AS abc
              FROM (%(stocked)s) stocked
         LEFT JOIN dealer_part_policy policy
                ON policy.product_id = stocked.product_id AND policy.warehouse_id = %(store)s
            """,
            stocked=stocked,
            store=self.warehouse_id.id,
        )

    # === PLANNING ===
    @api.model
    def _cron_plan_cycle_counts(self):
        """One draft cycle count for each store in which parts are due and none is open."""
        Store = self.env["stock.warehouse"]
        busy = self.search([("kind", "=", "cycle"), ("state", "not in", ("done", "cancelled"))])
        for store in Store.search([("id", "not in", busy.warehouse_id.ids)]):
            count = self.with_company(store.company_id).new(
                {
                    "kind": "cycle",
                    "company_id": store.company_id.id,
                    "warehouse_id": store.id,
                    "date": fields.Date.context_today(self),
                    "size": 1,
                }
            )
            if count._get_planned_rows():
                self.create(
                    {
                        "kind": "cycle",
                        "company_id": store.company_id.id,
                        "warehouse_id": store.id,
                        "user_id": self.env.uid,
                    }
                )
