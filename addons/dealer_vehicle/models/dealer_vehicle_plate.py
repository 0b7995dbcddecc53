from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from odoo.addons.dealer_base.tools.identifiers import plate_kind


class DealerVehicle(models.Model):
    """What is odd about a number plate.

    Temporary, foreign and military plates follow other rules than the plates of the mainland
    (GA 36), and a plate passes to the next car of its owner: so oddities warn, they do not block.
    """

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    license_plate_warning = fields.Char(
        string="Plate Warning", compute="_compute_license_plate_warning"
    )

    @api.depends("license_plate", "kind", "status", "active")
    def _compute_license_plate_warning(self):
        """Say whether the plate has the form of the mainland, and which other car has it."""
        twins = self._get_plate_twins()
        for vehicle in self:
            texts = []
            if vehicle.license_plate and not plate_kind(vehicle.license_plate):
                texts.append(
                    self.env._(
                        "%(plate)s does not look like a plate of the mainland. Check it, unless it"
                        " is a temporary or foreign plate.",
                        plate=vehicle.license_plate,
                    )
                )
            others = twins.get(vehicle.license_plate, self.browse()) - vehicle._origin
            if others and not vehicle._is_customer_history():
                texts.append(
                    self.env._(
                        "%(cars)s has the same plate. Check which car carries it now.",
                        cars=", ".join(other.vin or other.display_name for other in others),
                    )
                )
            vehicle.license_plate_warning = " ".join(texts)

    def _is_customer_history(self):
        """Whether the car is kept only because a customer has, or had, it."""
        self.ensure_one()
        return self.kind == "customer" or self.status == "customer"

    def _get_plate_twins(self):
        """Cars that somebody may see by plate, for the plates of these cars, in one query."""
        plates = [plate for plate in self.mapped("license_plate") if plate]
        if not plates:
            return {}
        cars = self.search(
            Domain("license_plate", "in", plates)
            & Domain("kind", "!=", "customer")
            & Domain("status", "!=", "customer")
        )
        return cars.grouped("license_plate")

    @api.constrains("license_plate")
    def _check_license_plate(self):
        """A plate has letters and digits only; its form merely warns."""
        for vehicle in self:
            plate = vehicle.license_plate
            if plate and not plate.isalnum():
                raise ValidationError(
                    self.env._(
                        "%(plate)s is no number plate: it has other characters than letters and"
                        " digits. Leave the plate empty while the car has none.",
                        plate=plate,
                    )
                )
