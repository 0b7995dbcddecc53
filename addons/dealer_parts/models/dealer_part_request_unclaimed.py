from datetime import timedelta

from odoo import api, fields, models


class DealerPartRequest(models.Model):
    """Parts that nobody fetches go back, so that others can have them (domain-cn §5)."""

    _inherit = "dealer.part.request"

    @api.model
    def _cron_release_unclaimed(self):
        """Give back what has been ready for longer than the limit, and tell the technician."""
        Parameter = self.env["dealer.parameter"]
        now = fields.Datetime.now()
        ready = self.search([("ready_on", "!=", False)])
        for company, requests in ready.grouped("company_id").items():
            hours = float(Parameter._get_value("part_unclaimed_hours", company=company))
            limit = now - timedelta(hours=hours)
            late = requests.filtered(lambda request, limit=limit: request.ready_on <= limit)
            late._release_unclaimed(round(hours))

    def _release_unclaimed(self, hours):
        """Free the parts; the request stays, and is reserved again by hand."""
        for request in self:
            picked = ", ".join(
                line.part_number or line.product_id.name
                for line in request.line_ids
                if line.picked_quantity
            )
            person = request.technician_id
            there = person._dealer_tell(request)
            there.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=there.env._("Not fetched for %s hours: the parts are free again.", hours),
                note=there.env._("Press “Reserve” when you need the parts of %s.", request.name),
                user_id=person.id,
            )
            keeper = request.user_id
            if picked and keeper and keeper != person:
                there = keeper._dealer_tell(request)
                there.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=there.env._("Put back on the shelf: %s", picked),
                    user_id=keeper.id,
                )
        self._forget_picked()
        self._get_open_pickings().do_unreserve()
