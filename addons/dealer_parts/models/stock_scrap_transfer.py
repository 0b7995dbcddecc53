from odoo import fields, models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    dealer_part_transfer_line_id = fields.Many2one(
        "dealer.part.transfer.line",
        string="Lost on the Way",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _prepare_move_values(self):
        """The transfer of the lost parts learns that they are settled."""
        return dict(
            super()._prepare_move_values(),
            dealer_part_transfer_line_id=self.dealer_part_transfer_line_id.id,
        )
