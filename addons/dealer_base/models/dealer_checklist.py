from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

#: The pairs of states that may follow each other.
TRANSITIONS = {("open", "done"), ("done", "open")}

#: What people choose when they start a checklist; the rest follows from it.
START_FIELDS = {"template_id", "res_model", "res_id"}

#: Fields that only the actions write, because they say what happened.
GUARDED_FIELDS = START_FIELDS | {"company_id", "done_by_id", "done_on", "name", "state"}

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
    res_model = fields.Char("Record type", required=True)
    res_id = fields.Many2oneReference("Record ID", model_field="res_model", required=True)
    record_name = fields.Char("Record", compute="_compute_record_name")
    company_id = fields.Many2one("res.company", index="btree_not_null", readonly=True)
    line_ids = fields.One2many("dealer.checklist.line", "checklist_id", string="Items")
    line_count = fields.Integer("Number of items", compute="_compute_progress", store=True)
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
            known = model in self.env
            records = self.env[model].browse(checklists.mapped("res_id")).exists() if known else []
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
        """Start checklists: name, company and lines follow from the template and the record."""
        if not self.env.su:
            vals_list = [
                {name: value for name, value in vals.items() if name not in GUARDED_FIELDS}
                | {name: vals[name] for name in START_FIELDS & vals.keys()}
                | {"line_ids": []}
                for vals in vals_list
            ]
        checklists = super().create([self._prepare_start_vals(vals) for vals in vals_list])
        for checklist in checklists:
            # sudo: items are the template's; nobody writes them by hand
            checklist.sudo().line_ids = [
                fields.Command.create(vals)
                for vals in checklist.template_id._prepare_checklist_line_vals()
            ]
        return checklists

    @api.model
    def _prepare_start_vals(self, vals):
        """Complete the values of a new checklist from its template and its record."""
        template = self.env["dealer.checklist.template"].browse(vals.get("template_id"))
        carriers = self.env.registry.descendants(["dealer.checklist.mixin"], "_inherit")
        if not template or vals.get("res_model") not in carriers:
            raise UserError(
                self.env._("Start a checklist from the record that it is about, with a template.")
            )
        record = self.env[vals["res_model"]].browse(vals.get("res_id"))
        company = record._get_checklist_company() if record else self.env.company
        return {"name": template.name, "company_id": company.id, **vals}

    def write(self, vals):
        if GUARDED_FIELDS & vals.keys() and not self.env.su:
            raise AccessError(
                self.env._("A checklist is finished and reopened only by its buttons.")
            )
        return super().write(vals)

    def _check_access(self, operation):
        """Follow the access to the record, and keep finished checklists closed.

        Reading needs reading the record; anything else needs ``_checklist_fill_access`` of its
        model and an open checklist.
        """
        result = super()._check_access(operation)
        remaining = self - result[0] if result else self
        if self.env.su or not remaining:
            return result
        # sudo: the reference must be known to find out whether its record may be reached
        forbidden = remaining.sudo()._filter_unreachable(operation).sudo(False)
        if forbidden:
            refused = (result[0] if result else self.browse()) | forbidden
            return refused, result[1] if result else lambda: forbidden._make_reach_error()
        if operation in ("write", "unlink"):
            # sudo: inside the access check the state cannot be asked for with access checks
            closed = remaining.sudo().filtered(lambda checklist: checklist.state == "done")
            if closed:
                closed = closed.sudo(False)
                refused = (result[0] if result else self.browse()) | closed
                return refused, result[1] if result else lambda: closed._make_closed_error()
        return result

    def _filter_unreachable(self, operation):
        """Return the checklists whose record the user may not use for ``operation``."""
        unreachable = self.browse()
        Attachment = self.env["ir.attachment"].sudo(False)
        for model, checklists in self.grouped("res_model").items():
            needed = "read"
            if operation != "read" and model in self.env:
                needed = self.env[model]._checklist_fill_access
            record_ids = set(checklists.mapped("res_id"))
            refused = set(Attachment._inaccessible_comodel_records({model: record_ids}, needed))
            unreachable |= checklists.filtered(lambda c, r=refused: (c.res_model, c.res_id) in r)
        return unreachable

    def _make_reach_error(self):
        return AccessError(
            self.env._(
                "You may not use these checklists, because you may not use the records that they "
                "are about. (Checklists: %(ids)s, user: %(user)s)",
                ids=self.ids[:6],
                user=self.env.uid,
            )
        )

    def _make_closed_error(self):
        return AccessError(
            self.env._(
                "The checklist “%(name)s” is done and can only be read. Ask a manager to reopen "
                "it.",
                name=self[:1].name,
            )
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        """Find only checklists whose record the user can read, in the same statement."""
        if not (self.env.su or bypass_access):
            domain = Domain(domain) & Domain.OR(self._get_reachable_domains())
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    @api.model
    def _get_reachable_domains(self):
        """Return one domain per kind of record that carries checklists."""
        for model in self.env.registry.descendants(["dealer.checklist.mixin"], "_inherit"):
            Model = self.env[model].with_context(active_test=False)
            if not Model._abstract and Model.has_access("read"):
                yield Domain("res_model", "=", model) & Domain(
                    "res_id", "in", Model._search(Domain.TRUE)
                )

    # === ACTIONS ===

    def action_done(self):
        """Close the checklists, or say what is missing."""
        self.check_access("write")
        self._action_done()

    def action_reopen(self):
        """Let people correct a finished checklist; only a manager may."""
        self.check_access("read")
        if not (self.env.su or any(self.env.user.has_group(name) for name in MANAGER_GROUPS)):
            raise AccessError(self.env._("Only a manager may reopen a finished checklist."))
        self._filter_reach_or_raise()
        self._set_state("open")

    def action_open_record(self):
        """Show the record that this checklist is about."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def _action_done(self):
        report = self._get_missing_report()
        if report:
            raise UserError(
                self.env._("These items are still missing:\n%(report)s", report="\n".join(report))
            )
        self._set_state("done")

    def _filter_reach_or_raise(self):
        """Refuse to reopen what the user may not fill in."""
        if self.env.su:
            return
        # sudo: as in _check_access, the reference is needed to find out
        unreachable = self.sudo()._filter_unreachable("write").sudo(False)
        if unreachable:
            raise unreachable._make_reach_error()

    def _set_state(self, state):
        """The only writer of ``state``."""
        for checklist in self:
            if (checklist.state, state) not in TRANSITIONS:
                raise UserError(
                    self.env._(
                        "The checklist “%(name)s” already is in that state.", name=checklist.name
                    )
                )
        done = state == "done"
        # sudo: state, who and when are written by this method only
        self.sudo().write(
            {
                "state": state,
                "done_by_id": self.env.uid if done else False,
                "done_on": fields.Datetime.now() if done else False,
            }
        )

    def _get_missing_report(self):
        """Return one line of text per unanswered item: checklist, item and what it lacks."""
        return [
            self.env._(
                "%(checklist)s: %(item)s (%(missing)s)",
                checklist=line.checklist_id.name,
                item=" / ".join(part for part in (line.section, line.name) if part),
                missing=", ".join(missing),
            )
            for line in self.line_ids
            if (missing := line._get_missing())
        ]

    def _get_open_report(self):
        """Return what keeps these checklists from being done, one line of text per reason."""
        report = []
        for checklist in self.filtered(lambda checklist: checklist.state == "open"):
            report += checklist._get_missing_report() or [
                self.env._("%(checklist)s: press “Done”", checklist=checklist.name)
            ]
        return report

    def _get_not_ok_report(self):
        """Return the items of finished checklists that are not OK, one line of text each."""
        return [
            self.env._(
                "%(checklist)s: %(item)s is not OK",
                checklist=line.checklist_id.name,
                item=" / ".join(part for part in (line.section, line.name) if part),
            )
            for line in self.filtered(lambda checklist: checklist.state == "done").line_ids
            if line.result == "not_ok"
        ]
