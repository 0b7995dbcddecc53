from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STATES = [("draft", "To Decide"), ("done", "Ordered"), ("cancel", "Cancelled")]


class DealerOrderProposal(models.Model):
    """What a store should order today; the buyer changes it and makes purchase orders from it.

    There is one open proposal for each store. Each night brings it up to date: lines that the
    buyer has changed keep the chosen quantity, the others are computed anew.
    """

    _name = "dealer.order.proposal"
    _description = "Order Proposal"
    _inherit = ["dealer.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _fact_fields = frozenset({"state", "computed_on"})

    name = fields.Char(compute="_compute_name")
    date = fields.Date(required=True, default=fields.Date.context_today, readonly=True, index=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        index=True,
        check_company=True,
        default=lambda self: self.env.user._get_default_warehouse_id(),
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", copy=False, tracking=True
    )
    computed_on = fields.Datetime(readonly=True, copy=False)
    line_ids = fields.One2many("dealer.order.proposal.line", "proposal_id", string="Lines")
    line_count = fields.Integer(string="Parts", compute="_compute_line_count")
    order_count = fields.Integer(string="Purchase Orders", compute="_compute_order_count")
    amount = fields.Monetary(
        compute="_compute_amount", compute_sudo=True, groups="dealer_parts.group_part_cost"
    )

    _open_once = models.UniqueIndex(
        "(warehouse_id) WHERE state = 'draft'",
        "This store has an open proposal already: order or cancel it first.",
    )

    @api.depends("warehouse_id", "date")
    def _compute_name(self):
        for proposal in self:
            proposal.name = f"{proposal.warehouse_id.code or ''} {proposal.date or ''}".strip()

    @api.depends("line_ids")
    def _compute_line_count(self):
        counts = dict(
            self.env["dealer.order.proposal.line"]._read_group(
                [("proposal_id", "in", self.ids)], ["proposal_id"], ["__count"]
            )
        )
        for proposal in self:
            proposal.line_count = counts.get(proposal, 0)

    @api.depends("line_ids.purchase_line_id")
    def _compute_order_count(self):
        for proposal in self:
            # sudo: the number alone, whoever may see the orders
            proposal.order_count = len(proposal.sudo().line_ids.purchase_line_id.order_id)

    @api.depends("line_ids.amount")
    def _compute_amount(self):
        sums = dict(
            self.env["dealer.order.proposal.line"]._read_group(
                [("proposal_id", "in", self.ids)], ["proposal_id"], ["amount:sum"]
            )
        )
        for proposal in self:
            proposal.amount = sums.get(proposal, 0.0)

    # === NIGHTLY ===
    @api.model
    def _cron_propose(self):
        """Bring the proposal of each store up to date."""
        for store in self.env["stock.warehouse"].search([("active", "=", True)]):
            self._propose(store)

    @api.model
    def _propose(self, warehouse):
        """The open proposal of a store, computed from what is there and on its way now."""
        proposal = self.search(
            [("warehouse_id", "=", warehouse.id), ("state", "=", "draft")], limit=1
        )
        if not proposal:
            proposal = self.create({"warehouse_id": warehouse.id})
        proposal._update_lines()
        return proposal

    def action_propose(self):
        """Do now what is done every night; it takes a while, so the scheduler does it."""
        if not self.env.user.has_group("dealer_base.group_parts_manager"):
            raise AccessError(self.env._("The parts manager asks for proposals."))
        # sudo: who buys parts need not be allowed to run scheduled jobs
        self.env.ref("dealer_parts.dealer_part_demand_cron_rebuild").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Demand, policies and proposals are being computed. Reload in some minutes."
                ),
            },
        }

    def action_update(self):
        """Compute the lines anew; changed ones keep what was chosen."""
        for proposal in self:
            proposal._check_open()
            # sudo: figures are computed from stock and orders of all people
            proposal.sudo()._update_lines()
        return True

    def _update_lines(self):
        self.ensure_one()
        self.lock_for_update()
        self.env["dealer.order.proposal.line"]._rebuild(self)
        # sudo: facts are written by the steps only
        self.sudo().write({"computed_on": fields.Datetime.now(), "date": self._get_today()})

    def _get_today(self):
        return fields.Date.context_today(self)

    # === ORDERING ===
    def _check_open(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(
                self.env._("Proposal %s is not open any more: reload the page.", self.name)
            )

    def action_order(self):
        """Make purchase orders of all chosen lines, one for each supplier and order type."""
        self.ensure_one()
        return self._order_lines(self.line_ids)

    def _order_lines(self, lines):
        """Order some lines; what was ordered once is never ordered again.

        :return: action that shows the purchase orders
        """
        self.ensure_one()
        if not self.env.su and not self.env.user.has_group("dealer_base.group_parts_manager"):
            raise AccessError(self.env._("Parts are ordered by a parts manager. Ask one."))
        self.lock_for_update()
        self.invalidate_recordset()
        self._check_open()
        lines.invalidate_recordset()
        lines = lines.filtered(lambda line: line.quantity > 0 and not line.is_ordered)
        if not lines:
            raise UserError(
                self.env._("Nothing is left to order: choose a quantity on some line first.")
            )
        lines._check_orderable()
        orders = self.env["purchase.order"]
        for (supplier, order_type), group in lines.grouped(
            lambda line: (line.supplier_id, line.order_type)
        ).items():
            orders += self._make_order(supplier, order_type, group)
        if not self.line_ids.filtered(lambda line: line.quantity > 0 and not line.is_ordered):
            self.sudo().write({"state": "done"})  # sudo: facts are written by the steps only
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Orders"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("id", "in", orders.ids)],
        }

    def _make_order(self, supplier, order_type, lines):
        Order = self.env["purchase.order"].with_company(self.company_id)
        order = Order.create(self._prepare_order_vals(supplier, order_type, lines))
        for line, bought in zip(lines, order.order_line, strict=True):
            # sudo: facts are written by the steps only
            line.sudo().write(
                {
                    "purchase_line_id": bought.id,
                    "is_ordered": True,
                    "quantity": bought.product_qty,
                }
            )
        return order

    def _prepare_order_vals(self, supplier, order_type, lines):
        return {
            "partner_id": supplier.id,
            "company_id": self.company_id.id,
            "picking_type_id": self.warehouse_id.in_type_id.id,
            "dealer_order_type": order_type,
            "origin": self._get_waiting_origin(order_type, lines)
            or self.env._("Proposal %s", self.name),
            "order_line": [
                fields.Command.create(line._prepare_purchase_line_vals()) for line in lines
            ],
        }

    def _get_waiting_origin(self, order_type, lines):
        """Documents of the cars that wait for the parts of a vehicle-off-road order."""
        if order_type != "vor":
            return None
        waiting = self.env["dealer.part.request.line"].search(
            [
                ("warehouse_id", "=", self.warehouse_id.id),
                ("product_id", "in", lines.product_id.ids),
                ("request_id.priority", "=", "1"),
                ("state", "in", ("back_order", "partly")),
            ]
        )
        return ", ".join(
            " ".join(filter(None, (request.name, request.origin))) for request in waiting.request_id
        )

    def action_cancel(self):
        """Give a proposal up; the next night makes a new one."""
        for proposal in self:
            proposal._check_open()
            if not self.env.user.has_group("dealer_base.group_parts_manager"):
                raise AccessError(self.env._("A parts manager gives proposals up. Ask one."))
        self.sudo().write({"state": "cancel"})  # sudo: facts are written by the steps only
        return True

    def action_view_orders(self):
        """Purchase orders made from the proposal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Purchase Orders"),
            "res_model": "purchase.order",
            "view_mode": "list,form",
            "domain": [("order_line.dealer_proposal_line_ids.proposal_id", "=", self.id)],
        }

    # === WHAT IS THERE ===
    def _get_positions(self):
        """Stock of each part in the store: on hand, on its way in, and promised.

        On hand leaves out what lies on the shelf for one customer; on its way leaves out what was
        bought for one. Requests for quotation count as on their way: nothing is ordered twice.

        :return: dict of product id to (on hand, incoming, outgoing)
        """
        self.ensure_one()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT facts.product_id, SUM(facts.on_hand)::float, SUM(facts.incoming)::float,
                       SUM(facts.outgoing)::float
                  FROM (%s) facts
                  JOIN product_product product ON product.id = facts.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                 WHERE template.dealer_is_part
              GROUP BY facts.product_id
                """,
                SQL(" UNION ALL ").join(self._get_position_queries()),
            )
        )
        return {product: tuple(quantities) for product, *quantities in rows}

    def _get_position_queries(self):
        from .purchase_order import CUSTOMER_TYPES

        store = self.warehouse_id.id
        customer = tuple(sorted(CUSTOMER_TYPES))
        return [
            SQL(
                """
                SELECT quant.product_id, quant.quantity AS on_hand, 0::numeric AS incoming,
                       0::numeric AS outgoing
                  FROM stock_quant quant
                  JOIN stock_location place ON place.id = quant.location_id
                 WHERE place.usage = 'internal' AND place.warehouse_id = %s
                   AND quant.owner_id IS NULL
                """,
                store,
            ),
            SQL(
                """
                SELECT special.product_id, -special.quantity::numeric, 0, 0
                  FROM dealer_special_order special
                  JOIN sale_order sale ON sale.id = special.order_id
                 WHERE special.state = 'arrived' AND special.warehouse_id = %s
                   AND sale.state != 'sale'
                """,
                store,
            ),
            SQL(
                """
                SELECT move.product_id, 0,
                       CASE WHEN side.sign > 0 THEN move.product_qty ELSE 0 END,
                       CASE WHEN side.sign < 0 THEN move.product_qty ELSE 0 END
                  FROM stock_move move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
             LEFT JOIN purchase_order_line line ON line.id = move.purchase_line_id
             LEFT JOIN purchase_order buy ON buy.id = line.order_id
            CROSS JOIN LATERAL (VALUES
                            (-1, CASE WHEN source.usage = 'internal' THEN source.warehouse_id END,
                                 CASE WHEN target.usage = 'internal' THEN target.warehouse_id END),
                            (1, CASE WHEN target.usage = 'internal' THEN target.warehouse_id END,
                                CASE WHEN source.usage = 'internal' THEN source.warehouse_id END)
                       ) side (sign, warehouse_id, other_id)
                 WHERE move.state NOT IN ('done', 'cancel', 'draft')
                   AND side.warehouse_id = %(store)s
                   AND side.other_id IS DISTINCT FROM %(store)s
                   AND (buy.dealer_order_type IS NULL
                        OR buy.dealer_order_type NOT IN %(customer)s)
                """,
                store=store,
                customer=customer,
            ),
            SQL(
                """
                SELECT line.product_id, 0, line.product_uom_qty::numeric, 0
                  FROM purchase_order_line line
                  JOIN purchase_order buy ON buy.id = line.order_id
                  JOIN stock_picking_type kind ON kind.id = buy.picking_type_id
                 WHERE buy.state IN ('draft', 'sent', 'to approve')
                   AND kind.warehouse_id = %(store)s AND line.display_type IS NULL
                   AND buy.dealer_order_type NOT IN %(customer)s
                """,
                store=store,
                customer=customer,
            ),
        ]
