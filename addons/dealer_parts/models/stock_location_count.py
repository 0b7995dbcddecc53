from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    dealer_part_count_id = fields.Many2one(
        "dealer.part.count",
        string="Frozen By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="A full count is under way here: nothing moves until it is approved or cancelled.",
    )
