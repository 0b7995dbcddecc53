from odoo import fields, models


class SaleOrderLine(models.Model):
    """Releases of open money; this extension comes after the one that asks for the money."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_release_ids = fields.One2many(
        "dealer.delivery.release", "sale_line_id", string="Releases"
    )

    def _dealer_get_delivery_blockers(self):
        """Take away the open money (``money``) that a manager has released; nothing else."""
        blockers = super()._dealer_get_delivery_blockers()
        today = fields.Date.context_today(self)
        for line in self:
            if any(
                release.state == "approved" and release.valid_until >= today
                for release in line.dealer_release_ids
            ):
                blockers[line.id] = [
                    blocker for blocker in blockers[line.id] if blocker.code != "money"
                ]
        return blockers

    def _dealer_get_open_blockers(self):
        """What stands in the way of the hand-over; the hand-over itself is not one of them."""
        return {
            line_id: [blocker for blocker in blockers if blocker.code != "handover"]
            for line_id, blockers in self._dealer_get_delivery_blockers().items()
        }
