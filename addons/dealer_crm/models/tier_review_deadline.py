from datetime import timedelta

from odoo import api, fields, models


class TierReview(models.Model):
    """A level that has not decided in its days is reminded, once."""

    _inherit = "tier.review"

    dealer_due_date = fields.Datetime("Decide Until", compute="_compute_dealer_due_date")
    dealer_is_reminded = fields.Boolean("Reminded", readonly=True)

    @api.depends("definition_id.dealer_deadline_days", "status")
    def _compute_dealer_due_date(self):
        """The days of a level begin when the level before it has decided."""
        for review in self:
            days = review.definition_id.dealer_deadline_days
            before = self.search(
                [
                    ("model", "=", review.model),
                    ("res_id", "=", review.res_id),
                    ("sequence", "<", review.sequence),
                    ("reviewed_date", "!=", False),
                ],
                order="reviewed_date desc",
                limit=1,
            )
            start = before.reviewed_date or review.create_date
            review.dealer_due_date = start + timedelta(days=days) if days and start else False

    @api.model
    def _cron_dealer_remind(self):
        """Remind the reviewers of campaigns whose days are over."""
        now = fields.Datetime.now()
        open_reviews = self.search(
            [
                ("model", "=", "utm.campaign"),
                ("status", "=", "pending"),
                ("dealer_is_reminded", "=", False),
                ("definition_id.dealer_deadline_days", ">", 0),
            ]
        )
        late = open_reviews.filtered(lambda r: r.dealer_due_date and r.dealer_due_date < now)
        for review in late:
            campaign = self.env["utm.campaign"].browse(review.res_id)
            for user in review.reviewer_ids:
                campaign.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=user.id,
                    summary=self.env._("The days to decide on this campaign are over"),
                )
        late.dealer_is_reminded = True
