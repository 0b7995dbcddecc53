from odoo import models


class SaleMassCancelOrders(models.TransientModel):
    """Cancelling many orders follows the rules of cancelling one."""

    _inherit = "sale.mass.cancel.orders"

    def action_mass_cancel(self):
        self.sale_order_ids.action_cancel()
