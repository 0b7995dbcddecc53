from odoo import fields, models


class DealerDayCloseLine(models.Model):
    """What one salesperson had done, and left, when the day was closed."""

    _name = "dealer.day.close.line"
    _description = "Person at the End of a Day"
    _order = "close_id, overdue desc, id"
    _rec_name = "user_id"

    close_id = fields.Many2one("dealer.day.close", required=True, index=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", string="Salesperson", required=True, readonly=True)
    done = fields.Integer(string="Contacts", readonly=True)
    open = fields.Integer(string="Still Due Today", readonly=True)
    overdue = fields.Integer(readonly=True)
    visits = fields.Integer(string="Visits to Close", readonly=True)
    to_pool = fields.Integer(string="Pool by Tomorrow", readonly=True)
    note = fields.Char(string="Word of the Manager")
