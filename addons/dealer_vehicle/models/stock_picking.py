from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    dealer_vehicle_ids = fields.Many2many(
        "dealer.vehicle", string="Cars", compute="_compute_dealer_vehicle_ids"
    )
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_ids"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_dealer_vehicle_ids(self):
        """Cars on the lines of the transfer, by order line or by serial number.

        Only those that the user may see: one may stand with a sister company by now.
        """
        for picking in self:
            moves = picking.move_ids
            vehicles = (
                moves.sale_line_id.dealer_vehicle_id
                | moves.purchase_line_id.dealer_vehicle_id
                | picking.move_line_ids.lot_id.dealer_vehicle_ids
            )
            picking.dealer_vehicle_ids = vehicles._filtered_access("read")
            picking.dealer_vehicle_count = len(picking.dealer_vehicle_ids)

    def action_view_dealer_vehicles(self):
        """Open the cars of these transfers."""
        return self.dealer_vehicle_ids._get_records_action(name=self.env._("Cars"))

    def action_start_arrival_check(self):
        """Check the cars of this receipt, one checklist for each."""
        return self.dealer_vehicle_ids.action_start_arrival_check()

    def button_validate(self):
        """Say why a car is not there to be handed over, before Odoo finds nothing reserved."""
        waiting = self.move_ids.filtered(
            lambda move: (
                move.state in ("confirmed", "waiting", "partially_available") and not move.quantity
            )
        )
        lines = waiting.sale_line_id.filtered("dealer_vehicle_held")
        if lines:
            lines._dealer_check_delivery_gates()
        return super().button_validate()
