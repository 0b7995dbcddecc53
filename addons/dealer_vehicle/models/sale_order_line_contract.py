from odoo import models

from .sale_order_line_gate import DeliveryBlocker


class SaleOrderLine(models.Model):
    """A car leaves for what its buyer has signed."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_delivery_blockers(self):
        """A deal that changed after its contract was signed has to be signed once more."""
        blockers = super()._dealer_get_delivery_blockers()
        # sudo: whoever looks may not read contracts
        lines = self.sudo()
        for line in lines:
            contracts = line.order_id.dealer_contract_ids
            if contracts and not any(contracts.mapped("is_current")):
                blockers[line.id].append(
                    DeliveryBlocker(
                        "contract",
                        self.env._("the deal is no longer what the customer signed"),
                        self.env._("salesperson: have the contract signed again"),
                    )
                )
        return blockers
