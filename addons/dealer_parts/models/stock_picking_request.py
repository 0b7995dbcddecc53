from odoo import fields, models

from odoo.addons.dealer_vehicle.models.stock_picking import StockPicking as CarPicking


class StockPicking(models.Model):
    """Transfers of a parts request: issues with their signature, and returns."""

    _inherit = "stock.picking"
    _fact_fields = CarPicking._fact_fields | {
        "dealer_part_request_id",
        "dealer_is_part_return",
        "dealer_signed_by_id",
        "dealer_signed_on",
    }

    dealer_part_request_id = fields.Many2one(
        "dealer.part.request",
        string="Parts Request",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    dealer_is_part_return = fields.Boolean(string="Parts Come Back", readonly=True, copy=False)
    dealer_signed_by_id = fields.Many2one(
        "res.users", string="Parts Signed For By", readonly=True, copy=False
    )
    dealer_signed_on = fields.Datetime(string="Parts Signed For On", readonly=True, copy=False)

    def _create_backorder(self, backorder_moves=None):
        """What was not there belongs to the same request."""
        backorders = super()._create_backorder(backorder_moves)
        for backorder in backorders:
            request = backorder.backorder_id.dealer_part_request_id
            if request and not backorder.dealer_part_request_id:
                backorder.sudo().dealer_part_request_id = request  # sudo: a fact
        return backorders
