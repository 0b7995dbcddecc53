from odoo import fields, models


class DealerDeliveryBay(models.Model):
    """A place in a store where cars are handed over to their customers, one at a time."""

    _name = "dealer.delivery.bay"
    _description = "Delivery Bay"
    _order = "warehouse_id, sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        related="warehouse_id.company_id",
        store=True,
        precompute=True,
        index=True,
    )

    _name_unique = models.UniqueIndex(
        "(warehouse_id, name)", "This store already has a delivery bay of that name."
    )
