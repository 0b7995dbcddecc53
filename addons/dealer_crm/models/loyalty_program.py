from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: Programs whose points were paid for: the money is owed to the holder of the card.
PREPAID = ("ewallet", "gift_card")


class LoyaltyProgram(models.Model):
    """Points, stored value, packs and coupons of a dealer: where, for which cars, who pays.

    Money paid in advance is a liability until it is used. With a liability account on the program,
    selling the pack or the top-up and using it both go to that account, so its balance is what is
    owed.
    """

    _inherit = "loyalty.program"

    dealer_cost_bearer = fields.Selection(
        [("store", "The store"), ("maker", "The maker"), ("shared", "Both")],
        "Who Pays",
        default="store",
        required=True,
    )
    dealer_maker_share = fields.Float(
        "Share of the Maker (%)",
        digits=(5, 2),
        compute="_compute_dealer_maker_share",
        store=True,
        readonly=False,
    )
    dealer_stacking = fields.Selection(
        [("free", "With all others"), ("alone", "Alone only")],
        "Together With",
        default="free",
        required=True,
        help="Alone only: in one order no other program gives anything beside it. Paying with"
        " stored value is no discount and always possible.",
    )
    dealer_warehouse_ids = fields.Many2many(
        "stock.warehouse", string="Stores", help="Empty: all stores."
    )
    dealer_brand_ids = fields.Many2many(
        "fleet.vehicle.model.brand", string="Brands", help="Empty: all brands."
    )
    dealer_series_ids = fields.Many2many(
        "dealer.vehicle.series", string="Series", help="Empty: all series."
    )
    dealer_liability_account_id = fields.Many2one(
        "account.account",
        "Liability Account",
        domain="[('account_type', 'in', ('liability_current', 'liability_non_current'))]",
        ondelete="restrict",
        check_company=True,
        help="For stored value and prepaid packs: what customers paid and have not used yet.",
    )
    dealer_outstanding = fields.Monetary(
        "Owed to Holders", compute="_compute_dealer_outstanding", help="Value of unused points."
    )

    _dealer_share_possible = models.Constraint(
        "CHECK (COALESCE(dealer_maker_share, 0) BETWEEN 0 AND 100)",
        "The share of the maker is between 0 and 100 %.",
    )

    @api.depends("dealer_cost_bearer")
    def _compute_dealer_maker_share(self):
        fixed = {"store": 0, "maker": 100}
        for program in self:
            share = program.dealer_maker_share
            program.dealer_maker_share = fixed.get(program.dealer_cost_bearer, share)

    @api.depends("coupon_ids.points", "reward_ids.discount")
    def _compute_dealer_outstanding(self):
        points = dict(
            self.env["loyalty.card"]._read_group(
                [("program_id", "in", self.ids)], ["program_id"], ["points:sum"]
            )
        )
        for program in self:
            reward = program.reward_ids.filtered(lambda r: r.discount_mode == "per_point")[:1]
            program.dealer_outstanding = points.get(program._origin, 0) * reward.discount

    @api.constrains("dealer_liability_account_id", "program_type")
    def _check_dealer_liability(self):
        for program in self:
            if program.dealer_liability_account_id and program.program_type not in PREPAID:
                raise ValidationError(
                    self.env._("Only stored value and prepaid packs are a liability.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        programs = super().create(vals_list)
        programs._dealer_set_accounts()
        return programs

    def write(self, vals):
        res = super().write(vals)
        if {"dealer_liability_account_id", "rule_ids", "reward_ids"} & set(vals):
            self._dealer_set_accounts()
        return res

    def _dealer_set_accounts(self):
        """Book the sale of stored value and its use on the liability account."""
        for program in self.filtered("dealer_liability_account_id"):
            products = program.trigger_product_ids | program.reward_ids.discount_line_product_id
            company = program.company_id or self.env.company
            # sudo: who makes programs may not change accounts of products otherwise
            products.sudo().with_company(company).write(
                {
                    "property_account_income_id": program.dealer_liability_account_id.id,
                    "taxes_id": [fields.Command.clear()],
                }
            )
