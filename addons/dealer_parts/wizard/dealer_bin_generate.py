from odoo import api, fields, models
from odoo.exceptions import UserError

#: Bins that one run makes at most.
MOST = 5000


class DealerBinGenerate(models.TransientModel):
    """Make the bins of a zone: racks, levels and positions in ranges."""

    _name = "dealer.bin.generate"
    _description = "Make Bins"

    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        default=lambda self: self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        ),
    )
    zone = fields.Char(required=True, default="A", size=2)
    rack_from = fields.Integer(required=True, default=1)
    rack_to = fields.Integer(required=True, default=1)
    level_from = fields.Integer(required=True, default=1)
    level_to = fields.Integer(required=True, default=4)
    position_from = fields.Integer(required=True, default=1)
    position_to = fields.Integer(required=True, default=10)
    is_mixed = fields.Boolean(string="Mixed Bins", help="Several parts may lie in one bin.")
    bin_count = fields.Integer(string="Bins", compute="_compute_bin_count")

    @api.depends(
        "zone",
        "rack_from",
        "rack_to",
        "level_from",
        "level_to",
        "position_from",
        "position_to",
    )
    def _compute_bin_count(self):
        for wizard in self:
            wizard.bin_count = len(wizard._get_names())

    def _get_names(self):
        self.ensure_one()
        zone = (self.zone or "").strip().upper()
        return [
            f"{zone}-{rack:02}-{level}-{position:02}"
            for rack in range(self.rack_from, self.rack_to + 1)
            for level in range(self.level_from, self.level_to + 1)
            for position in range(self.position_from, self.position_to + 1)
        ]

    def action_generate(self):
        """Make the bins that are missing, each with its name as barcode."""
        self.ensure_one()
        self._check_ranges()
        names = self._get_names()
        # sudo: places belong to the stock manager, bins to the parts manager
        Location = self.env["stock.location"].sudo()
        zone = self._get_zone(Location)
        inside = [("id", "child_of", self.warehouse_id.lot_stock_id.id)]
        known = Location.with_context(active_test=False).search([*inside, ("name", "in", names)])
        code = self.warehouse_id.code
        bins = Location.create(
            [
                {
                    "name": name,
                    "location_id": zone.id,
                    "usage": "internal",
                    # the same bin name may exist in another store
                    "barcode": f"{code}-{name}",
                    "company_id": self.warehouse_id.company_id.id,
                    "dealer_is_bin": True,
                    "dealer_is_mixed": self.is_mixed,
                }
                for name in names
                if name not in set(known.mapped("name"))
            ]
        )
        return (bins | known).sudo(False)._get_records_action(name=self.env._("Bins"))

    def _check_ranges(self):
        zone = (self.zone or "").strip()
        if not (zone.isascii() and zone.isalpha()):
            raise UserError(self.env._("A zone is one or two letters."))
        for name, least, most in (("rack", 1, 99), ("level", 1, 99), ("position", 1, 99)):
            first, last = self[f"{name}_from"], self[f"{name}_to"]
            if not least <= first <= last <= most:
                raise UserError(
                    self.env._(
                        "%(field)s: say two numbers between %(least)s and %(most)s, the smaller one"
                        " first.",
                        field=self._fields[f"{name}_from"]._description_string(self.env),
                        least=least,
                        most=most,
                    )
                )
        if self.bin_count > MOST:
            raise UserError(
                self.env._(
                    "These are %(count)s bins; make at most %(most)s at once.",
                    count=self.bin_count,
                    most=MOST,
                )
            )

    def _get_zone(self, Location):
        """The place of the zone, below the stock of the store; made when it is missing."""
        name = self.zone.strip().upper()
        parent = self.warehouse_id.lot_stock_id
        domain = [("location_id", "=", parent.id), ("name", "=", name)]
        return Location.search(domain, limit=1) or Location.create(
            {
                "name": name,
                "location_id": parent.id,
                "usage": "internal",
                "company_id": self.warehouse_id.company_id.id,
            }
        )
