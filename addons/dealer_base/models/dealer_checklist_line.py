from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ..tools.measure import parse_measure

#: What people write when they fill in a checklist; everything else is a copy of the template.
ANSWER_FIELDS = {"result", "measured_text", "measured_value", "note", "attachment_ids"}


class DealerChecklistLine(models.Model):
    """One item of a started checklist: what was found, by whom and when.

    Texts and limits are a copy of the template at the moment of the start. Only the answer can be
    written, and only while the checklist is open; the access check says so, so that photos of a
    finished checklist cannot be exchanged either.
    """

    _name = "dealer.checklist.line"
    _description = "Checklist Line"
    _inherit = ["dealer.checklist.item.mixin"]
    _order = "checklist_id, sequence, id"

    checklist_id = fields.Many2one(
        "dealer.checklist", required=True, index=True, ondelete="cascade"
    )
    template_line_id = fields.Many2one(
        "dealer.checklist.template.line", index="btree_not_null", ondelete="set null"
    )
    checklist_state = fields.Selection(related="checklist_id.state")
    result = fields.Selection(
        [("ok", "OK"), ("not_ok", "Not OK"), ("not_applicable", "Not applicable")],
        compute="_compute_result",
        store=True,
        readonly=False,
    )
    measured_text = fields.Char(
        "Measured value",
        help="As it was typed; empty means not measured, which is not the same as 0.",
    )
    measured_value = fields.Float(
        "Measured number",
        digits=(16, 3),
        compute="_compute_measured_value",
        inverse="_inverse_measured_value",
        store=True,
    )
    limit_text = fields.Char("Expected", compute="_compute_limit_text")
    is_out_of_limit = fields.Boolean(compute="_compute_is_out_of_limit")
    note = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Photos and documents", copy=False)
    attachment_count = fields.Integer("Photos", compute="_compute_attachment_count")
    checked_by_id = fields.Many2one("res.users", "Checked by", readonly=True, copy=False)
    checked_on = fields.Datetime(readonly=True, copy=False)

    @api.depends("measured_text")
    def _compute_measured_value(self):
        for line in self:
            line.measured_value = parse_measure(line.measured_text) or 0.0

    def _inverse_measured_value(self):
        for line in self:
            line.measured_text = f"{line.measured_value:.3f}".rstrip("0").rstrip(".")

    @api.depends("measured_text", "measure_limit", "measure_min", "measure_max")
    def _compute_is_out_of_limit(self):
        for line in self:
            value = parse_measure(line.measured_text)
            line.is_out_of_limit = value is not None and not line._is_within_limit(value)

    @api.depends("measured_text")
    def _compute_result(self):
        """A value outside the limit is not OK, unless a note says why it is acceptable."""
        for line in self:
            overridden = line.result == "ok" and line.note
            if line.is_out_of_limit and not overridden:
                line.result = "not_ok"
            else:
                line.result = line.result

    @api.depends("measure_unit", "measure_limit", "measure_min", "measure_max")
    def _compute_limit_text(self):
        signs = {"min": "≥ {min:g}", "max": "≤ {max:g}", "range": "{min:g} – {max:g}"}
        for line in self:
            limit = signs.get(line.measure_limit, "").format(
                min=line.measure_min, max=line.measure_max
            )
            line.limit_text = " ".join(part for part in (limit, line.measure_unit) if part)

    @api.depends("attachment_ids")
    def _compute_attachment_count(self):
        for line in self:
            line.attachment_count = len(line.attachment_ids)

    @api.constrains("measured_text")
    def _check_measured_text(self):
        for line in self:
            if line.measured_text and parse_measure(line.measured_text) is None:
                raise ValidationError(
                    self.env._(
                        "“%(text)s” is not a number. Write the measured value of “%(item)s” in "
                        "digits.",
                        text=line.measured_text,
                        item=line.name,
                    )
                )

    @api.constrains("result", "measured_text", "note")
    def _check_override_has_note(self):
        for line in self:
            if line.result == "ok" and line.is_out_of_limit and not line.note:
                raise ValidationError(
                    self.env._(
                        "%(item)s: %(value)s is outside the limit (%(limit)s). Write a note that "
                        "says why it is acceptable before you mark it as OK.",
                        item=line.name,
                        value=line.measured_text,
                        limit=line.limit_text,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.filtered("result")._stamp_check()
        return lines

    def write(self, vals):
        self._check_only_answer(vals)
        if not ANSWER_FIELDS & vals.keys():
            return super().write(vals)
        before = {line: line.result for line in self}
        result = super().write(vals)
        self.filtered(lambda line: "result" in vals or line.result != before[line])._stamp_check()
        return result

    @api.model
    def _check_only_answer(self, vals):
        """Refuse that a person changes what the item asks for, or who answered it."""
        forbidden = vals.keys() - ANSWER_FIELDS
        if forbidden and not self.env.su:
            raise AccessError(
                self.env._(
                    "A started checklist keeps the items and limits of its template; only the "
                    "answers can be written (refused: %(fields)s).",
                    fields=", ".join(sorted(forbidden)),
                )
            )

    def _stamp_check(self):
        """Record who gave the present result, and when."""
        # sudo: people may write only the answer; who and when are never theirs to choose
        lines = self.sudo()
        answered = lines.filtered("result")
        answered.write({"checked_by_id": self.env.uid, "checked_on": fields.Datetime.now()})
        (lines - answered).write({"checked_by_id": False, "checked_on": False})

    def _check_access(self, operation):
        """Follow the checklist: who may fill it in may write its lines, while it is open."""
        result = super()._check_access(operation)
        remaining = self - result[0] if result else self
        if self.env.su or not remaining:
            return result
        checklist_operation = "read" if operation == "read" else "write"
        # sudo: to know the checklist of a line is not yet to read it
        checklists = remaining.sudo().checklist_id.sudo(False)
        refused = checklists._check_access(checklist_operation)
        if not refused:
            return result
        # sudo: see above
        lines = remaining.sudo().filtered(lambda line: line.checklist_id in refused[0])
        return (result[0] if result else self.browse()) | lines.sudo(False), refused[1]

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (self.env.su or bypass_access):
            checklists = self.env["dealer.checklist"].with_context(active_test=False)
            domain = fields.Domain(domain) & fields.Domain(
                "checklist_id", "in", checklists._search(fields.Domain.TRUE)
            )
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def action_set_ok(self):
        self.write({"result": "ok"})

    def action_set_not_ok(self):
        self.write({"result": "not_ok"})

    def action_set_not_applicable(self):
        self.write({"result": "not_applicable"})

    def _get_missing(self):
        """Return what this line still lacks, in words, or an empty list when it is answered.

        Only required items are asked for; an item that does not apply needs no evidence.
        """
        self.ensure_one()
        if not self.is_required or self.result == "not_applicable":
            return []
        missing = []
        if not self.result:
            missing.append(self.env._("no result"))
        if self.needs_measurement and not self.measured_text:
            missing.append(self.env._("no measured value"))
        if self.needs_attachment and not self.attachment_ids:
            missing.append(self.env._("no photo or document"))
        return missing
