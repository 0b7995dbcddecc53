from odoo import api, models
from odoo.exceptions import UserError

#: What stands where, and whose it is: written by moves, which Odoo does with all rights.
COUNTED = {"location_id", "lot_id", "owner_id", "product_id", "quantity", "reserved_quantity"}


class StockQuant(models.Model):
    """What stands in the yard follows from moves: Odoo lets keepers write the quantity itself."""

    _inherit = "stock.quant"

    @api.model_create_multi
    def create(self, vals_list):
        quants = super().create(vals_list)
        if not self.env.su:
            # a count begins with nothing
            quants.filtered("quantity")._dealer_check_counted()
        return quants

    def write(self, vals):
        if COUNTED & vals.keys() and not self.env.su:
            self._dealer_check_counted()
        return super().write(vals)

    def _dealer_check_counted(self):
        """:raise UserError: one of the rows is a car"""
        for quant in self:
            if quant.product_id.categ_id.dealer_product_policy:
                raise UserError(
                    self.env._(
                        "%(car)s: what stands in the yard follows from transfers and approved"
                        " stocktakes, and is not entered by hand.",
                        car=quant.lot_id.name or quant.product_id.display_name,
                    )
                )
