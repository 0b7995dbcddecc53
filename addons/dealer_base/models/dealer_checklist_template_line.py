from odoo import api, fields, models


class DealerChecklistTemplateLine(models.Model):
    """One item of a checklist template, with what counts as an answer to it."""

    _name = "dealer.checklist.template.line"
    _description = "Checklist Template Line"
    _inherit = ["dealer.checklist.item.mixin"]
    _order = "sequence, id"

    template_id = fields.Many2one(
        "dealer.checklist.template", required=True, index=True, ondelete="cascade"
    )
    section = fields.Char(translate=True)
    name = fields.Char("Item", translate=True)
    instruction = fields.Text(translate=True)
    measure_unit = fields.Char("Unit", translate=True)

    _measure_limits = models.Constraint(
        "CHECK (measure_limit != 'range' OR measure_min <= measure_max)",
        "The lower limit of a measured value may not be above its upper limit.",
    )

    @api.model
    def _get_snapshot_fields(self):
        """Hook: the fields that a checklist line copies from its template line."""
        return [
            "sequence",
            "section",
            "name",
            "instruction",
            "is_required",
            "needs_attachment",
            "needs_measurement",
            "measure_unit",
            "measure_limit",
            "measure_min",
            "measure_max",
        ]

    def _prepare_checklist_line_vals(self):
        """Return the values of the checklist line that this line becomes.

        Texts are taken in the language of the person who starts the checklist: the copy is what
        this person, or a customer beside the car, signs.
        """
        self.ensure_one()
        vals = {name: self[name] for name in self._get_snapshot_fields()}
        return {"template_line_id": self.id, **vals}
