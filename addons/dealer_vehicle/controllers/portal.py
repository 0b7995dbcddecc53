from odoo import http
from odoo.exceptions import MissingError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class DealerVehiclePortal(CustomerPortal):
    """A customer's own cars on the portal.

    Portal users have no access to `dealer.vehicle` at all: over RPC it would also show asking
    prices, purchases and notes. The pages read with sudo, within `_get_my_vehicle_domain` only.
    """

    def _get_my_vehicle_domain(self):
        """Cars that the customer owns or drives, and those that an order holds for him."""
        partner = request.env.user.partner_id.commercial_partner_id
        mine = Domain("partner_id", "child_of", partner.ids)
        person = Domain(
            "owner_ids",
            "any",
            [
                ("partner_id", "child_of", partner.ids),
                ("date_to", "=", False),
            ],
        )
        held = Domain("status", "=", "reserved") & Domain(
            "sale_line_id.order_id.partner_id", "child_of", partner.ids
        )
        return mine | person | held

    def _get_my_vehicles(self, domain=None, **kwargs):
        # sudo: see the docstring of the class
        vehicles = request.env["dealer.vehicle"].sudo()
        return vehicles.search(self._get_my_vehicle_domain() & Domain(domain or []), **kwargs)

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "vehicle_count" in counters:
            # sudo: see the docstring of the class
            values["vehicle_count"] = (
                request.env["dealer.vehicle"].sudo().search_count(self._get_my_vehicle_domain())
            )
        return values

    @http.route(
        ["/my/vehicles", "/my/vehicles/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def portal_my_vehicles(self, page=1, **kwargs):
        # sudo: see the docstring of the class
        total = request.env["dealer.vehicle"].sudo().search_count(self._get_my_vehicle_domain())
        page_values = pager(url="/my/vehicles", total=total, page=page, step=self._items_per_page)
        vehicles = self._get_my_vehicles(limit=self._items_per_page, offset=page_values["offset"])
        values = self._prepare_portal_layout_values()
        values.update(
            vehicles=vehicles,
            page_name="vehicle",
            pager=page_values,
            default_url="/my/vehicles",
        )
        return request.render("dealer_vehicle.portal_my_vehicles", values)

    @http.route(
        "/my/vehicles/<int:vehicle_id>", type="http", auth="user", website=True, readonly=True
    )
    def portal_my_vehicle(self, vehicle_id, **kwargs):
        try:
            vehicle = self._get_my_vehicle(vehicle_id)
        except MissingError:
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        values.update(vehicle=vehicle, page_name="vehicle", orders=self._get_my_orders(vehicle))
        return request.render("dealer_vehicle.portal_my_vehicle", values)

    def _get_my_vehicle(self, vehicle_id):
        """One car of the customer; somebody else's car is as unknown as one that is not there."""
        vehicle = self._get_my_vehicles([("id", "=", vehicle_id)], limit=1)
        if not vehicle:
            raise MissingError(request.env._("This car does not exist."))
        return vehicle

    def _get_my_orders(self, vehicle):
        """The customer's own orders of a car, by the record rules of the portal."""
        return request.env["sale.order"].search(
            [("order_line.dealer_vehicle_id", "=", vehicle.id), ("state", "!=", "draft")]
        )
