from odoo import api, models

# What makes the price of a line. Totals are computed, yet a client can write them.
PRICED_FIELDS = {
    "dealer_deal_type",
    "dealer_gift_bearer",
    "dealer_unit_value",
    "dealer_vehicle_id",
    "discount",
    "display_type",
    "is_downpayment",
    "order_id",
    "price_subtotal",
    "price_tax",
    "price_total",
    "price_unit",
    "product_id",
    "product_template_id",
    "product_uom_id",
    "product_uom_qty",
    "tax_ids",
}


class SaleOrderLine(models.Model):
    """Guard of the prices: the approval engine watches the header of an order only."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["sale.order"]._dealer_browse_parts(vals_list)._dealer_changing_prices():
            return super().create(vals_list)

    def write(self, vals):
        if "name" in vals:
            renamed = self.filtered(lambda line: line.name != vals["name"])
            renamed.order_id._dealer_check_prices_open()  # the approver has read what is sold
        if not PRICED_FIELDS & vals.keys() or not self:
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        with orders._dealer_changing_prices():
            return super().write(vals)

    def unlink(self):
        with self.order_id._dealer_changing_prices():
            return super().unlink()
