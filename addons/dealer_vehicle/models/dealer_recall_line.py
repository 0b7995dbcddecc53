from odoo import api, fields, models

STATES = [("open", "To do"), ("done", "Done"), ("not_affected", "Not concerned")]


class DealerRecallLine(models.Model):
    """A car of a recall, and whether the defect has been removed."""

    _name = "dealer.recall.line"
    _description = "Car of a Recall"
    _inherit = ["dealer.fact.mixin", "dealer.derived.mixin"]
    _order = "state, id"
    _rec_name = "vehicle_id"

    _fixed_fields = frozenset({"recall_id", "vehicle_id"})
    _fact_fields = frozenset({"state", "date_done", "done_by_id"})

    recall_id = fields.Many2one("dealer.recall", required=True, index=True, ondelete="cascade")
    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="restrict"
    )
    vehicle_status = fields.Selection(related="vehicle_id.status")
    location_id = fields.Many2one(related="vehicle_id.location_id")
    state = fields.Selection(STATES, required=True, default="open", readonly=True)
    is_stopped = fields.Boolean(
        string="Sale Stopped", compute="_compute_is_stopped", store=True, index=True
    )
    date_done = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True)
    note = fields.Char(string="Proof", help="Work order or report of the maker's system.")

    _vehicle_unique = models.Constraint(
        "UNIQUE(recall_id, vehicle_id)", "This car is on the list of the recall already."
    )

    @api.depends("state", "recall_id.state", "recall_id.stop_sale")
    def _compute_is_stopped(self):
        for line in self:
            line.is_stopped = (
                line.state == "open" and line.recall_id.state == "open" and line.recall_id.stop_sale
            )

    def action_done(self):
        """The defect has been removed."""
        return self._finish("done")

    def action_not_affected(self):
        """The check showed that the car has no such defect."""
        return self._finish("not_affected")

    def _finish(self, state):
        self.check_access("write")
        self.recall_id._check_may_finish()
        # sudo: state and signature are not written by hand
        self.sudo().write(
            {
                "state": state,
                "date_done": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
            }
        )
        return True

    def unlink(self):
        """Taking a car off an open recall lifts its stop of sale."""
        if any(line.recall_id.state != "draft" for line in self):
            self.env["dealer.recall"]._check_may_finish()
        return super().unlink()

    def _tell_orders(self):
        """Tell the salespeople whose customers wait for one of these cars."""
        for line in self.filtered("is_stopped"):
            # sudo: whoever enters a recall may not read the orders
            sale_line = line.vehicle_id.sudo().sale_line_id
            if sale_line.dealer_vehicle_held:
                sale_line.order_id.message_post(
                    body=self.env._(
                        "Stop of sale: %(car)s is in the recall %(recall)s. It cannot be delivered"
                        " until it is done.",
                        car=line.vehicle_id.display_name,
                        recall=line.recall_id.display_name,
                    ),
                    partner_ids=sale_line.order_id.user_id.partner_id.ids,
                )
