from odoo import models


class IrHttp(models.AbstractModel):
    """Words that customers read on the portal."""

    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """The portal shows the conversation of `mail` and our own words, and loads neither."""
        return [*super()._get_translation_frontend_modules_name(), "mail", "dealer_vehicle"]
