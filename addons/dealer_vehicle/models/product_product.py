from odoo import api, fields, models
from odoo.tools import SQL

from .product_template import COST_GROUPS

# context keys that ask for another value than "everything we own now"
VALUATION_CONTEXT_KEYS = (
    "to_date",
    "at_date",
    "warehouse_id",
    "location",
    "lot_id",
    "owner_id",
    "owners",
    "package_id",
)


class ProductProduct(models.Model):
    """Cars of one trim share a product and are valued by serial number, in flat time."""

    _inherit = "product.product"

    standard_price = fields.Float(groups=COST_GROUPS)
    avg_cost = fields.Monetary(groups=COST_GROUPS)
    total_value = fields.Monetary(groups=COST_GROUPS)
    dealer_vehicle_ids = fields.One2many("dealer.vehicle", "product_id", string="Cars")

    def _dealer_is_flat_valued(self):
        """Whether the stock value is simply the sum of the costs of the cars in stock.

        Only shared products of our own categories qualify; dated, per-warehouse and per-lot
        values stay with Odoo.
        """
        self.ensure_one()
        return (
            self.lot_valuated
            and self.tracking == "serial"
            and self.categ_id.dealer_product_policy == "shared"
            and not any(self.env.context.get(key) for key in VALUATION_CONTEXT_KEYS)
        )

    def _dealer_lot_values(self):
        """Quantity and value of the cars in stock by product id, in one statement.

        Odoo sums ``total_value`` over the lots in stock, with some ten statements for each car,
        and finds these lots through ``product_qty != 0``, which groups every quant of the
        database: a deal then costs 4.4 times as much with 100 cars of the model in stock. The
        serial number already carries the cost of its car, so one sum does. Cars that belong to
        somebody else (consigned) have no value in our books. See docs/decisions.
        """
        self.env["stock.quant"].flush_model(
            ["product_id", "lot_id", "location_id", "owner_id", "quantity"]
        )
        self.env["stock.lot"].flush_model(["standard_price"])
        company = self.env.company
        rows = self.env.execute_query(
            SQL(
                """
                  SELECT quant.product_id, SUM(quant.quantity),
                         SUM(quant.quantity
                             * COALESCE((lot.standard_price ->> %(company_key)s)::numeric, 0))
                    FROM stock_quant quant
                    JOIN stock_lot lot ON lot.id = quant.lot_id
                    JOIN stock_location location ON location.id = quant.location_id
                   WHERE quant.product_id IN %(product_ids)s
                     AND location.company_id = %(company_id)s
                     AND location.usage IN ('internal', 'transit')
                     AND (quant.owner_id IS NULL OR quant.owner_id = %(owner_id)s)
                GROUP BY quant.product_id
                """,
                company_key=str(company.id),
                product_ids=tuple(self.ids),
                company_id=company.id,
                owner_id=company.partner_id.id,
            )
        )
        return {
            product_id: (float(quantity), float(value or 0)) for product_id, quantity, value in rows
        }

    def _get_value_from_lots(self):
        """OVERRIDE stock_account: see ``_dealer_lot_values``."""
        flat = self.filtered(lambda product: product.id and product._dealer_is_flat_valued())
        if not flat:
            return super()._get_value_from_lots()
        value = sum(value for _quantity, value in flat._dealer_lot_values().values())
        rest = self - flat
        return value + (super(ProductProduct, rest)._get_value_from_lots() if rest else 0)

    @api.depends_context("to_date", "company", "warehouse_id")
    @api.depends("cost_method", "stock_move_ids.value", "standard_price")
    def _compute_value(self):
        """OVERRIDE stock_account: all shared products of the batch in one statement."""
        flat = self.filtered(lambda product: product.id and product._dealer_is_flat_valued())
        super(ProductProduct, self - flat)._compute_value()
        if not flat:
            return
        values = flat._dealer_lot_values()
        for product in flat:
            quantity, value = values.get(product.id, (0.0, 0.0))
            product.company_currency_id = self.env.company.currency_id
            product.total_value = self.env.company.currency_id.round(value)
            product.avg_cost = value / quantity if quantity else 0

    def _dealer_moved(self):
        """Those that ever moved: Odoo asks for each new product of a price file what remains."""
        if len(self) < 2:
            return self
        groups = self.env["stock.move"]._read_group(
            [("product_id", "in", self.ids), ("state", "=", "done")], ["product_id"]
        )
        return self.browse(product.id for (product,) in groups)

    def _get_remaining_moves(self):
        """BACKPORT odoo#268664, odoo#272411: what remains of a receipt is known by its lots.

        Odoo takes the receipts first in, first out whatever lot was sold. A landed cost on an old
        car still in stock then made no journal entry, and one on a sold car debited stock.
        """
        by_lot = self.filtered(lambda p: p.lot_valuated and p.tracking == "serial" and p.id)
        remaining = super(ProductProduct, (self - by_lot)._dealer_moved())._get_remaining_moves()
        if not by_lot:
            return remaining
        lots = self.env["stock.lot"].search(
            [
                ("product_id", "in", by_lot.ids),
                ("quant_ids.location_id.usage", "in", ("internal", "transit")),
            ]
        )
        last_in = lots._dealer_last_in_moves()
        for lot, move in last_in.items():
            if lot.product_qty > 0:
                moves = remaining.setdefault(lot.product_id, {})
                moves[move] = moves.get(move, 0) + lot.product_qty
        return remaining
