from odoo import fields, models
from odoo.tools import SQL

from ..models.purchase_order import EMERGENCY_TYPES

#: Purchases that are the answer to a need of one customer, not of the shelf.
CUSTOMER_TYPES = ("special", "accident")


class DealerPartFillReport(models.Model):
    """Rows of the fill rate of the trade press (features P-17), at cost.

    Fill rate = (cost of sales − emergency buys − customer orders) ÷ (cost of sales + lost sales).
    Each row says what it adds to the upper and to the lower number.
    """

    _name = "dealer.part.fill.report"
    _description = "Fill Rate of Parts"
    _auto = False
    _rec_name = "product_id"
    _order = "date desc, id desc"

    kind = fields.Selection(
        [
            ("sale", "Cost of sales"),
            ("emergency", "Emergency buy"),
            ("customer", "Customer order"),
            ("lost", "Lost sale"),
        ],
        readonly=True,
    )
    date = fields.Date(readonly=True)
    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    value = fields.Monetary(readonly=True, groups="dealer_parts.group_part_cost")
    filled_value = fields.Monetary(
        string="Filled from the Shelf",
        readonly=True,
        groups="dealer_parts.group_part_cost",
        help="Cost of sales, less emergency buys and customer orders.",
    )
    asked_value = fields.Monetary(
        string="Asked For",
        readonly=True,
        groups="dealer_parts.group_part_cost",
        help="Cost of sales and lost sales.",
    )

    @property
    def _table_query(self):
        sources = [self._get_sales(), self._get_purchases(), self._get_lost_sales()]
        return SQL(
            """
            SELECT (row_number() OVER (ORDER BY part.kind, part.source))::integer AS id,
                   part.kind, part.date, part.product_id, part.company_id, company.currency_id,
                   part.warehouse_id, part.quantity, part.value,
                   CASE part.kind WHEN 'sale' THEN part.value
                                  WHEN 'lost' THEN 0
                                  ELSE -part.value END AS filled_value,
                   CASE WHEN part.kind IN ('sale', 'lost') THEN part.value ELSE 0 END
                       AS asked_value
              FROM (%s) part
              JOIN res_company company ON company.id = part.company_id
            """,
            SQL(" UNION ALL ").join(sources),
        )

    def _get_sales(self):
        """Parts issued less parts returned, at cost."""
        return SQL(
            """
            SELECT 'sale' AS kind, moves.id AS source, moves.day AS date, moves.product_id,
                   moves.company_id, moves.warehouse_id, moves.issued_quantity AS quantity,
                   moves.issued_value AS value
              FROM (%s) moves
             WHERE moves.kind IN ('issue', 'return')
            """,
            self.env["dealer.part.move.report"]._get_query(),
        )

    def _get_purchases(self):
        """Receipts on orders that were made because the shelf was empty."""
        return SQL(
            """
            SELECT CASE WHEN buy.dealer_order_type IN %(emergency)s THEN 'emergency'
                        ELSE 'customer' END AS kind,
                   moves.id AS source, moves.day AS date, moves.product_id,
                   moves.company_id, moves.warehouse_id, moves.quantity, moves.value
              FROM (%(moves)s) moves
              JOIN stock_move move ON move.id = moves.move_id
              JOIN purchase_order_line line ON line.id = move.purchase_line_id
              JOIN purchase_order buy ON buy.id = line.order_id
             WHERE moves.kind = 'receipt'
               AND buy.dealer_order_type IN %(types)s
            """,
            moves=self.env["dealer.part.move.report"]._get_query(),
            emergency=tuple(sorted(EMERGENCY_TYPES)),
            types=(*sorted(EMERGENCY_TYPES), *CUSTOMER_TYPES),
        )

    def _get_lost_sales(self):
        """Lost sales that count, at the cost of today."""
        return SQL(
            """
            SELECT 'lost' AS kind, lost.id AS source, lost.date, lost.product_id,
                   store.company_id, lost.warehouse_id, lost.quantity,
                   ROUND((lost.quantity * COALESCE((product.standard_price
                          ->> store.company_id::text)::numeric, 0))::numeric, 2) AS value
              FROM dealer_lost_sale lost
              JOIN product_product product ON product.id = lost.product_id
              JOIN stock_warehouse store ON store.id = lost.warehouse_id
             WHERE lost.is_demand
            """
        )
