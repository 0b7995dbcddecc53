from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerPriceClass(models.Model):
    """For whom a price is: retail, wholesale, the maker's warranty, the house itself."""

    _name = "dealer.price.class"
    _description = "Price Class of Parts"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Heading of its column in price files.")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex("(code)", "Another price class has this code.")

    @api.model
    def _get_retail(self):
        # nobody can remove it: no need to look whether it is there
        retail_id = self.env["ir.model.data"]._xmlid_to_res_id("dealer_parts.price_class_retail")
        return self.browse(retail_id)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_shipped(self):
        """Counter, workshop and claims ask for these by name."""
        shipped = self.env["ir.model.data"].search(
            [("model", "=", self._name), ("module", "=", "dealer_parts")]
        )
        if set(self.ids) & set(shipped.mapped("res_id")):
            raise UserError(self.env._("The suite needs this price class. Archive it instead."))
