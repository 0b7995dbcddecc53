from datetime import timedelta
from math import ceil

from odoo import fields, models


class StockMove(models.Model):
    """Who gets a new part owes the old one."""

    _inherit = "stock.move"

    def _dealer_after_issue(self):
        """One old part is due for each piece."""
        result = super()._dealer_after_issue()
        moves = self.filtered("product_id.dealer_core_required")
        vals_list = []
        for move in moves:
            # a piece and its tag; parts with old ones are not sold by the litre
            vals_list += [move._prepare_core_vals() for _piece in range(ceil(move.quantity))]
        # sudo: who hands parts out opens the ledger without choosing what it says
        self.env["dealer.core"].sudo().create(vals_list)
        return result

    def _prepare_core_vals(self):
        self.ensure_one()
        line = self.dealer_part_request_line_id
        request = line.request_id
        days = int(
            self.env["dealer.parameter"]._get_value("part_core_due_days", company=self.company_id)
        )
        return {
            "product_id": self.product_id.id,
            "request_line_id": line.id,
            "issue_move_id": self.id,
            "warehouse_id": (request.warehouse_id or self.location_id.warehouse_id).id,
            "technician_id": request.technician_id.id,
            "partner_id": (request or self.picking_id).partner_id.id,
            "date_due": fields.Date.context_today(self) + timedelta(days=days),
        }

    def _dealer_after_part_return(self):
        """Unused parts leave no old ones behind."""
        result = super()._dealer_after_part_return()
        # sudo: as above
        Core = self.env["dealer.core"].sudo()
        for move in self.filtered("product_id.dealer_core_required"):
            cores = Core.search(
                [
                    ("issue_move_id", "=", move.origin_returned_move_id.id),
                    ("state", "=", "expected"),
                ],
                limit=ceil(move.quantity),
            )
            if cores:
                cores._go("cancel", ended_on=fields.Date.context_today(self))
        return result
