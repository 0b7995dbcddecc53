from odoo import api, fields, models
from odoo.fields import Domain

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

    dealer_fitment_ids = fields.One2many("dealer.part.fitment", "product_tmpl_id", string="Fits")
    dealer_alternative_ids = fields.One2many(
        "dealer.part.alternative", "product_tmpl_id", string="Alternatives"
    )
    dealer_chain = fields.Char(
        string="Chain", compute="_compute_dealer_chain", help="Its numbers, the oldest first."
    )
    dealer_chain_count = fields.Integer(
        string="Parts of the Chain", compute="_compute_dealer_chain"
    )
    dealer_is_replaced = fields.Boolean(
        string="Replaced",
        compute="_compute_dealer_chain",
        search="_search_dealer_is_replaced",
        help="Only its successor is ordered.",
    )
    dealer_number_search = fields.Char(
        string="Any Number",
        store=False,
        search="_search_dealer_number",
        help="Its number, those of its chain, or the maker's: with or without hyphens and blanks.",
    )

    _dealer_number_unique = models.UniqueIndex(
        "(dealer_part_key, COALESCE(product_brand_id, 0), COALESCE(company_id, 0))"
        " WHERE dealer_part_key IS NOT NULL AND active",
        "Another part of this brand has this number.",
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

    @api.depends(
        "product_variant_ids.dealer_successor_ids", "product_variant_ids.dealer_predecessor_ids"
    )
    def _compute_dealer_chain(self):
        for product in self:
            part = product.product_variant_ids[:1]
            product.dealer_chain = part.dealer_chain
            product.dealer_chain_count = (
                part.dealer_chain.count("→") + 1 if part.dealer_chain else 0
            )
            product.dealer_is_replaced = part.dealer_is_replaced

    def _search_dealer_is_replaced(self, operator, value):
        return Domain("product_variant_ids.dealer_is_replaced", operator, value)

    def _search_dealer_number(self, operator, value):
        """Parts whose number contains the key, and all parts linked to them."""
        if operator not in ("ilike", "=", "like"):
            return NotImplemented
        key = normalise(value)
        if not key:
            return Domain.FALSE
        name = "=" if operator == "=" else "like"
        numbers = Domain("dealer_part_key", name, key) | Domain("dealer_maker_key", name, key)
        parts = self.env["product.product"].search(numbers, limit=1000)
        families = parts._dealer_get_families().values()
        return Domain("product_variant_ids", "in", [i for family in families for i in family.ids])

    # === CRUD ===

    @api.model
    def _dealer_get_tax_type(self, vals):
        """OVERRIDE dealer_vehicle: prices of parts include VAT, as those of accessories."""
        deal_type = super()._dealer_get_tax_type(vals)
        # sudo: the class is read for its defaults, whoever imports parts
        category = self.env["product.category"].browse(vals.get("categ_id") or []).sudo()
        return "accessory" if category.dealer_is_part and not deal_type else deal_type

    @api.onchange("categ_id")
    def _onchange_dealer_part_class(self):
        """The form of a new part shows at once its taxes and that it is kept in stock."""
        if self.categ_id.dealer_is_part and not self._origin and not self.dealer_deal_type:
            taxes = self._dealer_prepare_tax_vals("accessory")
            self.update({"is_storable": True, "invoice_policy": "delivery", **taxes})

    # === CHAIN ===

    def action_dealer_chain(self):
        """Show the parts that replace this one and that it replaces."""
        self.ensure_one()
        family = self.product_variant_id._dealer_get_family()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Supersession of %s", self.product_variant_id._dealer_get_number()),
            "res_model": "dealer.part.supersession",
            "view_mode": "list,form",
            "domain": [("old_product_id", "in", family.ids)],
            "context": {"default_old_product_id": self.product_variant_id.id},
        }
