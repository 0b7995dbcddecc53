from odoo import api, fields, models

from .stock_warehouse_numbers import PAPERS

# hand-overs are prepared and given up again: their numbers may have gaps
PAPERS["delivery"] = ("dealer_delivery_sequence_id", "JC", False)


class StockWarehouse(models.Model):
    """Where a store hands cars over, and how it numbers that."""

    _inherit = "stock.warehouse"  # pylint: disable=consider-merging-classes-inherited

    dealer_delivery_sequence_id = fields.Many2one(
        "ir.sequence", string="Delivery Numbers", copy=False, check_company=True
    )
    dealer_delivery_bay_ids = fields.One2many(
        "dealer.delivery.bay", "warehouse_id", string="Delivery Bays"
    )

    @api.model_create_multi
    def create(self, vals_list):
        stores = super().create(vals_list)
        stores._dealer_create_bays()
        return stores

    @api.model
    def _dealer_create_all_bays(self):
        """Give every store of this database a delivery bay, once (data file)."""
        self.with_context(active_test=False).search(
            [("company_id", "!=", False)]
        )._dealer_create_bays()

    def _dealer_create_bays(self):
        """Give each store that never had one a bay; a store that archived its own keeps none."""
        # sudo: an administrator of stores need not be a manager of deliveries
        Bay = self.env["dealer.delivery.bay"].sudo().with_context(active_test=False)
        known = Bay.search([("warehouse_id", "in", self.ids)]).warehouse_id
        Bay.create(
            [
                {"name": self.env._("Delivery Bay 1"), "warehouse_id": store.id}
                for store in self - known
            ]
        )
