from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin

#: What a transfer that has been checked carries: no client can send this very object.
MOVING = object()
STEPS = [
    ("draft", "Draft"),
    ("requested", "Requested"),
    ("accepted", "Accepted"),
    ("shipped", "On the Way"),
    ("refused", "Refused"),
    ("cancel", "Cancelled"),
]
STATES = [
    ("draft", "Draft"),
    ("requested", "Requested"),
    ("accepted", "Accepted"),
    ("shipped", "On the Way"),
    ("difference", "Difference"),
    ("received", "Received"),
    ("refused", "Refused"),
    ("cancel", "Cancelled"),
]
#: What was asked for; it stands still once the other store has been asked.
ASKED = {"warehouse_id", "dest_warehouse_id"}


class DealerPartTransfer(models.Model):
    """One store asks another of its company for parts (调拨).

    As with cars, the parts leave into the company's transit location and arrive by a second
    transfer: until the asking store has counted them, no store has them on its shelves. Each store
    confirms its own end. What is missing stays on the way until it is found, was never sent, or
    is written off with an approval.
    """

    _name = "dealer.part.transfer"
    _description = "Transfer of Parts"
    _inherit = [DealerFactMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _fact_fields = frozenset(
        {
            "name",
            "step",
            "picking_ids",
            "accepted_by_id",
            "shipped_by_id",
            "shipped_on",
            "received_by_id",
            "received_on",
        }
    )

    name = fields.Char(string="Number", readonly=True, copy=False, default="/", index="trigram")
    dest_warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Asking Store",
        required=True,
        index=True,
        default=lambda self: self.env.user._get_default_warehouse_id(),
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Giving Store", required=True, index=True
    )
    company_id = fields.Many2one(related="dest_warehouse_id.company_id", store=True, index=True)
    user_id = fields.Many2one(
        "res.users", string="Asked By", default=lambda self: self.env.user, index=True
    )
    reason = fields.Char(string="Needed For")
    date_needed = fields.Date(string="Needed By")
    line_ids = fields.One2many(
        "dealer.part.transfer.line", "transfer_id", string="Parts", copy=True
    )
    line_count = fields.Integer(compute="_compute_line_count")
    picking_ids = fields.One2many(
        "stock.picking", "dealer_part_transfer_id", string="Transfers", readonly=True, copy=False
    )
    step = fields.Selection(STEPS, required=True, readonly=True, default="draft", copy=False)
    state = fields.Selection(
        STATES, compute="_compute_state", store=True, index=True, tracking=True, default="draft"
    )
    accepted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    shipped_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    shipped_on = fields.Datetime(readonly=True, copy=False)
    received_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    received_on = fields.Datetime(readonly=True, copy=False)
    refusal = fields.Char(string="Reason of Refusal", copy=False, tracking=True)
    can_give = fields.Boolean(compute="_compute_ends")
    can_receive = fields.Boolean(compute="_compute_ends")

    _two_stores = models.Constraint(
        "CHECK (warehouse_id != dest_warehouse_id)", "A store does not ask itself for parts."
    )
    _number_unique = models.UniqueIndex(
        "(company_id, name) WHERE name != '/'", "There is a transfer with this number already."
    )

    # === FIELDS ===
    @api.depends("step", "received_on", "line_ids.received_quantity", "line_ids.missing_quantity")
    def _compute_state(self):
        for transfer in self:
            if transfer.step != "shipped":
                transfer.state = transfer.step
            elif not any(transfer.line_ids.mapped("missing_quantity")):
                transfer.state = "received"
            else:
                transfer.state = "difference" if transfer.received_on else "shipped"

    @api.depends("line_ids")
    def _compute_line_count(self):
        for transfer in self:
            transfer.line_count = len(transfer.line_ids)

    @api.depends("warehouse_id", "dest_warehouse_id")
    @api.depends_context("uid")
    def _compute_ends(self):
        user = self.env.user
        for transfer in self:
            transfer.can_give = user._dealer_works_in(transfer.warehouse_id)
            transfer.can_receive = user._dealer_works_in(transfer.dest_warehouse_id)

    @api.constrains("warehouse_id", "dest_warehouse_id")
    def _check_one_company(self):
        """Companies of a group sell to each other: parts change their owner, with an invoice."""
        for transfer in self:
            # sudo: the stores of another company may be hidden
            here, there = transfer.sudo().dest_warehouse_id, transfer.sudo().warehouse_id
            if here.company_id != there.company_id:
                raise ValidationError(
                    self.env._(
                        "%(there)s belongs to %(company)s, another company: parts are not"
                        " transferred but bought from it. Order them from %(company)s.",
                        there=there.name,
                        company=there.company_id.name,
                    )
                )

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        transfers = super().create(vals_list)
        for transfer in transfers:
            # sudo: the number is a fact
            transfer.sudo().name = (
                self.env["ir.sequence"]
                .with_company(transfer.company_id)
                .next_by_code("dealer.part.transfer")
                or "/"
            )
        return transfers

    def write(self, vals):
        if not self.env.su and ASKED & vals.keys():
            self._check_step("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        self._check_step("draft")

    def _check_step(self, *steps):
        for transfer in self:
            if transfer.step not in steps:
                raise UserError(
                    self.env._("%s has gone on already. Reload the page.", transfer.name)
                )

    def _check_end(self, store_field):
        """Each store confirms its own end."""
        self.check_access("write")
        for transfer in self:
            store = transfer[store_field]
            if not self.env.user._dealer_works_in(store):
                raise UserError(
                    self.env._(
                        "%(transfer)s: this is confirmed by the people of %(store)s.",
                        transfer=transfer.name,
                        store=store.name,
                    )
                )

    # === STEPS ===
    def action_request(self):
        """Ask the other store."""
        self._check_step("draft")
        self._check_end("dest_warehouse_id")
        for transfer in self:
            if not transfer.line_ids:
                raise UserError(self.env._("Say first which parts you need."))
            for keeper in transfer.warehouse_id._dealer_get_part_keepers() - self.env.user:
                there = keeper._dealer_tell(transfer.sudo())  # sudo: an activity of another store
                there.activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=there.env._("%s asks for parts", transfer.dest_warehouse_id.name),
                    user_id=keeper.id,
                )
        self._go("requested")
        return True

    def action_accept(self):
        """The giving store agrees: what it gives is reserved at once."""
        self._check_step("requested")
        self._check_end("warehouse_id")
        for transfer in self:
            if not any(transfer.line_ids.mapped("accepted_quantity")):
                raise UserError(
                    self.env._("Say how many of which part you give, or refuse the request.")
                )
            transfer._reserve()
        self._go("accepted", accepted_by_id=self.env.uid)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # sudo: those of colleagues
        return True

    def action_refuse(self):
        """The giving store needs its parts itself."""
        self._check_step("requested", "accepted")
        self._check_end("warehouse_id")
        for transfer in self:
            if not transfer.refusal:
                raise UserError(self.env._("Say why the parts are not given."))
        self._stop("refused")
        return True

    def action_cancel(self):
        """The asking store does not need the parts any more."""
        self._check_step("draft", "requested", "accepted")
        self._check_end("dest_warehouse_id")
        self._stop("cancel")
        return True

    def action_ship(self):
        """The parts leave the giving store: they are on the way."""
        self._check_step("accepted")
        self._check_end("warehouse_id")
        for transfer in self:
            transfer.lock_for_update()
            transfer._ship()
        self._go("shipped", shipped_by_id=self.env.uid, shipped_on=fields.Datetime.now())
        return True

    def action_fill_in(self):
        """Everything has arrived that is on the way."""
        self._check_step("shipped")
        self._check_end("dest_warehouse_id")
        for line in self.line_ids:
            line.arrived_quantity = line.missing_quantity
        return True

    def action_receive(self):
        """What was counted comes onto the shelves; the rest stays on the way as a difference."""
        self._check_step("shipped")
        self._check_end("dest_warehouse_id")
        for transfer in self:
            transfer.lock_for_update()
            transfer._check_receiver()
            transfer._receive()
        # sudo: facts are written by the steps only
        self.sudo().write({"received_by_id": self.env.uid, "received_on": fields.Datetime.now()})
        return True

    def action_never_sent(self):
        """The giving store has found the missing parts on its own shelves: they come back."""
        self._check_step("shipped")
        self._check_end("warehouse_id")
        self._check_difference()
        for transfer in self:
            transfer.lock_for_update()
            transfer._take_back()
        return True

    def action_report_loss(self):
        """Nobody has found the missing parts: scrap orders wait for the approval of the loss."""
        self._check_step("shipped")
        self._check_end("dest_warehouse_id")
        self._check_difference()
        for transfer in self:
            transfer._report_loss()
        return True

    def _check_difference(self):
        for transfer in self:
            if transfer.state != "difference":
                raise UserError(
                    self.env._("Nothing of %s is missing: receive it first.", transfer.name)
                )

    def _go(self, step, **facts):
        # sudo: facts are written by the steps only
        self.sudo().write({"step": step, **facts})

    def _stop(self, step):
        # sudo: the asking store cancels what the other one has reserved
        self.sudo()._get_open_pickings().action_cancel()
        self._go(step)
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # sudo: as above

    def _check_receiver(self):
        """Nobody receives what he sent himself, where somebody else can (as with cars)."""
        self.ensure_one()
        others = self.dest_warehouse_id._dealer_get_part_keepers() - self.env.user
        if self.shipped_by_id == self.env.user and others:
            raise UserError(
                self.env._(
                    "You sent these parts: somebody of %(store)s counts them. Ask %(people)s.",
                    store=self.dest_warehouse_id.name,
                    people=", ".join(others.mapped("name")),
                )
            )

    # === STOCK ===
    def _get_open_pickings(self):
        return self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))

    def _create_picking(self, store, source, destination, move_vals_list):
        """A transfer of this request, which is a fact and so made as superuser."""
        vals = self._prepare_picking_vals(store, source, destination, move_vals_list)
        # sudo: keepers of one store may not write transfers of the other
        return self.env["stock.picking"].sudo().create(vals).sudo(False)

    def _prepare_picking_vals(self, store, source, destination, move_vals_list):
        self.ensure_one()
        return {
            "picking_type_id": store.int_type_id.id,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "dealer_part_transfer_id": self.id,
            "move_ids": [Command.create(vals) for vals in move_vals_list],
        }

    def _reserve(self):
        """Reserve what is given; nobody gives what he has promised to others."""
        self.ensure_one()
        source = self.warehouse_id.lot_stock_id
        transit = self.company_id._get_transit_location()
        lines = self.line_ids.filtered("accepted_quantity")
        picking = self._create_picking(
            self.warehouse_id,
            source,
            transit,
            [line._prepare_move_vals(line.accepted_quantity, source, transit) for line in lines],
        )
        picking.action_confirm()
        picking.action_assign()
        for move in picking.move_ids:
            if move.product_uom.compare(move.quantity, move.product_uom_qty) < 0:
                raise UserError(
                    self.env._(
                        "%(part)s: %(free)s free in %(store)s, %(wanted)s cannot be given.",
                        part=move.product_id.display_name,
                        free=move.quantity,
                        store=self.warehouse_id.name,
                        wanted=move.product_uom_qty,
                    )
                )

    def _ship(self):
        """Post the departure, and let the arrival wait for the other store."""
        self.ensure_one()
        departure = self._get_open_pickings()
        for move in departure.move_ids:
            if move.product_uom.compare(move.quantity, move.product_uom_qty) < 0:
                raise UserError(
                    self.env._(
                        "%s is not reserved any more. Refuse the request, or reserve again.",
                        move.product_id.display_name,
                    )
                )
        departure.move_ids.picked = True
        departure.with_context(dealer_part_moving=MOVING)._action_done()
        transit, stock = departure.location_dest_id, self.dest_warehouse_id.lot_stock_id
        arrival = self._create_picking(
            self.dest_warehouse_id,
            transit,
            stock,
            [
                dict(
                    move.dealer_part_transfer_line_id._prepare_move_vals(
                        move.quantity, transit, stock
                    ),
                    move_orig_ids=[Command.set(move.ids)],
                )
                for move in departure.move_ids
            ],
        ).sudo()  # sudo: the arrival is a transfer of the other store
        arrival.action_confirm()
        arrival.action_assign()

    def _receive(self):
        """Post what was counted."""
        self.ensure_one()
        counted = self.line_ids.filtered("arrived_quantity")
        if not counted:
            raise UserError(
                self.env._("Count what has arrived, or press “All Arrived” if nothing is missing.")
            )
        arrival = self._get_open_pickings()
        moves = self.env["stock.move"]
        for line in counted:
            line._check_arrived()
            move = arrival.move_ids.filtered(
                lambda move, line=line: move.dealer_part_transfer_line_id == line
            )[:1]
            move._set_quantity_done(line.arrived_quantity)
            moves |= move
        (arrival.move_ids - moves).picked = False
        moves.picked = True
        moves.picking_id.with_context(dealer_part_moving=MOVING)._action_done()
        counted.arrived_quantity = 0

    def _take_back(self):
        """Missing parts go from the way back to the giving store."""
        self.ensure_one()
        lines = self.line_ids.filtered("missing_quantity")
        missing = {line: line.missing_quantity for line in lines}
        transit = self.company_id._get_transit_location()
        stock = self.warehouse_id.lot_stock_id
        # sudo: the waiting arrival is a transfer of the other store
        self.sudo()._get_open_pickings().action_cancel()
        back = self._create_picking(
            self.warehouse_id,
            transit,
            stock,
            [
                line._prepare_move_vals(quantity, transit, stock)
                for line, quantity in missing.items()
            ],
        )
        back.action_confirm()
        back.action_assign()
        back.move_ids.picked = True
        back.with_context(dealer_part_moving=MOVING)._action_done()

    def _report_loss(self):
        self.ensure_one()
        transit = self.company_id._get_transit_location()
        self._get_open_pickings().do_unreserve()
        known = self.env["stock.scrap"].search(
            [("dealer_part_transfer_line_id", "in", self.line_ids.ids), ("state", "=", "draft")]
        )
        lines = self.line_ids.filtered("missing_quantity")
        lines -= known.dealer_part_transfer_line_id
        self.env["stock.scrap"].create([line._prepare_scrap_vals(transit) for line in lines])

    def action_view_pickings(self):
        """Departure and arrival."""
        self.ensure_one()
        return self.picking_ids._get_records_action(name=self.env._("Transfers"))

    def action_view_losses(self):
        """Scrap orders of what was lost on the way."""
        self.ensure_one()
        scraps = self.env["stock.scrap"].search(
            [("dealer_part_transfer_line_id", "in", self.line_ids.ids)]
        )
        return scraps._get_records_action(name=self.env._("Losses"))
