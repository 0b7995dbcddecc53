from odoo import models

from .dealer_masked_mixin import EMAIL, PHONE


class CrmPhonecall(models.Model):
    """Telephone and mail of a call with stars."""

    _name = "crm.phonecall"
    _inherit = ["dealer.masked.mixin", "crm.phonecall"]

    _dealer_masked_fields = {"partner_phone": PHONE, "email_from": EMAIL}
