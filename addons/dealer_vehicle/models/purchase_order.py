from odoo import api, fields, models


class PurchaseOrder(models.Model):
    """Order on which cars come to us: from the maker, another dealer or a customer."""

    _inherit = "purchase.order"

    dealer_vehicle_ids = fields.Many2many(
        "dealer.vehicle", string="Cars", compute="_compute_dealer_vehicle_ids"
    )
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_ids"
    )

    @api.depends_context("uid", "allowed_company_ids")
    @api.depends("order_line.dealer_vehicle_id")
    def _compute_dealer_vehicle_ids(self):
        """Cars that the user may see; one may stand with a sister company by now."""
        readable = self.order_line.dealer_vehicle_id._filtered_access("read")
        for order in self:
            order.dealer_vehicle_ids = order.order_line.dealer_vehicle_id & readable
            order.dealer_vehicle_count = len(order.dealer_vehicle_ids)

    def action_view_dealer_vehicles(self):
        """Open the cars of these orders."""
        return self.dealer_vehicle_ids._get_records_action(name=self.env._("Cars"))

    def _confirmation_error_message(self):
        """Refuse to buy a car that is already ours or already on its way."""
        return super()._confirmation_error_message() or self._dealer_vehicle_error_message()

    def _dealer_vehicle_error_message(self):
        """Why a car of the order cannot be bought, else nothing."""
        self.ensure_one()
        vehicles = self.order_line.dealer_vehicle_id
        if not vehicles:
            return None
        for vehicle in vehicles:
            if vehicle.status in ("in_stock", "reserved"):
                return self.env._(
                    "%(car)s is in stock already (%(place)s) and cannot be bought again.",
                    car=vehicle.display_name,
                    place=vehicle.location_id.display_name,
                )
        other = (
            self.env["purchase.order.line"]
            .sudo()  # sudo: the other order may belong to another buyer
            .search(
                [
                    ("dealer_vehicle_id", "in", vehicles.ids),
                    ("dealer_vehicle_expected", "=", True),
                    ("order_id", "not in", self.ids),
                ],
                limit=1,
            )
        )
        if other:
            return self.env._(
                "%(car)s is already expected on order %(order)s. Receive or cancel that order"
                " first.",
                car=other.dealer_vehicle_id.display_name,
                order=other.order_id.name,
            )
        return vehicles._get_line_error(self.order_line)

    def _add_supplier_to_product(self):
        """Prices of single cars are no vendor price list: only other products learn vendors."""
        if all(line.dealer_vehicle_id for line in self.order_line if not line.display_type):
            return None
        return super()._add_supplier_to_product()
