from odoo import api, models


class DealerTradeIn(models.Model):
    """A trade-in price above the value of the old car is a discount: it is guarded like one."""

    _inherit = "dealer.trade.in"

    @api.model_create_multi
    def create(self, vals_list):
        order_ids = {vals.get("order_id") for vals in vals_list}
        order_ids.add(self.env.context.get("default_order_id"))
        orders = self.env["sale.order"].browse(filter(None, order_ids))
        before = orders._dealer_start_price_change()
        trade_ins = super().create(vals_list)
        trade_ins.order_id._dealer_finish_price_change(before)
        return trade_ins

    def write(self, vals):
        orders = self.order_id | self.order_id.browse(vals.get("order_id") or [])
        before = orders._dealer_start_price_change()
        result = super().write(vals)
        orders._dealer_finish_price_change(before)
        return result

    def unlink(self):
        orders = self.order_id
        before = orders._dealer_start_price_change()
        result = super().unlink()
        orders.exists()._dealer_finish_price_change(before)
        return result
