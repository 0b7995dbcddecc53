from odoo import fields, models


class DealerLeadEvent(models.Model):
    """What the clock, or a colleague, did with the ownership of a lead. Nobody changes it."""

    _name = "dealer.lead.event"
    _description = "Event of a Lead"
    _order = "date desc, id desc"
    _rec_name = "lead_id"

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    kind = fields.Selection(
        [
            ("assigned", "Assigned"),
            ("timeout", "Taken away: no answer in time"),
            ("late", "First contact late"),
            ("escalated", "Told to the manager"),
            ("pooled", "Back to the pool"),
            ("grabbed", "Taken from the pool"),
            ("revived", "Revived"),
        ],
        required=True,
        index=True,
    )
    user_id = fields.Many2one("res.users", string="Salesperson", index="btree_not_null")
    manager_id = fields.Many2one("res.users")
    note = fields.Char()
    # Written for leads taken from the pool: the limit of a day holds for two taps at once
    grab_day = fields.Date(string="Day")
    grab_number = fields.Integer(string="Number of the Day")

    _grab_once = models.UniqueIndex(
        "(user_id, grab_day, grab_number) WHERE kind = 'grabbed'",
        "You have just taken another customer from the pool. Try again.",
    )
