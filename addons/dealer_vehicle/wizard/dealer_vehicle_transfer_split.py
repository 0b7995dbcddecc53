from odoo import fields, models

from .dealer_vehicle_cost_entry import SPLIT_METHODS


class DealerVehicleTransfer(models.TransientModel):
    """How the freight of a transfer is divided between its cars."""

    _inherit = "dealer.vehicle.transfer"  # pylint: disable=consider-merging-classes-inherited

    freight_split = fields.Selection(
        SPLIT_METHODS, string="Divide the Freight", required=True, default="equal"
    )

    def _prepare_freight_vals(self):
        """Divide as chosen."""
        vals = super()._prepare_freight_vals()
        for _command, _id, line in vals["cost_lines"]:
            line["split_method"] = self.freight_split
        return vals
