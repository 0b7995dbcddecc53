from odoo import api, fields, models


class DealerTrafficSheetLine(models.TransientModel):
    """One figure of the traffic sheet with its formula, its parts and its rows."""

    _name = "dealer.traffic.sheet.line"
    _description = "Traffic Figure"
    _order = "id"

    sheet_id = fields.Many2one("dealer.traffic.sheet", required=True, ondelete="cascade")
    kpi_id = fields.Many2one("dealer.kpi", string="Figure", required=True, ondelete="cascade")
    formula = fields.Text(related="kpi_id.formula", related_sudo=False)
    variant = fields.Text(related="kpi_id.variant", related_sudo=False)
    value_text = fields.Char("Value", compute="_compute_texts")
    parts_text = fields.Char("Calculation", compute="_compute_texts")

    @api.depends_context("uid", "allowed_company_ids", "tz", "lang")
    @api.depends(
        "kpi_id",
        "sheet_id.date_from",
        "sheet_id.date_to",
        "sheet_id.warehouse_id",
        "sheet_id.user_id",
    )
    def _compute_texts(self):
        for line in self:
            line.value_text = line._format(line.kpi_id)
            parts = line.kpi_id.numerator_id, line.kpi_id.denominator_id
            line.parts_text = line.kpi_id.kind == "ratio" and " ÷ ".join(
                line._format(part) for part in parts
            )

    def _get_scope(self):
        """Period, store and person; a figure that is not kept by one of them is told without."""
        self.ensure_one()
        sheet = self.sheet_id
        return (
            sheet.date_from,
            sheet.date_to,
            sheet.warehouse_id.id if self.kpi_id.store_model else None,
            sheet.user_id.id if self.kpi_id.person_model else None,
        )

    def _format(self, kpi):
        if not (self.sheet_id.date_from and self.sheet_id.date_to):
            return ""
        return kpi._format_figure(*self._get_scope())

    def action_show_rows(self):
        """The rows that were counted."""
        self.ensure_one()
        return self.kpi_id.action_show_rows(*self._get_scope())
