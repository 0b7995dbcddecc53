from odoo import SUPERUSER_ID, models
from odoo.exceptions import UserError


class SaleOrder(models.Model):
    """What a customer may do with his deal on the portal, and what is sent to him.

    An offer with a price binds the dealership as soon as the customer accepts it (Civil Code
    Art. 472), hence prices that wait for their approval are neither sent nor signed nor paid.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_is_price_open(self):
        """Whether this is a quotation whose prices wait for an approval."""
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            return False
        order = self.sudo()  # sudo: a customer may not read the price policy
        level = order._dealer_level_of(order._dealer_get_deviations()[order])
        return bool(level) and not order._dealer_is_approved_for(level)

    def _dealer_get_price_open_message(self):
        """What a customer reads as long as his price waits: no floor, and nobody's authority."""
        return self.env._(
            "The price is being confirmed. You can sign and pay as soon as this is done; your"
            " consultant will tell you."
        )

    # === SIGN AND PAY ===
    def _has_to_be_signed(self):
        """A quotation once its price stands, and a confirmed deal until its contract is signed."""
        self.ensure_one()
        if self.state == "sale":
            return self._dealer_is_contract_unsigned()
        return super()._has_to_be_signed() and not self._dealer_is_price_open()

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self._dealer_is_price_open()

    def _dealer_is_contract_unsigned(self):
        """Whether the contract of a confirmed deal has not been signed as the deal is now.

        A contract that was signed before the deal changed is signed once more, beside the old one.
        """
        self.ensure_one()
        order = self.sudo()  # sudo: a customer may not read what is kept of his contract
        if (
            not order.require_signature
            or not order.dealer_contract_number
            or not order.dealer_contract_template_id
            or order.delivery_status == "full"
        ):
            return False
        documents = order.dealer_contract_ids
        return not any(documents.mapped("is_current")) if documents else not order.signature

    def _validate_order(self):
        """A deal that was confirmed before it is signed is not confirmed again."""
        orders = self.filtered(lambda order: order.state != "sale")
        return super(SaleOrder, orders)._validate_order() if orders else None

    def _notify_get_recipients_groups(self, message, model_description, msg_vals=False):
        groups = super()._notify_get_recipients_groups(
            message, model_description, msg_vals=msg_vals
        )
        if len(self) == 1 and self.state == "sale" and self._has_to_be_signed():
            for name, _is_member, options in groups:
                if name == "portal_customer":
                    access = options.setdefault("button_access", {})
                    access["title"] = self.env._("Sign the Contract")
        return groups

    def _dealer_note_portal_refusal(self, error):
        """Tell the salesperson why a customer could not do what his page offered him.

        :param error: what the customer does not get to read
        """
        for order in self:
            # the note is the system's: customers may not write internal notes
            order.with_user(SUPERUSER_ID).message_post(
                body=self.env._("The customer was refused on the portal: %s", error),
                partner_ids=order.sudo().user_id.partner_id.ids,  # sudo: a customer asks
                subtype_xmlid="mail.mt_note",
            )

    # === SEND ===
    def write(self, vals):
        if vals.get("state") == "sent" and not self.env.su:
            self._dealer_check_may_send()
        return super().write(vals)

    def action_quotation_send(self):
        self._dealer_check_may_send()
        return super().action_quotation_send()

    def action_quotation_sent(self):
        self._dealer_check_may_send()
        return super().action_quotation_sent()

    def message_post(self, **kwargs):
        if self.env.context.get("mark_so_as_sent"):  # the window of the mail may be an old one
            self._dealer_check_may_send()
        return super().message_post(**kwargs)

    def _dealer_check_may_send(self):
        """Refuse to send offers with prices that nobody has approved, or with a wrong plan."""
        waiting = self.filtered(lambda order: order._dealer_is_price_open())
        if waiting:
            raise UserError(
                self.env._(
                    "%(orders)s: the price needs approval. An offer binds the dealership as soon as"
                    " the customer accepts it, so it is sent when the price has been approved."
                    " Press “Ask for Approval”, or change the price.",
                    orders=", ".join(order._dealer_get_title() for order in waiting),
                )
            )
        self._dealer_check_plan()
