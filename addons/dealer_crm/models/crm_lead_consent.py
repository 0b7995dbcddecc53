from odoo import api, fields, models


class CrmLead(models.Model):
    """What people agree to when they ask, before they have a file."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_consent_ids = fields.One2many("dealer.consent", "lead_id", "Consents", readonly=True)

    def _dealer_set_consent(self, purpose, state="given", way="web"):
        """Record what the people of these inquiries say about a purpose, in their files if any."""
        return self.env["dealer.consent"].create(
            [
                {
                    "lead_id": lead.id,
                    "partner_id": lead.partner_id.id,
                    "purpose": purpose,
                    "state": state,
                    "way": way,
                }
                for lead in self
            ]
        )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("partner_id"):
            self._dealer_hand_over_consents()
        return result

    def _dealer_hand_over_consents(self):
        """A statement of an inquiry is one of its person, once the person is known."""
        # sudo: statements are not rewritten by hand; whoever links the person need not read them
        for consent in self.sudo().dealer_consent_ids.filtered(lambda line: not line.partner_id):
            consent.partner_id = consent.lead_id.partner_id

    def _merge_dependences(self, opportunities):
        """OVERRIDE crm: statements go with the inquiry, and to its person."""
        result = super()._merge_dependences(opportunities)
        self._dealer_hand_over_consents()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_consents(self):
        """What a person agreed to outlives the inquiry in which it was said."""
        # sudo: see _dealer_hand_over_consents
        self.sudo().dealer_consent_ids.filtered("partner_id").lead_id = False
