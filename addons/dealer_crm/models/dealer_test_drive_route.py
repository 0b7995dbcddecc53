from odoo import fields, models


class DealerTestDriveRoute(models.Model):
    """A road that test drives of a store follow: known, insured, shows what the car can do."""

    _name = "dealer.test.drive.route"
    _description = "Test Drive Route"
    _order = "sequence, name, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        index="btree_not_null",
        help="Empty: for all stores of the company.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    distance = fields.Float("Length (km)", digits=(6, 1), aggregator=None)
    duration = fields.Integer("Minutes", default=30, required=True, aggregator=None)
    description = fields.Text(help="Streets in their order, what to show where, where to turn.")

    _time_positive = models.Constraint("CHECK (duration > 0)", "A drive takes some minutes.")
