from odoo import api, fields, models


class DealerChecklistTemplate(models.Model):
    """What has to be ticked off in a job that returns: pre-delivery inspection, appraisal …

    A checklist copies the texts and limits when it is started, so editing a template never
    changes what somebody has signed.
    """

    _name = "dealer.checklist.template"
    _description = "Checklist Template"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    model = fields.Selection(
        selection="_selection_model",
        string="Applies to",
        required=True,
        index=True,
        help="The kind of record on which people start this checklist.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: all companies use this template.",
    )
    note = fields.Text(translate=True, help="Shown to everybody who fills in the checklist.")
    line_ids = fields.One2many(
        "dealer.checklist.template.line", "template_id", string="Lines", copy=True
    )
    line_count = fields.Integer("Items", compute="_compute_line_count")

    @api.depends("line_ids")
    def _compute_line_count(self):
        for template in self:
            template.line_count = len(template.line_ids)

    @api.model
    def _selection_model(self):
        """Offer the models that carry checklists, by the name people know them by."""
        names = self.env.registry.descendants(["dealer.checklist.mixin"], "_inherit")
        return sorted(
            (
                (name, self.env["ir.model"]._get(name).name or name)
                for name in names
                if not self.env[name]._abstract
            ),
            key=lambda option: option[1],
        )

    def _prepare_checklist_line_vals(self):
        """Return the values of the lines of a new checklist: a snapshot of this template."""
        self.ensure_one()
        return [line._prepare_checklist_line_vals() for line in self.line_ids]
