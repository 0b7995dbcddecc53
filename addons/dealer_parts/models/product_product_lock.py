from odoo import models
from odoo.tools import SQL


class ProductProduct(models.Model):
    """The stock of a part is promised to one person at a time."""

    _inherit = "product.product"  # pylint: disable=consider-merging-classes-inherited

    def _dealer_lock_stock(self, warehouse):
        """Wait for whoever takes these parts from the store at this moment.

        Odoo passes by quants that somebody else holds, and makes a negative one beside them. Here
        the second person waits; what the first one changed makes the request start again, and it
        then sees what is left.
        """
        if not self:
            return
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                SELECT quant.id
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                 WHERE quant.product_id IN %s AND place.warehouse_id = %s
                   AND place.usage = 'internal'
              ORDER BY quant.id
                   FOR UPDATE OF quant
                """,
                tuple(self.ids),
                warehouse.id,
            )
        )
