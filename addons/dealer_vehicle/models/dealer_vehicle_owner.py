from odoo import api, fields, models


class DealerVehicleOwner(models.Model):
    """Who had which relation to a car, from when to when. The history survives resale."""

    _name = "dealer.vehicle.owner"
    _description = "Vehicle Owner"
    _order = "date_from desc, id desc"
    _rec_names_search = ["partner_id", "vehicle_id"]

    vehicle_id = fields.Many2one("dealer.vehicle", required=True, ondelete="cascade", index=True)
    partner_id = fields.Many2one("res.partner", required=True, ondelete="restrict", index=True)
    role = fields.Selection(
        [("owner", "Owner"), ("driver", "Driver"), ("payer", "Payer")],
        required=True,
        default="owner",
    )
    date_from = fields.Date(default=fields.Date.context_today)
    date_to = fields.Date()
    source = fields.Selection(
        [
            ("delivery", "Delivered by us"),
            ("purchase", "Bought by us"),
            ("workshop", "Workshop visit"),
            ("import", "Import"),
            ("manual", "Manual"),
        ],
        required=True,
        default="manual",
    )
    sale_line_id = fields.Many2one("sale.order.line", index="btree_not_null", ondelete="set null")

    _dates_in_order = models.Constraint(
        "CHECK(date_to IS NULL OR date_from IS NULL OR date_to >= date_from)",
        "The end date cannot be before the start date.",
    )

    @api.depends("vehicle_id.display_name", "partner_id.display_name")
    def _compute_display_name(self):
        for owner in self:
            owner.display_name = f"{owner.partner_id.display_name}, {owner.vehicle_id.display_name}"
