from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

USAGES = [
    ("customer", "Customer's Job"),
    ("own_car", "Own Car"),
    ("supplies", "Shop Supplies"),
]
#: Steps that somebody takes; what the store has in between, says the transfer.
STEPS = [
    ("draft", "Draft"),
    ("requested", "Requested"),
    ("closed", "Closed"),
    ("cancel", "Cancelled"),
]
STATES = [
    ("draft", "Draft"),
    ("requested", "Requested"),
    ("back_order", "Back-Order"),
    ("partly", "Partly Available"),
    ("reserved", "Reserved"),
    ("issued", "Issued"),
    ("closed", "Closed"),
    ("cancel", "Cancelled"),
]
OPEN_STATES = ("requested", "back_order", "partly", "reserved")
#: What was asked for; it stands still once it was asked for.
ASKED = {"usage", "warehouse_id", "origin_model", "origin_id", "origin", "vehicle_id", "line_ids"}


class DealerPartRequest(models.Model):
    """Parts that a technician fetches from the store for a job (领料单).

    domain-cn §5: only for an open document or an internal need, never more than was asked for, and
    handed out against the technician's signature. One transfer reserves the parts; what is not
    there follows on its back-order. The place to which the parts go decides what is booked: the
    customer's parts are a cost when they are invoiced, those of the shop at once.
    """

    _name = "dealer.part.request"
    _description = "Parts Request"
    _inherit = [DealerFactMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "priority desc, id desc"
    _check_company_auto = True
    _fact_fields = frozenset(
        {
            "name",
            "step",
            "picking_ids",
            "picked_on",
            "signed_by_id",
            "signed_on",
            "requested_on",
            "is_filled_at_once",
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    usage = fields.Selection(
        USAGES,
        string="Used For",
        required=True,
        default="customer",
        tracking=True,
        help="Customer's job: the parts become a cost with the invoice. Own car: their cost goes"
        " onto the car. Shop supplies: they are an expense at once.",
    )
    origin_model = fields.Char(index=True)
    origin_id = fields.Many2oneReference(string="Document ID", model_field="origin_model")
    origin_ref = fields.Reference(
        selection="_selection_origin_ref",
        string="Document",
        compute="_compute_origin_ref",
        inverse="_inverse_origin_ref",
    )
    origin = fields.Char(
        string="For",
        compute="_compute_from_origin",
        store=True,
        readonly=False,
        precompute=True,
        help="The document that needs the parts, or the purpose of the shop.",
    )
    vehicle_id = fields.Many2one("dealer.vehicle", string="Car", index="btree_not_null")
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        compute="_compute_from_origin",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        help="Of the car that gets the parts: consumption is counted by it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_from_origin",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        index=True,
        check_company=True,
        compute="_compute_from_origin",
        store=True,
        readonly=False,
        precompute=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    technician_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        help="Fetches the parts and signs for them.",
    )
    user_id = fields.Many2one("res.users", string="Parts Keeper", index="btree_not_null")
    priority = fields.Selection([("0", "Normal"), ("1", "Car Waits")], default="0")
    date_needed = fields.Datetime(string="Needed By", default=fields.Datetime.now)
    requested_on = fields.Datetime(readonly=True, copy=False)
    is_filled_at_once = fields.Boolean(string="Filled at Once", readonly=True, copy=False)
    line_ids = fields.One2many("dealer.part.request.line", "request_id", string="Parts", copy=True)
    line_count = fields.Integer(compute="_compute_line_count")
    picking_ids = fields.One2many(
        "stock.picking", "dealer_part_request_id", string="Transfers", readonly=True, copy=False
    )
    step = fields.Selection(STEPS, required=True, readonly=True, default="draft", copy=False)
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, index=True, tracking=True, default="draft"
    )
    expected_date = fields.Datetime(
        string="Complete On",
        compute="_compute_expected_date",
        compute_sudo=True,
        help="When the last part of the back-order is expected, by the purchases on their way.",
    )
    note = fields.Text()
    # hand-over at the store
    picked_on = fields.Datetime(readonly=True, copy=False)
    ready_on = fields.Datetime(
        string="Ready Since", compute="_compute_ready_on", store=True, copy=False
    )
    signature = fields.Image(max_width=1024, max_height=1024, copy=False)
    signed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)

    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "There is a parts request with this number already."
    )
    _origin_index = models.Index("(origin_model, origin_id)")
    _open_ready = models.Index("(ready_on) WHERE ready_on IS NOT NULL")

    # === FIELDS ===
    @api.model
    def _selection_origin_ref(self):
        names = self.pool.descendants(["dealer.part.origin"], "_inherit")
        return [
            (name, self.env["ir.model"]._get(name).name)
            for name in names
            if not self.pool[name]._abstract
        ]

    @api.depends("origin_model", "origin_id")
    def _compute_origin_ref(self):
        for request in self:
            known = request.origin_model in self.env and request.origin_id
            request.origin_ref = f"{request.origin_model},{request.origin_id}" if known else False

    def _inverse_origin_ref(self):
        for request in self:
            document = request.origin_ref
            request.origin_model = document._name if document else False
            request.origin_id = document.id if document else False

    def _get_origin_document(self):
        """The document behind the request, if it has one that is a document of parts."""
        self.ensure_one()
        Origin = self.env.get(self.origin_model) if self.origin_model else None
        if Origin is None or not self.origin_id or "dealer_part_request_ids" not in Origin._fields:
            return None
        return Origin.browse(self.origin_id).exists() or None

    @api.depends("origin_model", "origin_id", "vehicle_id")
    def _compute_from_origin(self):
        for request in self:
            document = request._get_origin_document()
            values = document._dealer_get_part_request_values() if document is not None else {}
            request.origin = values.get("origin") or request.origin
            request.partner_id = values.get("partner_id") or request.partner_id
            request.model_id = (
                request.vehicle_id.model_id.id or values.get("model_id") or request.model_id
            )
            request.warehouse_id = (
                values.get("warehouse_id")
                or request.warehouse_id
                or self.env.user._get_default_warehouse_id()
            )

    @api.onchange("origin_ref")
    def _onchange_origin_ref(self):
        """Store and customer follow the document before it is saved."""
        self._inverse_origin_ref()

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["dealer.part.request.line"]._read_group(
                [("request_id", "in", self.ids)], ["request_id"], ["__count"]
            )
        )
        for request in self:
            request.line_count = counts.get(request._origin, 0)

    @api.depends("step", "line_ids.issued_quantity", "line_ids.reserved_quantity")
    def _compute_state(self):
        for request in self:
            request.state = request._get_state() if request.step == "requested" else request.step

    def _get_state(self):
        """What the store has of the request."""
        self.ensure_one()
        left = self.line_ids.filtered("open_quantity")
        if not left:
            return "issued" if self.line_ids else "requested"
        whole = all(
            line.uom_id.compare(line.reserved_quantity, line.open_quantity) >= 0 for line in left
        )
        if whole:
            return "reserved"
        return "partly" if any(left.mapped("reserved_quantity")) else "back_order"

    @api.depends("state", "picked_on")
    def _compute_ready_on(self):
        """Since when the parts wait for the technician; a back-order waits for the rest of it."""
        for request in self:
            if request.state not in OPEN_STATES:
                request.ready_on = False
            elif request.picked_on:
                request.ready_on = request.picked_on
            elif request.state == "reserved":
                request.ready_on = request.ready_on or fields.Datetime.now()
            else:
                request.ready_on = False

    @api.depends("line_ids.expected_date")
    def _compute_expected_date(self):
        for request in self:
            request.expected_date = max(
                request.line_ids.filtered("expected_date").mapped("expected_date"), default=False
            )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        for request in requests:
            # sudo: the number is a fact
            request.sudo().name = (
                self.env["ir.sequence"]
                .with_company(request.company_id)
                .next_by_code("dealer.part.request")
                or "/"
            )
        return requests

    def write(self, vals):
        if not self.env.su:
            if ASKED & vals.keys():
                self._check_step("draft")
            if "signature" in vals:
                self._check_signing()
                # sudo: who signed and when are facts
                self.sudo().write(
                    {
                        "signed_by_id": False,
                        "signed_on": fields.Datetime.now() if vals["signature"] else False,
                    }
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._check_step("draft")

    def _check_step(self, step):
        for request in self:
            if request.step != step:
                raise UserError(
                    self.env._(
                        "%(request)s has been sent to the store or has ended already. Reload the"
                        " page; ask for other parts with a new request.",
                        request=request.name,
                    )
                )

    # === STEPS ===
    def action_request(self):
        """Ask the store for the parts: they are reserved, or follow as a back-order."""
        self.check_access("write")
        self._check_step("draft")
        for request in self:
            if not request.line_ids:
                raise UserError(self.env._("Say first which parts you need."))
            request._check_origin_open()
        # sudo: who asks need not be allowed to make transfers; facts are written by the steps
        requests = self.sudo()
        requests._lock_stock()
        requests.write({"step": "requested", "requested_on": fields.Datetime.now()})
        pickings = requests.env["stock.picking"].create(
            [request._prepare_picking_vals() for request in requests]
        )
        pickings.action_confirm()
        pickings.action_assign()
        requests.line_ids._note_filled_at_once()
        for request in requests:
            request.is_filled_at_once = all(request.line_ids.mapped("is_filled_at_once"))
        return True

    def action_reserve(self):
        """Reserve what has come in since."""
        self.check_access("write")
        self._check_step("requested")
        self._lock_stock()
        self.sudo()._get_open_pickings().action_assign()  # sudo: as in action_request
        return True

    def action_draft(self):
        """Change a request of which nothing has been handed out yet."""
        self.check_access("write")
        self._check_step("requested")
        self._check_nothing_issued()
        requests = self.sudo()  # sudo: as in action_request
        requests._get_open_pickings().action_cancel()
        requests._forget_picked()
        requests.step = "draft"
        return True

    def action_cancel(self):
        """Give the request up; parts that were not there count as demand."""
        self.check_access("write")
        for request in self:
            if request.step not in ("draft", "requested"):
                request._check_step("requested")
        self._check_nothing_issued()
        self._end("cancel")
        return True

    def action_close(self):
        """End the request: nothing more is issued or returned for it."""
        self.check_access("write")
        self._check_step("requested")
        self._end("closed")
        return True

    def _end(self, step):
        requests = self.sudo()  # sudo: as in action_request
        requests.filtered(lambda request: request.step == "requested")._capture_missing()
        requests._get_open_pickings().action_cancel()
        requests._forget_picked()
        requests.step = step

    def _check_nothing_issued(self):
        for request in self:
            if any(line.issued_quantity > line.returned_quantity for line in request.line_ids):
                raise UserError(
                    self.env._(
                        "Parts of %(request)s have been issued. Return them first, or close the"
                        " request.",
                        request=request.name,
                    )
                )

    def _check_origin_open(self):
        """Parts leave only for an open document, an own car or a named purpose."""
        self.ensure_one()
        error = None
        document = self._get_origin_document()
        if self.usage == "customer" and document is None:
            error = self.env._("Choose the document that needs the parts.")
        elif self.usage == "own_car" and not self.vehicle_id:
            error = self.env._("Choose the car that needs the parts.")
        elif self.usage == "own_car" and not self.vehicle_id._dealer_has_stock_value():
            error = self.env._(
                "%(car)s is not in our stock: take the parts for a customer's job.",
                car=self.vehicle_id.display_name,
            )
        elif self.usage == "supplies" and not self.origin:
            error = self.env._("Say what the shop needs the parts for.")
        elif document is not None:
            error = document._dealer_get_part_issue_error(self.line_ids.product_id)
        if error:
            raise UserError(error)

    # === STOCK ===
    def _lock_stock(self):
        """What two people ask for at once is reserved for one of them."""
        for store, requests in self.grouped("warehouse_id").items():
            requests.line_ids.product_id._dealer_lock_stock(store)

    def _get_open_pickings(self):
        return self.picking_ids.filtered(
            lambda picking: (
                picking.state not in ("done", "cancel") and not picking.dealer_is_part_return
            )
        )

    def _get_destination(self):
        """Where the parts go: this decides whether, and where, their cost is booked."""
        self.ensure_one()
        if self.usage == "supplies":
            return self.company_id._dealer_part_consumption_location()
        if self.usage == "own_car":
            return self.company_id._dealer_fitment_location()
        return self.env.ref("stock.stock_location_customers")

    def _prepare_picking_vals(self):
        """Values of the one transfer of a request."""
        self.ensure_one()
        store = self.warehouse_id
        destination = self._get_destination()
        picking_type = store.out_type_id if self.usage == "customer" else store.int_type_id
        return {
            "picking_type_id": picking_type.id,
            "location_id": store.lot_stock_id.id,
            "location_dest_id": destination.id,
            "origin": " ".join(filter(None, [self.name, self.origin])),
            "priority": self.priority,
            "scheduled_date": self.date_needed or fields.Datetime.now(),
            "company_id": self.company_id.id,
            "dealer_part_request_id": self.id,
            "move_ids": [
                Command.create(line._prepare_move_vals(destination)) for line in self.line_ids
            ],
        }

    # === DEMAND ===
    def _capture_missing(self):
        """What was asked for and never came is a lost sale, unless it lay there (features P-07)."""
        Lost = self.env["dealer.lost.sale"]
        for request in self:
            for line in request.line_ids.filtered("missing_quantity"):
                # what lay there, but was given up, was not lost for want of stock
                short = line._round(line.missing_quantity - max(line.free_quantity, 0))
                if short <= 0:
                    continue
                Lost._dealer_capture(
                    line.product_id,
                    short,
                    request.warehouse_id,
                    "backorder",
                    partner=request.partner_id,
                    need_key=None if request.partner_id else f"request:{line.id}",
                )

    def action_open_origin(self):
        """The document that needs the parts, for those who may open it."""
        self.ensure_one()
        document = self._get_origin_document()
        if document is None:
            raise UserError(self.env._("%s has no document.", self.name))
        document.check_access("read")
        return document._get_records_action()

    def action_view_pickings(self):
        """Transfers of the request."""
        self.ensure_one()
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))
