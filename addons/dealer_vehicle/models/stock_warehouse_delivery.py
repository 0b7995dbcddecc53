from odoo import fields, models

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
