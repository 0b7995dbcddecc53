from odoo import fields, models


class StockPicking(models.Model):
    """Departure and arrival of parts between two stores."""

    _inherit = "stock.picking"

    dealer_part_transfer_id = fields.Many2one(
        "dealer.part.transfer",
        string="Transfer of Parts",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _create_backorder(self, backorder_moves=None):
        """What has not arrived belongs to the same transfer."""
        backorders = super()._create_backorder(backorder_moves)
        for backorder in backorders:
            transfer = backorder.backorder_id.dealer_part_transfer_id
            if transfer:
                backorder.dealer_part_transfer_id = transfer
        return backorders
