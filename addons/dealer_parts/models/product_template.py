from odoo import api, fields, models

from ..tools.part_number import normalise

ORIGIN_CLASSES = [
    ("oem", "Original"),
    ("brand", "Brand"),
    ("after", "Aftermarket"),
    ("reman", "Remanufactured"),
    ("used", "Used"),
]


class ProductTemplate(models.Model):
    """A part: a stored product of a class of parts; its internal reference is its part number."""

    _inherit = "product.template"

    dealer_is_part = fields.Boolean(
        string="Is a Part",
        related="categ_id.dealer_is_part",
        store=True,
        index="btree_not_null",
    )
    dealer_part_key = fields.Char(
        string="Part Number (Searched)",
        compute="_compute_dealer_part_key",
        store=True,
        index="trigram",
        help="The part number in upper case, letters and digits only.",
    )
    dealer_maker_number = fields.Char(
        string="Maker's Number", help="Number that the maker of the part itself gives it."
    )
    dealer_maker_key = fields.Char(compute="_compute_dealer_maker_key", store=True, index="trigram")
    dealer_origin_class = fields.Selection(
        ORIGIN_CLASSES,
        string="Origin",
        help="The shop must say which it fits, and let the customer choose (机动车维修管理规定).",
    )

    @api.depends("default_code", "dealer_is_part")
    def _compute_dealer_part_key(self):
        for product in self:
            number = product.dealer_is_part and product.default_code
            product.dealer_part_key = normalise(number) or False

    @api.depends("dealer_maker_number")
    def _compute_dealer_maker_key(self):
        for product in self:
            product.dealer_maker_key = normalise(product.dealer_maker_number) or False
