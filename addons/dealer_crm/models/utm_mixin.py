from odoo import models


class UtmMixin(models.AbstractModel):
    """Links bring their campaign with them, whoever opens one."""

    _inherit = "utm.mixin"

    def _find_or_create_record(self, model_name, name):
        """OVERRIDE utm: what the tracking makes by itself is nobody's plan."""
        # sudo: people who follow a link need not be those who plan campaigns
        found = super(UtmMixin, self.sudo())._find_or_create_record(model_name, name)
        return found.sudo(self.env.su)
