from odoo import http
from odoo.http import request

from .portal import DealerVehiclePortal


class DealerTimelinePortal(DealerVehiclePortal):
    """Shows a customer how far the car has come that he ordered."""

    @http.route()
    def portal_my_vehicle(self, vehicle_id, **kwargs):
        response = super().portal_my_vehicle(vehicle_id, **kwargs)
        vehicle = getattr(response, "qcontext", {}).get("vehicle")
        if vehicle:
            response.qcontext["timeline"] = self._get_timeline(vehicle)
        return response

    def _get_timeline(self, vehicle):
        """The steps of the customer's own deal; a later owner or driver sees nobody else's."""
        buyer = vehicle.sale_line_id.order_id.partner_id.commercial_partner_id
        if buyer != request.env.user.partner_id.commercial_partner_id:
            return []
        return vehicle._get_customer_timeline()
