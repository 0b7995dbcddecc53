from odoo import fields, models

from .dealer_segment import PURPOSE_OF_MAILING


class MailingMailing(models.Model):
    """Mailings to customers go only to those who agreed, and not more often than a week allows."""

    _inherit = "mailing.mailing"

    dealer_segment_id = fields.Many2one(
        "dealer.segment", "Segment", index="btree_not_null", ondelete="set null"
    )

    def _get_recipients(self):
        """Customers without consent, and those who had enough this week, are left out.

        Here, because everything that is sent passes here, whoever set the filter.
        """
        res_ids = super()._get_recipients()
        if self.mailing_model_real != "res.partner":
            return res_ids
        purpose = PURPOSE_OF_MAILING.get(self.mailing_type, "marketing_sms")
        people = self.env["res.partner"].browse(res_ids)._dealer_filter_consent(purpose)
        task = self.env["dealer.care.task"]
        limit = task._get_number("care_weekly_messages")
        counts = task._count_recent_messages(people)
        return [person.id for person in people if counts[person.id] < limit]
