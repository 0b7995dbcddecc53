from odoo import api, models


class CrmPhonecall(models.Model):
    """A phone call that was held is a contact with its lead."""

    _inherit = "crm.phonecall"  # pylint: disable=consider-merging-classes-inherited

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            self.env["res.partner"]._dealer_check_usable(
                ids=[vals["partner_id"] for vals in vals_list if vals.get("partner_id")]
            )
        calls = super().create(vals_list)
        calls.opportunity_id.check_access("read")
        calls.filtered(lambda call: call.state == "done")._dealer_note_contact()
        return calls

    def write(self, vals):
        held = self.filtered(lambda call: call.state == "done")
        res = super().write(vals)
        if vals.get("opportunity_id"):
            self.opportunity_id.check_access("read")
        if vals.get("state") == "done":
            (self - held)._dealer_note_contact()
        return res

    def _dealer_note_contact(self):
        """A call with a customer of one's own; who may only look moves no clock."""
        for call in self.filtered(lambda call: call.opportunity_id.has_access("write")):
            call.opportunity_id._dealer_register_contact(
                "call", date=call.date, note=call.description or call.name
            )
