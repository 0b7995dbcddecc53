from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a posted line says of a car: its place, owner and day.
TOLD = {
    "date",
    "location_dest_id",
    "location_id",
    "lot_id",
    "lot_name",
    "move_id",
    "owner_id",
    "picking_id",
    "product_id",
    "product_uom_id",
    "quantity",
    "state",
}


class StockMoveLine(models.Model):
    """Where a car went is a fact: Odoo would let keepers rewrite posted lines and move the stock.

    None of the checks of a move is made then, neither order nor approval nor cost.
    """

    _inherit = "stock.move.line"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._dealer_check_not_told()
        return lines

    def write(self, vals):
        told = TOLD & vals.keys()
        if told and not (told == {"date"} and self._dealer_is_day_of_move(vals["date"])):
            self._dealer_check_not_told()
        return super().write(vals)

    def _dealer_is_day_of_move(self, date):
        """Whether these lines get the day of their moves, as Odoo does when it posts them."""
        day = fields.Datetime.to_datetime(date)
        return all(line.move_id.date == day for line in self)

    def _dealer_check_not_told(self):
        """:raise UserError: one of the lines has moved a car"""
        if self.env.su:
            return
        for line in self:
            if line.state == "done" and line.product_id.categ_id.dealer_product_policy:
                raise UserError(
                    self.env._(
                        "%(car)s: this move has been posted and stays. Return the transfer, move"
                        " the car again, or count the place.",
                        car=line.lot_id.name or line.product_id.display_name,
                    )
                )
