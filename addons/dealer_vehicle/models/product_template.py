from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    dealer_product_policy = fields.Selection(related="categ_id.dealer_product_policy")
