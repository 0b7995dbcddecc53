from odoo import api, fields, models
from odoo.fields import Domain

from .sale_order_line_gate import DeliveryBlocker


class DealerVehicle(models.Model):
    """Recalls that concern a car, and the stop of sale."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    recall_line_ids = fields.One2many("dealer.recall.line", "vehicle_id", string="Recalls")
    recall_count = fields.Integer(string="Open Recalls", compute="_compute_recall")
    is_sale_stopped = fields.Boolean(
        string="Sale Stopped", compute="_compute_recall", search="_search_is_sale_stopped"
    )

    @api.depends("recall_line_ids.state", "recall_line_ids.is_stopped")
    def _compute_recall(self):
        for vehicle in self:
            lines = vehicle.recall_line_ids
            vehicle.recall_count = len(lines.filtered(lambda line: line.state == "open"))
            vehicle.is_sale_stopped = any(lines.mapped("is_stopped"))

    @api.model
    def _search_is_sale_stopped(self, operator, value):
        if operator != "in":
            return NotImplemented
        stopped = Domain("recall_line_ids", "any!", Domain("is_stopped", "=", True))
        return stopped if True in value else ~stopped

    @api.model
    def _dealer_get_free_domain(self):
        return super()._dealer_get_free_domain() & Domain("is_sale_stopped", "=", False)

    def _get_decision_error(self):
        """A car in an open recall can be neither sold nor promised."""
        error = super()._get_decision_error()
        if error:
            return error
        stopped = self.recall_line_ids.filtered("is_stopped")
        if not stopped:
            return None
        return self.env._(
            "%(car)s is in the open recall %(recall)s: its sale is stopped. Choose another car, or"
            " ask the service manager when it is done.",
            car=self.display_name,
            recall=stopped[0].recall_id.display_name,
        )

    def _get_recall_blockers(self):
        """Why the car may not leave because of a recall."""
        self.ensure_one()
        return [
            DeliveryBlocker(
                "recall",
                self.env._("the recall %(recall)s is open", recall=line.recall_id.display_name),
                self.env._("service manager: have it done and record it"),
            )
            for line in self.recall_line_ids.filtered("is_stopped")
        ]

    def action_view_recalls(self):
        """Open the recalls of these cars."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_recall_line_action"
        )
        return dict(action, domain=[("vehicle_id", "in", self.ids)], context={})
