from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerPriceMatrixLine(models.Model):
    """One band of a matrix: from this cost and this quantity on."""

    _name = "dealer.price.matrix.line"
    _description = "Band of a Price Matrix"
    _order = "matrix_id, cost_from, quantity_from"
    _rec_names_search = ["matrix_id"]

    matrix_id = fields.Many2one(
        "dealer.price.matrix", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="matrix_id.currency_id")
    cost_from = fields.Monetary(help="Cost of one piece without VAT; 0: from the cheapest on.")
    quantity_from = fields.Float(digits="Product Unit")
    percent = fields.Float(
        required=True,
        digits=(6, 2),
        help="Discount off the retail price, or markup on the cost, as the matrix says.",
    )

    _bands_positive = models.Constraint(
        "CHECK (cost_from >= 0 AND quantity_from >= 0)", "Bands begin at zero or above."
    )
    _percent_sane = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 1000)",
        "Enter the percent as a number from 0 to 1,000.",
    )
    _band_unique = models.UniqueIndex(
        "(matrix_id, cost_from, quantity_from)", "The matrix has this band already."
    )

    @api.constrains("percent", "matrix_id")
    def _check_discount(self):
        for line in self:
            if line.matrix_id.method == "discount" and line.percent > 100:
                raise ValidationError(
                    self.env._(
                        "A discount of %(percent)s %% is more than all.", percent=line.percent
                    )
                )
