from odoo import models


class SaleOrderDiscount(models.TransientModel):
    """Button “Discount” of a quotation."""

    _inherit = "sale.order.discount"

    def _get_discount_product(self):
        """OVERRIDE sale: the first discount of a dealership is given by a consultant.

        Odoo asks him to fetch an administrator, because he may not make its product.
        """
        company = self.company_id.sudo()  # sudo: the one product behind a button, not his choice
        if not company.sale_discount_product_id:
            company.sale_discount_product_id = company.env["product.product"].create(
                self._prepare_discount_product_values()
            )
        return super()._get_discount_product()
