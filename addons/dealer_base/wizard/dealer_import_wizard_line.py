from odoo import fields, models


class DealerImportWizardLine(models.AbstractModel):
    """One row of the preview of an import: what was read and whether it can be imported.

    A concrete line adds ``wizard_id`` and the columns worth looking at.
    """

    _name = "dealer.import.wizard.line"
    _description = "Row of an import preview"
    _order = "line_number, id"

    line_number = fields.Integer(string="Line", readonly=True, aggregator=None)
    status = fields.Selection(
        selection=[("ok", "OK"), ("warning", "Check"), ("error", "Error")],
        readonly=True,
    )
    reason = fields.Text(readonly=True)
