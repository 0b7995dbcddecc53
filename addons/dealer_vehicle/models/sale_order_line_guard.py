from odoo import api, models

# What makes the price of a line. Totals are computed, yet a client can write them.
PRICED_FIELDS = {
    "dealer_deal_type",
    "dealer_gift_bearer",
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
        order_ids = {vals.get("order_id") for vals in vals_list}
        order_ids.add(self.env.context.get("default_order_id"))
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        before = orders._dealer_start_price_change()
        lines = super().create(vals_list)
        lines.order_id._dealer_finish_price_change(before)
        return lines

    def write(self, vals):
        if not PRICED_FIELDS & vals.keys() or not self:
            return super().write(vals)
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        before = orders._dealer_start_price_change()
        result = super().write(vals)
        orders._dealer_finish_price_change(before)
        return result

    def unlink(self):
        orders = self.order_id
        before = orders._dealer_start_price_change()
        result = super().unlink()
        orders.exists()._dealer_finish_price_change(before)
        return result
