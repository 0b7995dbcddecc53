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
