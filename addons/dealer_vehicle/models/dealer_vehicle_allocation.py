from odoo import fields, models
from odoo.tools import format_date


class DealerVehicle(models.Model):
    """Free cars on the allocation board."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_get_board_row(self):
        """One car of the board."""
        self.ensure_one()
        incoming = self.status == "on_order"
        expected = self._dealer_get_expected_date() if incoming else False
        color = self.exterior_color_id
        return {
            "id": self.id,
            "vin": self.vin or "",
            "trim": self.model_id.name,
            "series": self.series_id.name or self.brand_id.name,
            "color": color.name or "",
            "html_color": color.html_color or "",
            "interior": self.interior_color_id.name or "",
            "incoming": incoming,
            "expected": format_date(self.env, expected) if expected else "",
            "late": bool(expected) and expected < fields.Date.context_today(self),
            "place": self.location_id.name or "",
            "store": self.warehouse_id.name or "",
            "days": self.days_in_stock,
            "age_band": self.age_band or "",
            "held_by": self.held_by_id.name or "",
        }
