from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerPartTransferLine(models.Model):
    """One part that another store gives: asked for, given, sent, arrived."""

    _name = "dealer.part.transfer.line"
    _description = "Transferred Part"
    _order = "transfer_id, id"
    _rec_names_search = ["transfer_id", "product_id"]

    transfer_id = fields.Many2one(
        "dealer.part.transfer", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("dealer_is_part", "=", True), ("is_storable", "=", True)],
    )
    part_number = fields.Char(related="product_id.default_code", string="Part Number")
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    company_id = fields.Many2one(related="transfer_id.company_id", store=True, index=True)
    warehouse_id = fields.Many2one(
        related="transfer_id.warehouse_id", string="Giving Store", store=True
    )
    dest_warehouse_id = fields.Many2one(
        related="transfer_id.dest_warehouse_id", string="Asking Store", store=True
    )
    state = fields.Selection(related="transfer_id.state", string="State of Transfer")
    quantity = fields.Float(string="Asked For", required=True, default=1.0, digits="Product Unit")
    free_quantity = fields.Float(
        string="Free There",
        compute="_compute_free_quantity",
        compute_sudo=True,
        digits="Product Unit",
    )
    accepted_quantity = fields.Float(
        string="Given",
        compute="_compute_accepted_quantity",
        store=True,
        readonly=False,
        copy=False,
        digits="Product Unit",
    )
    arrived_quantity = fields.Float(
        string="Counted Now", copy=False, digits="Product Unit", help="What has come just now."
    )
    move_ids = fields.One2many("stock.move", "dealer_part_transfer_line_id", readonly=True)
    shipped_quantity = fields.Float(
        string="Sent", compute="_compute_moved", store=True, digits="Product Unit"
    )
    received_quantity = fields.Float(
        string="Received", compute="_compute_moved", store=True, digits="Product Unit"
    )
    settled_quantity = fields.Float(
        string="Came Back or Lost", compute="_compute_moved", store=True, digits="Product Unit"
    )
    missing_quantity = fields.Float(
        string="On the Way", compute="_compute_moved", store=True, digits="Product Unit"
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "Ask for more than zero of a part."
    )
    _given_within_asked = models.Constraint(
        "CHECK (accepted_quantity IS NULL OR (accepted_quantity >= 0"
        " AND accepted_quantity <= quantity + 0.00001))",
        "A store gives no more of a part than it was asked for.",
    )
    _received_within_sent = models.Constraint(
        "CHECK (received_quantity IS NULL OR"
        " received_quantity + settled_quantity <= shipped_quantity + 0.00001)",
        "More of a part would arrive than was sent.",
    )
    _part_once = models.UniqueIndex(
        "(transfer_id, product_id)", "This part is on the transfer already: change its quantity."
    )

    @api.depends("quantity")
    def _compute_accepted_quantity(self):
        for line in self:
            line.accepted_quantity = line.quantity

    @api.depends("product_id", "warehouse_id")
    def _compute_free_quantity(self):
        for store, lines in self.grouped("warehouse_id").items():
            products = lines.product_id.with_context(warehouse_id=store.id)
            free = {product.id: product.free_qty for product in products} if store else {}
            for line in lines:
                line.free_quantity = free.get(line.product_id.id, 0)

    @api.depends("move_ids.state", "move_ids.quantity", "move_ids.location_dest_id")
    def _compute_moved(self):
        for line in self:
            sent = received = settled = 0
            for move in line.move_ids.filtered(lambda move: move.state == "done"):
                if move.location_dest_id.usage == "transit":
                    sent += move.quantity
                elif move.location_dest_id.warehouse_id == line.transfer_id.dest_warehouse_id:
                    received += move.quantity
                else:
                    settled += move.quantity
            line.shipped_quantity = sent
            line.received_quantity = received
            line.settled_quantity = settled
            missing = max(sent - received - settled, 0)
            line.missing_quantity = line.uom_id.round(missing) if line.uom_id else missing

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.su:
            lines.transfer_id._check_step("draft")
        return lines

    def write(self, vals):
        if not self.env.su:
            if {"product_id", "quantity", "transfer_id"} & vals.keys():
                self.transfer_id._check_step("draft")
            if "accepted_quantity" in vals:
                self.transfer_id._check_step("draft", "requested")
            if vals.get("accepted_quantity") is not None and self.transfer_id.filtered(
                lambda transfer: transfer.step == "requested"
            ):
                self.transfer_id._check_end("warehouse_id")
            if "arrived_quantity" in vals:
                self.transfer_id._check_step("shipped")
                self.transfer_id._check_end("dest_warehouse_id")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self.transfer_id._check_step("draft")

    # === STOCK ===
    def _check_arrived(self):
        self.ensure_one()
        if self.uom_id.compare(self.arrived_quantity, self.missing_quantity) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: %(counted)s counted, but only %(sent)s are on the way. Receive what"
                    " was sent; a count of the bin finds the surplus.",
                    part=self.product_id.display_name,
                    counted=self.arrived_quantity,
                    sent=self.missing_quantity,
                )
            )

    def _prepare_move_vals(self, quantity, source, destination):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": quantity,
            "product_uom": self.uom_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "company_id": self.company_id.id,
            "dealer_part_transfer_line_id": self.id,
        }

    def _prepare_scrap_vals(self, transit):
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "scrap_qty": self.missing_quantity,
            "product_uom_id": self.uom_id.id,
            "location_id": transit.id,
            "company_id": self.company_id.id,
            "origin": self.transfer_id.name,
            "dealer_part_transfer_line_id": self.id,
        }
