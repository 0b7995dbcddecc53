from odoo import fields, models


class DealerVehiclePhoto(models.Model):
    """One photo of a car in its slot; a slot may hold several photos."""

    _name = "dealer.vehicle.photo"
    _description = "Vehicle Photo"
    _inherit = ["image.mixin"]
    _order = "vehicle_id, slot_id, id"

    vehicle_id = fields.Many2one("dealer.vehicle", required=True, ondelete="cascade", index=True)
    slot_id = fields.Many2one("dealer.photo.slot", ondelete="restrict", index="btree_not_null")
    name = fields.Char()
    image_1920 = fields.Image(required=True)
    date = fields.Date(default=fields.Date.context_today)
