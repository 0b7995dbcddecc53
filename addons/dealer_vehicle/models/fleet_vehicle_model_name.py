from odoo import api, models


class FleetVehicleModel(models.Model):
    """What a trim is called.

    Some catalogues put the series before the trim ("轩逸 2023款 …"), others have a column of its
    own for it. Both are stored as they come, because lists of arrivals name trims as the catalogue
    did, and are shown in one form.
    """

    _inherit = "fleet.vehicle.model"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("name", "brand_id", "dealer_series_id.name")
    @api.depends_context("dealer_trim_only")
    def _compute_display_name(self):
        """Brand, series and trim; the trim alone where the other two stand beside it."""
        res = super()._compute_display_name()
        for model in self:
            trim = model._dealer_trim_name()
            series = model.dealer_series_id.name or ""
            if self.env.context.get("dealer_trim_only"):
                model.display_name = trim
            elif series and series not in (model.name or ""):
                brand = f"{model.brand_id.name}/" if model.brand_id.name else ""
                model.display_name = f"{brand}{series} {trim}"
        return res

    def _dealer_trim_name(self):
        """Name of the trim without its series before it."""
        self.ensure_one()
        name, series = self.name or "", self.dealer_series_id.name or ""
        rest = name[len(series) :]
        if series and name.startswith(series) and rest[:1].isspace():
            return rest.strip() or name
        return name
