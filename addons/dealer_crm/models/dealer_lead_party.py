from odoo import fields, models


class DealerLeadParty(models.Model):
    """One of several people of a key account who have a say in the deal (大客户)."""

    _name = "dealer.lead.party"
    _description = "Person of a Key Account"
    _inherit = "dealer.linked.mixin"
    _order = "lead_id, sequence, id"
    _rec_name = "partner_id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    sequence = fields.Integer(default=10)
    partner_id = fields.Many2one(
        "res.partner", string="Person", required=True, index=True, ondelete="cascade"
    )
    role = fields.Selection(
        [
            ("decides", "Decides"),
            ("buys", "Buys"),
            ("uses", "Drives"),
            ("pays", "Pays"),
            ("advises", "Advises"),
        ],
        required=True,
        default="buys",
    )
    phone = fields.Char(related="partner_id.phone")
    note = fields.Char()

    _once = models.UniqueIndex("(lead_id, partner_id, role)", "This person stands there already.")
