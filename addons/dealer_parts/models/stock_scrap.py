from decimal import Decimal

from odoo import api, fields, models


class StockScrap(models.Model):
    """A part is scrapped only after somebody else has approved it (approval matrix, losses)."""

    _inherit = "stock.scrap"

    dealer_loss_level = fields.Selection(selection_add=[("part", "Parts or service manager")])

    def _dealer_get_parts(self):
        return self.filtered("product_id.dealer_is_part")

    def _dealer_get_loss(self):
        """A part is lost at its average cost of today."""
        if not self._dealer_get_parts():
            return super()._dealer_get_loss()
        scrap = self.sudo()  # sudo: who scraps need not see costs
        product = scrap.product_id.with_company(scrap.company_id)
        quantity = scrap.product_uom_id._compute_quantity(scrap.scrap_qty, product.uom_id)
        cost = Decimal(str(product.standard_price))
        return cost * Decimal(str(quantity)), not cost

    @api.depends("product_id", "scrap_qty", "product_uom_id")
    def _compute_dealer_loss_level(self):
        res = super()._compute_dealer_loss_level()
        for scrap in self._dealer_get_parts():
            if scrap.dealer_loss_level == "1":
                scrap.dealer_loss_level = "part"
        return res

    def do_scrap(self):
        """Refuse a loss of parts that nobody else has decided on; Odoo itself is not asked."""
        if not self.env.user._is_superuser():
            self._dealer_get_parts()._dealer_check_loss_approved()
        return super().do_scrap()
