from odoo import api, fields, models
from odoo.exceptions import UserError

#: Progress of a campaign in which its costs are booked; bills come after its end, too
BOOKABLE = ("approved", "done")


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

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        campaigns = self.campaign_id.browse(
            {vals.get("campaign_id") for vals in vals_list} - {None}
        )
        before = self._get_costs(campaigns)
        costs = super().create(vals_list)
        costs._check_bookable(before)
        return costs

    def write(self, vals):
        if not {"amount", "campaign_id"} & set(vals):
            return super().write(vals)
        # of both campaigns when a cost moves
        campaigns = self.campaign_id | self.campaign_id.browse(vals.get("campaign_id"))
        before = self._get_costs(campaigns)
        self._check_bookable(before)
        result = super().write(vals)
        self._check_bookable(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_bookable(self._get_costs(self.campaign_id))

    @api.model
    def _get_costs(self, campaigns):
        return {campaign: campaign.dealer_cost for campaign in campaigns}

    def _check_bookable(self, before):
        """Costs stand on approved campaigns, within what was approved.

        A cost that is lowered, or taken away, is never beyond the budget.

        :param before: dict of campaign to its cost before the change
        :raise UserError: not approved, or more than the budget
        """
        if self.env.su:
            return
        for campaign in self.campaign_id:
            if campaign.dealer_state not in BOOKABLE:
                raise UserError(
                    self.env._(
                        "%(campaign)s is not approved: costs are booked after the approval.",
                        campaign=campaign.title,
                    )
                )
            cost, budget = campaign.dealer_cost, campaign.dealer_budget
            currency = campaign.currency_id
            is_more = currency.compare_amounts(cost, before.get(campaign, 0)) > 0
            if is_more and currency.compare_amounts(cost, budget) > 0:
                raise UserError(
                    self.env._(
                        "%(campaign)s would cost %(cost)s, but %(budget)s are approved. Plan it"
                        " anew with a higher budget and have that approved first.",
                        campaign=campaign.title,
                        cost=currency.format(cost),
                        budget=currency.format(budget),
                    )
                )
