from odoo import api, models
from odoo.exceptions import AccessError


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("order_id.dealer_counter_class")
    def _compute_price_unit(self):
        counter = self.filtered(
            lambda line: (
                line.order_id.dealer_counter_class
                and line.product_id.dealer_is_part
                and not line.qty_invoiced
            )
        )
        for line in counter:
            line.price_unit = line._dealer_get_counter_price()
        return super(SaleOrderLine, self - counter)._compute_price_unit()

    def _dealer_get_counter_price(self):
        """Price of the matrix for the class and the customer, VAT included; else the list price."""
        self.ensure_one()
        product, order = self.product_id, self.order_id
        price_class = self.env.ref(
            f"dealer_parts.price_class_{order.dealer_counter_class}", raise_if_not_found=False
        )
        if not price_class or not hasattr(product, "_dealer_get_part_price"):
            return product.lst_price
        return product._dealer_get_part_price(
            price_class, partner=order.partner_id, quantity=self.product_uom_qty
        )[0]

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._dealer_check_counter_price()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"price_unit", "discount", "product_id", "tax_ids", "order_id"} & vals.keys():
            self._dealer_check_counter_price()
        return result

    def _dealer_check_counter_price(self):
        """Keepers sell at the price of the matrix; only the manager gives another one.

        :raise AccessError: price below, discount or other price by anybody else
        """
        if self.env.su or self.env.user.has_group("dealer_base.group_parts_manager"):
            return
        for line in self:
            if not line.order_id.dealer_counter_class or not line.product_id.dealer_is_part:
                continue
            price = line._dealer_get_counter_price()
            if line.discount or line.currency_id.compare_amounts(line.price_unit, price):
                raise AccessError(
                    self.env._(
                        "%(part)s costs %(price)s here. Ask the parts manager for another price.",
                        part=line.product_id.display_name,
                        price=line.currency_id.format(price),
                    )
                )
