from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """Received special orders go on the shelf."""
        result = super()._action_done()
        lines = self.move_ids.purchase_line_id
        if lines:
            # sudo: goods are received by whoever receives them
            Special = self.env["dealer.special.order"].sudo()
            Special.search(
                [("purchase_line_id", "in", lines.ids), ("state", "=", "ordered")]
            )._dealer_arrive()
        return result
