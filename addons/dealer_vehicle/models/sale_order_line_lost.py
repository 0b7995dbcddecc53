from odoo import fields, models

from .sale_order_line_gate import DeliveryBlocker


class SaleOrderLine(models.Model):
    """Lines whose car was written off: they say so until they have another one."""

    _inherit = "sale.order.line"  # pylint: disable=consider-merging-classes-inherited

    dealer_lost_vehicle_id = fields.Many2one(
        "dealer.vehicle",
        string="Car Written Off",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The car that this line had until it was lost or scrapped.",
    )

    def write(self, vals):
        """What was lost is written by the loss, not by hand."""
        if "dealer_lost_vehicle_id" in vals and not self.env.su:
            vals = {name: value for name, value in vals.items() if name != "dealer_lost_vehicle_id"}
        return super().write(vals)

    def _dealer_lacks_lost_car(self):
        """Lines whose customer still waits for a car that is not there any more."""
        return self.filtered(
            lambda line: (
                line.state == "sale"
                and line.dealer_lost_vehicle_id
                and line.dealer_vehicle_id
                in (line.dealer_lost_vehicle_id, self.env["dealer.vehicle"])
                and line.dealer_lost_vehicle_id.status == "left"
                and not line._dealer_was_delivered()
            )
        )

    def _dealer_get_lost_message(self):
        """What is wrong and what to do about it."""
        self.ensure_one()
        car = self.dealer_lost_vehicle_id.display_name
        if self.dealer_vehicle_id:
            return self.env._(
                "%(car)s was written off. Have the accountant credit its invoice, then give the"
                " order another car.",
                car=car,
            )
        return self.env._("%(car)s was written off: the order needs another car.", car=car)

    def _dealer_get_delivery_blockers(self):
        """Add the car that is not there any more (code ``lost``)."""
        blockers = super()._dealer_get_delivery_blockers()
        for line in self._dealer_lacks_lost_car():
            blockers[line.id].insert(
                0,
                DeliveryBlocker(
                    "lost",
                    line._dealer_get_lost_message(),
                    self.env._("sales manager, on the allocation board"),
                ),
            )
        return blockers
