from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from .stock_move import POSTING

#: Odoo writes the day of a posted move some three times until the transfer is done.
MOMENT = timedelta(minutes=1)
#: What a posted move says; its lines have a guard of their own.
TOLD = {"date", "location_dest_id", "location_id", "product_id", "state"}


class StockMove(models.Model):
    """The move of a sold car belongs to its deal, whoever keeps the stock."""

    _name = "stock.move"
    _inherit = ["stock.move", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"
    _fixed_fields = frozenset({"sale_line_id"})

    def write(self, vals):
        told = TOLD & vals.keys()
        if told and not self.env.su and not (told == {"date"} and self._dealer_is_now(vals)):
            self._dealer_check_not_told()
        if vals.get("state") == "done" and not self.env.su:
            self._dealer_check_posting()
        return super().write(vals)

    def _dealer_check_posting(self):
        """Refuse to call a move of a car done that nobody has posted: the car stands where it was.

        Its order would count as delivered, and the car could be sold again.
        """
        if self.env.context.get("dealer_posting") is POSTING:
            return
        for move in self._dealer_car_moves():
            raise UserError(
                self.env._(
                    "%(move)s moves a car: validate the transfer.",
                    move=move.picking_id.name or move.reference or move.product_id.display_name,
                )
            )

    def _dealer_is_now(self, vals):
        """Whether the day that is written is the moment that these moves have already."""
        day = fields.Datetime.to_datetime(vals["date"])
        return bool(day) and all(abs(move.date - day) < MOMENT for move in self)

    def _dealer_check_not_told(self):
        """Refuse to rewrite day or place of a posted move of a car."""
        for move in self:
            if move.state == "done" and move._dealer_car_moves():
                raise UserError(
                    self.env._(
                        "%(move)s has moved a car and stays as it was posted.",
                        move=move.picking_id.name or move.reference or move.product_id.display_name,
                    )
                )

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
