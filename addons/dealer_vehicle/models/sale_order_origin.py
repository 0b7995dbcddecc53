from odoo import api, fields, models


class SaleOrder(models.Model):
    """Where a deal came from: orders of the web, the desk and agents stand in one list."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    source_id = fields.Many2one(string="Origin", default=lambda self: self._default_source_id())

    @api.model
    def _default_source_id(self):
        """What the desk enters came through the door; anything else names its own origin."""
        if self.env.user._is_internal() and not self.env.su:
            return self.env["ir.model.data"]._xmlid_to_res_id("dealer_vehicle.utm_source_showroom")
        return False
