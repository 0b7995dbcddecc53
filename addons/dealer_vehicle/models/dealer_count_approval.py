from odoo import api, fields, models
from odoo.exceptions import UserError

from .dealer_loss_approval import LOSS_GROUPS

STATES = [
    ("draft", "Draft"),
    ("counting", "Counting"),
    ("review", "Differences"),
    ("submitted", "To Approve"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
TRANSITIONS = {
    ("draft", "counting"),
    ("draft", "cancelled"),
    ("counting", "review"),
    ("counting", "cancelled"),
    ("review", "counting"),
    ("review", "submitted"),
    ("review", "cancelled"),
    ("submitted", "counting"),
    ("submitted", "done"),
}


class DealerCountApproval(models.AbstractModel):
    """A count of stock of which somebody approves the differences who has not counted.

    The document has ``state`` (``STATES``), ``approver_id``, who started, submitted and approved
    it and when, and ``line_ids`` with ``counted_by_id``. It says what is lost
    (``_dealer_get_loss``), carries the approved differences out (``_apply``) and lets go of what
    it occupied (``_release_places``).
    """

    _name = "dealer.count.approval"
    _description = "Count with Approved Differences"
    _inherit = ["dealer.loss.approval"]
    _state_from = ["submitted"]
    _state_to = ["done"]
    _cancel_state = "cancelled"
    #: Who may ask for another count instead of approving.
    _dealer_decider_groups = LOSS_GROUPS

    can_approve = fields.Boolean(compute="_compute_can_approve")
    approval_hint = fields.Char(string="Waits for", compute="_compute_approval_hint")

    def _apply(self):
        """Carry the approved differences out, as superuser."""
        raise NotImplementedError

    def _release_places(self):
        """Let others count what this count occupied."""
        raise NotImplementedError

    # === COMPUTES ===
    @api.depends_context("uid")
    @api.depends(
        "state", "line_ids.counted_by_id", "submitted_by_id", "started_by_id", "review_ids.status"
    )
    def _compute_can_approve(self):
        for count in self:
            count.can_approve = count.state == "submitted" and not count._get_approval_error()

    @api.depends_context("lang")
    @api.depends("state", "review_ids.status")
    def _compute_approval_hint(self):
        for count in self:
            count.approval_hint = count.state == "submitted" and count._get_deciders()

    # === STEPS ===
    def action_continue(self):
        """Go on counting, before or instead of the approval; what was approved is forgotten."""
        self.check_access("read")
        for count in self:
            if count.state == "submitted" and self.env.user != count.submitted_by_id:
                count._check_may_send_back()
            else:
                count.check_access("write")
        self._set_state("counting", submitted_by_id=False, submitted_on=False)
        self.sudo().review_ids.unlink()  # sudo: reviews are the engine's
        self._close_approval_activities()

    def _check_may_send_back(self):
        """Any manager who has not counted may ask for another count."""
        self.ensure_one()
        user = self.env.user
        groups = self._dealer_decider_groups
        if user in self._dealer_get_makers() or not any(map(user.has_group, groups)):
            raise UserError(
                self._get_approval_error() or self.env._("Only a manager sends a count back.")
            )

    def _ask_approval(self):
        """Submit the differences and ask those who may decide on a loss of this size."""
        self._set_state(
            "submitted", submitted_by_id=self.env.uid, submitted_on=fields.Datetime.now()
        )
        for count in self:
            reviews = count.request_validation()
            if not reviews:
                raise UserError(count._get_no_rule_message())
            count._ask_reviewers(reviews)

    def _ask_reviewers(self, reviews):
        """An activity for whoever was chosen, else for everybody who may take the step."""
        self.ensure_one()
        for review in reviews:
            people = review.reviewer_ids & self.approver_id or review.reviewer_ids
            for user in people:
                # sudo: reviewers read the count, they need not keep the stock
                self.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.with_context(lang=user.lang).env._(
                        "Approve the differences of %(name)s", name=self.name
                    ),
                )

    def action_approve(self):
        """Approve the proposal; with the last approval stock and books follow."""
        for count in self:
            count.check_access("read")
            count._check_step("done")
            count._validate_tier()

    # === APPROVAL ===
    def _dealer_get_makers(self):
        """OVERRIDE engine: who has counted; to plan a count is not to count."""
        # sudo: who has counted is asked for everybody who may read the count
        count = self.sudo()
        counters = count.line_ids.counted_by_id | count.started_by_id
        return counters | count.submitted_by_id | count.review_ids.requested_by

    def _dealer_check_may_review(self):
        self.ensure_one()
        error = self._get_approval_error()
        if error:
            raise UserError(error)

    def _validate_tier(self, tiers=False):
        """The last decision carries the proposal out."""
        self._dealer_check_may_review()
        result = super()._validate_tier(tiers)
        self.invalidate_recordset(["validation_status", "need_validation"])
        if self.validation_status == "validated":
            self._carry_out()
        else:
            self._close_approval_activities(
                self._dealer_get_reviews("waiting", "pending").reviewer_ids - self.env.user
            )
        return result

    def _rejected_tier(self, tiers=False):
        """Who rejects sends the people back to count."""
        for count in self:
            count.action_continue()

    def _carry_out(self):
        self.ensure_one()
        self._dealer_check_loss_approved()
        self._apply()
        self._set_state("done", approved_by_id=self.env.uid, approved_on=fields.Datetime.now())
        self._release_places()
        self._close_approval_activities()

    def _close_approval_activities(self, keep=None):
        """Nobody is asked any more, except those who still have to decide."""
        # sudo: activities of others
        asked = self.sudo().activity_ids.filtered(
            lambda activity: activity.automated and (not keep or activity.user_id not in keep)
        )
        mine = asked.filtered(lambda activity: activity.user_id == self.env.user)
        mine.action_feedback()
        (asked - mine).unlink()

    def _get_deciders(self):
        """Roles whose decision is still open, as text."""
        self.ensure_one()
        names = self._dealer_get_reviews("waiting", "pending").mapped("todo_by")
        return ", ".join(filter(None, names))

    def _get_approval_error(self):
        """Why the present user may not approve, else nothing."""
        self.ensure_one()
        if self.env.user in self._dealer_get_makers():
            return self.env._(
                "You have counted in %(name)s yourself, so somebody else must approve it.",
                name=self.name,
            )
        if self._dealer_get_open_reviews():
            return None
        reviews = self._dealer_get_reviews("waiting", "pending", "approved")
        if not reviews:
            return self.env._(
                "Nobody has been asked to approve %(name)s. Count again and submit it.",
                name=self.name,
            )
        if self.env.user in reviews.done_by:
            return self.env._(
                "You have approved %(name)s already. A loss of this size is two people's to decide:"
                " it still waits for %(who)s.",
                name=self.name,
                who=self._get_deciders(),
            )
        return self.env._(
            "A loss of this size is not yours to decide. %(name)s waits for %(who)s.",
            name=self.name,
            who=self._get_deciders(),
        )

    def _check_step(self, state):
        """Refuse a step from here; see ``TRANSITIONS``."""
        self.ensure_one()
        names = dict(self._fields["state"]._description_selection(self.env))
        if (self.state, state) not in TRANSITIONS:
            raise UserError(
                self.env._(
                    "%(name)s is in the step “%(old)s” and cannot go to “%(new)s”.",
                    name=self.name,
                    old=names[self.state],
                    new=names[state],
                )
            )

    def _check_counting(self):
        self.ensure_one()
        if self.state != "counting":
            raise UserError(
                self.env._(
                    "%(name)s is not being counted now. Start it, or go on counting, first.",
                    name=self.name,
                )
            )

    def _set_state(self, state, **vals):
        """The only writer of ``state``."""
        for count in self:
            count._check_step(state)
        # sudo: facts are written by the steps only; the engine would refuse to go back
        self.sudo().with_context(skip_validation_check=True).write({"state": state, **vals})
