from odoo import api, fields, models


class DealerFactoryPlanPropose(models.TransientModel):
    """Which store plans which month."""

    _name = "dealer.factory.plan.propose"
    _description = "Propose an Order Plan"

    month = fields.Date(
        required=True,
        default=lambda self: self.env["dealer.factory.plan"].default_get(["month"])["month"],
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        default=lambda self: (
            self.env.user.property_warehouse_id
            or self.env["stock.warehouse"].search(
                [("company_id", "=", self.env.company.id)], limit=1
            )
        ),
    )

    @api.onchange("month")
    def _onchange_month(self):
        """Any day of the month will do."""
        if self.month:
            self.month = fields.Date.start_of(self.month, "month")

    def action_propose(self):
        """Make the plan lines and show them."""
        self.ensure_one()
        plans = self.env["dealer.factory.plan"]._propose(
            fields.Date.start_of(self.month, "month"), self.warehouse_id
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_factory_plan_action"
        )
        return dict(action, domain=[("id", "in", plans.ids)], context={})
