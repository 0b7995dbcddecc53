from odoo import fields, models
from odoo.tools import SQL


class DealerPartSupplierReport(models.Model):
    """How suppliers of parts keep their word, order line by order line (features P-12).

    *On time*: everything was received by the promised day. *Filled at first*: share of the ordered
    quantity in the first receipt. *Price drift*: price of the line against the one before it for
    the same part and supplier. *Claims*: open or closed claims about its receipts.
    """

    _name = "dealer.part.supplier.report"
    _description = "Performance of Parts Suppliers"
    _auto = False
    _rec_name = "partner_id"
    _order = "date desc, id desc"

    partner_id = fields.Many2one("res.partner", string="Supplier", readonly=True)
    order_id = fields.Many2one("purchase.order", string="Purchase Order", readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    categ_id = fields.Many2one("product.category", string="Class", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    date = fields.Date(string="Ordered On", readonly=True)
    promised_on = fields.Date(readonly=True)
    received_on = fields.Date(string="Completed On", readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    ordered_quantity = fields.Float(digits="Product Unit", readonly=True)
    received_quantity = fields.Float(digits="Product Unit", readonly=True)
    first_quantity = fields.Float(
        string="In the First Receipt", digits="Product Unit", readonly=True
    )
    late_days = fields.Integer(readonly=True, aggregator="avg")
    on_time = fields.Float(string="On Time (%)", readonly=True, aggregator="avg")
    fill_rate = fields.Float(string="Filled at First (%)", readonly=True, aggregator="avg")
    amount = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    price = fields.Float(
        string="Unit Price", readonly=True, aggregator="avg", groups="dealer_parts.group_part_cost"
    )
    price_drift = fields.Float(
        string="Price Drift (%)",
        readonly=True,
        aggregator="avg",
        groups="dealer_parts.group_part_cost",
    )
    claim_count = fields.Integer(string="Claims", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT line.id, buy.partner_id, buy.id AS order_id, line.product_id, template.categ_id,
                   buy.company_id, company.currency_id, type.warehouse_id,
                   buy.date_approve::date AS date, line.date_planned::date AS promised_on,
                   CASE WHEN line.qty_received >= line.product_qty THEN got.last END AS received_on,
                   1 AS line_count, line.product_qty AS ordered_quantity,
                   line.qty_received AS received_quantity, COALESCE(got.first, 0) AS first_quantity,
                   GREATEST(COALESCE(CASE WHEN line.qty_received >= line.product_qty THEN got.last
                                          END, %(today)s::date) - line.date_planned::date, 0)
                       AS late_days,
                   CASE WHEN line.qty_received >= line.product_qty
                        THEN CASE WHEN got.last <= line.date_planned::date THEN 100.0 ELSE 0 END
                        WHEN line.date_planned::date < %(today)s::date THEN 0 END AS on_time,
                   CASE WHEN got.last IS NOT NULL OR line.date_planned::date < %(today)s::date
                        THEN LEAST(100.0 * COALESCE(got.first, 0) / NULLIF(line.product_qty, 0),
                                   100) END AS fill_rate,
                   ROUND((line.price_subtotal / COALESCE(NULLIF(buy.currency_rate, 0), 1))::numeric,
                         2) AS amount,
                   line.price_unit AS price,
                   100.0 * (line.price_unit - LAG(line.price_unit) OVER previous)
                       / NULLIF(LAG(line.price_unit) OVER previous, 0) AS price_drift,
                   %(claims)s AS claim_count
              FROM purchase_order_line line
              JOIN purchase_order buy ON buy.id = line.order_id
              JOIN res_company company ON company.id = buy.company_id
              JOIN product_product product ON product.id = line.product_id
              JOIN product_template template ON template.id = product.product_tmpl_id
              JOIN stock_picking_type type ON type.id = buy.picking_type_id
         LEFT JOIN (SELECT day.purchase_line_id, MAX(day.date) AS last,
                           (ARRAY_AGG(day.quantity ORDER BY day.date))[1] AS first
                      FROM (SELECT move.purchase_line_id, move.date::date AS date,
                                   SUM(move.quantity) AS quantity
                              FROM stock_move move
                              JOIN stock_location source ON source.id = move.location_id
                             WHERE move.state = 'done' AND move.purchase_line_id IS NOT NULL
                               AND source.usage = 'supplier'
                          GROUP BY move.purchase_line_id, move.date::date) day
                  GROUP BY day.purchase_line_id) got ON got.purchase_line_id = line.id
             WHERE buy.state = 'purchase' AND template.dealer_is_part
               AND line.display_type IS NULL
            WINDOW previous AS (PARTITION BY buy.partner_id, line.product_id, buy.company_id
                                ORDER BY buy.date_approve, line.id)
            """,
            today=fields.Date.context_today(self),
            claims=self._get_claims(),
        )

    def _get_claims(self):
        """Claims of an order line, where claims point to it; else of its order and part."""
        Claim = self.env.get("dealer.supplier.claim")
        if Claim is None:
            return SQL("0")
        for model in (Claim, self.env.get("dealer.supplier.claim.line")):
            for name in ("purchase_line_id", "order_line_id"):
                if model is not None and name in model._fields and model._fields[name].store:
                    return SQL(
                        "(SELECT COUNT(*) FROM %s claim WHERE claim.%s = line.id)",
                        SQL.identifier(model._table),
                        SQL.identifier(name),
                    )
        return SQL("0")
