from odoo import fields, models


class StockLocation(models.Model):
    """A place is counted by one open stocktake at a time."""

    _inherit = "stock.location"  # pylint: disable=consider-merging-classes-inherited

    dealer_stocktake_id = fields.Many2one(
        "dealer.stocktake",
        string="Being Counted In",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
