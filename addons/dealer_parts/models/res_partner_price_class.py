from odoo import api, fields, models
from odoo.exceptions import AccessError


class ResPartner(models.Model):
    _inherit = "res.partner"

    dealer_price_class_id = fields.Many2one(
        "dealer.price.class",
        string="Price Class of Parts",
        index="btree_not_null",
        ondelete="restrict",
        help="Prices at which this customer buys parts. Empty: retail.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("dealer_price_class_id") for vals in vals_list):
            self._dealer_check_price_class()
        return super().create(vals_list)

    def write(self, vals):
        if "dealer_price_class_id" in vals:
            wanted = vals["dealer_price_class_id"] or False
            if any(partner.dealer_price_class_id.id != wanted for partner in self):
                self._dealer_check_price_class()
        return super().write(vals)

    def _dealer_check_price_class(self):
        """At which prices somebody buys is the parts manager's decision."""
        if not self.env.su and not self.env.user.has_group("dealer_base.group_parts_manager"):
            raise AccessError(
                self.env._("Only the parts manager says at which prices a customer buys parts.")
            )

    @api.model
    def _commercial_fields(self):
        return [*super()._commercial_fields(), "dealer_price_class_id"]
