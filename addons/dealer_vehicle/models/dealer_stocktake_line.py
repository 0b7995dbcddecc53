from odoo import api, fields, models
from odoo.exceptions import UserError

RESULTS = [
    ("found", "In place"),
    ("misplaced", "Misplaced"),
    ("missing", "Missing"),
    ("unknown", "Unknown"),
    ("gone", "Left during the count"),
]
PROPOSALS = [
    ("move", "Correct the place"),
    ("write_off", "Write off"),
    ("take_in", "Take into stock"),
    ("keep", "Leave as it is"),
]
# what may be proposed for which result
ALLOWED = {
    "misplaced": ("move", "keep"),
    "missing": ("write_off", "keep"),
    "unknown": ("take_in", "keep"),
}


class DealerStocktakeLine(models.Model):
    """One car of a stocktake: where it should be, where it was seen, by whom and when."""

    _name = "dealer.stocktake.line"
    _description = "Counted Car"
    _rec_names_search = ["vehicle_id"]
    _inherit = ["dealer.fact.mixin"]
    _order = "stocktake_id desc, counted_on desc, id"
    _check_company_auto = True
    _fact_fields = frozenset(
        {
            "result",
            "stocktake_id",
            "vehicle_id",
            "vin",
            "is_expected",
            "expected_location_id",
            "found_location_id",
            "counted_by_id",
            "counted_on",
            "is_gone",
            "remark",
            "outcome",
            "move_id",
            "picking_id",
        }
    )

    stocktake_id = fields.Many2one(
        "dealer.stocktake", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one(related="stocktake_id.company_id", store=True, precompute=True)
    currency_id = fields.Many2one(related="stocktake_id.currency_id")
    state = fields.Selection(related="stocktake_id.state")
    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", index="btree_not_null", ondelete="restrict", readonly=True
    )
    vin = fields.Char(string="VIN", readonly=True, help="As scanned, when nobody knows the car.")
    is_expected = fields.Boolean(readonly=True, help="Listed when the count started.")
    expected_location_id = fields.Many2one(
        "stock.location", string="Should Be At", readonly=True, ondelete="restrict"
    )
    found_location_id = fields.Many2one(
        "stock.location", string="Seen At", readonly=True, ondelete="restrict"
    )
    counted_by_id = fields.Many2one("res.users", string="Seen By", readonly=True, index=True)
    counted_on = fields.Datetime(string="Seen On", readonly=True)
    is_gone = fields.Boolean(readonly=True)
    image = fields.Image(string="Photo", max_width=1280, max_height=1280)
    has_photo = fields.Boolean(compute="_compute_has_photo", store=True)
    result = fields.Selection(RESULTS, compute="_compute_result", store=True, index=True)
    remark = fields.Char(readonly=True, help="What our records say about a car that is not ours.")
    proposal = fields.Selection(PROPOSALS)
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        string="Trim",
        ondelete="restrict",
        help="What an unknown car is, when it is taken into the stock.",
    )
    value = fields.Monetary(
        string="Amount",
        groups="dealer_base.group_vehicle_cost",
        help="Without tax: the cost of a car that is written off, or what the car is worth that is"
        " taken into the stock. The latter is for whoever approves to say.",
    )
    reason = fields.Char(help="What was found out about the difference.")
    outcome = fields.Selection(
        [("done", "Done"), ("none", "Nothing to do"), ("overtaken", "Overtaken by other moves")],
        readonly=True,
    )
    move_id = fields.Many2one("stock.move", string="Stock Move", readonly=True, ondelete="restrict")
    picking_id = fields.Many2one(
        "stock.picking", string="Relocation", readonly=True, ondelete="restrict"
    )

    _vehicle_unique = models.UniqueIndex(
        "(stocktake_id, vehicle_id) WHERE vehicle_id IS NOT NULL",
        "This car is in the count already.",
    )
    _vin_unique = models.UniqueIndex(
        "(stocktake_id, vin) WHERE vin IS NOT NULL", "This VIN is in the count already."
    )
    _value_positive = models.Constraint("CHECK(value >= 0)", "A value cannot be negative.")

    # === COMPUTES ===
    @api.depends("vehicle_id.display_name", "vin")
    def _compute_display_name(self):
        for line in self.sudo():  # sudo: the name of a car that stands with a sister company
            line.display_name = line.vehicle_id.display_name or line.vin

    @api.depends("image")
    def _compute_has_photo(self):
        for line in self:
            line.has_photo = bool(line.image)

    @api.depends("expected_location_id", "found_location_id", "is_gone")
    def _compute_result(self):
        for line in self:
            if line.is_gone:
                line.result = "gone"
            elif not line.found_location_id:
                line.result = "missing"
            elif line.expected_location_id == line.found_location_id:
                line.result = "found"
            else:
                line.result = "misplaced" if line.expected_location_id else "unknown"

    # === CRUD ===
    def write(self, vals):
        """Proposals are made before the submission; the value is the approver's to say."""
        if not self.env.su:
            self._check_no_facts(vals)
            self._check_open(vals)
        return super().write(vals)

    def _check_open(self, vals):
        open_states = {
            "image": ("counting", "review", "submitted"),
            "reason": ("counting", "review", "submitted"),
            "value": ("submitted",),
        }
        for line in self:
            for name in vals:
                if line.state not in open_states.get(name, ("review",)):
                    raise UserError(
                        self.env._(
                            'The field "%(field)s" of %(car)s cannot be changed in this step of the'
                            " count.",
                            field=self._fields[name]._description_string(self.env),
                            car=line.display_name,
                        )
                    )

    # === PROPOSALS ===
    def _propose(self):
        """Look again at what was not seen, and propose what to do about each difference."""
        lines = self.sudo()  # sudo: the result and the cost of a car are not for those who count
        for line in lines.filtered(lambda item: not item.found_location_id):
            # sold, or sent elsewhere, after the count had started: no difference
            line.is_gone = line.vehicle_id.location_id != line.expected_location_id
        for line in lines:
            line.proposal = line._get_proposal()
            known = line.proposal == "write_off" or (line.proposal == "take_in" and line.vehicle_id)
            line.value = line.vehicle_id.unit_cost if known else 0.0

    def _refresh_losses(self):
        """What the approver sees is the cost of this moment, whenever the proposal was made."""
        for line in self.sudo():  # sudo: as in _propose
            if line.proposal == "write_off":
                line.value = line.vehicle_id.unit_cost

    def _get_proposal(self):
        """Usual answer to a difference; none when somebody has to think about it."""
        self.ensure_one()
        if self.proposal in ALLOWED.get(self.result, ()):
            return self.proposal
        if self.result == "misplaced":
            return "move"
        if self.result == "missing":
            return "write_off"
        if self.result != "unknown":
            return False
        if not self.vehicle_id:
            return False
        return "keep" if self.vehicle_id._get_take_in_error() else "take_in"

    def _check_proposals(self):
        """Refuse to submit a difference about which nobody has said what to do."""
        for line in self:
            allowed = ALLOWED.get(line.result)
            error = None
            if not allowed:
                continue
            if line.proposal not in allowed:
                error = self.env._("say what to do about it")
            elif line.proposal == "take_in":
                error = line._get_take_in_problem()
            elif line.proposal == "keep" and line.result == "missing" and not line.reason:
                error = self.env._("give the reason why a missing car stays in the books")
            if error:
                raise UserError(
                    self.env._("%(car)s: %(problem)s.", car=line.display_name, problem=error)
                )

    def _get_take_in_problem(self):
        """What is lacking before an unknown car can be taken into the stock."""
        self.ensure_one()
        if not self.vehicle_id and not self.model_id:
            return self.env._("say which trim it is")
        if self.vehicle_id:
            error = self.vehicle_id._get_take_in_error()
            if error:
                return error
        if not self.has_photo:
            return self.env._("take a photo: without one nobody can approve an unknown car")
        return None

    def action_not_seen(self):
        """Take back a wrong scan."""
        self.check_access("write")
        for line in self:
            line.stocktake_id._check_counting()
            if not line.is_expected:
                line.sudo().unlink()  # sudo: lines belong to the count
                continue
            line.sudo().write(  # sudo: as above
                {"found_location_id": False, "counted_by_id": False, "counted_on": False}
            )
