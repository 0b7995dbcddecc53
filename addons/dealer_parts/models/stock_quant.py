from odoo import models
from odoo.exceptions import UserError


class StockQuant(models.Model):
    """Stock of parts is corrected by counts, which somebody else approves."""

    _inherit = "stock.quant"

    def _apply_inventory(self, date=None):
        self._dealer_check_parts_counted()
        return super()._apply_inventory(date)

    def _dealer_check_counted(self):
        """OVERRIDE dealer_vehicle: what is counted of parts is not entered by hand either."""
        self._dealer_check_parts_counted()
        return super()._dealer_check_counted()

    def _dealer_check_parts_counted(self):
        """Refuse a correction past the counts, except of who sets the database up."""
        if self.env.su or self.env.user.has_group("base.group_system"):
            return
        if any(quant.product_id.dealer_is_part for quant in self):
            raise UserError(
                self.env._(
                    "The stock of parts is corrected by a count that somebody else approves: open"
                    " Parts → Stock Care → Counts."
                )
            )
