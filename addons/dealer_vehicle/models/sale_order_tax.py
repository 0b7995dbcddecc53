from odoo import api, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """The fiscal position would change every tax of the deal."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        chosen = [
            order.id
            for order, vals in zip(orders, vals_list, strict=True)
            if vals.get("fiscal_position_id")
        ]
        self.browse(chosen)._dealer_check_fiscal_position()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if "fiscal_position_id" in vals:
            self._dealer_check_fiscal_position()
        return result

    def _dealer_check_fiscal_position(self):
        """Refuse a fiscal position that the customer does not have."""
        if self.env.su or self.env.user._dealer_keeps_taxes():
            return
        for order in self:
            if not any(order.order_line.mapped("dealer_deal_type")):
                continue
            FiscalPosition = self.env["account.fiscal.position"].with_company(order.company_id)
            due = FiscalPosition._get_fiscal_position(order.partner_id, order.partner_shipping_id)
            # sudo: a setting of the own company
            if order.company_id.sudo().dealer_price_guard_tax and order.fiscal_position_id != due:
                raise UserError(
                    self.env._(
                        "The fiscal position of %(order)s follows from its customer (%(position)s)."
                        " Ask accounting when it has to be another one.",
                        order=order._dealer_get_title(),
                        position=due.name or self.env._("none"),
                    )
                )
