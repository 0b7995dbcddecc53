from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from .dealer_derived_mixin import DealerDerivedMixin
from .dealer_fact_mixin import DealerFactMixin

#: Who may let a car go although money is open.
RELEASER_GROUPS = ("dealer_base.group_sales_manager", "dealer_base.group_finance_manager")


class DealerDeliveryRelease(models.Model):
    """A manager lets a car go although money is open, for a reason, and answers for it.

    Somebody asks, somebody else decides: the database says so. Only money can be released;
    inspection, recall, pledge, disclosure and papers cannot: their reasons do not go away by
    anybody's word.
    """

    _name = "dealer.delivery.release"
    _description = "Release of Open Money"
    _inherit = [
        DealerFactMixin._name,
        DealerDerivedMixin._name,
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "sale_line_id"
    _check_company_auto = True

    _fixed_fields = frozenset({"sale_line_id"})
    _fact_fields = frozenset(
        {
            "blocker_text",
            "decided_by_id",
            "decided_on",
            "requested_by_id",
            "requested_on",
            "state",
            "valid_until",
        }
    )

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="[('dealer_vehicle_held', '=', True)]",
    )
    order_id = fields.Many2one(related="sale_line_id.order_id", string="Deal", store=True)
    partner_id = fields.Many2one(related="order_id.partner_id", string="Customer")
    vehicle_id = fields.Many2one(related="sale_line_id.dealer_vehicle_id", string="Car")
    company_id = fields.Many2one(related="sale_line_id.company_id", store=True, index=True)
    state = fields.Selection(
        [("requested", "Requested"), ("approved", "Released"), ("refused", "Refused")],
        required=True,
        default="requested",
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    reason = fields.Text(required=True, help="Why the car should go before the money has come.")
    blocker_text = fields.Text("What Is Open", readonly=True, copy=False)
    requested_by_id = fields.Many2one(
        "res.users", readonly=True, copy=False, default=lambda self: self.env.user
    )
    requested_on = fields.Datetime(readonly=True, copy=False, default=fields.Datetime.now)
    decided_by_id = fields.Many2one("res.users", readonly=True, copy=False, tracking=True)
    decided_on = fields.Datetime(readonly=True, copy=False)
    decision_note = fields.Char("Comment", help="What the manager adds to the decision.")
    valid_until = fields.Date(
        readonly=True, copy=False, help="A release that is not used by then has to be asked again."
    )

    _one_request = models.UniqueIndex(
        "(sale_line_id) WHERE state = 'requested'",
        "The release of this car has been asked for already and waits for a manager.",
    )
    _four_eyes = models.Constraint(
        "CHECK (decided_by_id IS NULL OR decided_by_id != requested_by_id)",
        "Who asks for a release does not decide on it.",
    )
    _decision_complete = models.Constraint(
        "CHECK (state = 'requested' OR (decided_by_id IS NOT NULL AND decided_on IS NOT NULL))",
        "A decision has somebody who made it, and a time.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        releases = super().create(vals_list)
        for release in releases:
            # sudo: what is open is judged for people who may not read money, and is a fact
            line = release.sale_line_id.sudo()
            reasons = [
                blocker.message
                for blocker in line._dealer_get_delivery_blockers()[line.id]
                if blocker.code == "money"
            ]
            if not reasons:
                raise UserError(
                    self.env._(
                        "No money keeps %(car)s here: there is nothing to release.",
                        car=line.dealer_vehicle_id.display_name or line.name,
                    )
                )
            release.sudo().blocker_text = "\n".join(reasons)  # sudo: a fact
        return releases

    def write(self, vals):
        if "reason" in vals and not self.env.su:
            if any(release.state != "requested" for release in self):
                raise UserError(self.env._("This request has been decided and stays as it is."))
        return super().write(vals)

    # === ACTIONS ===
    def action_approve(self):
        """Let the car go."""
        self._decide("approved")

    def action_refuse(self):
        """The money comes first."""
        self._decide("refused")

    def _decide(self, state):
        """Record the decision of somebody who may make it.

        :raise AccessError: for the person who asked, the salesperson of the deal, who entered
            it, and everybody who is no manager
        """
        self.check_access("write")
        user = self.env.user
        if not any(user.has_group(group) for group in RELEASER_GROUPS):
            raise AccessError(
                self.env._("Only a sales or finance manager decides on the release of a car.")
            )
        days = self.env["dealer.parameter"]._get_value("delivery_release_days")
        for release in self:
            if release.state != "requested":
                raise UserError(self.env._("This request has been decided already."))
            own = release.requested_by_id | release.order_id._dealer_get_people()
            if user in own:
                raise AccessError(
                    self.env._(
                        "You asked for this release, or it is your own deal: somebody else has to"
                        " decide."
                    )
                )
        # sudo: decisions are written here only
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": user.id,
                "decided_on": fields.Datetime.now(),
                "valid_until": fields.Date.add(fields.Date.context_today(self), days=int(days))
                if state == "approved"
                else False,
            }
        )
