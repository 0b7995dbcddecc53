from odoo import api, fields, models


class DealerVisitCard(models.TransientModel):
    """Name and number of somebody who came in: the least that makes a card (建卡)."""

    _name = "dealer.visit.card"
    _description = "Card of a Visitor"

    visit_id = fields.Many2one("dealer.visit", required=True, ondelete="cascade")
    name = fields.Char("Customer", required=True)
    phone = fields.Char("Phone Number", required=True)
    series_id = fields.Many2one(
        "dealer.vehicle.series",
        string="Looked At",
        compute="_compute_series_id",
        store=True,
        readonly=False,
    )
    source_id = fields.Many2one("utm.source", string="Heard of Us Through")
    note = fields.Text("Wishes")
    known_text = fields.Char(compute="_compute_known_text")

    @api.depends("visit_id")
    def _compute_series_id(self):
        for card in self:
            card.series_id = card.visit_id.series_id

    @api.depends("phone", "visit_id")
    def _compute_known_text(self):
        """Say at once that the number is known, and whose customer that is."""
        for card in self:
            lead = card.phone and card.visit_id._find_open_lead(card.phone)
            card.known_text = bool(lead) and self.env._(
                "This number is known already. Consultant: %(name)s",
                name=lead.user_id.name or self.env._("nobody"),
            )

    def action_apply(self):
        """Make the card."""
        self.ensure_one()
        visit = self.visit_id
        visit.write(
            {
                "series_id": (self.series_id or visit.series_id).id,
                "source_id": (self.source_id or visit.source_id).id,
            }
        )
        visit._make_card(self.name, self.phone, description=self.note)
        return {"type": "ir.actions.act_window_close"}
