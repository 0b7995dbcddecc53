from odoo import models


class SaleOrderLine(models.Model):
    """Money at the gate: what must be paid before the car leaves."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_is_agency(self):
        """Whether the line is money that the dealership only passes on."""
        self.ensure_one()
        return bool(self.product_id.dealer_is_agency)

    def _dealer_get_invoiced_amount(self):
        """Posted invoices less credit notes of this line, tax included."""
        self.ensure_one()
        items = self.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        return sum(
            -item.price_total if item.move_id.move_type == "out_refund" else item.price_total
            for item in items
        )

    def _dealer_get_delivery_blockers(self):
        """Open money keeps all cars of an order here."""
        blockers = super()._dealer_get_delivery_blockers()
        for order, lines in self.grouped("order_id").items():
            blocker = order._dealer_get_money_blocker()
            if blocker:
                for line in lines:
                    blockers[line.id].append(blocker)
        return blockers
