from odoo import api, fields, models


class DealerPartRequestLine(models.Model):
    """One part of a request: what the store has of it, what was handed out and what came back.

    The quantities are those of the moves. The database itself refuses to issue more than was asked
    for and to return more than was issued, also when two keepers work at the same moment.
    """

    _name = "dealer.part.request.line"
    _description = "Requested Part"
    _inherit = ["dealer.fact.mixin"]
    _order = "request_id, sequence, id"
    _rec_names_search = ["request_id", "product_id"]
    _check_company_auto = True
    _fact_fields = frozenset({"picked_quantity", "move_ids", "first_quantity", "is_filled_at_once"})

    request_id = fields.Many2one(
        "dealer.part.request", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("dealer_is_part", "=", True), ("is_storable", "=", True)],
        check_company=True,
    )
    part_number = fields.Char(related="product_id.default_code", string="Part Number")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(string="Requested", required=True, default=1.0, digits="Product Unit")
    note = fields.Char()
    company_id = fields.Many2one(related="request_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(
        related="request_id.warehouse_id", string="Store", store=True, index=True
    )
    technician_id = fields.Many2one(related="request_id.technician_id", store=True)
    state = fields.Selection(related="request_id.state", store=True, string="State of Request")
    move_ids = fields.One2many("stock.move", "dealer_part_request_line_id", readonly=True)
    reserved_quantity = fields.Float(
        string="Reserved", compute="_compute_quantities", store=True, digits="Product Unit"
    )
    first_quantity = fields.Float(
        string="There at Once",
        readonly=True,
        copy=False,
        digits="Product Unit",
        help="What was reserved when the parts were asked for; the fill rate counts it.",
    )
    is_filled_at_once = fields.Boolean(string="Filled at Once", readonly=True, copy=False)
    picked_quantity = fields.Float(
        string="Picked",
        readonly=True,
        copy=False,
        digits="Product Unit",
        help="Taken from the shelf, not signed for yet.",
    )
    issued_quantity = fields.Float(
        string="Issued", compute="_compute_quantities", store=True, digits="Product Unit"
    )
    returned_quantity = fields.Float(
        string="Returned", compute="_compute_quantities", store=True, digits="Product Unit"
    )
    open_quantity = fields.Float(
        string="Still to Issue", compute="_compute_quantities", store=True, digits="Product Unit"
    )
    missing_quantity = fields.Float(
        string="Short", compute="_compute_missing_quantity", digits="Product Unit"
    )
    free_quantity = fields.Float(
        string="Free in Store",
        compute="_compute_free_quantity",
        compute_sudo=True,
        digits="Product Unit",
    )
    availability = fields.Selection(
        [
            ("none", "Not there"),
            ("partly", "Partly there"),
            ("there", "There"),
            ("issued", "Issued"),
        ],
        compute="_compute_availability",
    )
    expected_date = fields.Datetime(
        string="Expected On",
        compute="_compute_expected_date",
        compute_sudo=True,
        help="When the missing quantity comes, by the purchases on their way.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    issued_value = fields.Monetary(
        string="Issued, at Cost",
        compute="_compute_issued_value",
        compute_sudo=True,
        groups="dealer_parts.group_part_cost",
        help="What was issued less what came back, at the cost of its issue.",
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a requested part must be more than zero."
    )
    _picked_positive = models.Constraint(
        "CHECK (picked_quantity IS NULL OR picked_quantity >= 0)",
        "The picked quantity of a part cannot be less than zero.",
    )
    _issued_within_request = models.Constraint(
        "CHECK (issued_quantity IS NULL OR issued_quantity <= quantity + 0.00001)",
        "More of a part would be issued than was requested. Write a new request for the rest.",
    )
    _returned_within_issue = models.Constraint(
        "CHECK (returned_quantity IS NULL OR returned_quantity <= issued_quantity + 0.00001)",
        "More of a part would come back than was issued on its line.",
    )

    # === FIELDS ===
    @api.onchange("product_id")
    def _onchange_dealer_old_stock(self):
        """Old stock goes first in the workshop, too (domain-cn §5)."""
        return self.product_id._dealer_warn_of_old_stock(self.request_id.warehouse_id)

    @api.depends("request_id.name", "product_id")
    def _compute_display_name(self):
        for line in self:
            line.display_name = (
                f"{line.request_id.name} {line.product_id.default_code or ''}".strip()
            )

    @api.depends("quantity", "move_ids.state", "move_ids.quantity", "move_ids.product_uom_qty")
    def _compute_quantities(self):
        for line in self:
            moves = line.move_ids
            done = moves.filtered(lambda move: move.state == "done")
            back = done.filtered("origin_returned_move_id")
            waiting = moves.filtered(
                lambda move: (
                    move.state not in ("done", "cancel") and not move.origin_returned_move_id
                )
            )
            line.issued_quantity = line._round(sum((done - back).mapped("quantity")))
            line.returned_quantity = line._round(sum(back.mapped("quantity")))
            line.reserved_quantity = line._round(sum(waiting.mapped("quantity")))
            line.open_quantity = line._round(max(line.quantity - line.issued_quantity, 0))

    def _round(self, quantity):
        """As the unit of the part is counted; a new line has no part yet."""
        return self.uom_id.round(quantity) if self.uom_id else quantity

    @api.depends("open_quantity", "reserved_quantity")
    def _compute_missing_quantity(self):
        for line in self:
            line.missing_quantity = max(line.open_quantity - line.reserved_quantity, 0)

    @api.depends("product_id", "warehouse_id")
    def _compute_free_quantity(self):
        for store, lines in self.grouped("warehouse_id").items():
            if not store:
                lines.free_quantity = 0
                continue
            # one question for all parts of the store
            products = lines.product_id.with_context(warehouse_id=store.id)
            free = {product.id: product.free_qty for product in products}
            for line in lines:
                line.free_quantity = free.get(line.product_id.id, 0)

    @api.depends("state", "open_quantity", "reserved_quantity", "free_quantity")
    def _compute_availability(self):
        for line in self:
            there = line.reserved_quantity
            if line.state in ("draft", "requested", False):
                there += max(line.free_quantity, 0)
            if not line.open_quantity:
                line.availability = "issued"
            elif there >= line.open_quantity:
                line.availability = "there"
            else:
                line.availability = "partly" if there > 0 else "none"

    @api.depends("move_ids.state", "move_ids.quantity")
    def _compute_expected_date(self):
        short = self.filtered(
            lambda line: line.missing_quantity and line.request_id.step == "requested"
        )
        # Odoo's forecast shares what comes among all who wait for it, in one go for all moves
        moves = short.move_ids.filtered(
            lambda move: move.state in ("confirmed", "waiting", "partially_available")
        )
        dates = {}
        for move in moves:
            dates[move.dealer_part_request_line_id] = move.forecast_expected_date
        for line in self:
            line.expected_date = dates.get(line, False)

    @api.depends("move_ids.value", "move_ids.state")
    def _compute_issued_value(self):
        for line in self:
            done = line.move_ids.filtered(lambda move: move.state == "done")
            back = done.filtered("origin_returned_move_id")
            line.issued_value = sum((done - back).mapped("value")) - sum(back.mapped("value"))

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.request_id._check_step("draft")
        return lines

    def write(self, vals):
        if not self.env.su and {"product_id", "quantity", "request_id"} & vals.keys():
            self.request_id._check_step("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self.request_id._check_step("draft")

    def _note_filled_at_once(self):
        """Keep what was there at the first asking; later receipts do not change it."""
        for line in self:
            there = line.reserved_quantity
            line.write(
                {
                    "first_quantity": there,
                    "is_filled_at_once": line.uom_id.compare(there, line.quantity) >= 0,
                }
            )

    # === STOCK ===
    def _prepare_move_vals(self, destination):
        """Values of the move that brings the part to the technician."""
        self.ensure_one()
        request = self.request_id
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.quantity,
            "product_uom": self.uom_id.id,
            "location_id": request.warehouse_id.lot_stock_id.id,
            "location_dest_id": destination.id,
            "company_id": request.company_id.id,
            "dealer_part_request_line_id": self.id,
        }
