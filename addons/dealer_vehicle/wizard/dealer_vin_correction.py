from odoo import api, fields, models

from odoo.addons.dealer_base.tools.identifiers import check_vin


class DealerVinCorrection(models.TransientModel):
    """Asks for the right VIN of a car that has been received, and how the wrong one came about."""

    _name = "dealer.vin.correction"
    _description = "Correct VIN"

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, readonly=True, ondelete="cascade"
    )
    old_vin = fields.Char(string="Present VIN", related="vehicle_id.vin")
    vin = fields.Char(string="New VIN", required=True)
    vin_warning = fields.Char(string="VIN Warning", compute="_compute_vin_warning")
    reason = fields.Char(required=True, help="Kept in the history of the car.")

    @api.depends("vin")
    def _compute_vin_warning(self):
        """What looks odd about the new VIN; the car itself refuses what is no VIN at all."""
        for wizard in self:
            vehicle = wizard.vehicle_id
            vin = vehicle._normalize_vin(wizard.vin)
            problems = check_vin(vin) if vin else []
            wizard.vin_warning = " ".join(
                str(vehicle._get_vin_problem_text(problem)) for problem in problems
            )

    def action_correct(self):
        """Correct the VIN of car and serial number; see the car for who may."""
        self.ensure_one()
        self.vehicle_id.action_correct_vin(self.vin, self.reason)
        return {"type": "ir.actions.act_window_close"}
