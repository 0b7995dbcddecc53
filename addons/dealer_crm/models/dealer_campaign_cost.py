from odoo import fields, models


class DealerCampaignCost(models.Model):
    """What a campaign cost, and how much of it the maker bears."""

    _name = "dealer.campaign.cost"
    _description = "Campaign Cost"
    _order = "date, id"

    campaign_id = fields.Many2one("utm.campaign", required=True, ondelete="cascade", index=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    name = fields.Char(string="What For", required=True)
    kind = fields.Selection(
        [
            ("media", "Media"),
            ("venue", "Place and stand"),
            ("gift", "Gifts and material"),
            ("staff", "People"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    partner_id = fields.Many2one("res.partner", "Vendor", index="btree_not_null")
    move_id = fields.Many2one(
        "account.move",
        "Bill",
        domain="[('move_type', '=', 'in_invoice')]",
        index="btree_not_null",
        groups="account.group_account_invoice",
    )
    currency_id = fields.Many2one(related="campaign_id.currency_id")
    amount = fields.Monetary(required=True)
    maker_share = fields.Monetary(string="Borne by the Maker")

    _share_in_amount = models.Constraint(
        "CHECK (amount >= 0 AND maker_share >= 0 AND maker_share <= amount)",
        "The maker bears between nothing and the whole amount.",
    )
