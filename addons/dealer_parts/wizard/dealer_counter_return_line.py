from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DealerCounterReturnLine(models.TransientModel):
    """One part that may come back."""

    _name = "dealer.counter.return.line"
    _description = "Line of a Return"

    return_id = fields.Many2one("dealer.counter.return", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("sale.order.line", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="order_line_id.product_id", string="Part")
    delivered = fields.Float(
        related="order_line_id.qty_delivered", string="Issued", digits="Product Unit"
    )
    quantity = fields.Float(string="Comes Back", digits="Product Unit")

    def _check_quantity(self):
        self.ensure_one()
        unit = self.order_line_id.product_uom_id
        part = self.product_id.display_name
        if self.quantity < 0 or unit.compare(self.quantity, self.delivered) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: %(quantity)s were issued, no more can come back.",
                    part=part,
                    quantity=self.delivered,
                )
            )
        if self.order_line_id.qty_invoiced and self.product_id.invoice_policy != "delivery":
            raise UserError(
                self.env._(
                    "%s is invoiced by what was ordered. Let the accountant write its credit note.",
                    part,
                )
            )

    def _take_back(self, reason):
        """Return the quantities from the pickings that issued them, the last one first.

        :return: the moves by which the parts came back
        """
        wanted = {}
        for line in self:
            unit = line.order_line_id.product_uom_id
            left = line.quantity
            moves = line.order_line_id.move_ids.filtered(
                lambda move: move.state == "done" and not move.origin_returned_move_id
            ).sorted("id", reverse=True)
            for move in moves:
                returned = sum(
                    back.quantity for back in move.returned_move_ids if back.state == "done"
                )
                free = move.product_uom._compute_quantity(move.quantity - returned, unit)
                take = min(left, free)
                if unit.compare(take, 0) > 0:
                    wanted[move] = unit._compute_quantity(take, move.product_uom)
                    left -= take
        taken = self.env["stock.move"]
        for picking, moves in self.env["stock.move"].union(*wanted).grouped("picking_id").items():
            back = self.env["stock.return.picking"].create(
                {
                    "picking_id": picking.id,
                    "product_return_moves": [
                        Command.create(
                            {
                                "product_id": move.product_id.id,
                                "quantity": wanted[move],
                                "move_id": move.id,
                                "to_refund": True,
                            }
                        )
                        for move in moves
                    ],
                }
            )
            returned = back._create_return()
            returned.note = reason
            for move in returned.move_ids:
                move.quantity = move.product_uom_qty
                move.picked = True
            returned.button_validate()
            if returned.state != "done":
                raise UserError(self.env._("%s could not be taken back.", returned.name))
            taken |= returned.move_ids
        return taken
