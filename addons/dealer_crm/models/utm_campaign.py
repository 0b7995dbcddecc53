from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

from ..tools.campaign import elapsed_share, traffic_light

STATES = [
    ("draft", "Planned"),
    ("submitted", "To Approve"),
    ("approved", "Approved"),
    ("done", "Finished"),
    ("rejected", "Rejected"),
    ("cancel", "Cancelled"),
]
COST = "dealer_base.group_vehicle_cost"
#: Who plans campaigns or decides on them; mailings bring their own.
PLANNERS = (
    "dealer_base.group_marketing",
    "dealer_base.group_sales_manager",
    "dealer_base.group_group_manager",
    "dealer_base.group_admin",
    "mass_mailing.group_mass_mailing_user",
    "base.group_system",
)


class UtmCampaign(models.Model):
    """A campaign with its budget: approved in steps, watched while it runs, judged at its end.

    What is approved is fixed. Leads and orders are counted by the rule that stands beside the
    result: those of the campaign itself (last contact), or of customers whom it brought first.
    """

    _name = "utm.campaign"
    _inherit = [
        "utm.campaign",
        DealerFactMixin._name,
        "dealer.derived.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "tier.validation",
    ]
    _derived_prefix = "dealer_"
    _state_field = "dealer_state"
    _state_from = ["submitted"]
    _state_to = ["approved"]
    _tier_validation_manual_config = False
    _fact_fields = frozenset({"dealer_state", "dealer_requested_by_id", "dealer_approved_on"})
    #: What is approved: fixed as soon as others decide on it
    _dealer_decided_fields = frozenset(
        {"dealer_budget", "dealer_date_from", "dealer_date_to", "dealer_target_leads"}
    )

    dealer_state = fields.Selection(
        STATES, "Progress", default="draft", required=True, readonly=True, copy=False, tracking=True
    )
    dealer_plan_line_id = fields.Many2one(
        "dealer.marketing.plan.line", "Planned Activity", index="btree_not_null"
    )
    dealer_segment_id = fields.Many2one("dealer.segment", "For Whom", index="btree_not_null")
    dealer_place = fields.Char("Place")
    dealer_goal = fields.Text("Goal and Resources")
    dealer_date_from = fields.Date("First Day", tracking=True)
    dealer_date_to = fields.Date("Last Day", tracking=True)
    dealer_budget = fields.Monetary("Budget", tracking=True)
    dealer_target_leads = fields.Integer("Leads Wanted", tracking=True)
    dealer_requested_by_id = fields.Many2one("res.users", "Asked By", readonly=True, copy=False)
    dealer_approved_on = fields.Datetime("Approved On", readonly=True, copy=False)
    # === EXECUTION ===
    dealer_cost_ids = fields.One2many("dealer.campaign.cost", "campaign_id", string="Costs")
    dealer_cost = fields.Monetary("Cost", compute="_compute_dealer_cost", store=True)
    dealer_net_cost = fields.Monetary(
        "Cost for Us",
        compute="_compute_dealer_cost",
        store=True,
        help="Without what the maker bears.",
    )
    dealer_light = fields.Selection(
        [("green", "Green"), ("yellow", "Yellow"), ("red", "Red")],
        "Light",
        compute="_compute_dealer_light",
        help="Red: over budget, or less than half of the leads that should be there by now."
        " Yellow: nine tenths of the budget are gone, or eight tenths of the leads are missing to"
        " the plan.",
    )
    # === RESULT ===
    dealer_attribution = fields.Selection(
        [("last", "Last contact"), ("first", "First contact")],
        "Counted By",
        default="last",
        required=True,
        help="Last contact: leads and orders that carry this campaign. First contact: orders of"
        " customers whose first lead carries it.",
    )
    dealer_lead_count = fields.Integer("Leads Got", compute="_compute_dealer_result")
    dealer_order_count = fields.Integer("Orders", compute="_compute_dealer_result")
    dealer_cost_per_lead = fields.Monetary("Cost per Lead", compute="_compute_dealer_result")
    dealer_cost_per_order = fields.Monetary("Cost per Order", compute="_compute_dealer_result")
    dealer_gross = fields.Monetary(
        "Gross of the Orders", compute="_compute_dealer_return", groups=COST
    )
    dealer_return = fields.Float(
        "Return (%)",
        compute="_compute_dealer_return",
        groups=COST,
        digits=(16, 1),
        help="(Gross of the orders − cost for us) / cost for us.",
    )

    _dealer_dates_in_order = models.Constraint(
        "CHECK (dealer_date_to IS NULL OR dealer_date_from IS NULL"
        " OR dealer_date_to >= dealer_date_from)",
        "The last day of a campaign may not be before its first day.",
    )
    _dealer_not_negative = models.Constraint(
        "CHECK (COALESCE(dealer_budget, 0) >= 0 AND COALESCE(dealer_target_leads, 0) >= 0)",
        "Budget and leads may not be negative.",
    )

    # === COMPUTES ===
    @api.depends("dealer_cost_ids.amount", "dealer_cost_ids.maker_share")
    def _compute_dealer_cost(self):
        for campaign in self:
            campaign.dealer_cost = sum(campaign.dealer_cost_ids.mapped("amount"))
            campaign.dealer_net_cost = campaign.dealer_cost - sum(
                campaign.dealer_cost_ids.mapped("maker_share")
            )

    @api.depends("dealer_attribution", "dealer_net_cost")
    def _compute_dealer_result(self):
        # sudo: numbers of leads and orders, for people who need not read them one by one
        leads = dict(
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group([("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"])
        )
        for campaign in self:
            # sudo: the key of the numbers above
            campaign.dealer_lead_count = leads.get(campaign._origin.sudo(), 0)
            campaign.dealer_order_count = len(campaign._dealer_get_orders())
            cost = campaign.dealer_net_cost
            campaign.dealer_cost_per_lead = (
                cost / campaign.dealer_lead_count if campaign.dealer_lead_count else 0
            )
            campaign.dealer_cost_per_order = (
                cost / campaign.dealer_order_count if campaign.dealer_order_count else 0
            )

    @api.depends("dealer_attribution", "dealer_net_cost")
    def _compute_dealer_return(self):
        for campaign in self:
            orders = campaign._dealer_get_orders()
            campaign.dealer_gross = sum(orders.mapped("dealer_gross_total"))
            cost = campaign.dealer_net_cost
            campaign.dealer_return = (campaign.dealer_gross - cost) / cost * 100 if cost else 0

    @api.depends(
        "dealer_state",
        "dealer_date_from",
        "dealer_date_to",
        "dealer_budget",
        "dealer_cost",
        "dealer_target_leads",
        "dealer_lead_count",
    )
    def _compute_dealer_light(self):
        today = fields.Date.context_today(self)
        for campaign in self:
            first, last = campaign.dealer_date_from, campaign.dealer_date_to
            runs = campaign.dealer_state in ("approved", "done") and first and last
            campaign.dealer_light = runs and traffic_light(
                elapsed_share(first, last, today),
                campaign.dealer_budget,
                campaign.dealer_cost,
                campaign.dealer_target_leads,
                campaign.dealer_lead_count,
            )

    def _dealer_get_orders(self):
        """Confirmed orders that are counted for the campaign, by its rule."""
        self.ensure_one()
        # sudo: numbers of orders, for people who need not read them one by one
        Order = self.env["sale.order"].sudo()
        confirmed = Domain("state", "=", "sale")
        if self.dealer_attribution == "last":
            return Order.search(confirmed & Domain("campaign_id", "in", self.ids))
        # sudo: as above
        Lead = self.env["crm.lead"].sudo().with_context(active_test=False)
        people = Lead.search([("campaign_id", "in", self.ids)]).partner_id
        first = {}
        for lead in Lead.search([("partner_id", "in", people.ids)], order="create_date, id"):
            first.setdefault(lead.partner_id, lead)
        # sudo: as above
        brought = [p.id for p, lead in first.items() if lead.campaign_id == self._origin.sudo()]
        return Order.search(confirmed & Domain("partner_id", "in", brought))

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        self._dealer_check_planner()
        return super().create(vals_list)

    @api.model
    def _dealer_check_planner(self):
        """Odoo lets every employee make campaigns; here they spend money and explain leads.

        :raise AccessError: the user is neither of the marketing nor a manager
        """
        if not self.env.su and not any(map(self.env.user.has_group, PLANNERS)):
            raise AccessError(
                self.env._("Campaigns are planned by the marketing. Ask them for a new one.")
            )

    # === APPROVAL ===
    def write(self, vals):
        self._dealer_check_planner()
        if self._dealer_decided_fields & set(vals) and not self.env.su:
            for campaign in self:
                if campaign.dealer_state in ("submitted", "approved", "done"):
                    raise UserError(
                        self.env._(
                            "%(campaign)s is decided on: plan it anew to change its budget, days or"
                            " goal.",
                            campaign=campaign.title,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        """What others were asked to decide on, or what cost money, leaves its trail."""
        for campaign in self:
            if (
                campaign.dealer_state in ("submitted", "approved", "done")
                or campaign.dealer_requested_by_id  # planned anew after it was decided on
                or campaign.dealer_cost_ids
            ):
                raise UserError(
                    self.env._(
                        "%(campaign)s was submitted for approval or has costs. Give it up instead"
                        " of deleting it.",
                        campaign=campaign.title,
                    )
                )

    def action_dealer_submit(self):
        """Ask for approval of the budget."""
        self.check_access("write")
        for campaign in self:
            if campaign.dealer_state != "draft":
                raise UserError(self.env._("Only a planned campaign can be approved."))
            if not (campaign.dealer_date_from and campaign.dealer_date_to):
                raise ValidationError(self.env._("Enter the first and the last day first."))
            # sudo: the state is a fact
            campaign.sudo().write(
                {"dealer_state": "submitted", "dealer_requested_by_id": self.env.uid}
            )
            if not campaign.request_validation():
                raise UserError(
                    self.env._(
                        "No approval rule covers this campaign. Ask the administrator to restore"
                        " the rules under Settings → Tier Validations."
                    )
                )
        return True

    def action_dealer_replan(self):
        """Change a campaign that was rejected or approved; it is approved anew."""
        self.check_access("write")
        for campaign in self.filtered(lambda c: c.dealer_state in ("rejected", "approved")):
            campaign.sudo().review_ids.unlink()  # sudo: reviews belong to the engine
            campaign.sudo().write({"dealer_state": "draft", "dealer_approved_on": False})

    def action_dealer_finish(self):
        """The campaign is over."""
        self._dealer_move("approved", "done")

    def action_dealer_cancel(self):
        """Give the campaign up; who decided what on it stays with it."""
        self.check_access("write")
        for campaign in self.filtered(lambda c: c.dealer_state not in ("done", "cancel")):
            # sudo: the state is a fact, reviews belong to the engine; nobody is asked any more
            given_up = campaign.sudo().with_context(skip_validation_check=True)
            given_up.review_ids.filtered(lambda r: r.status in ("waiting", "pending")).unlink()
            given_up.dealer_state = "cancel"

    def _allow_to_remove_reviews(self, values):
        """OVERRIDE base_tier_validation: giving up does not blot out who decided what."""
        if values.get("dealer_state") == "cancel":
            return False
        return super()._allow_to_remove_reviews(values)

    def _dealer_move(self, state_from, state_to):
        self.check_access("write")
        # sudo: the state is a fact
        self.sudo().filtered(lambda c: c.dealer_state == state_from).dealer_state = state_to

    def _validate_tier(self, tiers=False):
        result = super()._validate_tier(tiers)
        self.invalidate_recordset(["validation_status", "need_validation"])
        if self.dealer_state == "submitted" and self.validation_status == "validated":
            # sudo: the state is a fact
            self.sudo().write(
                {"dealer_state": "approved", "dealer_approved_on": fields.Datetime.now()}
            )
        return result

    def _rejected_tier(self, tiers=False):
        result = super()._rejected_tier(tiers)
        self.invalidate_recordset(["validation_status", "need_validation"])
        if self.dealer_state == "submitted" and self.validation_status == "rejected":
            # sudo: the state is a fact; the engine lets nobody else write what it decided on
            self.sudo().with_context(skip_validation_check=True).dealer_state = "rejected"
        return result
