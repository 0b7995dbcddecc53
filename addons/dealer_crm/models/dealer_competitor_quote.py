from odoo import api, fields, models


class DealerCompetitorQuote(models.Model):
    """What a rival offers a customer of ours (竞品): car, dealer and price."""

    _name = "dealer.competitor.quote"
    _description = "Offer of a Competitor"
    _rec_names_search = ["dealer", "model", "brand_id"]
    _inherit = "dealer.linked.mixin"
    _order = "date desc, id desc"

    _linked_fields = {"lead_id": "write"}

    lead_id = fields.Many2one(
        "crm.lead", string="Customer", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="lead_id.company_id")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    date = fields.Date(required=True, default=fields.Date.context_today)
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand", index="btree_not_null", ondelete="restrict"
    )
    model = fields.Char(string="Car")
    dealer = fields.Char(string="Competitor")
    is_same_brand = fields.Boolean(string="Same Brand", help="Another dealer of our own brand.")
    price = fields.Monetary(help="What the rival asks, tax included.")
    is_bought = fields.Boolean(string="Bought There")
    note = fields.Char()

    _price_positive = models.Constraint("CHECK (price >= 0)", "A price cannot be negative.")
    _says_something = models.Constraint(
        "CHECK (brand_id IS NOT NULL OR model IS NOT NULL OR dealer IS NOT NULL)",
        "Say whose offer it is: brand, car or competitor.",
    )

    @api.depends("brand_id", "model", "dealer")
    def _compute_display_name(self):
        for quote in self:
            words = (quote.brand_id.name, quote.model, quote.dealer)
            quote.display_name = " ".join(filter(None, words))
