from datetime import timedelta

from odoo import fields, models


class DealerVehicle(models.Model):
    """The questions that the age of a car asks."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    age_decision_ids = fields.One2many("dealer.age.decision", "vehicle_id")

    def _prepare_age_decision_vals(self, today, days):
        """Question about a car that has entered its present band."""
        self.ensure_one()
        return {
            "vehicle_id": self.id,
            "company_id": self.company_id.id,
            "warehouse_id": self.warehouse_id.id,
            "date_in": self.date_in,
            "band": self.age_band,
            "date": today,
            "deadline": today + timedelta(days=days),
            "user_id": self.warehouse_id._dealer_get_stock_user().id
            if self.warehouse_id
            else False,
        }
