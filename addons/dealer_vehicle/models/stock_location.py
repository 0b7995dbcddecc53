from odoo import fields, models


class StockLocation(models.Model):
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
