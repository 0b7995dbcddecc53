from odoo import models
from odoo.fields import Domain

from .dealer_masked_mixin import EMAIL, STARS


class MailMessage(models.Model):
    """Letters of customers name their mail address."""

    _inherit = "mail.message"

    _dealer_masked_links = {
        "email_from": (EMAIL, "author_id"),
        "reply_to": (EMAIL, "author_id"),
        "incoming_email_to": (EMAIL, "author_id"),
        "incoming_email_cc": (EMAIL, "author_id"),
        "outgoing_email_to": (EMAIL, "author_id"),
    }

    def _to_store(self, store, fields, **kwargs):
        """OVERRIDE mail: the chatter takes addresses directly, past the masks of reading."""
        super()._to_store(store, fields, **kwargs)
        if not self._dealer_needs_mask():
            return
        names = ["email_from", "incoming_email_to", "incoming_email_cc"]
        for row in self._read_format(names, load=False):
            shown = store.data.get("mail.message", {}).get((row["id"],), {})
            for name in names:
                if shown.get(name) and STARS in row[name]:
                    is_list = isinstance(shown[name], list)
                    shown[name] = [("", row[name])] if is_list else row[name]

    def _get_tracking_values_domain(self, search_term):
        """OVERRIDE mail: a search in the chatter does not look behind the stars."""
        domain = Domain(super()._get_tracking_values_domain(search_term))
        if not self._dealer_user_is_masked():
            return domain
        names = {
            name: getattr(model, "_dealer_masked_fields", None)
            for name, model in self.pool.items()
            if not model._abstract
        }
        hidden = Domain.OR(
            Domain("field_id.model", "=", model) & Domain("field_id.name", "in", list(masked))
            for model, masked in names.items()
            if masked
        )
        return domain & ~hidden
