from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerPartAlternative(models.Model):
    """Another part that does the same, of another brand or origin (features P-03)."""

    _name = "dealer.part.alternative"
    _description = "Alternative Part"
    _order = "rank, id"
    _rec_names_search = ["alternative_id"]

    product_tmpl_id = fields.Many2one(
        "product.template", string="Part", required=True, index=True, ondelete="cascade"
    )
    rank = fields.Integer(
        default=10, required=True, aggregator=None, help="The lowest rank is offered first."
    )
    alternative_id = fields.Many2one(
        "product.product",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
    )
    product_brand_id = fields.Many2one(related="alternative_id.product_brand_id", string="Brand")
    dealer_origin_class = fields.Selection(related="alternative_id.dealer_origin_class")
    currency_id = fields.Many2one(related="alternative_id.currency_id")
    price = fields.Float(
        related="alternative_id.lst_price", string="Retail Price", digits="Product Price"
    )
    margin_percent = fields.Float(
        related="alternative_id.dealer_retail_margin",
        string="Margin %",
        groups="dealer_parts.group_part_cost",
    )
    free_quantity = fields.Float(
        related="alternative_id.free_qty", string="Free", digits="Product Unit"
    )
    note = fields.Char()

    _alternative_unique = models.UniqueIndex(
        "(product_tmpl_id, alternative_id)", "This alternative is listed already."
    )

    @api.constrains("product_tmpl_id", "alternative_id")
    def _check_parts_differ(self):
        for row in self:
            if row.alternative_id.product_tmpl_id == row.product_tmpl_id:
                raise ValidationError(
                    self.env._(
                        "%s cannot be an alternative of itself.", row.alternative_id.display_name
                    )
                )
