from odoo import api, fields, models


class DealerVehicleDemo(models.TransientModel):
    """Start or end of the use of a car as demo car."""

    _name = "dealer.vehicle.demo"
    _description = "Demo Car"

    vehicle_id = fields.Many2one("dealer.vehicle", string="Car", required=True)
    company_id = fields.Many2one(related="vehicle_id.company_id")
    is_demo = fields.Boolean(compute="_compute_is_demo")
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        domain="[('usage', '=', 'internal'), ('company_id', '=', company_id),"
        " ('dealer_place_type', '!=', False)]",
    )
    odometer = fields.Integer(
        string="Odometer (km)", compute="_compute_odometer", store=True, readonly=False
    )
    purpose = fields.Selection(
        selection=lambda self: (
            self.env["dealer.demo.period"]._fields["purpose"]._description_selection(self.env)
        ),
        default="test_drive",
        required=True,
    )
    user_id = fields.Many2one(
        "res.users", string="Answers For It", default=lambda self: self.env.user
    )
    kind = fields.Selection(
        [("demo", "Demo car"), ("used", "Used car"), ("new", "New car")],
        string="Sell It As",
        default="demo",
        required=True,
    )
    note = fields.Char()

    @api.depends("vehicle_id")
    def _compute_is_demo(self):
        for wizard in self:
            wizard.is_demo = bool(wizard.vehicle_id._get_demo_period())

    @api.depends("vehicle_id")
    def _compute_location_id(self):
        for wizard in self:
            store = wizard.vehicle_id.warehouse_id
            kind = "yard" if wizard.is_demo else "demo"
            wizard.location_id = store._dealer_place(kind) if store else False

    @api.depends("vehicle_id")
    def _compute_odometer(self):
        for wizard in self:
            wizard.odometer = wizard.vehicle_id.odometer

    def action_apply(self):
        """Start or end, as the car is."""
        self.ensure_one()
        if self.is_demo:
            self.vehicle_id._end_demo(self.location_id, self.odometer, self.kind)
        else:
            self.vehicle_id._start_demo(
                self.location_id, self.odometer, self.purpose, self.user_id, self.note
            )
        return {"type": "ir.actions.act_window_close"}
