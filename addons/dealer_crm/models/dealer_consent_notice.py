from odoo import fields, models

from .dealer_consent import PURPOSES


class DealerConsentNotice(models.Model):
    """A version of the text that tells people what is done with their data (PIPL Art. 17)."""

    _name = "dealer.consent.notice"
    _description = "Privacy Notice"
    _order = "date_from desc, id desc"

    name = fields.Char("Version", required=True)
    purpose = fields.Selection(PURPOSES, help="Empty: for all purposes.")
    date_from = fields.Date("In force from", required=True, default=fields.Date.context_today)
    body = fields.Html("Text", required=True, translate=True)
