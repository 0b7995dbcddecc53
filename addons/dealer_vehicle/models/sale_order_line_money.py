from odoo import models


class SaleOrderLine(models.Model):
    """Money at the gate: what must be paid before the car leaves."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_is_agency(self):
        """Whether the line is money that the dealership only passes on."""
        self.ensure_one()
        return bool(self.product_id.dealer_is_agency)
