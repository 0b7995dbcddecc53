from odoo import fields, models


class SaleOrder(models.Model):
    """Counter quotes with parts that were ordered for the customer."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_special_ids = fields.One2many(
        "dealer.special.order", "order_id", string="Special Orders", readonly=True
    )

    def _dealer_check_specials_quoted(self, without=None):
        """What was ordered for a customer stays on the quote of which he paid a share.

        :param without: lines that are about to go
        """
        # sudo: who changes the quote need not read special orders
        specials = self.sudo().dealer_special_ids.filtered(
            lambda special: special.state in ("ordered", "arrived")
        )
        specials._dealer_check_quoted(without=without)

    def action_confirm(self):
        """OVERRIDE: what is kept for this customer is free for this sale, and for no other."""
        # sudo: transfers that keep parts belong to the special orders
        self.sudo().dealer_special_ids._dealer_release()
        self._dealer_lock_parts()
        return super().action_confirm()

    def action_dealer_sell(self):
        """OVERRIDE: what was on the shelf for the customer has been collected."""
        result = super().action_dealer_sell()
        # sudo: facts are written by the steps only
        arrived = self.sudo().dealer_special_ids.filtered(
            lambda special: special.state == "arrived"
        )
        arrived.write({"state": "done"})
        return result
