from odoo import api, models


class DealerTradeIn(models.Model):
    """A trade-in price above the value of the old car is a discount: it is guarded like one."""

    _inherit = "dealer.trade.in"

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["sale.order"]._dealer_browse_parts(vals_list)._dealer_changing_prices():
            return super().create(vals_list)

    def write(self, vals):
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        with orders._dealer_changing_prices():
            return super().write(vals)

    def unlink(self):
        with self.order_id._dealer_changing_prices():
            return super().unlink()
