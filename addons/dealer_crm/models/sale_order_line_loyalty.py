from odoo import api, fields, models


class SaleOrderLine(models.Model):
    """What of a discount the maker gives back."""

    _inherit = "sale.order.line"

    dealer_maker_amount = fields.Monetary(
        "Borne by the Maker",
        compute="_compute_dealer_maker_amount",
        store=True,
        help="Share of the maker in the discount of a program, to be claimed from the maker.",
    )

    @api.depends("price_subtotal", "reward_id.program_id.dealer_maker_share")
    def _compute_dealer_maker_amount(self):
        for line in self:
            share = line.reward_id.program_id.dealer_maker_share
            line.dealer_maker_amount = -line.price_subtotal * share / 100
