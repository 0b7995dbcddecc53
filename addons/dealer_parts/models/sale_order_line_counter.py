from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

#: What decides about the money of a counter line.
CHECKED = {"price_unit", "discount", "product_id", "product_uom_qty", "tax_ids", "order_id"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    # the same figures as those of cars, for others to see
    dealer_part_margin = fields.Float(
        string="Margin of Part",
        compute="_compute_dealer_part_margin",
        compute_sudo=True,
        digits="Product Price",
        groups="dealer_parts.group_part_cost",
        help="Price without VAT, less what the part costs.",
    )
    dealer_part_margin_percent = fields.Float(
        string="Margin of Part %",
        compute="_compute_dealer_part_margin",
        compute_sudo=True,
        digits=(6, 1),
        aggregator=None,
        groups="dealer_parts.group_part_cost",
    )

    @api.depends("margin", "margin_percent", "product_id.dealer_is_part")
    def _compute_dealer_part_margin(self):
        for line in self:
            is_part = line.product_id.dealer_is_part
            line.dealer_part_margin = line.margin if is_part else 0.0
            line.dealer_part_margin_percent = 100 * line.margin_percent if is_part else 0.0

    @api.onchange("product_id", "product_uom_qty")
    def _onchange_dealer_old_stock(self):
        """Tell who sells a new number that old stock goes first (domain-cn §5)."""
        if not self.order_id.dealer_counter_class:
            return None
        return self.product_id._dealer_warn_of_old_stock(self.order_id.warehouse_id)

    @api.depends("order_id.dealer_counter_class", "product_uom_qty", "order_id.partner_id")
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
        """Price for the class, the customer and the quantity, VAT included."""
        self.ensure_one()
        order, unit = self.order_id, self.product_uom_id
        quantity = self.product_uom_qty
        if unit and unit != self.product_id.uom_id:
            quantity = unit._compute_quantity(quantity, self.product_id.uom_id)
        price = self.product_id.with_company(order.company_id)._dealer_get_part_price(
            order._dealer_get_price_class(), partner=order.partner_id, quantity=quantity
        )[0]
        if unit and unit != self.product_id.uom_id:
            price = self.product_id.uom_id._compute_price(price, unit)
        return self.currency_id.round(price)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._dealer_check_counter_price()
        return lines

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ordered(self):
        self.order_id._dealer_check_specials_quoted(without=self)

    def write(self, vals):
        result = super().write(vals)
        if CHECKED & vals.keys():
            self._dealer_check_counter_price()
        if {"product_id", "product_uom_qty", "product_uom_id"} & vals.keys():
            self.order_id._dealer_check_specials_quoted()
        return result

    def _dealer_check_counter_price(self):
        """Keepers sell at the price of the matrix; only the manager gives another one.

        :raise AccessError: price below, discount or other price by anybody else
        """
        if self.env.su or self.env.user.has_group("dealer_base.group_parts_manager"):
            return
        for line in self.filtered("product_id"):
            if not line.product_id.dealer_is_part:
                line._dealer_check_counter_service()
                continue
            if not line.order_id.dealer_counter_class:
                if self.env.user._dealer_only_keeps_parts():
                    raise AccessError(
                        self.env._(
                            "Sell parts over the counter: choose its price class on the order."
                        )
                    )
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
            line._dealer_check_counter_quantity()
            line._dealer_check_counter_taxes()

    def _dealer_check_counter_service(self):
        """Services on a counter sale are sold at their price: no discount by a side door."""
        if not self.order_id.dealer_counter_class or self.is_downpayment:
            return
        price = self.product_id.lst_price
        if (
            self.discount
            or self.product_uom_qty < 0
            or self.currency_id.compare_amounts(self.price_unit, price) < 0
        ):
            raise AccessError(
                self.env._(
                    "%(product)s costs at least %(price)s. Ask the parts manager for another"
                    " price.",
                    product=self.product_id.display_name,
                    price=self.currency_id.format(price),
                )
            )

    def _dealer_check_counter_quantity(self):
        """What comes back is a return, with its own credit note."""
        if self.product_uom_qty < 0:
            raise UserError(
                self.env._(
                    "%(part)s: a sale is of more than nothing. Use “Take Back” on the sale by which"
                    " the part was sold.",
                    part=self.product_id.display_name,
                )
            )

    def _dealer_check_counter_taxes(self):
        """The taxes are those of the part and of the customer's position."""
        order = self.order_id
        # sudo: keepers need not read fiscal positions
        taxes = self.sudo().product_id.taxes_id._filter_taxes_by_company(order.company_id)
        if self.sudo().tax_ids != order.sudo().fiscal_position_id.map_tax(taxes):
            raise AccessError(
                self.env._(
                    "The tax of %(part)s follows from the part. Ask accounting if it is wrong.",
                    part=self.product_id.display_name,
                )
            )
