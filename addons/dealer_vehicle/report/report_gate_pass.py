from odoo import api, models


class ReportGatePass(models.AbstractModel):
    """The gate pass: printed for cars that have been handed over, and for no other."""

    _name = "report.dealer_vehicle.report_gate_pass"
    _description = "Gate Pass"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Refuse to print a pass for a car that nobody has released, whoever asks by which way."""
        deliveries = self.env["dealer.delivery"].browse(docids)
        deliveries.check_access("read")
        deliveries._check_released()
        return {"doc_ids": docids, "doc_model": deliveries._name, "docs": deliveries}
