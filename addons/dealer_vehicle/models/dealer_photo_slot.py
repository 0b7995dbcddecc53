from odoo import fields, models


class DealerPhotoSlot(models.Model):
    """A photo that every car should have, such as the VIN plate or the odometer."""

    _name = "dealer.photo.slot"
    _description = "Vehicle Photo Slot"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_required = fields.Boolean(
        string="Required", help="A car without this photo is shown as incomplete."
    )

    _code_unique = models.UniqueIndex("(code)", "There is already a photo slot with this code.")
