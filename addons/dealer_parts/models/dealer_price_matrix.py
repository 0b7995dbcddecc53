from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.float_utils import float_compare

from ..tools.part_price import get_matrix_price


class DealerPriceMatrix(models.Model):
    """How a price is made when no price of that class is listed (features P-18).

    By cost band, class of customers, customer, class and brand of the part. The most particular
    matrix counts. One for a customer goes before the listed price of his class, too.
    """

    _name = "dealer.price.matrix"
    _description = "Price Matrix"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    class_id = fields.Many2one(
        "dealer.price.class",
        string="Price Class",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        ondelete="cascade",
        index="btree_not_null",
        tracking=True,
        help="Empty: all customers of the price class.",
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Class of Parts",
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
        help="With the classes below it. Empty: all parts.",
    )
    product_brand_id = fields.Many2one("product.brand", string="Brand", ondelete="cascade")
    method = fields.Selection(
        [("discount", "Discount off the retail price"), ("markup", "Markup on the cost")],
        required=True,
        default="discount",
        tracking=True,
    )
    rounding = fields.Float(
        default=0.01, required=True, digits=(12, 2), help="Prices are multiples of it, as 1 or 0.5."
    )
    has_floor = fields.Boolean(
        string="Keep a Markup", help="Never sell below cost and this markup."
    )
    floor_percent = fields.Float(
        string="Lowest Markup %", digits=(6, 2), groups="dealer_parts.group_part_cost"
    )
    date_from = fields.Date(string="Valid From")
    date_to = fields.Date(string="Valid Until")
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, index="btree_not_null"
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id", compute_sudo=True)
    line_ids = fields.One2many("dealer.price.matrix.line", "matrix_id", string="Bands", copy=True)

    _rounding_positive = models.Constraint(
        "CHECK (rounding > 0)", "Prices are rounded to more than zero."
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The matrix ends before it begins."
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for matrix in self:
            matrix.currency_id = (matrix.company_id or self.env.company).currency_id

    # === PRICE ===

    @api.model
    def _get_for(self, price_class, partner=None, date=None, company=None):
        """Matrices of the class that may count for the customer, the most particular first."""
        partner = (partner or self.env["res.partner"]).commercial_partner_id
        date = date or fields.Date.context_today(self)
        company = company or self.env.company
        domain = (
            Domain("class_id", "=", price_class.id)
            & Domain("partner_id", "in", [False, *partner.ids])
            & Domain("company_id", "in", [False, *company.parent_ids.ids])
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", date))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date))
        )
        # sudo: the counter sells by prices that only managers see
        return self.sudo().search(domain).sorted(lambda matrix: matrix._get_rank())

    def _get_rank(self):
        depth = len((self.categ_id.parent_path or "").split("/"))
        return (not self.partner_id, not self.product_brand_id, -depth, self.sequence, self.id)

    def _fits(self, part):
        if self.product_brand_id and self.product_brand_id != part.product_brand_id:
            return False
        path = self.categ_id.parent_path
        return not path or (part.categ_id.parent_path or "").startswith(path)

    def _get_line(self, cost, quantity):
        """The line of the highest band that the part reaches."""
        reached = self.line_ids.filtered(
            lambda line: (
                float_compare(line.cost_from, cost, precision_digits=2) <= 0
                and float_compare(line.quantity_from, quantity, precision_digits=3) <= 0
            )
        )
        return max(reached, key=lambda line: (line.quantity_from, line.cost_from), default=None)

    def _get_price(self, part, quantity, retail, cost, vat):
        """Price of the part by this matrix, and its line; ``(None, None)`` when no band fits."""
        line = self._get_line(cost, quantity)
        if not line or (self.method == "markup" and cost <= 0):
            return None, None
        price = get_matrix_price(
            self.method,
            line.percent,
            retail,
            cost,
            vat=vat,
            rounding=self.rounding,
            floor=self.floor_percent if self.has_floor else None,
        )
        return float(price), line
