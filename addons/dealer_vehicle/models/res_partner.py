from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    dealer_vehicle_ids = fields.One2many("dealer.vehicle", "partner_id", string="Cars")
    dealer_vehicle_owner_ids = fields.One2many(
        "dealer.vehicle.owner", "partner_id", string="Car History"
    )
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_count"
    )

    # the one search box of the cars looks for owners by any part of their name
    _dealer_name_trigram = models.Index(
        lambda registry: "USING gin (name gin_trgm_ops)" if registry.has_trigram else ""
    )

    @property
    def _order(self):
        """Among vendors firms come first: private sellers of used cars would hide them."""
        order = super()._order
        if self.env.context.get("res_partner_search_mode") == "supplier":
            return f"is_company DESC, {order}"
        return order

    def _compute_dealer_vehicle_count(self):
        """Number of cars that the contact owns, drives or pays for today."""
        counts = dict(
            self.env["dealer.vehicle.owner"]._read_group(
                [("partner_id", "in", self.ids), ("date_to", "=", False)],
                ["partner_id"],
                ["vehicle_id:count_distinct"],
            )
        )
        for partner in self:
            partner.dealer_vehicle_count = counts.get(partner, 0)

    def action_view_dealer_vehicles(self):
        """Show every car that the contact has or had a relation to."""
        return self.dealer_vehicle_owner_ids.vehicle_id._get_records_action(name=self.env._("Cars"))
