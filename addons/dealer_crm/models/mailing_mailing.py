from odoo import api, fields, models

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
        res_ids = self._dealer_drop_restricted(super()._get_recipients())
        records = self.env[self.mailing_model_real].browse(res_ids)
        if records._name == "mailing.contact":
            return res_ids  # who entered a mailing list did so himself
        people_of = {record.id: self._dealer_get_person(record) for record in records}
        purpose = PURPOSE_OF_MAILING.get(self.mailing_type, "marketing_sms")
        people = self.env["res.partner"].union(*people_of.values())._dealer_filter_consent(purpose)
        task = self.env["dealer.care.task"]
        limit = task._get_number("care_weekly_messages")
        counts = task._count_recent_messages(people)
        return [
            record_id
            for record_id, person in people_of.items()
            if person and person in people and counts[person.id] < limit
        ]

    @api.model
    def _dealer_get_person(self, record):
        """The person whom a mailing about a record reaches; without a file there is no consent."""
        if record._name == "res.partner":
            return record
        return record["partner_id"] if "partner_id" in record._fields else record.env["res.partner"]

    def _dealer_drop_restricted(self, res_ids):
        """Leave people out whose data are only stored, on whatever list they stand."""
        # sudo: whoever looks after them; they are only left out
        Partner = self.env["res.partner"].sudo().with_context(active_test=False)
        restricted = Partner.search([("dealer_restricted", "=", True)])
        if not restricted or not res_ids:
            return res_ids
        mails = {mail for mail in restricted.mapped("email_normalized") if mail}
        numbers = {number for number in restricted.mapped("phone_sanitized") if number}
        # sudo: as above
        records = self.env[self.mailing_model_real].sudo().browse(res_ids)
        people = records._mail_get_partners()
        return [
            record.id
            for record in records
            if not people[record.id] & restricted
            and not ("email_normalized" in record and record["email_normalized"] in mails)
            and not ("phone_sanitized" in record and record["phone_sanitized"] in numbers)
        ]
