from odoo import models

from .sale_order_line_gate import DeliveryBlocker


class SaleOrderLine(models.Model):
    """What the hand-over itself asks for before a car leaves."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_delivery_blockers(self):
        """Add the inspection before delivery (code ``pdi``)."""
        blockers = super()._dealer_get_delivery_blockers()
        for line in self:
            if line.company_id.dealer_gate_pdi and line.dealer_vehicle_id:
                problem = line.dealer_vehicle_id._dealer_get_pdi_problem()
                if problem:
                    blockers[line.id].append(
                        DeliveryBlocker(
                            "pdi", problem, self.env._("inspector, technician or stock keeper")
                        )
                    )
        return blockers

    def _dealer_lines_to_deliver(self):
        """Lines of confirmed orders whose car still has to leave."""
        return self.filtered("dealer_vehicle_held")
