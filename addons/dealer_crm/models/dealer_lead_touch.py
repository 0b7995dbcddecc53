from odoo import fields, models


class DealerLeadTouch(models.Model):
    """One time that a person asked: which channel, which campaign, when, what.

    A lead has as many as the person asked times; the first and the last tell which channel found
    the customer and which one brought him in. The number by which a medium knows its lead makes
    a second import of the same file harmless.
    """

    _name = "dealer.lead.touch"
    _description = "Inquiry"
    _order = "date desc, id desc"
    _rec_names_search = ["lead_id"]

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    channel_id = fields.Many2one("dealer.channel", index="btree_not_null", ondelete="restrict")
    campaign_id = fields.Many2one("utm.campaign", index="btree_not_null", ondelete="set null")
    wish_text = fields.Char("Car Wished")
    city = fields.Char()
    text = fields.Text()
    external_ref = fields.Char("Number at the Medium")
    external_scope = fields.Char(
        readonly=True, help="Channel and company within which the number is unique."
    )

    _external_uniq = models.UniqueIndex(
        "(external_scope, external_ref) WHERE external_ref IS NOT NULL",
        "This inquiry of the medium has been imported already.",
    )
