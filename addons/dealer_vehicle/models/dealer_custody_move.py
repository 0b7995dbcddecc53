from odoo import api, fields, models
from odoo.exceptions import UserError

from .dealer_custody import PLEDGED_STATES, STATES, TRANSITIONS

#: Steps between us and the bank
FINANCE_STATES = (*PLEDGED_STATES, "redeemed")
#: Somebody outside has the thing: say who
HOLDER_STATES = ("pledged", "handed_over")


class DealerCustodyMove(models.Model):
    """One entry in the chain of custody: who got a key or paper from whom, and when.

    Entries are added and never changed. What goes to a bank, and what a bank gives back, is
    written down by the accountants, against the payment that redeems it.
    """

    _name = "dealer.custody.move"
    _description = "Move of a Key or Paper"
    _inherit = ["dealer.fact.mixin", "dealer.derived.mixin"]
    _order = "id desc"
    _rec_name = "custody_id"

    _fact_fields = frozenset({"state_from", "holder_from_id", "user_id", "date"})

    custody_id = fields.Many2one(
        "dealer.custody", string="Key or Paper", required=True, index=True, ondelete="cascade"
    )
    vehicle_id = fields.Many2one(related="custody_id.vehicle_id")
    company_id = fields.Many2one(related="custody_id.company_id", store=True, index=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    state_from = fields.Selection(STATES, string="Was", readonly=True)
    state = fields.Selection(STATES, string="Becomes", required=True, default="in_hand")
    holder_from_id = fields.Many2one("res.partner", string="Given By", readonly=True)
    holder_id = fields.Many2one("res.partner", string="Given To", index="btree_not_null")
    place = fields.Char(string="Kept At", help="Safe, drawer or branch where the thing is kept.")
    date_back = fields.Date(string="Due Back")
    reference = fields.Char(
        string="Release Order", help="Number of the bank's order to release the thing."
    )
    payment_id = fields.Many2one(
        "account.payment",
        string="Redeemed By",
        index="btree_not_null",
        help="Payment against which the bank releases the certificate.",
        groups="account.group_account_invoice,account.group_account_readonly",
    )
    note = fields.Char()

    @api.model_create_multi
    def create(self, vals_list):
        """Add entries; each tells its thing what it is now.

        :raise UserError: impossible step, or one of the accountants'
        """
        names = set().union(*vals_list)
        self._check_no_facts(names)
        self._check_not_derived(names)
        custodies = self.env["dealer.custody"].browse(vals.get("custody_id") for vals in vals_list)
        custodies._lock()
        before = {custody.id: (custody.state, custody.holder_id.id) for custody in custodies}
        filled = []
        for vals in vals_list:
            state, holder_id = before.get(vals.get("custody_id"), ("at_oem", False))
            filled.append({**vals, "state_from": state, "holder_from_id": holder_id})
            if vals.get("custody_id"):
                before[vals["custody_id"]] = (vals.get("state", state), vals.get("holder_id"))
        # sudo: from, giver and time are written by this method alone
        moves = super(DealerCustodyMove, self.sudo()).create(filled).sudo(self.env.su)
        moves.check_access("create")
        moves._check_step()
        moves._close_reminders()
        return moves

    def write(self, vals):
        """The chain is never rewritten."""
        if not self.env.su:
            raise UserError(
                self.env._("An entry of the chain of custody cannot be changed. Add another one.")
            )
        return super().write(vals)

    def _check_step(self):
        """Refuse steps that cannot be, and those that are not this person's."""
        names = dict(self._fields["state"]._description_selection(self.env))
        is_finance = self.env.su or self.env.user.has_group("dealer_base.group_accountant")
        for move in self:
            if (move.state_from, move.state) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "%(thing)s of %(car)s is “%(old)s” and cannot become “%(new)s”.",
                        thing=move.custody_id.display_name,
                        car=move.vehicle_id.display_name,
                        old=names[move.state_from],
                        new=names[move.state],
                    )
                )
            if not is_finance and (
                move.state in FINANCE_STATES or move.state_from in PLEDGED_STATES
            ):
                raise UserError(
                    self.env._(
                        "What is pledged to a bank, and released by it, is recorded by an"
                        " accountant. Ask one to enter it."
                    )
                )
            if move.state in HOLDER_STATES and not move.holder_id:
                raise UserError(self.env._("Say who has got it."))

    def _close_reminders(self):
        """A thing that has moved is not missed any more."""
        activity_type = self.env.ref("dealer_vehicle.mail_activity_type_custody", False)
        if activity_type:
            # sudo: the reminder may be a colleague's
            activities = self.custody_id.sudo().activity_ids
            activities.filtered(
                lambda activity: activity.activity_type_id == activity_type
            ).action_done()
