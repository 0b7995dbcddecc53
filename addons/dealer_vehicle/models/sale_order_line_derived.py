from odoo import api, models
from odoo.exceptions import UserError


class SaleOrderLine(models.Model):
    """Whether a line holds its car, and what it comes to, follows from the line."""

    _name = "sale.order.line"
    _inherit = ["sale.order.line", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _derived_others = frozenset(
        {
            "amount_invoiced",
            "amount_to_invoice",
            "company_id",
            "currency_id",
            "invoice_status",
            "order_partner_id",
            "price_subtotal",
            "price_tax",
            "price_total",
            "qty_delivered_method",
            "qty_invoiced",
            "qty_to_invoice",
            "state",
            "untaxed_amount_invoiced",
            "untaxed_amount_to_invoice",
        }
    )
    #: Car and price of a deal stay in that deal.
    _fixed_fields = frozenset({"order_id"})

    @api.model_create_multi
    def create(self, vals_list):
        self._dealer_check_not_linked(vals_list)
        lines = super().create(vals_list)
        if not self.env.su and any(vals.get("qty_delivered") for vals in vals_list):
            lines._dealer_check_counted()
        return lines

    def write(self, vals):
        self._dealer_check_not_linked([vals])
        if not self.env.su and "qty_delivered" in vals:
            self._dealer_check_counted()
        if not self.env.su and "product_uom_qty" in vals:
            self._dealer_check_still_sold(vals["product_uom_qty"])
        return super().write(vals)

    def _dealer_check_still_sold(self, quantity):
        """A sold car does not go out of its deal by a number: its money would stay behind."""
        if self.env["sale.order"]._dealer_is_manager():
            return
        for line in self:
            if (
                line.state == "sale"
                and line._dealer_is_car_line()
                and quantity < line.product_uom_qty
            ):
                raise UserError(
                    self.env._(
                        "%s is confirmed. Ask for its cancellation with “Cancel and Refund”.",
                        line.order_id.name,
                    )
                )

    def _dealer_check_counted(self):
        """What transfers deliver is counted by them: gates, returns and invoices rely on it.

        Odoo itself writes the count of goods that go along beyond the order.
        """
        cars = self.filtered(lambda line: line._dealer_is_car_line())
        if "stock_move" in cars.mapped("qty_delivered_method"):
            raise UserError(
                self.env._("What has been delivered is counted from the transfers of the order.")
            )

    @api.model
    def _dealer_check_not_linked(self, vals_list):
        """Which invoice bills a line is said by the invoice: what is paid there counts here.

        The web client sends the field with every new line, empty.
        """
        if not self.env.su and any(vals.get("invoice_lines") for vals in vals_list):
            raise UserError(
                self.env._("Invoices belong to a deal by being made from it: use “Create Invoice”.")
            )
