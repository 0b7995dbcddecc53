from odoo import fields, models
from odoo.exceptions import UserError


class DealerPartLookupLine(models.TransientModel):
    """One part that was found at the counter."""

    _name = "dealer.part.lookup.line"
    _description = "Part Found"
    _order = "sequence, id"

    lookup_id = fields.Many2one("dealer.part.lookup", required=True, ondelete="cascade", index=True)
    sequence = fields.Integer()
    product_id = fields.Many2one(
        "product.product", string="Part", required=True, ondelete="cascade"
    )
    number = fields.Char(related="product_id.default_code", string="Part Number")
    name = fields.Char(related="product_id.name")
    product_brand_id = fields.Many2one(related="product_id.product_brand_id")
    dealer_origin_class = fields.Selection(related="product_id.dealer_origin_class")
    dealer_chain = fields.Char(related="product_id.dealer_chain")
    dealer_is_replaced = fields.Boolean(related="product_id.dealer_is_replaced")
    currency_id = fields.Many2one(related="lookup_id.warehouse_id.company_id.currency_id")
    price = fields.Monetary(string="Price with VAT")
    margin_percent = fields.Float(
        string="Margin %",
        compute="_compute_margin_percent",
        digits=(6, 1),
        groups="dealer_parts.group_part_cost",
    )
    free_here = fields.Float(digits="Product Unit")
    free_elsewhere = fields.Float(string="Other Stores", digits="Product Unit")
    bin_id = fields.Many2one("stock.location", ondelete="cascade")

    def _compute_margin_percent(self):
        for line in self:
            part = line.product_id
            net = line.price / (1 + part._dealer_get_vat_rate() / 100)
            line.margin_percent = 100 * (net - part.standard_price) / net if net else 0.0

    def action_sell(self):
        """Put the part on the customer's quote; of a chain the oldest stock that suffices."""
        self.ensure_one()
        lookup = self.lookup_id
        part = self.product_id
        store = lookup.warehouse_id.id
        for other in part._dealer_get_sale_order().with_context(warehouse_id=store):
            if part.uom_id.compare(other.free_qty, lookup.quantity) >= 0:
                part = other
                break
        line = lookup._add_to_quote(part.with_context(warehouse_id=None))
        return line.order_id._get_records_action()

    def action_special(self):
        """Order the part for the customer; of a chain what can still be ordered."""
        self.ensure_one()
        lookup = self.lookup_id
        part = self.product_id._dealer_get_order_part()
        if len(part) != 1:
            raise UserError(
                self.env._(
                    "%(part)s was divided into %(pieces)s: order the pieces.",
                    part=self.product_id.display_name,
                    pieces=", ".join(part.mapped("display_name")),
                )
            )
        line = lookup._add_to_quote(part)
        special = self.env["dealer.special.order"].create(
            {
                "order_id": line.order_id.id,
                "product_id": part.id,
                "quantity": lookup.quantity,
                "vendor_id": part.seller_ids[:1].partner_id.id,
            }
        )
        return special._get_records_action()
