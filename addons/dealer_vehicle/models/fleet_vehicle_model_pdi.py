from odoo import fields, models

#: Drives whose cars are new-energy cars (新能源汽车): they are charged, or run on hydrogen.
NEW_ENERGY_FUELS = ("electric", "plug_in_hybrid_diesel", "plug_in_hybrid_gasoline", "hydrogen")


class FleetVehicleModel(models.Model):
    """How cars of a trim are inspected before delivery, and what the maker guarantees."""

    _inherit = "fleet.vehicle.model"  # pylint: disable=consider-merging-classes-inherited

    dealer_pdi_template_id = fields.Many2one(
        "dealer.checklist.template",
        string="PDI Checklist",
        domain="[('model', '=', 'dealer.vehicle'), ('dealer_is_pdi', '=', True)]",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: the general checklist, or that of new-energy cars, by the drive of the trim.",
    )

    def _dealer_get_pdi_template(self):
        """The checklist by which a car of this trim is inspected, if there is any."""
        self.ensure_one()
        if self.dealer_pdi_template_id:
            return self.dealer_pdi_template_id
        suffix = "_nev" if self.default_fuel_type in NEW_ENERGY_FUELS else ""
        template = self.env.ref(
            f"dealer_vehicle.checklist_template_pdi{suffix}", raise_if_not_found=False
        )
        return template or self.env["dealer.checklist.template"]
