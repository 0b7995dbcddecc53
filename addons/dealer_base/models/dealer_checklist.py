from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

#: The pairs of states that may follow each other.
TRANSITIONS = {("open", "done"), ("done", "open")}

#: Fields that only the actions write, because they say what happened.
GUARDED_FIELDS = {
    "company_id",
    "done_by_id",
    "done_on",
    "line_ids",
    "name",
    "res_id",
    "res_model",
    "state",
    "template_id",
}

#: Who may reopen a finished checklist.
MANAGER_GROUPS = (
    "dealer_base.group_sales_manager",
    "dealer_base.group_usedcar_manager",
    "dealer_base.group_service_manager",
    "dealer_base.group_parts_manager",
)


class DealerChecklist(models.Model):
    """A template being worked through for one record, e.g. the inspection of one car.

    It can be reached by everybody who reaches that record: access is checked on the record too,
    as ``ir.attachment`` does. When it is done it can only be read, until a manager reopens it.
    """

    _name = "dealer.checklist"
    _description = "Checklist"
    _inherit = ["mail.thread"]
    _order = "state desc, id desc"
    # A remark on a finished checklist is welcome; the checklist itself stays closed.
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    template_id = fields.Many2one(
        "dealer.checklist.template", required=True, index=True, ondelete="restrict"
    )
    note = fields.Text(related="template_id.note")
    res_model = fields.Char("Record type", required=True, readonly=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", required=True)
    record_name = fields.Char("Record", compute="_compute_record_name")
    company_id = fields.Many2one("res.company", index="btree_not_null", readonly=True)
    line_ids = fields.One2many("dealer.checklist.line", "checklist_id", string="Lines")
    line_count = fields.Integer("Items", compute="_compute_progress", store=True)
    not_ok_count = fields.Integer("Not OK", compute="_compute_progress", store=True)
    progress = fields.Integer(
        compute="_compute_progress",
        store=True,
        aggregator="avg",
        help="Share of the items that have a result, in percent.",
    )
    state = fields.Selection(
        [("open", "Open"), ("done", "Done")],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    done_by_id = fields.Many2one("res.users", "Done by", readonly=True, copy=False, tracking=True)
    done_on = fields.Datetime(readonly=True, copy=False)

    _record_index = models.Index("(res_model, res_id)")

    @api.depends("line_ids.result")
    def _compute_progress(self):
        for checklist in self:
            lines = checklist.line_ids
            answered = lines.filtered("result")
            checklist.line_count = len(lines)
            checklist.not_ok_count = len(lines.filtered(lambda line: line.result == "not_ok"))
            checklist.progress = 100 * len(answered) // len(lines) if lines else 0

    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        for model, checklists in self.grouped("res_model").items():
            records = self.env[model].browse(checklists.mapped("res_id")) if model else []
            names = {record.id: record.display_name for record in records}
            for checklist in checklists:
                checklist.record_name = names.get(checklist.res_id, False)

    @api.constrains("template_id", "res_model")
    def _check_template_model(self):
        for checklist in self:
            template = checklist.template_id
            if template.model != checklist.res_model:
                raise ValidationError(
                    self.env._(
                        "The template “%(template)s” is not meant for this kind of record.",
                        template=template.name,
                    )
                )

    # === CREATE, WRITE, ACCESS ===

    @api.model_create_multi
    def create(self, vals_list):
        """Start checklists: the lines are copied from the template, whatever is asked for."""
        for vals in vals_list:
            template = self.env["dealer.checklist.template"].browse(vals.get("template_id"))
            if template and not self.env.su:
                vals = self._drop_guarded_vals(vals)
            self._complete_create_vals(vals, template)
        checklists = super().create(vals_list)
        # sudo: nobody may write items by hand, they are the template's
        for checklist in checklists.sudo():
            if not checklist.line_ids:
                line_vals = checklist.template_id.with_env(self.env)._prepare_checklist_line_vals()
                checklist.line_ids = [fields.Command.create(vals) for vals in line_vals]
        return checklists
