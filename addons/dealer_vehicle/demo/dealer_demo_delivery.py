from odoo import api, models

#: The gates of the hand-over. They are closed for the deals of the past, whose papers nobody made.
GATES = (
    "dealer_gate_pdi",
    "dealer_gate_insured",
    "dealer_gate_handover",
    "dealer_gate_papers",
)


class DealerDemo(models.AbstractModel):
    """Hand-overs of the demo dealership: made, planned and waiting."""

    _inherit = "dealer.demo"

    @api.model
    def _load(self):
        known = self.env.ref("dealer_vehicle.demo_company", raise_if_not_found=False)
        company = super()._load()
        if not known:
            company.write(dict.fromkeys(GATES, True))
        return company

    @api.model
    def _make_company(self):
        company = super()._make_company()
        company.write(dict.fromkeys(GATES, False))
        return company
