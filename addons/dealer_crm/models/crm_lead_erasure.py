from odoo import api, models

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
    """Erasure: what was written beside a lead is forgotten, and storage only means no lead."""

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
        count = super()._dealer_anonymise()
        self._dealer_end_follow_up()
        return count

    def _dealer_end_follow_up(self):
        """Take open leads out of the pipeline; called by erasure as superuser."""
        followed = self.filtered(lambda lead: lead.active and lead.won_status == "pending")
        followed.with_context(tracking_disable=True).write(
            {"active": False, "probability": 0, "dealer_in_pool": False}
        )
        followed.activity_ids.unlink()

    # === STORAGE ONLY ===
    @api.model_create_multi
    def create(self, vals_list):
        self._dealer_check_people_usable(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._dealer_check_people_usable([vals])
        return super().write(vals)

    @api.model
    def _dealer_check_people_usable(self, vals_list):
        """No lead of somebody whose data are only stored.

        What the person asks on the website, or a medium brings, comes as superuser: it is no lead
        of the stored file (see ``_dealer_link_person``).
        """
        if not self.env.su:
            self.env["res.partner"]._dealer_check_usable(
                phones=[vals.get("phone") for vals in vals_list],
                ids=[vals.get("partner_id") for vals in vals_list],
            )

    def _dealer_link_person(self):
        """OVERRIDE dealer_crm: a new inquiry of somebody who was to be forgotten is a new person.

        The stored file stays closed, and its salesperson does not hear of it.
        """
        restricted = self.env["res.partner"]._dealer_find_restricted(self.mapped("phone"))
        keys = set(restricted.mapped("dealer_phone_key"))
        others = self.filtered(lambda lead: lead.dealer_phone_key not in keys)
        return super(CrmLead, others)._dealer_link_person()

    def _dealer_get_opened_ids(self):
        """OVERRIDE dealer_crm: as on the file of the person, not even for the owner."""
        # sudo: only whether the data are stored and nothing else
        restricted = self.sudo().filtered("partner_id.dealer_restricted")
        return super()._dealer_get_opened_ids() - set(restricted._origin.ids)
