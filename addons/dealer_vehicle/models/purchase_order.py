from odoo import models


class PurchaseOrder(models.Model):
    """Order on which cars come to us: from the maker, another dealer or a customer."""

    _name = "purchase.order"
    _inherit = ["dealer.car.order", "purchase.order"]

    def _confirmation_error_message(self):
        """Refuse to buy a car that is already ours or already on its way."""
        return super()._confirmation_error_message() or self._dealer_vehicle_error_message()

    def _dealer_vehicle_error_message(self):
        """Why a car of the order cannot be bought, else nothing."""
        self.ensure_one()
        vehicles = self.order_line.dealer_vehicle_id
        if not vehicles:
            return None
        for line in self.order_line.filtered("dealer_vehicle_id"):
            if line.currency_id.compare_amounts(line.price_total, 0) <= 0:
                return self.env._(
                    "%(car)s has no price on the order, it would stand in the books for nothing."
                    " Enter what we pay for it; a car on consignment is received without an"
                    " order.",
                    car=line.dealer_vehicle_id.display_name,
                )
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
        return self._dealer_get_repeated_error() or vehicles._get_line_error(self.order_line)

    def _add_supplier_to_product(self):
        """Prices of single cars are no vendor price list: only other products learn vendors."""
        if all(line.dealer_vehicle_id for line in self.order_line if not line.display_type):
            return None
        return super()._add_supplier_to_product()
