from odoo import fields, models


class StockLocation(models.Model):
    _inherit = "stock.location"  # pylint: disable=consider-merging-classes-inherited

    dealer_is_fitment = fields.Boolean(
        "Accessories fitted to our cars",
        help="Goods that go here become part of the cost of a car.",
    )

    _dealer_one_fitment = models.UniqueIndex(
        "(company_id) WHERE dealer_is_fitment",
        "A company has one place for what is fitted to its cars.",
    )
