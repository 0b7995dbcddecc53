from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.dealer_vehicle.models.dealer_fact_mixin import DealerFactMixin


class DealerSpecialOrder(models.Model):
    """A part ordered for one customer, who pays at least half before (domain-cn §5).

    The money is a customer receipt of the counter quote, so a liability until the part is
    invoiced. Parts that nobody fetches are the main source of dead stock (features P-06): a clock
    runs from the day of arrival.
    """

    _name = "dealer.special.order"
    _description = "Special Order"
    _rec_names_search = ["order_id", "product_id"]
    _inherit = [DealerFactMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _fact_fields = frozenset(
        {"state", "arrived_on", "purchase_line_id", "hold_picking_id", "no_show_step"}
    )

    order_id = fields.Many2one(
        "sale.order",
        string="Counter Quote",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("dealer_counter_class", "!=", False)],
    )
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        domain=[("dealer_is_part", "=", True)],
    )
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit")
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="order_id.partner_id", store=True, index=True)
    warehouse_id = fields.Many2one(related="order_id.warehouse_id", string="Store", store=True)
    user_id = fields.Many2one(
        "res.users", string="Parts Keeper", default=lambda self: self.env.user
    )
    vendor_id = fields.Many2one("res.partner", string="Supplier")
    purchase_line_id = fields.Many2one(
        "purchase.order.line", readonly=True, copy=False, index="btree_not_null"
    )
    date_eta = fields.Datetime(related="purchase_line_id.date_planned", string="Expected On")
    shelf_id = fields.Many2one("stock.location", check_company=True)
    hold_picking_id = fields.Many2one(
        "stock.picking",
        string="Kept For the Customer",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Reserves what arrives, so that nobody else gets it.",
    )
    origin = fields.Char(string="Ordered For", help="Document that needs the part.")
    origin_model = fields.Char(index="btree_not_null")
    origin_id = fields.Many2oneReference(model_field="origin_model")
    arrived_on = fields.Date(readonly=True, copy=False)
    no_show_step = fields.Integer(readonly=True, copy=False, help="Escalations so far.")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("ordered", "Ordered"),
            ("arrived", "On the Shelf"),
            ("done", "Collected"),
            ("cancel", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a special order must be more than zero."
    )

    @api.constrains("order_id", "product_id", "quantity")
    def _check_on_quote(self):
        self._dealer_check_quoted()

    def _dealer_check_quoted(self, without=None):
        """The deposit is a share of the quote: what is not on it would be ordered unpaid.

        :param without: order lines that are about to go
        """
        specials = self.search([("order_id", "in", self.order_id.ids), ("state", "!=", "cancel")])
        for (order, part), same in specials.grouped(
            lambda special: (special.order_id, special.product_id)
        ).items():
            lines = order.order_line.filtered(lambda line, part=part: line.product_id == part)
            lines -= without or lines.browse()
            quoted = sum(
                line.product_uom_id._compute_quantity(line.product_uom_qty, part.uom_id)
                for line in lines
            )
            if part.uom_id.compare(sum(same.mapped("quantity")), quoted) > 0:
                raise ValidationError(
                    self.env._(
                        "Quote %(order)s has %(quantity)s of %(part)s. Put what is ordered on it:"
                        " the deposit is a share of its total.",
                        order=order.name,
                        quantity=quoted,
                        part=part.display_name,
                    )
                )

    @api.depends("product_id", "order_id.name")
    def _compute_display_name(self):
        for special in self:
            special.display_name = (
                f"{special.order_id.name or ''} {special.product_id.default_code or ''}".strip()
            )

    def _dealer_check_state(self, state):
        for special in self:
            if special.state != state:
                raise UserError(
                    self.env._("%s has gone on already: reload the page.", special.display_name)
                )

    def _dealer_get_deposit_gap(self):
        """Money that is still to come before the part is ordered."""
        self.ensure_one()
        # sudo: keepers read no receipts of customers, but must know whether one is there
        order = self.sudo().order_id
        share = self.env["dealer.parameter"]._get_rate(
            "special_order_deposit_share", company=order.company_id
        )
        paid = sum(
            deposit.residual + deposit.applied_amount
            for deposit in order.dealer_deposit_ids
            if deposit.state == "received"
        )
        return order.currency_id.round(order.amount_total * float(share) - paid)

    def action_order(self):
        """Order the part from the supplier, once the deposit is there."""
        self._dealer_check_state("draft")
        self._dealer_check_quoted()
        for special in self:
            gap = special._dealer_get_deposit_gap()
            if special.order_id.currency_id.compare_amounts(gap, 0) > 0:
                raise UserError(
                    self.env._(
                        "%(amount)s of the deposit for order %(order)s are missing. Let the"
                        " cashier receive them first.",
                        amount=special.order_id.currency_id.format(gap),
                        order=special.order_id.name,
                    )
                )
            special._dealer_purchase()
        return True

    def _dealer_purchase(self):
        self.ensure_one()
        vendor = self.vendor_id or self.product_id.seller_ids[:1].partner_id
        if not vendor:
            raise UserError(self.env._("Choose the supplier of %s.", self.product_id.display_name))
        Purchase = self.env["purchase.order"].with_company(self.company_id)
        values = {
            "partner_id": vendor.id,
            "company_id": self.company_id.id,
            "picking_type_id": self.warehouse_id.in_type_id.id,
            "origin": self.order_id.name,
            "dealer_order_type": "special",
            "order_line": [
                fields.Command.create(
                    {"product_id": self.product_id.id, "product_qty": self.quantity}
                )
            ],
        }
        line = Purchase.create(values).order_line
        # sudo: facts are written by the steps only
        special = self.sudo()
        special.write({"state": "ordered", "purchase_line_id": line.id})
        special._dealer_hold()
        special.env["dealer.lost.sale"]._dealer_note_ordered(self.product_id, self.partner_id)

    def _dealer_hold(self):
        """Chain a delivery to the receipt, as Odoo makes to order: what comes is nobody else's."""
        self.ensure_one()
        source = self.warehouse_id.lot_stock_id
        customers = self.env.ref("stock.stock_location_customers")
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse_id.out_type_id.id,
                "partner_id": self.partner_id.id,
                "location_id": source.id,
                "location_dest_id": customers.id,
                "origin": self.order_id.name,
                "company_id": self.company_id.id,
                "move_ids": [
                    fields.Command.create(
                        {
                            "product_id": self.product_id.id,
                            "product_uom_qty": self.quantity,
                            "location_id": source.id,
                            "location_dest_id": customers.id,
                            "procure_method": "make_to_order",
                        }
                    )
                ],
            }
        )
        # the need is met by the purchase line, so no rule has to look for a supply
        picking.move_ids.state = "waiting"
        self.purchase_line_id.move_dest_ids = picking.move_ids
        self.hold_picking_id = picking

    def _dealer_release(self):
        """The customer takes the part, or gave it up: it is kept no longer."""
        self.hold_picking_id.filtered(lambda hold: hold.state != "cancel").action_cancel()

    def _dealer_arrive(self):
        """Tell the keeper to call the customer; the clock runs from today."""
        for special in self.filtered(lambda special: special.state == "ordered"):
            line = special.purchase_line_id
            if line.product_uom_id.compare(line.qty_received, line.product_qty) < 0:
                continue
            # sudo: whoever receives the goods moves the order on
            special.sudo().write(
                {"state": "arrived", "arrived_on": fields.Date.context_today(special)}
            )
            special._dealer_remind(
                self.env._("The part is here: put it on the shelf and tell the customer.")
            )

    def _dealer_remind(self, summary):
        self.ensure_one()
        self.sudo().activity_schedule(  # sudo: reminders come from receipts and nightly jobs
            "mail.mail_activity_data_call", summary=summary, user_id=self.user_id.id
        )

    def action_collect(self):
        """The customer has paid and taken the part: its counter sale is issued."""
        self._dealer_check_state("arrived")
        for special in self:
            if special.order_id.state != "sale":
                raise UserError(self.env._("Sell order %s first.", special.order_id.name))
        self.sudo().write({"state": "done"})  # sudo: facts are written by the steps only
        return True

    def action_cancel(self):
        """End an order before it is collected; money goes back through the cashier."""
        for special in self:
            if special.state == "done":
                raise UserError(self.env._("%s was collected.", special.display_name))
            if special.purchase_line_id.order_id.state == "purchase" and special.state == "ordered":
                raise UserError(
                    self.env._(
                        "Cancel purchase order %s first.", special.purchase_line_id.order_id.name
                    )
                )
        # sudo: facts and what reserves the part are written by the steps only
        specials = self.sudo()
        specials._dealer_release()
        specials.write({"state": "cancel"})
        for special in specials:
            special.env["dealer.lost.sale"]._dealer_note_ordered(
                special.product_id, special.partner_id, ordered=False
            )
        return True

    @api.model
    def _cron_no_show(self):
        """Remind once after each limit that a part is still on the shelf."""
        today = fields.Date.context_today(self)
        Parameter = self.env["dealer.parameter"]
        for step, code in enumerate(("special_order_no_show_days", "special_order_return_days"), 1):
            days = int(Parameter._get_value(code))
            late = self.search(
                [
                    ("state", "=", "arrived"),
                    ("arrived_on", "<=", today - timedelta(days=days)),
                    ("no_show_step", "<", step),
                ]
            )
            for special in late:
                special._dealer_remind(
                    self.env._("Not fetched for %s days: call the customer.", days)
                    if step == 1
                    else self.env._(
                        "Not fetched for %s days: return it before the supplier's limit.", days
                    )
                )
            late.sudo().write({"no_show_step": step})  # sudo: a fact
