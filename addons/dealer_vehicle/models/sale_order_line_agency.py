from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _prepare_invoice_line(self, **optional_values):
        """Journal items know their deal: agency money is settled deal by deal."""
        vals = super()._prepare_invoice_line(**optional_values)
        if not self.display_type:
            vals["dealer_sale_id"] = self.order_id.id
        return vals
