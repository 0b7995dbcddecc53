from odoo import api, fields, models


class AccountMove(models.Model):
    """To which store an invoice or bill belongs: that of its deal, of its purchase, or of its car.

    Only the rules of salespeople and buyers ask; who keeps the books reads all invoices.
    """

    _inherit = "account.move"  # pylint: disable=consider-merging-classes-inherited

    dealer_store_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        compute="_compute_dealer_store_id",
        store=True,
        index="btree_not_null",
    )
    dealer_has_many_stores = fields.Boolean(
        string="Of Several Stores",
        compute="_compute_dealer_store_id",
        store=True,
        help="The lines belong to deals or purchases of several stores. Such a document is read"
        " by people of all stores and by accounting.",
    )

    @api.depends(
        "move_type",
        "line_ids.sale_line_ids.order_id.warehouse_id",
        "line_ids.purchase_line_id.order_id.picking_type_id",
        "line_ids.dealer_vehicle_id",
        "line_ids.dealer_sale_id.warehouse_id",
    )
    def _compute_dealer_store_id(self):
        """A cost of a car without an order goes to the store that has the car on that day."""
        for move in self.sudo():  # sudo: who writes a bill need not read orders and cars
            stores = move._dealer_find_stores() if move.is_invoice(True) else None
            move.dealer_store_id = stores[:1] if stores else False
            move.dealer_has_many_stores = bool(stores) and len(stores) > 1

    def _dealer_find_stores(self):
        """Stores of the documents behind the lines of one invoice."""
        self.ensure_one()
        lines = self.line_ids
        stores = lines.sale_line_ids.order_id.warehouse_id
        stores |= lines.dealer_sale_id.warehouse_id
        stores |= lines.purchase_line_id.order_id.picking_type_id.warehouse_id
        if stores:
            return stores
        cars = lines.dealer_vehicle_id
        return cars.sale_line_id.order_id.warehouse_id or cars.warehouse_id
