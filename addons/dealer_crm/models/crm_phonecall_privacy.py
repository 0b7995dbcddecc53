from odoo import models

from .dealer_masked_mixin import EMAIL, PHONE


class CrmPhonecall(models.Model):
    """Telephone and mail of a call with stars."""

    _name = "crm.phonecall"
    _inherit = ["dealer.masked.mixin", "crm.phonecall"]

    _dealer_masked_fields = {"partner_phone": PHONE, "email_from": EMAIL}
    _dealer_person_field = "partner_id"

    def _dealer_get_opened_ids(self):
        """OVERRIDE dealer_crm: who is storage only is called by nobody, not even by the owner."""
        # sudo: only whether the data are stored and nothing else
        restricted = self.sudo().filtered("partner_id.dealer_restricted")
        return super()._dealer_get_opened_ids() - set(restricted._origin.ids)
