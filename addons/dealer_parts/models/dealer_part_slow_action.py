from odoo import Command, api, fields, models
from odoo.exceptions import UserError

#: Actions that cost money: somebody else approves them.
LOSSES = ("discount", "scrap")


class DealerPartSlowAction(models.Model):
    """What is done about a part that does not move: who decided it, and what came of it."""

    _name = "dealer.part.slow.action"
    _description = "Action about a Slow Part"
    _inherit = ["dealer.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state, id desc"
    _rec_name = "product_id"
    _fact_fields = frozenset({"state", "asked_by_id", "approved_by_id", "done_on", "scrap_ids"})

    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        domain="[('dealer_is_part', '=', True)]",
    )
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", required=True, index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    quantity = fields.Float(digits="Product Unit", required=True)
    action = fields.Selection(
        [
            ("return", "Return to supplier"),
            ("transfer", "Transfer to another store"),
            ("discount", "Sell at a discount"),
            ("scrap", "Scrap"),
            ("keep", "Keep, with a reason"),
        ],
        tracking=True,
    )
    supplier_id = fields.Many2one("res.partner")
    target_warehouse_id = fields.Many2one("stock.warehouse", string="To Store")
    discount = fields.Float(string="Discount (%)")
    reason = fields.Char(tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        tracking=True,
        index=True,
    )
    date_deadline = fields.Date(string="Until")
    state = fields.Selection(
        [
            ("draft", "To Decide"),
            ("asked", "To Approve"),
            ("approved", "Approved"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        readonly=True,
        default="draft",
        tracking=True,
        index=True,
        copy=False,
    )
    asked_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    done_on = fields.Date(readonly=True, copy=False)
    scrap_ids = fields.Many2many("stock.scrap", readonly=True, copy=False)

    _quantity_positive = models.Constraint(
        "CHECK(quantity > 0)", "The quantity must be greater than zero."
    )
    _discount_share = models.Constraint(
        "CHECK(discount >= 0 AND discount <= 100)", "A discount lies between 0 and 100 %."
    )
    _open_once = models.UniqueIndex(
        "(product_id, warehouse_id) WHERE state IN ('draft', 'asked', 'approved')",
        "There is an open action about this part in this store already.",
    )
    _approved_by_another = models.Constraint(
        "CHECK(approved_by_id IS NULL OR approved_by_id != asked_by_id)",
        "Who asks for a loss does not approve it.",
    )

    def write(self, vals):
        fixed = {"product_id", "warehouse_id", "quantity", "action", "discount"}
        if not self.env.su and fixed & vals.keys():
            if any(action.state != "draft" for action in self):
                raise UserError(
                    self.env._("This was decided already. Cancel it and make a new one.")
                )
        return super().write(vals)

    # === STEPS ===
    def action_decide(self):
        """Settle what is done; a loss waits for somebody else's approval."""
        self.check_access("write")
        for action in self:
            action._check_state("draft")
            action._check_complete()
            loss = action.action in LOSSES
            # sudo: facts are written by the steps
            action.sudo().write(
                {"state": "asked" if loss else "approved", "asked_by_id": self.env.uid}
            )

    def action_approve(self):
        """Approve a discount or a scrapping that somebody else wants."""
        for action in self:
            action.check_access("read")
            action._check_state("asked")
            if not self.env.user.has_group("dealer_parts.group_part_loss_manager") and not (
                self.env.user.has_group("dealer_base.group_general_manager")
            ):
                raise UserError(self.env._("A manager approves losses of parts."))
            if action.asked_by_id == self.env.user:
                raise UserError(
                    self.env._("You asked for it yourself, so somebody else must approve it.")
                )
            action.sudo().write(  # sudo: facts are written by the steps
                {"state": "approved", "approved_by_id": self.env.uid}
            )

    def action_done(self):
        """Carry it out: scraps are prepared bin by bin, and wait for the approval of losses."""
        self.check_access("write")
        for action in self:
            action._check_state("approved")
            # sudo: scrap orders of the action, which its owner need not read
            if action.action == "scrap" and not action.sudo().scrap_ids:
                action._create_scraps()
            scraps = action.sudo().scrap_ids  # sudo: as above
            if action.action == "scrap" and any(scrap.state != "done" for scrap in scraps):
                return action.action_view_scraps()
            # sudo: facts are written by the steps
            action.sudo().write({"state": "done", "done_on": fields.Date.context_today(self)})
        return True

    def action_cancel(self):
        """Take it from the list."""
        self.check_access("write")
        for action in self:
            if action.state == "done":
                raise UserError(self.env._("What is done cannot be cancelled."))
        self.sudo().state = "cancelled"  # sudo: a fact

    def action_view_scraps(self):
        """Open the scrap orders that wait for their approval."""
        return self.scrap_ids._get_records_action(name=self.env._("Scraps"))

    # === PARTS OF STEPS ===
    def _check_state(self, state):
        self.ensure_one()
        if self.state != state:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(part)s is in the step “%(now)s”, not “%(wanted)s”.",
                    part=self.display_name,
                    now=names[self.state],
                    wanted=names[state],
                )
            )

    def _check_complete(self):
        self.ensure_one()
        if not self.action:
            raise UserError(self.env._("Say what is done about %(part)s.", part=self.display_name))
        if self.action == "keep" and not self.reason:
            raise UserError(self.env._("Say why %(part)s is kept.", part=self.display_name))
        if self.action == "transfer" and not self.target_warehouse_id:
            raise UserError(self.env._("Say to which store %(part)s goes.", part=self.display_name))

    def _create_scraps(self):
        """One draft for each bin and lot until the quantity is reached."""
        self.ensure_one()
        left = self.quantity
        vals_list = []
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("location_id", "child_of", self.warehouse_id.lot_stock_id.id),
                ("quantity", ">", 0),
            ],
            order="in_date, id",
        )
        for quant in quants:
            quantity = min(left, quant.available_quantity)
            if self.product_id.uom_id.compare(quantity, 0) <= 0:
                continue
            left -= quantity
            vals_list.append(
                {
                    "product_id": self.product_id.id,
                    "product_uom_id": self.product_id.uom_id.id,
                    "scrap_qty": quantity,
                    "location_id": quant.location_id.id,
                    "lot_id": quant.lot_id.id,
                    "company_id": self.company_id.id,
                    "origin": self.env._("Slow part"),
                }
            )
        if not vals_list:
            raise UserError(
                self.env._("Nothing of %(part)s is free to be scrapped.", part=self.display_name)
            )
        scraps = self.env["stock.scrap"].create(vals_list)
        self.sudo().scrap_ids = [Command.set(scraps.ids)]  # sudo: a fact

    @api.depends("product_id", "warehouse_id")
    def _compute_display_name(self):
        for action in self:
            action.display_name = action.product_id.display_name
