from odoo import api, fields, models


class DealerKpiFigure(models.TransientModel):
    """The question about one key figure: which period, which store, who.

    It is not a field on the key figure itself because those who look at figures may not write
    their definitions, and two colleagues look at different months.
    """

    _name = "dealer.kpi.figure"
    _description = "Key Figure of a Period"
    _rec_name = "kpi_id"

    kpi_id = fields.Many2one("dealer.kpi", "Key figure", required=True, ondelete="cascade")
    date_from = fields.Date(
        "From", required=True, default=lambda self: self.env["dealer.kpi"]._get_month()[0]
    )
    date_to = fields.Date(
        "To", required=True, default=lambda self: self.env["dealer.kpi"]._get_month()[1]
    )
    store_id = fields.Many2oneReference(model_field="store_model")
    person_id = fields.Many2oneReference(model_field="person_model")
    store_model = fields.Char(related="kpi_id.store_model")
    person_model = fields.Char(related="kpi_id.person_model")
    formula = fields.Text(related="kpi_id.formula", related_sudo=False)
    variant = fields.Text(related="kpi_id.variant", related_sudo=False)
    owner_group_id = fields.Many2one(related="kpi_id.owner_group_id")
    kind = fields.Selection(related="kpi_id.kind")
    date_field = fields.Char(related="kpi_id.date_field")
    value_text = fields.Char("Value", compute="_compute_value_text")
    numerator_text = fields.Char("Numerator", compute="_compute_value_text")
    denominator_text = fields.Char("Denominator", compute="_compute_value_text")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period ends before it begins."
    )

    @api.depends_context("uid", "allowed_company_ids", "tz", "lang")
    @api.depends("kpi_id", "date_from", "date_to", "store_id", "person_id")
    def _compute_value_text(self):
        for figure in self:
            kpi = figure.kpi_id
            complete = kpi and figure.date_from and figure.date_to
            figure.value_text = complete and kpi._format_figure(*figure._get_scope())
            is_ratio = complete and kpi.kind == "ratio"
            figure.numerator_text = is_ratio and figure._format_part("numerator_id")
            figure.denominator_text = is_ratio and figure._format_part("denominator_id")

    def _format_part(self, name):
        """One half of a ratio: its name and value, if the user may see that figure at all."""
        part = self.kpi_id[name]
        if not part.has_access("read"):
            return self.env._("No access")
        return f"{part.name}: {part._format_figure(*self._get_scope())}"

    def _get_scope(self):
        return self.date_from, self.date_to, self.store_id, self.person_id

    def action_show_rows(self):
        self.ensure_one()
        return self.kpi_id.action_show_rows(*self._get_scope())

    def action_show_denominator_rows(self):
        self.ensure_one()
        return self.kpi_id.denominator_id.action_show_rows(*self._get_scope())
