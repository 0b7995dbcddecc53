from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class DealerPartCountLine(models.Model):
    """The stock moves behind approved differences. Called as superuser by the count.

    The difference is moved, not the quantity set: what was issued since the counting stays right.
    """

    _inherit = "dealer.part.count.line"

    def _apply_differences(self):
        different = self.filtered("difference")
        if not different:
            return
        different._lock_quants()
        different._check_still_there()
        company = different.company_id
        moves = (
            self.env["stock.move"]
            .with_company(company)
            .with_context(inventory_mode=False)
            .create([line._prepare_move_vals() for line in different])
        )
        for line, move in zip(different, moves, strict=True):
            line.move_id = move
        moves._action_done()
        moves._trigger_assign()
        for line in different:
            value = line.move_id.value
            line.difference_value = -value if line.difference < 0 else value

    def _lock_quants(self):
        """Nobody moves these parts while the differences are booked."""
        self.env.cr.execute(
            SQL(
                """
                SELECT id FROM stock_quant
                 WHERE product_id IN %s AND location_id IN %s
              ORDER BY id FOR NO KEY UPDATE
                """,
                tuple(self.product_id.ids),
                tuple(self.location_id.ids),
            )
        )

    def _check_still_there(self):
        """A shortage that has meanwhile been issued cannot be taken out once more."""
        books = self._get_book_quantities(fields.Datetime.now())
        for line in self:
            if line.uom_id.compare(books[line.id] + line.difference, 0) < 0:
                raise UserError(
                    self.env._(
                        "%(line)s has been moved since it was counted: only %(quantity)s are left"
                        " in the books. Send the count back and count it again.",
                        line=line.display_name,
                        quantity=books[line.id],
                    )
                )

    def _prepare_move_vals(self):
        """Inventory move of one line, as ``stock.quant`` prepares it for a counted quantity."""
        self.ensure_one()
        product = self.product_id
        places = (self.location_id, self.count_id._get_loss_location(product))
        source, destination = places if self.difference < 0 else reversed(places)
        quantity = abs(self.difference)
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "company_id": self.company_id.id,
            "state": "confirmed",
            "location_id": source.id,
            "location_dest_id": destination.id,
            "is_inventory": True,
            "inventory_name": f"{self.count_id.name}: {self.reason_id.name}",
            "picked": True,
            "move_line_ids": [
                fields.Command.create(
                    {
                        "product_id": product.id,
                        "product_uom_id": product.uom_id.id,
                        "quantity": quantity,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                        "company_id": self.company_id.id,
                        "lot_id": self.lot_id.id,
                    }
                )
            ],
        }
