from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DealerDayClose(models.Model):
    """The manager's word at the end of a day: who has done what, what is left for tomorrow."""

    _name = "dealer.day.close"
    _description = "End of a Day"
    _inherit = ["mail.thread"]
    _order = "date desc, id desc"
    _rec_name = "date"

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Closed By", readonly=True, default=lambda self: self.env.user
    )
    line_ids = fields.One2many("dealer.day.close.line", "close_id", string="People")
    note = fields.Text(string="For Tomorrow")

    _once = models.UniqueIndex("(company_id, date)", "This day has been closed already.")

    @api.model
    def action_close(self):
        """Keep the figures of today as they are now, and open the page for the manager's word."""
        if not self.env.user.has_group("dealer_base.group_sales_manager"):
            raise UserError(self.env._("The sales manager closes the day."))
        today = self.env["dealer.today"]
        day = fields.Date.context_today(today._with_tz())
        close = self.search([("date", "=", day), ("company_id", "=", self.env.company.id)])
        lines = [
            Command.create(
                {"user_id": person.pop("id")}
                | {key: value for key, value in person.items() if key != "name"}
            )
            for person in today._get_team()
        ]
        if close:  # closed too early: the figures of now count
            close.write({"line_ids": [Command.clear(), *lines]})
        else:
            close = self.create({"date": day, "line_ids": lines})
        return close._get_records_action()
