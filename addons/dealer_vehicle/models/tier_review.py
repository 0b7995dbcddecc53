from odoo import api, models
from odoo.exceptions import AccessError


class TierReview(models.Model):
    """A step of an approval: written by the engine, never by hand."""

    _inherit = "tier.review"

    @api.model_create_multi
    def create(self, vals_list):
        self._check_engine()
        return super().create(vals_list)

    def write(self, vals):
        self._check_engine()
        return super().write(vals)

    def unlink(self):
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

    def _get_reviewers(self):
        """Members of the group by implication too, of the document's company, never a maker.

        An administrator gives out roles and therefore has none in approvals.
        """
        reviewers = super()._get_reviewers()
        # sudo: users of other companies are counted out here, not read
        if self.review_type == "group":
            reviewers |= self.sudo().reviewer_group_id.all_user_ids
        if self._has_resource_model() and self.res_id:
            document = self.env[self.model].sudo().browse(self.res_id)
            company = document._get_company()
            reviewers = reviewers.sudo().filtered(
                lambda user: user.active and company in user.company_ids
            )
            reviewers -= document._dealer_get_makers()
        admins = self.env.ref("dealer_base.group_admin").sudo().all_user_ids
        return (reviewers - admins).sudo(False)
