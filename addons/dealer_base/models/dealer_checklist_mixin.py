from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerChecklistMixin(models.AbstractModel):
    """Gives a document its checklists: start one, see them, refuse to go on while one is open.

    A document inherits this mixin and calls :meth:`_start_checklist` and
    :meth:`_check_checklists_done` at its own steps.
    """

    _name = "dealer.checklist.mixin"
    _description = "Carries Checklists"

    #: What somebody must be able to do with the record to fill in its checklists. Set "read" where
    #: the people who check (a technician) may not change the record (a car).
    _checklist_fill_access = "write"
    #: Name of the field that holds the company of the record; none: the company at work.
    _checklist_company_field = None

    checklist_ids = fields.One2many(
        "dealer.checklist", "res_id", string="Checklists", groups="dealer_base.group_employee"
    )
    checklist_count = fields.Integer(
        compute="_compute_checklist_count", groups="dealer_base.group_employee"
    )
    checklist_open_count = fields.Integer(
        compute="_compute_checklist_count", groups="dealer_base.group_employee"
    )

    @api.depends("checklist_ids.state")
    def _compute_checklist_count(self):
        counts = {}
        for res_id, state, count in self.env["dealer.checklist"]._read_group(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            ["res_id", "state"],
            ["__count"],
        ):
            counts.setdefault(res_id, {})[state] = count
        for record in self:
            by_state = counts.get(record.id, {})
            record.checklist_count = sum(by_state.values())
            record.checklist_open_count = by_state.get("open", 0)

    def unlink(self):
        """Checklists go with their record: the reference is no foreign key."""
        # sudo: who may delete the record may delete what is about it, finished or not
        checklists = (
            self.env["dealer.checklist"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        result = super().unlink()
        checklists.unlink()
        return result

    def action_view_checklists(self):
        """Open the checklists of this record; the only one directly."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_base.dealer_checklist_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["context"] = {
            "default_res_model": self._name,
            "default_res_id": self.id,
        }
        if len(self.checklist_ids) == 1:
            action.update(views=[(False, "form")], res_id=self.checklist_ids.id)
        return action

    def _get_checklist_company(self):
        """Hook: the company that a new checklist of this record belongs to."""
        self.ensure_one()
        if self._checklist_company_field:
            return self[self._checklist_company_field]
        return self.env.company

    def _start_checklist(self, template):
        """Return an open checklist of ``template`` for each record, started where none is open."""
        open_checklists = {
            checklist.res_id: checklist
            for checklist in self._get_open_checklists()
            if checklist.template_id == template
        }
        checklists = self.env["dealer.checklist"]
        for record in self:
            checklists |= open_checklists.get(record.id) or checklists.create(
                record._prepare_checklist_vals(template)
            )
        return checklists

    def _prepare_checklist_vals(self, template):
        """Return the values of a new checklist of ``template`` for this record."""
        self.ensure_one()
        return {"template_id": template.id, "res_model": self._name, "res_id": self.id}

    def _get_open_checklists(self):
        """Return the unfinished checklists of these records."""
        return self.env["dealer.checklist"].search(
            [
                ("res_model", "=", self._name),
                ("res_id", "in", self.ids),
                ("state", "=", "open"),
            ]
        )

    def _check_checklists_done(self, templates=None, allow_not_ok=True):
        """Refuse to go on before the checklists of these records are done.

        :param templates: templates that must have been started at all; without it only the
            checklists that were started count
        :param allow_not_ok: False also refuses a finished checklist with an item that is not OK
        :raise UserError: with every missing item in words
        """
        # sudo: a checklist of another company may be hidden from the user; the gate still holds
        checklists = (
            self.env["dealer.checklist"]
            .sudo()
            .search([("res_model", "=", self._name), ("res_id", "in", self.ids)])
        )
        problems = checklists._get_open_report()
        for template in templates or []:
            started = set(
                checklists.filtered(lambda c, t=template: c.template_id == t).mapped("res_id")
            )
            problems += [
                self.env._(
                    "%(checklist)s: not started for %(record)s",
                    checklist=template.name,
                    record=record.display_name,
                )
                for record in self
                if record.id not in started
            ]
        if not allow_not_ok:
            problems += checklists._get_not_ok_report()
        if problems:
            raise UserError(
                self.env._(
                    "Finish the checklists first:\n%(problems)s", problems="\n".join(problems)
                )
            )
