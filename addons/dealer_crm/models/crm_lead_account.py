from odoo import fields, models


class CrmLead(models.Model):
    """Deals with key accounts: several people, tenders and a framework."""

    _inherit = "crm.lead"  # pylint: disable=consider-merging-classes-inherited

    dealer_is_key_account = fields.Boolean(string="Key Account", tracking=True)
    dealer_party_ids = fields.One2many("dealer.lead.party", "lead_id", string="People", copy=True)
    dealer_tender_ids = fields.One2many("dealer.tender", "lead_id", string="Tenders")
    dealer_framework_id = fields.Many2one(
        "dealer.framework",
        string="Framework Agreement",
        index="btree_not_null",
        check_company=True,
        ondelete="set null",
        domain="[('partner_id', 'parent_of', partner_id)]",
    )
