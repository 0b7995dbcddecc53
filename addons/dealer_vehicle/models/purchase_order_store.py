from odoo import api, models


class PurchaseOrder(models.Model):
    """A purchase is received in a store of the person who buys."""

    _inherit = "purchase.order"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _get_picking_type(self, company_id):
        """OVERRIDE purchase_stock: the receipts of an own store, for who works in some only."""
        user = self.env.user
        if user._dealer_get_store_ids():
            store = user.with_company(company_id)._get_default_warehouse_id()
            if store:
                return store.in_type_id
        return super()._get_picking_type(company_id)
