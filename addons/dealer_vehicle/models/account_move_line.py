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

    def _create_exchange_difference_moves(self, exchange_diff_values_list):
        """Odoo books the difference of two exchange rates, whoever collects the money."""
        # sudo: cashiers write payments and no other entries
        lines = super(AccountMoveLine, self.sudo())
        return lines._create_exchange_difference_moves(exchange_diff_values_list).sudo(False)

    def _get_cogs_value(self):
        """Cost of goods sold of the very car on the line.

        Odoo sums quantities and values of all lines of the order with the same product, takes
        the oldest receipts when the invoice comes before the delivery (wrong for a named car),
        and reverses the first of several cars on a credit note.
        """
        self.ensure_one()
        vehicle = self.dealer_vehicle_id.sudo()  # sudo: it may stand with a sister company by now
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
            return 0.0 if self._dealer_is_rebate() else reversed_line.price_unit
        # sudo: an invoicing clerk may not read stock moves and lots
        deliveries = (
            self.sudo()
            ._get_stock_moves()
            .filtered(lambda m: m.state == "done" and not m.location_dest_id._should_be_valued())
        )
        if deliveries:
            delivery = deliveries.sorted("date")[-1]
            return delivery.value / delivery.quantity if delivery.quantity else 0.0
        return vehicle._get_unit_cost()

    def _dealer_is_rebate(self):
        """Whether this line of a credit note gives back money alone, while the car stays sold.

        That is so as long as less than the price has been credited and the car is not back.
        """
        self.ensure_one()
        invoice = self.move_id.reversed_entry_id
        notes = invoice.reversal_move_ids.filtered(lambda move: move.state == "posted")
        price = self._dealer_sum_of_car(invoice)
        credited = self._dealer_sum_of_car(notes | self.move_id)
        if self.move_id.currency_id.compare_amounts(credited, price) >= 0:
            return False
        return not any(
            line._dealer_was_delivered() and line.qty_delivered <= 0 for line in self.sale_line_ids
        )

    def _dealer_sum_of_car(self, moves):
        """Untaxed price of the car of this line on invoices, or credit notes."""
        lines = moves.invoice_line_ids.filtered(
            lambda line: (
                line.dealer_vehicle_id == self.dealer_vehicle_id
                and line.product_id == self.product_id
            )
        )
        return sum(lines.mapped("price_subtotal"))
