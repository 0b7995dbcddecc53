from odoo import fields, models


class AccountMoveLine(models.Model):
    """Journal item that belongs to the margin of one car."""

    _inherit = "account.move.line"

    dealer_vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Car",
        index="btree_not_null",
        ondelete="restrict",
        help="Car whose cost or revenue this is. On an expense line of a bill it makes the amount"
        " a late cost of that car.",
    )

    def _get_cogs_value(self):
        """Cost of goods sold of the very car on the line.

        Odoo sums quantities and values of all lines of the order with the same product, takes
        the oldest receipts when the invoice comes before the delivery (wrong for a named car),
        and reverses the first of several cars on a credit note.
        """
        self.ensure_one()
        vehicle = self.dealer_vehicle_id
        if not vehicle or self.product_id != vehicle.product_id:
            return super()._get_cogs_value()
        reversed_line = self.move_id.reversed_entry_id.line_ids.filtered(
            lambda line: (
                line.display_type == "cogs"
                and line.dealer_vehicle_id == vehicle
                and line.product_id == self.product_id
                and line.price_unit >= 0
            )
        )[:1]
        if reversed_line:
            return reversed_line.price_unit
        # sudo: an invoicing clerk may not read stock moves and lots
        deliveries = (
            self.sudo()
            ._get_stock_moves()
            .filtered(lambda m: m.state == "done" and not m.location_dest_id._should_be_valued())
        )
        if deliveries:
            delivery = deliveries.sorted("date")[-1]
            return delivery.value / delivery.quantity if delivery.quantity else 0.0
        return vehicle.sudo()._get_unit_cost()
