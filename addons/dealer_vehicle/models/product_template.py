from odoo import fields, models

COST_GROUPS = (
    "dealer_base.group_vehicle_cost,stock.group_stock_user,purchase.group_purchase_user,"
    "account.group_account_invoice,account.group_account_readonly,base.group_system"
)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    # The product of a used car is that car: its cost is not for salespeople. Core computes with it
    # as superuser; these are the posts that read it on screen.
    standard_price = fields.Float(groups=COST_GROUPS)
    dealer_product_policy = fields.Selection(related="categ_id.dealer_product_policy")
