from odoo import api, fields, models


class DealerVehicle(models.Model):
    """When a car that is still at the maker will come."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    factory_order_ids = fields.One2many("dealer.factory.order", "vehicle_id", copy=False)
    eta = fields.Date(
        string="Expected Arrival",
        compute="_compute_eta",
        help="From the maker's list, else from the purchase order.",
    )

    @api.depends(
        "status",
        "factory_order_ids.eta",
        "factory_order_ids.reported_state",
        "purchase_line_id.date_planned",
    )
    def _compute_eta(self):
        for vehicle in self.sudo():  # sudo: salespeople may not read purchases
            if vehicle.status != "on_order":
                vehicle.eta = False
                continue
            orders = vehicle.factory_order_ids.filtered(
                lambda order: order.reported_state != "cancelled"
            )
            planned = vehicle.purchase_line_id.date_planned
            vehicle.eta = orders[:1].eta or (
                planned and fields.Datetime.context_timestamp(vehicle, planned).date()
            )
