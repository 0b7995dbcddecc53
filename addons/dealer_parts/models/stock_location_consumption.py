from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"

    dealer_is_part_consumption = fields.Boolean(
        string="Consumption of Parts",
        help="Parts that the shop uses itself go here. The valuation account of the location is the"
        " expense.",
    )

    _dealer_one_part_consumption = models.UniqueIndex(
        "(company_id) WHERE dealer_is_part_consumption",
        "A company has one location for the parts that it uses itself.",
    )
