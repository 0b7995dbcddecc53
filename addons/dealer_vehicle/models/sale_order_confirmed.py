from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a manager only may change once a deal is confirmed: customer, seller, number, day.
SETTLED = (
    "date_order",
    "locked",
    "name",
    "note",
    "partner_id",
    "partner_invoice_id",
    "user_id",
    "warehouse_id",
)
#: What the customer alone gives: on the portal, or by a scan kept beside the order.
SIGNATURE = ("signature", "signed_by", "signed_on")
MANAGERS = ("sales_manager", "usedcar_manager", "general_manager", "admin")


class SaleOrder(models.Model):
    """A confirmed deal ends by cancelling it, and belongs to whom it was made with.

    The buttons know who may do what; a remote call that writes the fields has to know it, too.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_is_car_deal = fields.Boolean(string="Car Deal", compute="_compute_dealer_is_car_deal")

    @api.depends("order_line.product_id", "order_line.dealer_vehicle_id")
    def _compute_dealer_is_car_deal(self):
        for order in self:
            order.dealer_is_car_deal = order._dealer_has_car()

    def write(self, vals):
        if not self.env.su:  # our own steps have asked already
            confirmed = self.filtered(lambda order: order.state == "sale")
            if vals.get("state", "sale") != "sale":
                confirmed._dealer_check_may_end(vals["state"])
            confirmed._dealer_check_settled(vals)
            self._dealer_check_signature(vals)
        return super().write(vals)

    def action_cancel(self):
        """Who may not cancel hears so before the transfers and papers are touched."""
        if not self.env.su:
            self.filtered(lambda order: order.state == "sale")._dealer_check_may_end("cancel")
        return super().action_cancel()

    def _dealer_is_manager(self):
        """Whether the user decides about confirmed deals."""
        return any(self.env.user.has_group(f"dealer_base.group_{role}") for role in MANAGERS)

    def _dealer_check_may_end(self, state):
        """A confirmed deal is cancelled, and by a manager when it has a car."""
        for order in self:
            if state != "cancel":
                raise UserError(
                    self.env._(
                        "%s is confirmed and does not become a quotation again. Cancel it instead.",
                        order.name,
                    )
                )
            if order._dealer_has_car() and not self._dealer_is_manager():
                raise UserError(
                    self.env._(
                        "%s is confirmed. Ask for its cancellation with “Cancel and Refund”.",
                        order.name,
                    )
                )

    def _dealer_has_car(self):
        """Whether a car is sold here, one that is named or one that is still to come."""
        return any(line._dealer_is_car_line() for line in self.order_line)

    def _dealer_check_settled(self, vals):
        """Refuse to hand a confirmed deal to another customer, seller or day."""
        names = [name for name in SETTLED if name in vals]
        if not names or self._dealer_is_manager():
            return
        for order in self:
            for name in names:
                field = order._fields[name]
                if name == "locked" and not order._dealer_has_car():
                    continue  # as Odoo does with other goods
                if field.convert_to_write(order[name], order) != vals[name]:
                    raise UserError(
                        self.env._(
                            '%(order)s is confirmed: only a manager changes the field "%(field)s".',
                            order=order.name,
                            field=field._description_string(self.env),
                        )
                    )

    def _create_invoices(self, grouped=False, final=False, date=None):
        """OVERRIDE sale: who sells a car does not invoice it; Odoo lets every salesperson do so."""
        user = self.env.user
        if (
            not self.env.su
            and not user.has_group("account.group_account_invoice")
            and any(order._dealer_has_car() for order in self)
        ):
            raise UserError(
                self.env._("Invoices of cars are made by accounting. Ask there, with the order.")
            )
        return super()._create_invoices(grouped=grouped, final=final, date=date)

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._dealer_check_signature(vals)
                self._dealer_check_new(vals)
        return super().create(vals_list)

    @api.model
    def _dealer_check_new(self, vals):
        """A deal begins as a quotation: confirming asks the gates and gives the contract number."""
        begins = vals.get("state", self.env.context.get("default_state", "draft")) == "draft"
        if not begins and self.env.user.has_group("dealer_base.group_employee"):
            raise UserError(
                self.env._("A deal begins as a quotation. Save it as one, then send or confirm it.")
            )

    def _dealer_check_signature(self, vals):
        """Nobody signs for the customer; going back to a quotation takes his signature off."""
        signed = any(vals.get(name) for name in SIGNATURE)
        removed = any(name in vals for name in SIGNATURE) and any(
            order.state == "sale" for order in self
        )
        if signed or removed:
            raise UserError(
                self.env._(
                    "The customer signs himself, on his page; keep what he signed on paper under"
                    " “Signed Contracts”."
                )
            )
