from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("draft", "Found"),
    ("claimed", "Claimed"),
    ("accepted", "Accepted"),
    ("settled", "Settled"),
    ("rejected", "Rejected"),
]
TRANSITIONS = {
    ("draft", "claimed"),
    ("draft", "rejected"),
    ("claimed", "accepted"),
    ("claimed", "rejected"),
    ("accepted", "settled"),
    ("rejected", "claimed"),
}


class DealerVehicleDamage(models.Model):
    """Damage found on a car, and what became of the claim on whoever caused it.

    The carrier's note is countersigned at the yard: a damage that is not written down on arrival is
    the dealer's own. The claim is settled by a vendor refund or payment, linked here.
    """

    _name = "dealer.vehicle.damage"
    _description = "Vehicle Damage"
    _inherit = [
        "mail.thread",
        "mail.activity.mixin",
        "dealer.fact.mixin",
        "dealer.derived.mixin",
    ]
    _order = "date desc, id desc"
    _rec_name = "description"
    _check_company_auto = True
    _fact_fields = frozenset({"state", "checklist_line_id"})
    _fixed_fields = frozenset({"vehicle_id", "company_id"})

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    date = fields.Date(string="Found On", required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users", string="Found By", default=lambda self: self.env.user, index=True
    )
    picking_id = fields.Many2one(
        "stock.picking", string="Transfer", index="btree_not_null", check_company=True
    )
    checklist_line_id = fields.Many2one(
        "dealer.checklist.line",
        string="Inspection Item",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Item of an inspection that was not OK.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    part = fields.Selection(
        [
            ("body", "Body and paint"),
            ("glass", "Glass"),
            ("wheel", "Wheels and tyres"),
            ("interior", "Interior"),
            ("technical", "Technical"),
            ("missing", "Missing item or paper"),
        ],
        required=True,
        default="body",
    )
    description = fields.Char(required=True)
    partner_id = fields.Many2one(
        "res.partner", string="Liable", tracking=True, help="Usually the carrier."
    )
    estimate = fields.Monetary(help="What the repair will cost, without tax.")
    settlement = fields.Monetary(tracking=True, help="What the liable party has granted.")
    refund_id = fields.Many2one(
        "account.move",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', '=', 'in_refund'), ('partner_id', '=', partner_id)]",
        groups="account.group_account_readonly,account.group_account_invoice",
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )

    _checklist_line_unique = models.UniqueIndex(
        "(checklist_line_id) WHERE checklist_line_id IS NOT NULL",
        "This item of the inspection has its damage already.",
    )
    _amounts_positive = models.Constraint(
        "CHECK(estimate >= 0 AND settlement >= 0)", "Amounts of a damage cannot be negative."
    )

    # === ACTIONS ===
    def action_claim(self):
        """The liable party has been told."""
        for damage in self:
            if not damage.partner_id:
                raise UserError(
                    self.env._(
                        "Say who is liable for “%(damage)s” first.", damage=damage.description
                    )
                )
        self._set_state("claimed")

    def action_accept(self):
        """The liable party will pay."""
        self._set_state("accepted")

    def action_reject(self):
        """Nobody pays: the cost is ours."""
        self._set_state("rejected")

    def action_settle(self):
        """The money, or the refund, has come."""
        for damage in self:
            if not damage.settlement:
                raise UserError(
                    self.env._("Enter the settlement of “%(damage)s”.", damage=damage.description)
                )
        self._set_state("settled")

    def _set_state(self, state):
        """The only writer of ``state``; see ``TRANSITIONS``."""
        self.check_access("write")
        names = dict(self._fields["state"]._description_selection(self.env))
        for damage in self:
            if (damage.state, state) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "“%(damage)s” is %(old)s and cannot become %(new)s.",
                        damage=damage.description,
                        old=names[damage.state],
                        new=names[state],
                    )
                )
        self.sudo().write({"state": state})  # sudo: the state is a fact, checked above

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for damage in self:
            if damage.state != "draft":
                raise UserError(
                    self.env._(
                        "“%(damage)s” has been claimed: reject it instead of deleting it.",
                        damage=damage.description,
                    )
                )
