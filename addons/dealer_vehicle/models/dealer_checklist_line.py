from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DealerChecklistLine(models.Model):
    """An item of an inspection may also have been found not OK and repaired at once."""

    _inherit = "dealer.checklist.line"

    result = fields.Selection(selection_add=[("repaired", "Repaired")])

    @api.constrains("result", "measured_text", "note")
    def _check_repair_has_note(self):
        """A repair says what was done, and a repaired measure has been measured again."""
        for line in self.filtered(lambda line: line.result == "repaired"):
            if not line.note:
                raise ValidationError(
                    self.env._(
                        "%(item)s: write in the note what was repaired, then mark it as repaired.",
                        item=line.name,
                    )
                )
            if line.is_out_of_limit:
                raise ValidationError(
                    self.env._(
                        "%(item)s: measure again after the repair; %(value)s is outside the limit "
                        "(%(limit)s).",
                        item=line.name,
                        value=line.measured_text,
                        limit=line.limit_text,
                    )
                )
