from odoo import api, fields, models

from ..tools.phone import phone_key


class CrmLead(models.Model):
    """An inquiry belongs to one person, whatever channel it came by."""

    _inherit = "crm.lead"

    dealer_phone_key = fields.Char(
        "Telephone Key",
        compute="_compute_dealer_phone_key",
        store=True,
        index="btree_not_null",
        help="The number as digits with the country code, by which one person is found again.",
    )
    dealer_channel_id = fields.Many2one(
        "dealer.channel",
        "Channel",
        index="btree_not_null",
        ondelete="restrict",
        help="How the inquiry reached us first.",
    )
    dealer_last_channel_id = fields.Many2one(
        "dealer.channel",
        "Last Channel",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="How the person asked last.",
    )
    dealer_first_touch = fields.Datetime("First Inquiry", readonly=True, copy=False)
    dealer_last_touch = fields.Datetime("Last Inquiry", readonly=True, copy=False)

    @api.depends("phone", "country_id")
    def _compute_dealer_phone_key(self):
        for lead in self:
            lead.dealer_phone_key = phone_key(lead.phone, lead.country_id.code) or False

    # === CRUD ===

    @api.model_create_multi
    def create(self, vals_list):
        self.env["res.partner"]._dealer_check_customers(vals_list, "partner_id")
        leads = super().create(vals_list)
        for lead in leads.filtered("partner_id"):
            lead.partner_id._dealer_become_customer(lead.user_id)
        return leads

    def write(self, vals):
        self.env["res.partner"]._dealer_check_customers([vals], "partner_id")
        result = super().write(vals)
        if vals.get("partner_id") or vals.get("user_id"):
            for lead in self.filtered("partner_id"):
                lead.partner_id._dealer_become_customer(lead.user_id)
        return result
