from odoo import api, fields, models
from odoo.exceptions import AccessError


class TierReview(models.Model):
    """A step of an approval: written by the engine, never by hand."""

    _inherit = "tier.review"

    # not stored: everybody reads the role in his own language
    todo_by = fields.Char(store=False, compute_sudo=True)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        if self:
            self._check_engine()
        return super().write(vals)

    def unlink(self):
        if self:  # the engine also removes the reviews of a document that has none
            self._check_engine()
        return super().unlink()

    def _check_engine(self):
        """The access rights of the engine let every employee approve by a remote call."""
        if not self.env.su:
            raise AccessError(
                self.env._("Approvals are given by the buttons of the document, not by hand.")
            )

    def _update_review_status(self):
        # sudo: opening the list of one's own reviews moves them on
        return super(TierReview, self.sudo())._update_review_status()

    @api.depends_context("lang")
    @api.depends("reviewer_ids", "reviewer_group_id.name")
    def _compute_todo_by(self):
        """OVERRIDE engine: the role, else up to three names."""
        for review in self:
            names = review.reviewer_ids.mapped("name")
            review.todo_by = review.reviewer_group_id.name or ", ".join(names[:3])
            if not review.reviewer_group_id and len(names) > 3:
                review.todo_by = self.env._(
                    "%(names)s and %(count)s more", names=review.todo_by, count=len(names) - 3
                )

    def _notify_review_reminder_body(self):
        """OVERRIDE engine: its text cannot be translated by another module."""
        days = (fields.Datetime.now() - self.create_date).days
        return self.env._("This approval was asked %(days)s days ago.", days=days)

    def _get_reviewers(self):
        """Members of the group by implication too, of the document's store, never a maker.

        An administrator gives out roles and therefore has none in approvals.
        """
        review = self.sudo()  # sudo: users of other companies are counted out here, not read
        reviewers = super()._get_reviewers().with_env(review.env)
        if review.review_type == "group":
            reviewers |= review.reviewer_group_id.all_user_ids
        if review._has_resource_model() and review.res_id:
            document = review.env[review.model].browse(review.res_id)
            company = document._get_company()
            store = document._dealer_get_store()
            reviewers = reviewers.filtered(
                lambda user: (
                    user.active and company in user.company_ids and user._dealer_works_in(store)
                )
            )
            reviewers -= document._dealer_get_makers()
        admins = review.env.ref("dealer_base.group_admin").all_user_ids
        return (reviewers - admins).sudo(False)
