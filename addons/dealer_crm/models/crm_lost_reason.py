from odoo import api, fields, models

#: Odoo's own reasons, which say the same as ours in other words
CORE_REASONS = ("crm.lost_reason_1", "crm.lost_reason_2", "crm.lost_reason_3")


class CrmLostReason(models.Model):
    """Why a customer does not buy from us (战败原因), or why a lead never was one (无效)."""

    _inherit = "crm.lost.reason"
    _order = "dealer_sequence, id"

    dealer_sequence = fields.Integer(string="Sequence", default=100)
    dealer_code = fields.Char(string="Code", index=True, copy=False)
    dealer_kind = fields.Selection(
        [("defeat", "Defeat"), ("invalid", "Invalid lead")],
        string="Kind",
        required=True,
        default="defeat",
    )
    dealer_asks_competitor = fields.Boolean(
        string="Ask for Competitor", help="What the customer bought instead has to be stated."
    )
    dealer_is_vague = fields.Boolean(
        string="Not Stated", help="Does not count as a stated reason in the clarity of defeats."
    )

    _dealer_code_uniq = models.UniqueIndex(
        "(dealer_code) WHERE dealer_code IS NOT NULL", "There is a reason with this code already."
    )

    @api.model
    def _dealer_retire_core_reasons(self):
        """Put Odoo's own reasons away where nobody has used them. Runs at installation only."""
        for xmlid in CORE_REASONS:
            reason = self.env.ref(xmlid, raise_if_not_found=False)
            if reason and not reason.leads_count:
                reason.active = False
