from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.dealer_vehicle.models.dealer_count_approval import STATES

KINDS = [
    ("full", "Full count"),
    ("cycle", "Cycle count"),
    ("spot", "Spot check"),
    ("movement", "Moved parts"),
]
#: What is settled when the count starts.
PLAN_FIELDS = frozenset(
    {"company_id", "warehouse_id", "location_ids", "kind", "product_ids", "date_from", "size"}
)


class DealerPartCount(models.Model):
    """Count of parts in the bins of a store (盘点): blind, bin by bin.

    When the count starts, its lines are listed with what the books say; nobody who counts sees
    that, neither on the screen nor by an export or a remote call, because nobody may read the
    field. Parts may move meanwhile: each line is compared with the books of the moment in which it
    was counted. Lines that differ too much are counted a second time. Who counted submits the
    differences, each with a reason, and somebody else approves them by the limits of losses: only
    then stock moves are made, against pending losses (1901 待处理财产损溢).
    """

    _name = "dealer.part.count"
    _description = "Count of Parts"
    _inherit = [
        "dealer.fact.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "dealer.count.approval",
    ]
    _order = "date desc, id desc"
    _check_company_auto = True
    _dealer_decider_groups = (
        "dealer_parts.group_part_loss_manager",
        "dealer_base.group_general_manager",
        "dealer_base.group_group_manager",
    )
    _fact_fields = frozenset(
        {
            "name",
            "state",
            "round",
            "started_by_id",
            "started_on",
            "submitted_by_id",
            "submitted_on",
            "approved_by_id",
            "approved_on",
            "settlement_move_id",
        }
    )

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    kind = fields.Selection(
        KINDS,
        required=True,
        default="cycle",
        tracking=True,
        help="Full: everything in the chosen bins, while nothing may move there. Cycle: what is due"
        " by its class (A monthly, B quarterly, C half-yearly). Spot: parts taken at random, or"
        " chosen ones. Moved parts: what came in or went out since a day.",
    )
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
        string="Zones and Bins",
        check_company=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        help="Zones or bins to count, with all that lie in them. Empty: the whole store.",
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Chosen Parts",
        domain="[('dealer_is_part', '=', True)]",
        help="Empty: taken at random.",
    )
    size = fields.Integer(
        string="Lines at Most",
        compute="_compute_size",
        store=True,
        readonly=False,
        help="Of a cycle count or spot check. 0: no limit.",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    date_from = fields.Date(
        string="Moved Since", default=fields.Date.context_today, help="For a count of moved parts."
    )
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
        tracking=True,
        domain=lambda self: [
            (
                "all_group_ids",
                "in",
                [self.env.ref(name).id for name in self._dealer_decider_groups],
            )
        ],
        help="Gets an activity when the differences are submitted, if he may decide on a loss of"
        " this size; otherwise those get one who may. Nobody who has counted decides.",
    )
    note = fields.Text()
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True, index=True
    )
    round = fields.Integer(
        readonly=True, copy=False, default=1, help="2 while lines are counted again."
    )
    started_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    started_on = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    submitted_on = fields.Datetime(readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("dealer.part.count.line", "count_id", copy=False)
    difference_ids = fields.One2many(
        "dealer.part.count.line", "count_id", domain=[("difference", "!=", 0)], copy=False
    )
    line_count = fields.Integer(string="Lines", compute="_compute_counts")
    counted_count = fields.Integer(string="Counted", compute="_compute_counts")
    difference_count = fields.Integer(string="Differences", compute="_compute_counts")
    progress = fields.Integer(string="Counted (%)", compute="_compute_counts")
    accuracy = fields.Float(
        string="Accuracy (%)",
        compute="_compute_counts",
        help="Lines that match the books, divided by the lines counted.",
    )
    shortage_value = fields.Monetary(
        compute="_compute_values", compute_sudo=True, groups="dealer_parts.group_part_cost"
    )
    surplus_value = fields.Monetary(
        compute="_compute_values", compute_sudo=True, groups="dealer_parts.group_part_cost"
    )
    account_move_count = fields.Integer(string="Entries", compute="_compute_account_move_count")

    _submitted_is_approved_by_another = models.Constraint(
        "CHECK(approved_by_id IS NULL OR (approved_by_id != submitted_by_id"
        " AND approved_by_id != started_by_id))",
        "A count is approved by somebody who has not counted.",
    )
    _approved_when_done = models.Constraint(
        "CHECK(state != 'done' OR approved_by_id IS NOT NULL)",
        "A count is done when somebody has approved it.",
    )
    _size_positive = models.Constraint(
        "CHECK(size IS NULL OR size >= 0)", "The number of lines cannot be negative."
    )

    # === COMPUTES ===
    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for count in self:
            company = count.company_id
            if count.warehouse_id and count.warehouse_id.company_id == company:
                continue
            own = self.env.user.property_warehouse_id
            count.warehouse_id = (
                own
                if own.company_id == company
                else self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
            )

    @api.depends("kind")
    def _compute_size(self):
        Parameter = self.env["dealer.parameter"]
        for count in self:
            limited = count.kind in ("cycle", "spot")
            count.size = limited and int(Parameter._get_value(f"part_count_{count.kind}_size"))

    @api.depends("line_ids.is_counted", "line_ids.difference", "state")
    def _compute_counts(self):
        groups = self.env["dealer.part.count.line"]._read_group(
            [("count_id", "in", self.ids)],
            ["count_id", "is_counted", "result"],
            ["__count"],
        )
        numbers = {}
        for count, is_counted, result, number in groups:
            row = numbers.setdefault(count.id, [0, 0, 0, 0])
            row[0] += number
            row[1] += number if is_counted else 0
            row[2] += number if result == "match" else 0
            row[3] += number if result in ("short", "over") else 0
        for count in self:
            lines, counted, matching, different = numbers.get(count.id, (0, 0, 0, 0))
            count.line_count = lines
            count.counted_count = counted
            count.difference_count = different
            count.progress = 100 * counted // lines if lines else 0
            judged = matching + different
            count.accuracy = 100 * matching / judged if judged else 0

    @api.depends("line_ids.difference_value")
    def _compute_values(self):
        for count in self:
            values = count.line_ids.mapped("difference_value")
            count.shortage_value = -sum(value for value in values if value < 0)
            count.surplus_value = sum(value for value in values if value > 0)

    @api.depends("line_ids.move_id")
    def _compute_account_move_count(self):
        for count in self:
            # sudo: who may see the count may know that there are entries, not read them
            count.account_move_count = len(count.sudo().line_ids.move_id.account_move_id)

    # === LOSS ===
    def _dealer_get_loss(self):
        """What is short, at the cost of today; a surplus elsewhere does not make it smaller."""
        lines = self.sudo().line_ids.filtered(  # sudo: who counts does not see costs
            lambda line: line.result == "short"
        )
        costs = [(line, Decimal(str(line._get_unit_cost()))) for line in lines]
        amount = sum((cost * -Decimal(str(line.difference)) for line, cost in costs), Decimal(0))
        return amount, not all(cost for _line, cost in costs)

    @api.depends("line_ids.difference")
    def _compute_dealer_loss_level(self):
        return super()._compute_dealer_loss_level()

    # === CONSTRAINTS ===
    @api.constrains("location_ids", "warehouse_id")
    def _check_places(self):
        for count in self:
            strange = count.location_ids.filtered(
                lambda place, store=count.warehouse_id: place.warehouse_id != store
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "%(place)s is no place of the store %(store)s.",
                        place=strange[0].display_name,
                        store=count.warehouse_id.name,
                    )
                )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        counts = super().create(vals_list)
        for count in counts:
            # sudo: the number is a fact
            count.sudo().name = (
                self.env["ir.sequence"]
                .with_company(count.company_id)
                .next_by_code("dealer.part.count", sequence_date=count.date)
            )
        return counts

    def write(self, vals):
        """What is counted is settled when the count starts."""
        if PLAN_FIELDS.intersection(vals):
            for count in self:
                if count.state != "draft":
                    raise UserError(
                        self.env._(
                            "%(name)s has started: what it counts cannot be changed any more."
                            " Cancel it and start another one.",
                            name=count.name,
                        )
                    )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        for count in self:
            if count.state != "draft":
                raise UserError(
                    self.env._(
                        "%(name)s has started and cannot be deleted. Cancel it instead.",
                        name=count.name,
                    )
                )

    # === STEPS ===
    def action_start(self):
        """List what is to be counted and open the count."""
        self.check_access("write")
        for count in self:
            count._check_step("counting")
            rows = count._get_planned_rows()
            if not rows:
                raise UserError(
                    self.env._(
                        "There is nothing to count in %(name)s: choose another kind of count, other"
                        " bins or other parts.",
                        name=count.name,
                    )
                )
            count._create_lines(rows)
        self._set_state("counting", started_by_id=self.env.uid, started_on=fields.Datetime.now())
        self.filtered(lambda count: count.kind == "full")._freeze_places(True)

    def _create_lines(self, rows):
        """One line for each part, bin and lot.

        :param rows: tuples (product, location, lot or None, quantity in the books)
        """
        self.ensure_one()
        # sudo: lines are made by the count, not by hand
        return (
            self.env["dealer.part.count.line"]
            .sudo()
            .create(
                [
                    {
                        "count_id": self.id,
                        "product_id": product_id,
                        "location_id": location_id,
                        "lot_id": lot_id,
                        "snapshot_quantity": quantity,
                        "is_open": True,
                    }
                    for product_id, location_id, lot_id, quantity in rows
                ]
            )
        )

    def action_finish(self):
        """Compare with the books; ask for a second count where the difference is too large."""
        self.check_access("write")
        ready = self.browse()
        for count in self:
            count._check_step("review")
            count._check_all_counted()
            again = count.line_ids._get_lines_to_recount() if count.round == 1 else None
            if again:
                again._count_again()
                count.sudo().round = 2  # sudo: a fact
                count.message_post(
                    body=self.env._(
                        "%(count)s lines differ too much and are counted again.", count=len(again)
                    )
                )
            else:
                count.line_ids._compare()
                ready |= count
        if ready:
            ready._set_state("review")

    def _check_all_counted(self):
        self.ensure_one()
        missing = self.line_ids.filtered(lambda line: not line.is_counted)
        if missing:
            raise UserError(
                self.env._(
                    "%(count)s lines are not counted yet, first %(line)s. Enter 0 where nothing"
                    " lies.",
                    count=len(missing),
                    line=missing[0].display_name,
                )
            )

    def action_continue(self):
        """Count again what differs; what was found so far is hidden again."""
        result = super().action_continue()
        for count in self:
            different = count.line_ids.filtered(lambda line: line.result in ("short", "over"))
            # sudo: facts of the lines
            count.line_ids.sudo()._forget_comparison()
            different._count_again()
            # sudo: a fact of the count
            count.sudo().round = 2
        return result

    def action_submit(self):
        """Ask those to approve the differences who may decide on a loss of this size."""
        self.check_access("write")
        for count in self:
            count._check_step("submitted")
            count.line_ids._check_reasons()
        self._ask_approval()

    def action_cancel(self):
        """Give the count up: nothing changes."""
        self.check_access("write")
        self._set_state("cancelled")
        self._release_places()

    def _release_places(self):
        # sudo: facts of the lines
        self.sudo().line_ids.is_open = False
        self._freeze_places(False)

    def _apply(self):
        self.ensure_one()
        # sudo: the approver decides, need not be a stock keeper or accountant
        self.sudo().line_ids._apply_differences()

    def _get_loss_location(self, product):
        """Where lost parts go and found parts come from; its account takes the difference."""
        self.ensure_one()
        location = product.with_company(self.company_id).property_stock_inventory
        if not location.valuation_account_id:
            raise UserError(
                self.env._(
                    "The loss location %(location)s has no account, so the books would not follow"
                    " the count. Ask the finance manager to enter its stock valuation account.",
                    location=location.display_name,
                )
            )
        return location

    # === FROZEN BINS ===
    def _get_places(self):
        """The chosen places, the whole store when none are chosen."""
        self.ensure_one()
        return self.location_ids or self.warehouse_id.lot_stock_id

    def _freeze_places(self, freeze):
        """During a full count nothing moves in the bins (domain-cn §5)."""
        for count in self:
            # sudo: bins belong to the stock manager, that they are being counted does not
            Location = self.env["stock.location"].sudo()
            if freeze:
                places = Location.search([("id", "child_of", count._get_places().ids)])
                busy = places.dealer_part_count_id - count
                if busy:
                    raise UserError(
                        self.env._(
                            "%(other)s counts these bins already. Finish or cancel it first.",
                            other=busy[0].name,
                        )
                    )
                places.dealer_part_count_id = count
            else:
                Location.with_context(active_test=False).search(
                    [("dealer_part_count_id", "=", count.id)]
                ).dealer_part_count_id = False

    # === OPEN DOCUMENTS ===
    def action_open_scanner(self):
        """Open the scanning screen (telephone)."""
        self.ensure_one()
        self._check_counting()
        return {
            "type": "ir.actions.client",
            "tag": "dealer_part_count_scan",
            "name": self.name,
            "context": {"active_model": self._name, "active_id": self.id},
            "params": {"stocktake_id": self.id},
        }

    def action_view_lines(self):
        """Open the lines as a list of their own."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_parts.dealer_part_count_line_action"
        )
        return dict(action, domain=[("count_id", "=", self.id)])

    def action_view_account_moves(self):
        """Open the journal entries of the approved differences."""
        # sudo: the moves are not everybody's, the entries ask for their own rights
        entries = self.sudo().line_ids.move_id.account_move_id
        return entries.sudo(False)._get_records_action(name=self.env._("Journal Entries"))
