from odoo import fields, models


class DealerGuidePrice(models.Model):
    """The manufacturer's guide price (指导价) of a trim from a date on."""

    _name = "dealer.guide.price"
    _description = "Guide Price"
    _order = "model_id, date_from desc, id desc"
    _rec_name = "price"

    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", required=True, ondelete="cascade", index=True
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today)
    price = fields.Monetary(required=True)
    currency_id = fields.Many2one(
        "res.currency", required=True, default=lambda self: self.env.company.currency_id
    )
    company_id = fields.Many2one("res.company", index=True)

    _price_positive = models.Constraint("CHECK(price >= 0)", "A price cannot be negative.")
    _date_unique = models.UniqueIndex(
        "(model_id, date_from, COALESCE(company_id, 0))",
        "This trim already has a guide price from that date.",
    )
