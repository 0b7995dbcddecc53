from odoo import models


class SaleOrder(models.Model):
    """Parts are fetched for an order beside what the order itself delivers, e.g. clips."""

    _name = "sale.order"
    _inherit = ["dealer.part.origin", "sale.order"]

    def _dealer_get_part_issue_error(self, products):
        """Only for a confirmed order; what the order delivers is issued by its own delivery."""
        self.ensure_one()
        # sudo: keepers and technicians need not read the orders of the salespeople
        order = self.sudo()
        if order.state != "sale" or order.locked:
            return self.env._("Order %(order)s is not open.", order=order.name)
        delivered = products & order.order_line.product_id
        if delivered:
            return self.env._(
                "%(part)s is on order %(order)s already: issue it with the delivery of the order.",
                part=delivered[0].display_name,
                order=order.name,
            )
        return None

    def _dealer_get_part_request_values(self):
        self.ensure_one()
        order = self.sudo()  # sudo: as above
        return {
            "origin": order.name,
            "warehouse_id": order.warehouse_id.id,
            "partner_id": order.partner_id.id,
        }
