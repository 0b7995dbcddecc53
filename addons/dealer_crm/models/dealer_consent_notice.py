from odoo import api, fields, models
from odoo.fields import Domain

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

    @api.model
    def _dealer_get_current(self, purpose, day=None):
        """The text that is in force for a purpose: its own one, else that for all purposes.

        :param purpose: one of ``PURPOSES``
        :param day: a date, today when not given
        """
        # sudo: visitors of the website read the text before they agree
        notices = self.sudo().search(
            Domain("purpose", "in", [purpose, False])
            & Domain("date_from", "<=", day or fields.Date.context_today(self)),
            order="date_from desc, id desc",
        )
        return (notices.filtered("purpose") or notices)[:1]
