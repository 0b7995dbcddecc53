from odoo import api, fields, models

#: The figures of the sheet by published version, in the order of the showroom.
COUNTS = ("visit_total", "visit_first", "visit_first_carded", "visit_eligible", "visit_incomplete")
VERSIONS = {
    "dms": (
        "visit_capture_rate",
        "lead_card_rate",
        "lead_invite_rate",
        "test_drive_rate",
        "visit_first_close_rate",
        "card_conversion_rate",
        "defeat_rate",
    ),
    "maker": (
        "visit_capture_rate_maker",
        "lead_invite_rate_maker",
        "test_drive_rate",
        "visit_closing_rate",
        "visit_closing_rate_sheet",
    ),
    "both": (
        "visit_capture_rate",
        "visit_capture_rate_maker",
        "lead_card_rate",
        "lead_invite_rate",
        "lead_invite_rate_maker",
        "test_drive_rate",
        "test_drive_signing_rate",
        "test_drive_score",
        "demo_use_rate",
        "visit_closing_rate",
        "visit_closing_rate_sheet",
        "visit_first_close_rate",
        "visit_second_rate",
        "card_conversion_rate",
        "defeat_rate",
    ),
}


class DealerTrafficSheet(models.TransientModel):
    """What the traffic of a period is worth: from the door to the order, formulas shown.

    Two versions of some rates are published, of dealer systems and of makers; whoever looks
    chooses one or sees both. The figures are those of the registry, so that they are the same
    everywhere.
    """

    _name = "dealer.traffic.sheet"
    _description = "Traffic Figures"

    date_from = fields.Date(
        "First Day", required=True, default=lambda self: self.env["dealer.kpi"]._get_month()[0]
    )
    date_to = fields.Date(
        "Last Day", required=True, default=lambda self: self.env["dealer.kpi"]._get_month()[1]
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", domain="[('company_id', 'in', allowed_company_ids)]"
    )
    user_id = fields.Many2one("res.users", string="Salesperson", domain="[('share', '=', False)]")
    version = fields.Selection(
        [("both", "Both"), ("dms", "Dealer system"), ("maker", "Maker")],
        required=True,
        default="both",
    )
    line_ids = fields.One2many(
        "dealer.traffic.sheet.line", "sheet_id", compute="_compute_line_ids", store=True
    )

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period ends before it begins."
    )

    @api.depends_context("lang")
    def _compute_display_name(self):
        """The page is no record that anybody has named."""
        self.display_name = self.env._("Traffic Figures")

    @api.depends("version")
    def _compute_line_ids(self):
        """One line for each figure that the reader may see."""
        for sheet in self:
            codes = COUNTS + VERSIONS.get(sheet.version, ())
            figures = self.env["dealer.kpi"].search([("code", "in", codes)])
            figures = figures.sorted(lambda kpi, codes=codes: codes.index(kpi.code))
            sheet.line_ids = [
                fields.Command.clear(),
                *(fields.Command.create({"kpi_id": kpi.id}) for kpi in figures),
            ]

    def action_show_report(self):
        """The same by person, store and model."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_crm.dealer_traffic_report_action"
        )
        domain = [("date", ">=", self.date_from), ("date", "<=", self.date_to)]
        if self.warehouse_id:
            domain.append(("warehouse_id", "=", self.warehouse_id.id))
        if self.user_id:
            domain.append(("user_id", "=", self.user_id.id))
        return dict(action, domain=domain, context={})
