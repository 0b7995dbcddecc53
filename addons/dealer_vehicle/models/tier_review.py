from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


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

    # === WHO READS ===

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Who reads a document reads its approvals: they say what a deal is below, and why."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & self._dealer_get_readable_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _dealer_get_readable_domain(self):
        """Approvals of documents that the user may read."""
        readable = Domain.FALSE
        for name in self.env["tier.definition"]._get_tier_validation_model_names():
            documents = self.env[name]
            if documents.has_access("read"):
                found = documents.with_context(active_test=False)._search([])
                readable |= Domain("model", "=", name) & Domain("res_id", "in", found.subselect())
        return readable

    def _check_access(self, operation):
        """As the search: an approval is read with its document."""
        result = super()._check_access(operation)
        if operation != "read" or self.env.su or not self:
            return result
        hidden = self.browse()
        # sudo: of which documents they are, before it is known whether these may be read
        for name, reviews in self.sudo().grouped("model").items():
            documents = self.env[name].browse(reviews.mapped("res_id")).exists()
            allowed = set(documents._filtered_access("read").ids)
            # the engine asks for those of a document that is gone, too
            gone = set(reviews.mapped("res_id")) - set(documents.ids)
            hidden |= reviews.filtered(lambda r, ok=allowed | gone: r.res_id not in ok)
        hidden = self & hidden.sudo(False)
        if not hidden:
            return result
        if result:
            return result[0] | hidden, result[1]
        return hidden, lambda: AccessError(
            self.env._("You may not read the document that this approval is about.")
        )

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
