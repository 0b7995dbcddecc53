from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError


class SaleOrder(models.Model):
    """Parts sold over the counter."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_counter_class = fields.Selection(
        [("retail", "Retail"), ("wholesale", "Wholesale")],
        string="Counter Sale",
        index="btree_not_null",
        tracking=True,
        help="Price class of a counter sale of parts; empty for other orders. What the house needs"
        " itself is asked for by a parts request.",
    )

    @api.constrains("dealer_counter_class", "order_line")
    def _check_dealer_counter_lines(self):
        """A car has its own deal, with its own approvals."""
        for order in self.filtered("dealer_counter_class"):
            if order.order_line.product_id.filtered("categ_id.dealer_product_policy"):
                raise UserError(
                    self.env._(
                        "A car cannot be sold over the parts counter. Write a deal for it instead."
                    )
                )

    @api.model
    def default_get(self, names):
        """OVERRIDE: a counter sale has no quotation booklet, whose pages keepers may not read."""
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            names = [name for name in names if name != "quotation_document_ids"]
        return super().default_get(names)

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._dealer_check_counter_class()
        return orders

    def _dealer_check_counter_class(self):
        """Wholesale prices are for customers whom the parts manager has made wholesale ones."""
        if self._dealer_may_price_parts():
            return
        for order in self:
            code = order.partner_id.sudo().dealer_price_class_id.code  # sudo: of any customer
            if order.dealer_counter_class == "wholesale" and code != "wholesale":
                raise AccessError(
                    self.env._(
                        "%s buys at retail prices. Ask the parts manager for another price class.",
                        order.partner_id.display_name,
                    )
                )

    def write(self, vals):
        self._dealer_check_class_change(vals)
        result = super().write(vals)
        if {"dealer_counter_class", "partner_id"} & vals.keys():
            self._dealer_check_counter_class()
        return result

    def _dealer_check_class_change(self, vals):
        if (
            "dealer_counter_class" in vals
            and not self._dealer_may_price_parts()
            and any(
                order.state != "draft" or order.dealer_counter_class != vals["dealer_counter_class"]
                for order in self
                if order.order_line
            )
        ):
            raise AccessError(
                self.env._("Only the parts manager changes the price class of a counter sale.")
            )

    def _dealer_get_price_class(self):
        self.ensure_one()
        return self.env.ref(f"dealer_parts.price_class_{self.dealer_counter_class}")

    def _dealer_may_price_parts(self):
        return self.env.su or self.env.user.has_group("dealer_base.group_parts_manager")

    @api.onchange("partner_id")
    def _onchange_dealer_price_class(self):
        """A wholesale customer buys at his prices without being asked."""
        classes = dict(self._fields["dealer_counter_class"].selection)
        code = self.partner_id.dealer_price_class_id.code
        if self.dealer_counter_class and code in classes:
            self.dealer_counter_class = code

    def _confirmation_error_message(self):
        return super()._confirmation_error_message() or self._dealer_get_counter_error()

    def _dealer_get_credit_error(self):
        """Why the customer may not take more on account, else nothing (批发, domain-cn §5).

        The parts manager may sell all the same.
        """
        self.ensure_one()
        # sudo: of any customer; who buys on account does so at retail prices, too
        code = self.partner_id.sudo().dealer_price_class_id.code
        if "wholesale" not in (self.dealer_counter_class, code) or self._dealer_may_price_parts():
            return None
        # sudo: keepers do not read the books, but must not sell to who does not pay
        order = self.sudo()
        partner, company = order.partner_invoice_id.commercial_partner_id, order.company_id
        overdue = (
            self.env["account.move.line"]
            .sudo()  # sudo: keepers see no ledgers, only that somebody owes too much
            ._read_group(
                [
                    ("partner_id", "child_of", partner.id),
                    ("company_id", "=", company.id),
                    ("account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("date_maturity", "<", fields.Date.context_today(self)),
                ],
                [],
                ["amount_residual:sum"],
            )[0][0]
        )
        if company.currency_id.compare_amounts(overdue or 0, 0) > 0:
            return self.env._(
                "%(customer)s has %(amount)s overdue. Let the cashier collect it, or ask the parts"
                " manager to sell.",
                customer=partner.name,
                amount=company.currency_id.format(overdue),
            )
        partner = partner.with_company(company)
        if partner.use_partner_credit_limit:
            after = partner.credit + partner.credit_to_invoice + order.amount_total
            if company.currency_id.compare_amounts(after, partner.credit_limit) > 0:
                return self.env._(
                    "%(customer)s would owe %(amount)s, and may owe %(limit)s. Ask the parts"
                    " manager to sell.",
                    customer=partner.name,
                    amount=company.currency_id.format(after),
                    limit=company.currency_id.format(partner.credit_limit),
                )
        return None

    def _dealer_get_cheap_part_error(self):
        """Why parts of an order without a car cannot be sold, else nothing.

        With a car they are accessories of a deal, whose prices the desk approves.
        """
        roles = ("parts_manager", "sales_manager", "service_manager", "general_manager")
        if self.env.su or any(self.env.user.has_group(f"dealer_base.group_{r}") for r in roles):
            return None
        parts = self.order_line.filtered(
            lambda line: line.product_id.dealer_is_part and line.product_uom_qty > 0
        )
        if not parts or self.order_line.dealer_vehicle_id:
            return None
        retail = self.env.ref("dealer_parts.price_class_retail")
        for line in parts:
            part = line.product_id.with_company(self.company_id)
            price = part._dealer_get_part_price(
                retail, partner=self.partner_id, quantity=line.product_uom_qty
            )[0]
            asked = line.price_total / line.product_uom_qty
            if self.currency_id.compare_amounts(asked, price) < 0:
                return self.env._(
                    "%(part)s costs %(price)s with VAT. Ask a manager to confirm another price.",
                    part=part.display_name,
                    price=self.currency_id.format(price),
                )
        return None

    def _dealer_get_counter_error(self):
        """Why a counter sale cannot be handed over, else nothing (no negative stock, §5)."""
        self.ensure_one()
        if not self.dealer_counter_class:
            return self._dealer_get_cheap_part_error()
        credit_error = self._dealer_get_credit_error()
        if credit_error:
            return credit_error
        free = self.order_line.filtered(
            lambda line: (
                line.product_id.dealer_is_part
                and line.product_uom_qty
                and line.currency_id.is_zero(line.price_unit)
            )
        )
        if free and not self._dealer_may_price_parts():
            return self.env._(
                "%s has no price in force. Ask the parts manager to enter one.",
                free[0].product_id.display_name,
            )
        wanted = {}
        for line in self.order_line.filtered("product_id.is_storable"):
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty, line.product_id.uom_id
            )
            wanted[line.product_id] = wanted.get(line.product_id, 0.0) + quantity
        products = self.env["product.product"].union(*wanted)
        for product in products.with_context(warehouse_id=self.warehouse_id.id):
            if product.uom_id.compare(product.free_qty, wanted[product]) < 0:
                return self.env._(
                    "%(part)s: %(free)s free in %(store)s, %(wanted)s wanted. Sell less, take it"
                    " from another store, or write a special order.",
                    part=product.display_name,
                    free=product.free_qty,
                    store=self.warehouse_id.name,
                    wanted=wanted[product],
                )
        return None

    def action_dealer_sell(self):
        """Confirm, issue the parts and invoice them, in one step."""
        invoices = self.env["account.move"]
        for order in self:
            if not order.dealer_counter_class:
                raise UserError(self.env._("%s is not a counter sale.", order.name))
            if order.state in ("draft", "sent"):
                order.action_confirm()
            order._dealer_hand_over()
            # sudo: keepers sell, and have no other rights on the books
            created = order.sudo()._create_invoices()
            created.action_post()
            invoices |= created
        return invoices.with_env(self.env)._get_records_action(name=self.env._("Invoices"))

    def _prepare_invoice(self):
        """OVERRIDE: keepers read what they invoice."""
        return super()._prepare_invoice() | {"dealer_is_counter": bool(self.dealer_counter_class)}

    def _dealer_lock_parts(self):
        """Two people do not sell the same last pieces."""
        for order in self.filtered("dealer_counter_class"):
            parts = order.order_line.product_id.filtered("is_storable")
            parts._dealer_lock_stock(order.warehouse_id)

    def _dealer_hand_over(self):
        """Issue all parts of the sale; nothing is invoiced that stays on the shelf.

        :raise UserError: a part cannot be issued whole
        """
        self.ensure_one()
        self._dealer_lock_parts()
        pickings = self.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        for picking in pickings:
            picking.action_assign()
            # what another sale took at this moment is not reserved; it must not be issued all
            # the same, or the stock would become negative
            self._dealer_check_handed_over(picking.move_ids, "assigned")
            picking.button_validate()
        moves = self.picking_ids.move_ids.filtered(lambda move: move.state != "cancel")
        self._dealer_check_handed_over(moves, "done")
        # who buys a part with an old one owes it, at the counter as in the workshop
        pickings.move_ids._dealer_after_issue()

    def _dealer_check_handed_over(self, moves, state):
        for move in moves:
            if move.state != state or move.product_uom.compare(move.quantity, move.product_uom_qty):
                raise UserError(
                    self.env._(
                        "%(part)s cannot be issued whole. Look at %(picking)s: it may lack its lot"
                        " or be reserved for somebody else.",
                        part=move.product_id.display_name,
                        picking=move.picking_id.name,
                    )
                )

    def _action_cancel(self):
        """OVERRIDE: parts that left are taken back, with their credit note, and not forgotten."""
        for order in self.filtered("dealer_counter_class"):
            gone = order.order_line.filtered(lambda line: line.qty_delivered > 0)
            if gone:
                raise UserError(
                    self.env._(
                        "%(part)s of %(order)s has been handed out. Take it back first, with"
                        " “Take Back”.",
                        part=gone[0].product_id.display_name,
                        order=order.name,
                    )
                )
        return super()._action_cancel()

    def action_dealer_lose(self):
        """End a quote that was not sold; what was not there counts as lost."""
        for order in self.filtered("dealer_counter_class"):
            if order.state not in ("draft", "sent"):
                raise UserError(self.env._("%s is sold already.", order.name))
            for line in order.order_line.filtered("product_id.dealer_is_part"):
                product = line.product_id.with_context(warehouse_id=order.warehouse_id.id)
                is_short = product.uom_id.compare(product.free_qty, line.product_uom_qty) < 0
                self.env["dealer.lost.sale"]._dealer_capture(
                    line.product_id,
                    line.product_uom_qty,
                    order.warehouse_id,
                    "quote",
                    partner=order.partner_id,
                    reason="no_stock" if is_short else "price",
                )
            order.action_cancel()
        return True
