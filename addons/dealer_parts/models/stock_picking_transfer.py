from odoo import fields, models

from .stock_picking_request import StockPicking as RequestPicking


class StockPicking(models.Model):
    """Departure and arrival of parts between two stores."""

    _inherit = "stock.picking"
    _fact_fields = RequestPicking._fact_fields | {"dealer_part_transfer_id"}

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
                backorder.sudo().dealer_part_transfer_id = transfer  # sudo: a fact
        return backorders
