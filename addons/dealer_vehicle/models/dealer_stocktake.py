from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .dealer_count_approval import STATES
from .dealer_loss_approval import LOSS_GROUPS


class DealerStocktake(models.Model):
    """Count of the cars in some places of a store (盘点), car by car by VIN.

    When the count starts, the cars that should stand there are listed. Several people scan at the
    same time. What was not seen is missing, what stands elsewhere is misplaced, what is not in our
    stock is unknown; each difference gets a proposal. Who counted submits it, and somebody else
    approves it: only then stock and books follow.
    """

    _name = "dealer.stocktake"
    _description = "Stocktake of Cars"
    _inherit = [
        "dealer.fact.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "dealer.count.approval",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _fact_fields = frozenset(
        {
            "name",
            "state",
            "started_by_id",
            "started_on",
            "submitted_by_id",
            "submitted_on",
            "approved_by_id",
            "approved_on",
            "extra_scans",
        }
    )

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        check_company=True,
        index=True,
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    location_ids = fields.Many2many(
        "stock.location",
        string="Places",
        compute="_compute_location_ids",
        store=True,
        readonly=False,
        check_company=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        help="The places to count. All places of the store unless you take some away.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        required=True,
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    approver_id = fields.Many2one(
        "res.users",
        string="Asked to Approve",
        domain=lambda self: [
            ("all_group_ids", "in", [self.env.ref(name).id for name in LOSS_GROUPS])
        ],
        tracking=True,
        help="Gets an activity when the differences are submitted, if he may decide on a loss of"
        " this size; otherwise those get one who may. Nobody who has counted decides.",
    )
    note = fields.Text()
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True, index=True
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    submitted_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    # Two people who scan the same unlisted car write the same row: one of them tries again.
    extra_scans = fields.Integer(readonly=True, copy=False)
    line_ids = fields.One2many("dealer.stocktake.line", "stocktake_id", copy=False)
    difference_ids = fields.One2many(
        "dealer.stocktake.line",
        "stocktake_id",
        domain=[("result", "in", ("missing", "misplaced", "unknown"))],
        copy=False,
    )
    expected_count = fields.Integer(string="Expected", compute="_compute_counts")
    found_count = fields.Integer(string="In Place", compute="_compute_counts")
    misplaced_count = fields.Integer(string="Misplaced", compute="_compute_counts")
    missing_count = fields.Integer(string="Missing", compute="_compute_counts")
    unknown_count = fields.Integer(string="Unknown", compute="_compute_counts")
    progress = fields.Integer(string="Seen (%)", compute="_compute_counts")
    missing_value = fields.Monetary(
        compute="_compute_values",
        compute_sudo=True,
        groups="dealer_base.group_vehicle_cost",
        help="Cost of the cars that the proposal writes off.",
    )
    found_value = fields.Monetary(
        compute="_compute_values",
        compute_sudo=True,
        groups="dealer_base.group_vehicle_cost",
        help="Value of the cars that the proposal takes into the stock.",
    )
    sold_note = fields.Text(
        string="Sold Cars among the Missing",
        compute="_compute_sold_note",
        compute_sudo=True,
        help="Customers wait for these cars. Their orders need other cars when the loss is"
        " approved.",
    )
    picking_ids = fields.Many2many("stock.picking", compute="_compute_documents")
    account_move_count = fields.Integer(string="Entries", compute="_compute_documents")

    _submitted_is_approved_by_another = models.Constraint(
        "CHECK(approved_by_id IS NULL OR (approved_by_id != submitted_by_id"
        " AND approved_by_id != started_by_id))",
        "A stocktake is approved by somebody who has not counted.",
    )
    _approved_when_done = models.Constraint(
        "CHECK(state != 'done' OR approved_by_id IS NOT NULL)",
        "A stocktake is done when somebody has approved it.",
    )

    # === COMPUTES ===
    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for stocktake in self:
            company = stocktake.company_id
            if stocktake.warehouse_id.company_id == company:
                continue
            own = self.env.user.property_warehouse_id
            stocktake.warehouse_id = (
                own
                if own.company_id == company
                else self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
            )

    @api.depends("warehouse_id")
    def _compute_location_ids(self):
        for stocktake in self:
            stocktake.location_ids = self.env["stock.location"].search(
                [
                    ("id", "child_of", stocktake.warehouse_id.lot_stock_id.ids),
                    ("usage", "=", "internal"),
                ]
            )

    @api.depends("line_ids.result", "line_ids.is_expected")
    def _compute_counts(self):
        groups = self.env["dealer.stocktake.line"]._read_group(
            [("stocktake_id", "in", self.ids)], ["stocktake_id", "result"], ["__count"]
        )
        numbers = {(stocktake.id, result): count for stocktake, result, count in groups}
        for stocktake in self:
            for result in ("found", "misplaced", "missing", "unknown"):
                stocktake[f"{result}_count"] = numbers.get((stocktake.id, result), 0)
            seen = stocktake.found_count + stocktake.misplaced_count
            stocktake.expected_count = seen + stocktake.missing_count
            stocktake.progress = (
                100 * seen // stocktake.expected_count if stocktake.expected_count else 0
            )

    @api.depends("line_ids.value", "line_ids.proposal")
    def _compute_values(self):
        for stocktake in self:
            values = {"write_off": 0.0, "take_in": 0.0}
            for line in stocktake.line_ids:
                if line.proposal in values:
                    values[line.proposal] += line.value
            stocktake.missing_value = values["write_off"]
            stocktake.found_value = values["take_in"]

    def _dealer_get_loss(self):
        """Cars that the proposal writes off, at their cost of today."""
        lost = self.sudo().line_ids.filtered(  # sudo: costs are not for those who count
            lambda line: line.proposal == "write_off"
        )
        return self._dealer_get_cost_of(lost.vehicle_id)

    @api.depends("line_ids.proposal")
    def _compute_dealer_loss_level(self):
        return super()._compute_dealer_loss_level()

    @api.depends("line_ids.proposal", "line_ids.vehicle_id.sale_line_id", "state")
    def _compute_sold_note(self):
        for stocktake in self:
            lost = stocktake.line_ids.filtered(lambda line: line.proposal == "write_off")
            stocktake.sold_note = (
                "\n".join(
                    f"{line.display_name} — {line.vehicle_id.sale_line_id.order_id.name}"
                    f" ({line.vehicle_id.sale_line_id.order_id.partner_id.display_name})"
                    for line in lost
                    if line.vehicle_id.sale_line_id and line.vehicle_id.status == "reserved"
                )
                if stocktake.state in ("review", "submitted")
                else False
            )

    @api.depends("line_ids.move_id", "line_ids.picking_id")
    def _compute_documents(self):
        for stocktake in self:
            # sudo: who may see the count may know that there are documents, not read them
            lines = stocktake.sudo().line_ids
            stocktake.picking_ids = lines.picking_id.sudo(False)
            stocktake.account_move_count = len(lines.move_id.account_move_id)

    # === CONSTRAINTS ===
    @api.constrains("location_ids", "warehouse_id")
    def _check_places(self):
        for stocktake in self:
            strange = stocktake.location_ids.filtered(
                lambda place, store=stocktake.warehouse_id: place.warehouse_id != store
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(place)s is no place of the store %(store)s.",
                        place=strange[0].display_name,
                        store=stocktake.warehouse_id.name,
                    )
                )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        stocktakes = super().create(vals_list)
        for stocktake in stocktakes:
            # sudo: the number is a fact
            stocktake.sudo().name = (
                self.env["ir.sequence"]
                .with_company(stocktake.company_id)
                .next_by_code("dealer.stocktake", sequence_date=stocktake.date)
            )
        return stocktakes

    def write(self, vals):
        """What is counted is settled when the count starts."""
        if {"company_id", "warehouse_id", "location_ids"}.intersection(vals):
            for stocktake in self:
                if stocktake.state != "draft":
                    raise UserError(
                        self.env._(
                            "%(name)s has started: its places cannot be changed any more. Cancel it"
                            " and start another one.",
                            name=stocktake.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for stocktake in self:
            if stocktake.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s has started and cannot be deleted. Cancel it instead.",
                        name=stocktake.name,
                    )
                )

    # === STEPS ===
    def action_start(self):
        """List the cars that should be there and open the count."""
        self.check_access("write")
        for stocktake in self:
            stocktake._check_step("counting")
            stocktake._occupy_places()
            stocktake._list_expected_cars()
        self._set_state("counting", started_by_id=self.env.uid, started_on=fields.Datetime.now())

    def _occupy_places(self):
        """One open count for a place: a second one at the same moment meets the same row."""
        self.ensure_one()
        if not self.location_ids:
            raise UserError(self.env._("Choose the places to count."))
        # sudo: places belong to the stock manager, that they are being counted does not
        places = self.sudo().location_ids
        busy = places.filtered(
            lambda place: place.dealer_stocktake_id and place.dealer_stocktake_id != self
        )
        if busy:
            raise UserError(
                self.env._(
                    "%(place)s is being counted in %(other)s. Finish or cancel that count first.",
                    place=busy[0].display_name,
                    other=busy[0].dealer_stocktake_id.name,
                )
            )
        places.dealer_stocktake_id = self

    def _list_expected_cars(self):
        """One line for each car that our books say stands in these places."""
        self.ensure_one()
        cars = self.env["dealer.vehicle"].search(
            [("location_id", "in", self.location_ids.ids)], order="location_id, model_id, vin"
        )
        # sudo: lines are made by the count, not by hand
        self.env["dealer.stocktake.line"].sudo().create(
            [
                {
                    "stocktake_id": self.id,
                    "vehicle_id": car.id,
                    "vin": car.vin,
                    "is_expected": True,
                    "expected_location_id": car.location_id.id,
                }
                for car in cars
            ]
        )

    def action_open_scanner(self):
        """Open the scanning screen (telephone)."""
        self.ensure_one()
        self._check_counting()
        return {
            "type": "ir.actions.client",
            "tag": "dealer_stocktake_scan",
            "name": self.name,
            "context": {"active_model": self._name, "active_id": self.id},
            "params": {"stocktake_id": self.id},
        }

    def action_finish(self):
        """Stop scanning, and propose what to do about each difference."""
        self.check_access("write")
        for stocktake in self:
            stocktake._check_step("review")
            stocktake.line_ids._propose()
        self._set_state("review")

    def action_submit(self):
        """Ask those to approve the proposal who may decide on a loss of this size."""
        self.check_access("write")
        for stocktake in self:
            stocktake._check_step("submitted")
            stocktake.line_ids._check_proposals()
            stocktake.line_ids._refresh_losses()
        self._ask_approval()

    def action_cancel(self):
        """Give the count up: nothing changes."""
        self.check_access("write")
        self._set_state("cancelled")
        self._release_places()

    def _release_places(self):
        # sudo: see _occupy_places
        places = self.env["stock.location"].sudo().with_context(active_test=False)
        places.search([("dealer_stocktake_id", "in", self.ids)]).dealer_stocktake_id = False

    # === OPEN DOCUMENTS ===
    def action_view_lines(self):
        """Open the counted cars as a list of their own."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_stocktake_line_action"
        )
        return dict(action, domain=[("stocktake_id", "=", self.id)])

    def action_view_account_moves(self):
        """Open the journal entries of the approved differences."""
        # sudo: the moves are not everybody's, the entries ask for their own rights
        entries = self.sudo().line_ids.move_id.account_move_id
        return entries.sudo(False)._get_records_action(name=self.env._("Journal Entries"))

    def action_view_pickings(self):
        """Open the relocations that the approval has made."""
        return self.picking_ids._get_records_action(name=self.env._("Relocations"))
