from odoo import models

from .dealer_masked_mixin import MASKS


class MailTrackingValue(models.Model):
    """The chatter tells that a number changed, with the stars that the form shows."""

    _inherit = "mail.tracking.value"

    def _tracking_value_format_model(self, model):
        """OVERRIDE mail: called with sudo, so that it goes by the person at the screen."""
        formatted = super()._tracking_value_format_model(model)
        masked = getattr(self.pool.get(model), "_dealer_masked_fields", {})
        hidden = self.filtered(lambda tracking: tracking.field_id.name in masked)
        if not hidden or not self._dealer_user_is_masked():
            return formatted
        records = self.env[model].browse(set(hidden.mail_message_id.mapped("res_id")))
        opened = records._dealer_get_opened_ids()
        kinds = {
            tracking.id: masked[tracking.field_id.name]
            for tracking in hidden
            if tracking.mail_message_id.res_id not in opened
        }
        for values in formatted:
            if values["id"] in kinds:
                mask = MASKS[kinds[values["id"]]]
                for name in ("oldValue", "newValue"):
                    values[name] = mask(values[name])
        return formatted
