from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError, ValidationError


class TierValidation(models.AbstractModel):
    """Approvals that hold: the maker never checks, and only the engine writes reviews.

    The engine lets every employee write reviews, approves by itself when who asks is the only
    reviewer, and takes the reviews to decide on from its caller. Reviews are therefore written
    as superuser here, after the rights were checked, and ``tier.review`` refuses everybody else.
    """

    _inherit = "tier.validation"

    #: Whether two steps of one approval are two people's, also where somebody has both roles.
    _dealer_one_decision_each = False

    def write(self, vals):
        """The engine's key to its own lock is a context, which any client can send."""
        if self.env.context.get("skip_validation_check") and not self.env.su:
            self = self.with_context(skip_validation_check=False)
        return super().write(vals)

    def _dealer_get_makers(self):
        """People who made the document or asked for its approval; they never decide on it."""
        self.ensure_one()
        document = self.sudo()  # sudo: who asked for approval is no secret to the engine
        return document.create_uid | document.review_ids.requested_by

    def _dealer_get_store(self):
        """Store of the document: its people decide."""
        self.ensure_one()
        return self["warehouse_id"] if "warehouse_id" in self._fields else None

    def _dealer_get_reviews(self, *statuses):
        """Reviews of these documents in one of the states."""
        # sudo: reviews are the engine's; what it says of a document is no secret to its readers
        return self.sudo().review_ids.filtered(lambda review: review.status in statuses)

    def _dealer_get_open_reviews(self):
        """Reviews of this document that the user may decide on now, none for its makers."""
        self.ensure_one()
        document = self.sudo()  # sudo: read for the check itself
        reviews = document.review_ids
        if self.env.user in self._dealer_get_makers():
            return reviews.browse()
        # who may review is asked again: roles change while a review waits
        reviews._compute_reviewer_ids()
        sequences = document._get_sequences_to_approve(self.env.user)
        mine = reviews.filtered(
            lambda review: (
                review.status in ("waiting", "pending")
                and self.env.user in review.reviewer_ids
                and review.sequence in sequences
            )
        )
        if self._dealer_one_decision_each:
            return mine[:1] if self.env.user not in reviews.done_by else mine.browse()
        return mine

    def _dealer_check_may_review(self):
        """Refuse a decision by a maker, by somebody without the right, or after another one."""
        self.ensure_one()
        self.check_access("read")
        if self._dealer_get_open_reviews():
            return
        if self.env.user in self._dealer_get_makers():
            raise UserError(
                self.env._(
                    "You made %(document)s or asked for its approval yourself:"
                    " somebody else must decide.",
                    document=self.display_name,
                )
            )
        pending = self._dealer_get_reviews("waiting", "pending")
        if not pending:
            raise UserError(
                self.env._(
                    "Nothing of %(document)s waits for a decision any more.",
                    document=self.display_name,
                )
            )
        raise UserError(
            self.env._(
                "%(document)s waits for another decision: %(who)s.",
                document=self.display_name,
                who=", ".join(filter(None, pending.mapped("todo_by"))),
            )
        )

    def request_validation(self):
        self.check_access("write")
        # sudo: reviews are written by the engine alone
        reviews = super(TierValidation, self.sudo()).request_validation()
        for review in reviews:
            if not review.reviewer_ids:
                raise UserError(
                    self.env._(
                        "Nobody else may decide on “%(step)s” in this company. Ask the"
                        " administrator to give somebody the role.",
                        step=review.name,
                    )
                )
        return reviews

    def restart_validation(self):
        self.check_access("write")
        # sudo: reviews are removed by the engine alone
        return super(TierValidation, self.sudo()).restart_validation()

    def validate_tier(self):
        self._dealer_check_may_review()
        return super().validate_tier()

    def reject_tier(self):
        self._dealer_check_may_review()
        return super().reject_tier()

    def _validate_tier(self, tiers=False):
        """Approve those of the reviews that are the user's to approve, whoever calls."""
        mine = self._dealer_get_open_reviews()
        mine = mine & tiers if tiers else mine
        # without reviews the engine would take all of them; sudo: it writes what nobody may
        return super(TierValidation, self.sudo())._validate_tier(mine) if mine else None

    def _rejected_tier(self, tiers=False):
        mine = self._dealer_get_open_reviews()
        mine = mine & tiers if tiers else mine
        # sudo: see _validate_tier
        return super(TierValidation, self.sudo())._rejected_tier(mine) if mine else None

    def _tier_validation_check_write_remove_reviews(self, vals):
        # sudo: reviews of cancelled documents are removed by the engine alone
        return super(TierValidation, self.sudo())._tier_validation_check_write_remove_reviews(vals)

    def _tier_validation_check_write_allowed(self, vals):
        """OVERRIDE engine: say it in our words; the engine lists fields, in English.

        It also looks for exceptions at each write of documents that nobody was asked about.
        """
        reviewed = self.filtered("review_ids")
        try:
            return super(TierValidation, reviewed)._tier_validation_check_write_allowed(vals)
        except ValidationError as error:
            names = self.fields_get(list(vals), ["string"]).values()
            raise ValidationError(
                self.env._(
                    "%(document)s is being approved or has been: %(fields)s cannot be changed now."
                    " Take the request back first.",
                    document=", ".join(self.mapped("display_name")),
                    fields=", ".join(sorted(name["string"] for name in names)),
                )
            ) from error

    # === WORDS ===
    # texts in the code of another module can be translated by that module alone
    def _get_to_validate_message(self):
        """OVERRIDE engine: who has to decide."""
        who = self.review_ids.filtered(lambda review: review.status == "pending").mapped("todo_by")
        return Markup('<i class="fa fa-lg fa-info-circle"></i> %s') % (
            self.env._("Waits for the decision of %(who)s", who=", ".join(filter(None, who)))
        )

    def _compute_next_review(self):
        """OVERRIDE engine: the step that is decided on now."""
        for document in self:
            reviews = document.review_ids.filtered(lambda review: review.status == "pending")
            step = reviews.sorted("sequence")[:1].name
            document.next_review = step and self.env._("Now: %(step)s", step=step)

    def _notify_created_review_body(self):
        return self.env._("%(user)s asks for approval.", user=self.env.user.name)

    def _notify_requested_review_body(self, tier_reviews=None):
        if not tier_reviews:
            return self._notify_created_review_body()
        return self.env._(
            "%(user)s asks for approval; it waits for the decision of %(who)s.",
            user=tier_reviews[:1].requested_by.name or self.env.user.name,
            who=", ".join(filter(None, tier_reviews.mapped("todo_by"))),
        )

    def _notify_accepted_reviews_body(self):
        return self._dealer_add_comment(self.env._("%(user)s approves.", user=self.env.user.name))

    def _notify_rejected_review_body(self):
        return self._dealer_add_comment(self.env._("%(user)s rejects.", user=self.env.user.name))

    def _notify_restarted_review_body(self):
        return self.env._("%(user)s takes the request back.", user=self.env.user.name)

    def _dealer_add_comment(self, text):
        """What the user decided, with what he said about it."""
        comment = self.review_ids.filtered(lambda review: review.done_by == self.env.user)
        comment = comment.filtered("comment").sorted("reviewed_date")[-1:].comment
        return f"{text} {comment}" if comment else text

    def unlink(self):
        self.check_access("unlink")
        self.sudo().review_ids.unlink()  # sudo: as above
        return super().unlink()
