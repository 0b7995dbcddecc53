from odoo import api, models


class StockWarehouse(models.Model):
    """A warehouse is a store (门店)."""

    _inherit = "stock.warehouse"

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._dealer_create_places()
        return warehouses

    def _dealer_place_names(self):
        """Names of the places that a new store gets, by type."""
        return {
            "yard": self.env._("Yard"),
            "showroom": self.env._("Showroom"),
            "preparation": self.env._("Preparation"),
            "demo": self.env._("Demo"),
        }

    def _dealer_create_places(self):
        """Give each store one place of each type below its stock location, once."""
        # sudo: an administrator of stores need not be a stock manager
        Location = self.env["stock.location"].sudo().with_context(active_test=False)
        existing = {
            (parent.id, place_type)
            for parent, place_type in Location._read_group(
                [
                    ("location_id", "in", self.lot_stock_id.ids),
                    ("dealer_place_type", "!=", False),
                ],
                ["location_id", "dealer_place_type"],
            )
        }
        Location.create(
            [
                {
                    "name": name,
                    "location_id": warehouse.lot_stock_id.id,
                    "usage": "internal",
                    "company_id": warehouse.company_id.id,
                    "dealer_place_type": place_type,
                }
                for warehouse in self
                for place_type, name in warehouse._dealer_place_names().items()
                if (warehouse.lot_stock_id.id, place_type) not in existing
            ]
        )

    def _dealer_place(self, place_type):
        """The store's first place of a type, else its stock location."""
        self.ensure_one()
        return (
            self.env["stock.location"].search(
                [
                    ("location_id", "child_of", self.lot_stock_id.id),
                    ("dealer_place_type", "=", place_type),
                ],
                limit=1,
            )
            or self.lot_stock_id
        )
