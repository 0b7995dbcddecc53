from odoo import api, fields, models
from odoo.fields import Domain


class StockLocation(models.Model):
    """A place for cars is called by its store and name, not by codes of a warehouse."""

    _inherit = "stock.location"

    dealer_place_type = fields.Selection(
        [
            ("yard", "Yard"),
            ("showroom", "Showroom"),
            ("preparation", "Preparation"),
            ("demo", "Demo"),
        ],
        string="Place Type",
        index="btree_not_null",
        help="What kind of place for cars this is. Places lie below the stock location of"
        " their store, otherwise their cars could not be reserved.",
    )

    @api.depends("dealer_place_type", "location_id.dealer_place_type", "warehouse_id.name")
    @api.depends_context("dealer_place_names")
    def _compute_display_name(self):
        res = super()._compute_display_name()
        everywhere = self.env.context.get("dealer_place_names")
        for place in self:
            # sudo: the car is seen, so where it stands is, in a sister company, too
            known = place.sudo()
            is_place = known.dealer_place_type or known.location_id.dealer_place_type
            if known.usage == "internal" and known.warehouse_id and (everywhere or is_place):
                place.display_name = known._dealer_place_name()
        return res

    def _dealer_place_name(self):
        """Store and place, e.g. "North Store Yard"; the store alone for its stock location."""
        self.ensure_one()
        names, place = [], self
        while place.usage == "internal" and place != self.warehouse_id.lot_stock_id:
            names.append(place.name)
            place = place.location_id
        return " ".join([self.warehouse_id.name, *reversed(names)])

    @api.model
    def _search_display_name(self, operator, value):
        """Places are found by the name under which they are shown, too."""
        domain = Domain(super()._search_display_name(operator, value))
        if operator not in ("ilike", "like") or not isinstance(value, str) or not value.split():
            return domain
        words = Domain.AND(
            Domain("complete_name", operator, word) | Domain("warehouse_id.name", operator, word)
            for word in value.split()
        )
        return domain | (Domain("usage", "=", "internal") & words)
