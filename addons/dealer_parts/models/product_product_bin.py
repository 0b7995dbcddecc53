from odoo import api, fields, models
from odoo.exceptions import UserError


class ProductProduct(models.Model):
    """The default bin of a part in each store is Odoo's own putaway rule."""

    _inherit = "product.product"

    dealer_putaway_ids = fields.One2many("stock.putaway.rule", "product_id", string="Default Bins")

    @api.model
    def _dealer_get_bins(self, products, warehouse):
        """Default bins of parts in a store: dict of product to location."""
        rules = self.env["stock.putaway.rule"].search(
            [
                ("product_id", "in", products.ids),
                ("location_in_id", "=", warehouse.lot_stock_id.id),
            ]
        )
        return {rule.product_id: rule.location_out_id for rule in rules}

    def _dealer_set_bin(self, warehouse, location):
        """Put the part into this bin from now on, in this store."""
        if location.warehouse_id != warehouse or location.usage != "internal":
            raise UserError(
                self.env._(
                    "%(bin)s is no bin of the store %(store)s.",
                    bin=location.display_name,
                    store=warehouse.name,
                )
            )
        # sudo: putaway rules belong to the stock manager, the bin of a part to its keepers
        Rule = self.env["stock.putaway.rule"].sudo()
        rules = Rule.search(
            [
                ("product_id", "in", self.ids),
                ("location_in_id", "=", warehouse.lot_stock_id.id),
            ]
        )
        rules.location_out_id = location
        Rule.create(
            [
                {
                    "product_id": product.id,
                    "location_in_id": warehouse.lot_stock_id.id,
                    "location_out_id": location.id,
                    "company_id": warehouse.company_id.id,
                }
                for product in self - rules.product_id
            ]
        )
