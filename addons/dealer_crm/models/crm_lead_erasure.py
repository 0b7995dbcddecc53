from odoo import models

from ..tools.erasure import forget_texts

#: Free texts about a lead that serve follow-up only: (model, link to the lead, fields)
LEAD_TEXTS = (
    ("dealer.lead.contact", "lead_id", ("note", "level_reason")),
    ("dealer.lead.event", "lead_id", ("note",)),
    ("dealer.lead.party", "lead_id", ("note",)),
    ("dealer.lead.touch", "lead_id", ("text", "wish_text")),
    ("dealer.lead.wish", "lead_id", ("note",)),
    ("dealer.level.log", "lead_id", ("reason",)),
    ("dealer.competitor.quote", "lead_id", ("note",)),
    ("dealer.defeat", "lead_id", ("note", "review_note")),
    ("dealer.test.drive", "lead_id", ("note",)),
    ("dealer.visit", "lead_id", ("note",)),
    ("crm.phonecall", "opportunity_id", ("name", "description", "partner_phone", "email_from")),
    ("calendar.event", "opportunity_id", ("name", "description", "location")),
)


class CrmLead(models.Model):
    """What was written about a person beside the lead is forgotten with it."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_anonymise(self):
        """OVERRIDE dealer_crm: notes of contacts, visits … too; nobody follows the lead any more.

        An open lead is lost without a reason: there is nobody to call.
        """
        for model, link, names in LEAD_TEXTS:
            records = self.env[model].with_context(active_test=False)
            forget_texts(records.search([(link, "in", self.ids)]), names)
        self.env["dealer.test.drive.agreement"].search(
            [("drive_id.lead_id", "in", self.ids)]
        )._dealer_forget()
        self.env["dealer.unmask.log"]._dealer_forget(self)
        forget_texts(self, ("website", "function", "dealer_old_name", "dealer_old_plate"))
        followed = self.filtered(lambda lead: lead.active and lead.won_status == "pending")
        count = super()._dealer_anonymise()
        followed.with_context(tracking_disable=True).write(
            {"active": False, "probability": 0, "dealer_in_pool": False}
        )
        return count
