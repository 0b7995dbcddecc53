from odoo import api, fields, models


class SaleOrder(models.Model):
    """What the buyer of a repaired new car has to sign."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_disclosure_ids = fields.One2many("dealer.disclosure", "order_id", string="Disclosures")
    dealer_disclosure_count = fields.Integer(
        string="Number of Disclosures", compute="_compute_dealer_disclosure"
    )
    dealer_disclosure_missing = fields.Boolean(
        string="Disclosure to Sign", compute="_compute_dealer_disclosure"
    )

    @api.depends("dealer_disclosure_ids.state")
    def _compute_dealer_disclosure(self):
        for order in self:
            # sudo: accountants read the order, the paper is for salespeople
            disclosures = order.sudo().dealer_disclosure_ids.filtered(
                lambda disclosure: disclosure.state != "void"
            )
            order.dealer_disclosure_count = len(disclosures)
            order.dealer_disclosure_missing = "draft" in disclosures.mapped("state")

    def _action_cancel(self):
        """What nobody has signed is not needed any more."""
        res = super()._action_cancel()
        self.order_line._dealer_make_disclosures()
        return res

    def action_view_dealer_disclosures(self):
        """Open the disclosures of these orders."""
        disclosures = self.dealer_disclosure_ids.filtered(
            lambda disclosure: disclosure.state != "void"
        )
        return disclosures._get_records_action(name=self.env._("Disclosure of a Repair"))
