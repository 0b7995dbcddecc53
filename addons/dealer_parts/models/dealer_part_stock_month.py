from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..report.dealer_part_stock_age import BANDS


class DealerPartStockMonth(models.Model):
    """Stock of parts at the end of each month, with what the month used and earned.

    Taken by one statement on the first of the next month, so that average stock, turnover and
    provisions of the past do not change any more. A row for each part, store and month.
    """

    _name = "dealer.part.stock.month"
    _description = "Stock of Parts at Month End"
    _order = "date desc, warehouse_id, product_id"
    _rec_name = "product_id"

    date = fields.Date(string="Month End", required=True, readonly=True, index=True)
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, readonly=True, index=True
    )
    categ_id = fields.Many2one("product.category", string="Class", readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True, index=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    band = fields.Selection(BANDS, string="Movement", readonly=True)
    provision = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    issued_value = fields.Monetary(
        string="Used, at Cost", readonly=True, groups="dealer_parts.group_part_cost"
    )
    gross = fields.Monetary(
        string="Gross Profit", readonly=True, groups="dealer_parts.group_part_cost"
    )

    _once = models.UniqueIndex("(date, product_id, warehouse_id)", "This month is taken already.")

    @api.model
    def _cron_take_month(self):
        """Take the stock of the month that has just ended, once."""
        today = fields.Date.context_today(self)
        self._take_month(fields.Date.subtract(date(today.year, today.month, 1), days=1))

    @api.model
    def _take_month(self, day):
        """Freeze the stock of now as that of a month end, unless it was taken."""
        self.env.flush_all()
        first = date(day.year, day.month, 1)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dealer_part_stock_month (
                    date, product_id, categ_id, company_id, warehouse_id, quantity, value, band,
                    provision, issued_value, gross, create_uid, create_date, write_uid, write_date)
                SELECT %(day)s, base.product_id, template.categ_id, base.company_id,
                       base.warehouse_id, COALESCE(stock.quantity, 0), COALESCE(stock.value, 0),
                       COALESCE(stock.band, 'fresh'), COALESCE(stock.provision, 0),
                       COALESCE(used.value, 0), COALESCE(sold.gross, 0),
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (SELECT product_id, warehouse_id, company_id FROM (%(stock)s) stock
                         UNION SELECT product_id, warehouse_id, company_id FROM (%(used)s) used
                         UNION SELECT product_id, warehouse_id, company_id FROM (%(gross)s) sold
                       ) base
                  JOIN product_product product ON product.id = base.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
             LEFT JOIN (%(stock)s) stock
                    ON stock.product_id = base.product_id
                   AND stock.warehouse_id = base.warehouse_id
                   AND stock.company_id = base.company_id
             LEFT JOIN (%(used)s) used
                    ON used.product_id = base.product_id
                   AND used.warehouse_id = base.warehouse_id
                   AND used.company_id = base.company_id
             LEFT JOIN (%(gross)s) sold
                    ON sold.product_id = base.product_id
                   AND sold.warehouse_id = base.warehouse_id
                   AND sold.company_id = base.company_id
                 WHERE base.warehouse_id IS NOT NULL
           ON CONFLICT (date, product_id, warehouse_id) DO NOTHING
                """,
                day=day,
                uid=self.env.uid,
                stock=self.env["dealer.part.stock.age"]._get_query(),
                used=self._get_used_query(first, day),
                gross=self._get_gross_query(first, day),
            )
        )
        self.invalidate_model()

    def _get_used_query(self, first, last):
        """Parts used in the month, at cost."""
        return SQL(
            """
            SELECT product_id, warehouse_id, company_id, SUM(issued_value) AS value
              FROM (%s) moves
             WHERE day BETWEEN %s AND %s
          GROUP BY product_id, warehouse_id, company_id
            """,
            self.env["dealer.part.move.report"]._get_query(),
            first,
            last,
        )

    def _get_gross_query(self, first, last):
        """Posted revenue of parts less their cost of sales, by the store of the invoice."""
        return SQL(
            """
            SELECT item.product_id, invoice.dealer_store_id AS warehouse_id, item.company_id,
                   -SUM(item.balance) AS gross
              FROM account_move_line item
              JOIN account_move invoice ON invoice.id = item.move_id
              JOIN account_account account ON account.id = item.account_id
              JOIN product_product product ON product.id = item.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
             WHERE item.parent_state = 'posted'
               AND template.dealer_is_part
               AND invoice.move_type IN ('out_invoice', 'out_refund')
               AND item.date BETWEEN %s AND %s
               AND (starts_with(account.account_type, 'income')
                    OR (starts_with(account.account_type, 'expense')
                        AND item.display_type = 'cogs'))
          GROUP BY item.product_id, invoice.dealer_store_id, item.company_id
            """,
            first,
            last,
        )

    # === KEY FIGURES ===
    @api.model
    def _dealer_kpi_domain(self, scope):
        domain = [("date", ">=", scope.date_from), ("date", "<=", scope.date_to)]
        if scope.store_id:
            domain.append(("warehouse_id", "=", scope.store_id))
        return domain

    @api.model
    def _dealer_yearly_share(self, months, part, stock):
        """What part of the average stock is used, or earned, in a year.

        :param months: number of month ends
        :param part: sum over these months of what is used or earned
        :param stock: sum of the stock values at these month ends
        """
        if not months or not stock:
            return None
        return (part / months * 12) / (stock / months)

    def _dealer_kpi_figure(self, scope, name):
        domain = self._dealer_kpi_domain(scope)
        [(months, part, stock)] = self._read_group(
            domain, aggregates=["date:count_distinct", f"{name}:sum", "value:sum"]
        )
        return self._dealer_yearly_share(months, part or 0, stock or 0), domain

    def _dealer_kpi_from_rows(self, name):
        months = len(set(self.mapped("date")))
        return self._dealer_yearly_share(months, sum(self.mapped(name)), sum(self.mapped("value")))

    @api.model
    def _dealer_kpi_turnover(self, scope):
        """Parts turnover: yearly issues at cost / average stock (domain-cn §4.10)."""
        return self._dealer_kpi_figure(scope, "issued_value")

    @api.model
    def _dealer_kpi_turnover_rows(self, rows, scope):
        return rows._dealer_kpi_from_rows("issued_value")

    @api.model
    def _dealer_kpi_gross_to_inventory(self, scope):
        """Yearly gross profit of parts / average stock, in percent (features P-17)."""
        value, domain = self._dealer_kpi_figure(scope, "gross")
        return value if value is None else value * 100, domain

    @api.model
    def _dealer_kpi_gross_to_inventory_rows(self, rows, scope):
        value = rows._dealer_kpi_from_rows("gross")
        return value if value is None else value * 100
