from odoo import api, models

from .dealer_masked_mixin import mask_phone


class SmsSms(models.Model):
    """A text message is called by its number."""

    _inherit = "sms.sms"

    @api.depends_context("uid")
    def _compute_display_name(self):
        """OVERRIDE base: stars for who sees stars; the name is read with sudo."""
        result = super()._compute_display_name()
        if self._dealer_user_is_masked():
            for sms in self:
                sms.display_name = mask_phone(sms.display_name)
        return result
