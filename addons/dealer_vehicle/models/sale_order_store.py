from odoo import api, models


class SaleOrder(models.Model):
    """A deal belongs to a store of the person who writes it."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    @api.depends("user_id", "company_id")
    def _compute_warehouse_id(self):
        """OVERRIDE sale_stock: the store of the salesperson, if its writer works there too.

        A customer may be looked after by somebody in another store; whoever quotes there would
        be refused his own quotation.
        """
        res = super()._compute_warehouse_id()
        user = self.env.user
        stores = user._dealer_get_store_ids()
        if stores:
            # an order that exists already goes with its salesperson, as in Odoo
            for order in self.filtered(lambda order: order.warehouse_id and not order._origin.id):
                if order.warehouse_id.id not in stores:
                    order.warehouse_id = user.with_company(
                        order.company_id.id
                    )._get_default_warehouse_id()
        return res
