from odoo import models


class StockMove(models.Model):
    """The move of a sold car belongs to its deal, whoever keeps the stock."""

    _name = "stock.move"
    _inherit = ["stock.move", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _fixed_fields = frozenset({"sale_line_id"})

    def _check_not_fixed(self, vals):
        """OVERRIDE: cars that are sold only; what an order has forgotten may still be linked."""
        if self.env.su or not self._fixed_fields & vals.keys():
            return None
        # sudo: keepers may not read the orders, and hear of it here
        sold = self._dealer_car_moves().filtered(lambda move: move.sudo().sale_line_id)
        return super(StockMove, sold)._check_not_fixed(vals)

    def _get_fixed_message(self, name):
        return self.env._(
            "This car leaves for its order: price, money, inspection and papers are asked there."
            " Cancel the transfer, or ask the salesperson to cancel the order."
        )
