from odoo import api, models
from odoo.exceptions import UserError

# What makes the price of a line. Totals are computed, yet a client can write them.
PRICED_FIELDS = {
    "dealer_deal_type",
    "dealer_gift_bearer",
    "dealer_unit_value",
    "dealer_vehicle_id",
    "discount",
    "display_type",
    "extra_tax_data",
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
            lines = super().create(vals_list)
            if not self.env.su:
                lines._dealer_check_own_price()
            return lines

    def write(self, vals):
        if "name" in vals:
            renamed = self.filtered(lambda line: line.name != vals["name"])
            renamed.order_id._dealer_check_prices_open()  # the approver has read what is sold
            # another car brings its own text, and is refused as another car
            renamed.filtered(
                lambda line: (
                    vals.get("dealer_vehicle_id", line.dealer_vehicle_id.id)
                    == line.dealer_vehicle_id.id
                )
            )._dealer_check_text_open()
        if not PRICED_FIELDS & vals.keys() or not self:
            return super().write(vals)
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        with orders._dealer_changing_prices():
            result = super().write(vals)
            if not self.env.su:
                self._dealer_check_own_price()
            return result

    def _dealer_check_own_price(self):
        """Refuse amounts and roles that Odoo keeps for lines of its own and a client may write.

        Both take a car out of its price: totals brought along, and a line that counts as paid.
        """
        for line in self:
            if (line.extra_tax_data or line.is_downpayment) and line._dealer_is_car_line():
                raise UserError(
                    self.env._(
                        "%(car)s: the amounts of a car follow from its price. Change the price.",
                        car=line.product_id.display_name,
                    )
                )

    def _dealer_check_text_open(self):
        """Refuse consultants another text in a confirmed deal: it says what was promised."""
        for line in self:
            order = line.order_id
            is_deal = order.state == "sale" and order._dealer_has_car()
            if is_deal and not self.env.su and not order._dealer_is_manager():
                raise UserError(
                    self.env._(
                        '%(order)s is confirmed: only a manager changes the field "%(field)s".',
                        order=order.name,
                        field=line._fields["name"]._description_string(self.env),
                    )
                )

    def unlink(self):
        with self.order_id._dealer_changing_prices():
            return super().unlink()
