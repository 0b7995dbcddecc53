from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    dealer_price_class_id = fields.Many2one(
        "dealer.price.class",
        string="Price Class of Parts",
        index="btree_not_null",
        ondelete="restrict",
        help="Prices at which this customer buys parts. Empty: retail.",
    )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "dealer_price_class_id"]
