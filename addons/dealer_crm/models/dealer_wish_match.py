from odoo import fields, models


class DealerWishMatch(models.Model):
    """A car came in, or got its price, that a waiting customer looks for."""

    _name = "dealer.wish.match"
    _description = "Car for a Waiting Customer"
    _inherit = ["dealer.derived.mixin"]
    _order = "id desc"
    _rec_name = "vehicle_id"

    wish_id = fields.Many2one("dealer.lead.wish", required=True, index=True, ondelete="cascade")
    lead_id = fields.Many2one(related="wish_id.lead_id", store=True, index=True)
    user_id = fields.Many2one(related="lead_id.user_id", string="Salesperson")
    company_id = fields.Many2one(related="lead_id.company_id")
    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="lead_id.company_currency")
    price = fields.Monetary(help="Asking price when the car was found.")

    _once = models.UniqueIndex("(wish_id, vehicle_id)", "The customer knows of this car already.")

    def _tell_owners(self):
        """One activity a lead, however many of its wishes came true at once."""
        for lead, matches in self.grouped("lead_id").items():
            if not lead.user_id:
                continue
            cars = ", ".join(matches.vehicle_id.mapped("display_name"))
            lead.with_context(mail_activity_quick_update=True).activity_schedule(
                "dealer_crm.mail_activity_type_wish_match",
                user_id=lead.user_id.id,
                summary=self.env._("Wished car has come: %(cars)s", cars=cars)[:200],
            )
