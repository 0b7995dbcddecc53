from odoo import api, fields, models


class SaleOrder(models.Model):
    """Old cars that pay a part of the deal."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_trade_in_ids = fields.One2many(
        "dealer.trade.in", "order_id", string="Trade-Ins", copy=False
    )
    dealer_trade_in_equity = fields.Monetary(
        string="Set Off by Old Car",
        compute="_compute_dealer_trade_in_equity",
        store=True,
        help="What old cars pay of the deal, their loans paid off.",
    )
    dealer_amount_due = fields.Monetary(
        string="Left to Pay",
        compute="_compute_dealer_amount_due",
        store=True,
        help="Drive-away price less what the old car pays.",
    )

    @api.depends("dealer_trade_in_ids.equity")
    def _compute_dealer_trade_in_equity(self):
        for order in self:
            order.dealer_trade_in_equity = sum(order.dealer_trade_in_ids.mapped("equity"))

    @api.depends("dealer_drive_away_total", "dealer_trade_in_equity")
    def _compute_dealer_amount_due(self):
        for order in self:
            order.dealer_amount_due = order.dealer_drive_away_total - order.dealer_trade_in_equity
