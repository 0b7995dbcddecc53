import json
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, float_compare

from ..tools.replenishment import round_to_package
from .product_supplierinfo import Seller
from .purchase_order import ORDER_TYPES

#: Columns that the nightly statement writes, and those of them that the buyer may have changed.
COMPUTED = {
    "supplier_id": "int4",
    "on_hand": "numeric",
    "incoming": "numeric",
    "outgoing": "numeric",
    "order_point": "numeric",
    "maximum": "numeric",
    "min_quantity": "numeric",
    "package_quantity": "numeric",
    "proposed_quantity": "numeric",
    "quantity": "numeric",
    "unit_cost": "numeric",
    "policy_id": "int4",
}
CHOSEN = ("quantity", "supplier_id")
#: What the buyer writes; everything else is computed.
BUYER_FIELDS = frozenset({"quantity", "supplier_id", "order_type", "note"})
NO_SELLER = Seller(None, 0, 0.0, 0.0)


class DealerOrderProposalLine(models.Model):
    """One part to order: what is proposed and why, and what the buyer chose."""

    _name = "dealer.order.proposal.line"
    _description = "Line of an Order Proposal"
    _inherit = ["dealer.fact.mixin"]
    _order = "proposal_id desc, order_type desc, supplier_id, id"
    _rec_name = "product_id"
    _fact_fields = frozenset(
        {
            "purchase_line_id",
            "is_ordered",
            "proposed_quantity",
            "on_hand",
            "incoming",
            "outgoing",
            "order_point",
            "maximum",
            "min_quantity",
            "package_quantity",
            "unit_cost",
            "policy_id",
            "is_edited",
        }
    )

    proposal_id = fields.Many2one(
        "dealer.order.proposal", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="proposal_id.state")
    warehouse_id = fields.Many2one(related="proposal_id.warehouse_id", store=True, string="Store")
    company_id = fields.Many2one(related="proposal_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_id = fields.Many2one(
        "product.product",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("dealer_is_part", "=", True)],
    )
    uom_id = fields.Many2one(related="product_id.uom_id")
    supplier_id = fields.Many2one("res.partner", index="btree_not_null")
    order_type = fields.Selection(ORDER_TYPES, required=True, default="stock")
    policy_id = fields.Many2one("dealer.part.policy", readonly=True, ondelete="set null")
    abc_class = fields.Selection(related="policy_id.abc_class", string="ABC")
    on_hand = fields.Float(digits="Product Unit", readonly=True)
    incoming = fields.Float(
        digits="Product Unit", readonly=True, help="Ordered or asked for, not yet received."
    )
    outgoing = fields.Float(
        string="Promised", digits="Product Unit", readonly=True, help="To be issued to customers."
    )
    order_point = fields.Float(digits="Product Unit", readonly=True)
    maximum = fields.Float(digits="Product Unit", readonly=True)
    min_quantity = fields.Float(string="Minimum Order", digits="Product Unit", readonly=True)
    package_quantity = fields.Float(string="Package", digits="Product Unit", readonly=True)
    proposed_quantity = fields.Float(string="Proposed", digits="Product Unit", readonly=True)
    quantity = fields.Float(string="To Order", digits="Product Unit")
    is_edited = fields.Boolean(string="Changed", readonly=True)
    note = fields.Char(string="Buyer's Note")
    reason = fields.Char(compute="_compute_reason")
    unit_cost = fields.Float(
        digits="Product Price", readonly=True, groups="dealer_parts.group_part_cost"
    )
    amount = fields.Monetary(
        compute="_compute_amount",
        compute_sudo=True,
        store=True,
        groups="dealer_parts.group_part_cost",
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    is_ordered = fields.Boolean(
        string="Ordered", readonly=True, copy=False, help="Never ordered again from this line."
    )
    purchase_id = fields.Many2one(related="purchase_line_id.order_id", string="Purchase Order")

    _once = models.UniqueIndex(
        "(proposal_id, product_id, order_type) WHERE is_ordered IS NOT TRUE",
        "This part is on the proposal with this order type already: change that line.",
    )
    _quantity_not_negative = models.Constraint(
        "CHECK (quantity >= 0)", "The quantity to order must be at least zero."
    )

    @api.depends("quantity", "unit_cost")
    def _compute_amount(self):
        for line in self:
            line.amount = line.currency_id.round(line.quantity * line.unit_cost)

    @api.depends("order_type", "on_hand", "incoming", "outgoing", "order_point", "policy_id.reason")
    @api.depends_context("lang")
    def _compute_reason(self):
        for line in self:
            line.reason = line._get_reason()

    def _get_reason(self):
        """Why this part and quantity, in a sentence."""
        self.ensure_one()
        if not self.proposed_quantity:
            return self.env._("Added by the buyer.")
        figures = {
            "hand": self.on_hand,
            "coming": self.incoming,
            "promised": self.outgoing,
            "point": self.order_point,
            "most": self.maximum,
        }
        if self.order_type == "urgent":
            return self.env._(
                "%(promised)g promised, but %(hand)g on hand and %(coming)g on order.", **figures
            )
        text = self.env._(
            "%(hand)g on hand, %(coming)g on order, %(promised)g promised: not above the order"
            " point %(point)g, up to %(most)g.",
            **figures,
        )
        return f"{text} {self.policy_id.reason or ''}".strip()

    # === BUYER ===
    @api.model_create_multi
    def create(self, vals_list):
        """A buyer may add a part; outside purchases are the manager's."""
        self._check_type(vals.get("order_type") for vals in vals_list)
        lines = super().create(vals_list)
        for proposal in lines.proposal_id:
            proposal._check_open()
        if not self.env.su:
            lines.sudo()._add_figures()  # sudo: figures are facts
        return lines

    def write(self, vals):
        if not self.env.su:
            self._check_not_ordered()
            self._check_type([vals.get("order_type")])
            for proposal in self.proposal_id:
                proposal._check_open()
            if not BUYER_FIELDS.isdisjoint(vals):
                # sudo: that somebody changed the line is a fact
                super(DealerOrderProposalLine, self.sudo()).write({"is_edited": True})
        return super().write(vals)

    def _check_not_ordered(self):
        for line in self.filtered("is_ordered"):
            raise UserError(
                self.env._(
                    "%(part)s was ordered with %(order)s: change that order.",
                    part=line.product_id.display_name,
                    # sudo: the name of the order, which may belong to another buyer
                    order=line.sudo().purchase_id.name or "",
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_ordered(self):
        if self.filtered("is_ordered"):
            raise UserError(self.env._("Lines that were ordered stay on their proposal."))

    @api.model
    def _check_type(self, order_types):
        manager = self.env.su or self.env.user.has_group("dealer_base.group_parts_manager")
        if not manager and "direct" in order_types:
            raise AccessError(
                self.env._("Outside purchases are decided by a parts manager. Ask one.")
            )

    def _add_figures(self):
        """What the buyer should know about a part that was added by hand."""
        for proposal, lines in self.grouped("proposal_id").items():
            positions = proposal._get_positions()
            sellers = self.env["product.supplierinfo"]._dealer_get_sellers(proposal.company_id)
            for line in lines:
                on_hand, incoming, outgoing = positions.get(line.product_id.id, (0.0, 0.0, 0.0))
                seller = sellers.get(line.product_id.id, NO_SELLER)
                product = line.product_id.with_company(proposal.company_id)
                line.write(
                    {
                        "on_hand": on_hand,
                        "incoming": incoming,
                        "outgoing": outgoing,
                        "supplier_id": line.supplier_id.id or seller.partner_id,
                        "min_quantity": seller.minimum,
                        "package_quantity": seller.package,
                        "unit_cost": product.standard_price,
                        "is_edited": True,
                    }
                )

    def _check_orderable(self):
        missing = self.filtered(lambda line: not line.supplier_id)
        if missing:
            raise UserError(
                self.env._(
                    "Choose the supplier of %s first.",
                    ", ".join(missing[:5].product_id.mapped("display_name")),
                )
            )

    def _prepare_purchase_line_vals(self):
        """The chosen quantity in whole packages, the minimum of the supplier at least."""
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "product_qty": round_to_package(
                self.quantity, self.min_quantity, self.package_quantity
            ),
        }

    def action_order(self):
        """Order the selected lines only."""
        for proposal, lines in self.grouped("proposal_id").items():
            action = proposal._order_lines(lines)
        return action

    # === NIGHTLY ===
    @api.model
    def _rebuild(self, proposal):
        """Compute all lines of a proposal anew; a fixed number of statements for any number of
        parts."""
        self.flush_model()
        rows = self._get_rows(proposal)
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM dealer_order_proposal_line
                 WHERE proposal_id = %s AND is_ordered IS NOT TRUE AND is_edited IS NOT TRUE
                """,
                proposal.id,
            )
        )
        self._save(proposal, rows)
        self.env.invalidate_all(flush=False)

    def _get_rows(self, proposal):
        positions = proposal._get_positions()
        policies = self._get_policies(proposal)
        sellers = self.env["product.supplierinfo"]._dealer_get_sellers(proposal.company_id)
        chains = self.env["dealer.part.policy"]._get_order_parts()
        costs = self.env["dealer.part.policy"]._get_costs(proposal.warehouse_id)
        refused = self._get_refused()
        cars_waiting = self._get_cars_waiting(proposal)
        together = defaultdict(lambda: [0.0, 0.0, 0.0])
        for product, quantities in positions.items():
            if product in refused:
                quantities = (0.0, 0.0, quantities[2])
            # old stock is sold first, so it counts for the number that is ordered today
            for part, ratio in chains.get(product, {product: 1.0}).items():
                sums = together[part]
                for index, quantity in enumerate(quantities):
                    sums[index] += quantity * ratio
        rows = []
        for product in sorted(set(together) | set(policies)):
            if product in costs and product not in chains:
                rows += self._prepare_lines(
                    product,
                    together[product],
                    policies.get(product, (None, 0.0, 0.0)),
                    sellers.get(product, NO_SELLER),
                    costs[product],
                    cars_waiting,
                )
        return rows + self._get_changed_rows(proposal, rows, together)

    def _get_refused(self):
        """Old numbers that must not be fitted any more: their stock serves nobody."""
        rows = self.env["dealer.part.supersession"].search(
            [
                ("use_old", "=", False),
                ("kind", "!=", "two_way"),
                ("date_from", "<=", fields.Date.context_today(self)),
            ]
        )
        return set(rows.old_product_id.ids)

    def _get_changed_rows(self, proposal, rows, positions):
        """Lines that the buyer keeps though nothing is proposed: they get the figures of today."""
        proposed = {(row["product_id"], row["order_type"]) for row in rows}
        changed = self.search_fetch(
            [
                ("proposal_id", "=", proposal.id),
                ("is_edited", "=", True),
                ("is_ordered", "=", False),
            ],
            ["product_id", "order_type", "policy_id", *COMPUTED],
        )
        kept = []
        for line in changed:
            if (line.product_id.id, line.order_type) not in proposed:
                on_hand, incoming, outgoing = positions.get(line.product_id.id, (0, 0, 0))
                values = {name: line[name] for name in COMPUTED}
                values["supplier_id"] = line.supplier_id.id
                values["policy_id"] = line.policy_id.id
                kept.append(
                    {
                        **values,
                        "product_id": line.product_id.id,
                        "order_type": line.order_type,
                        "on_hand": on_hand,
                        "incoming": incoming,
                        "outgoing": outgoing,
                        "proposed_quantity": 0.0,
                    }
                )
        return kept

    def _get_policies(self, proposal):
        """Levels in force by part: (policy, order point, maximum)."""
        self.env["dealer.part.policy"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product_id, id,
                       CASE WHEN is_manual THEN manual_min ELSE computed_point END::float,
                       CASE WHEN is_manual THEN manual_max ELSE computed_max END::float
                  FROM dealer_part_policy
                 WHERE warehouse_id = %s AND (is_manual OR phase = 'stock')
                """,
                proposal.warehouse_id.id,
            )
        )
        return {product: tuple(levels) for product, *levels in rows}

    def _get_cars_waiting(self, proposal):
        """Parts without which a car cannot leave the workshop (VOR, domain-cn §5)."""
        lines = self.env["dealer.part.request.line"].search(
            [
                ("warehouse_id", "=", proposal.warehouse_id.id),
                ("request_id.priority", "=", "1"),
                ("state", "in", ("back_order", "partly")),
            ]
        )
        return set(lines.product_id.ids)

    def _prepare_lines(self, product, position, levels, seller, cost, cars_waiting):
        """Lines of one part: what is short at once, and what fills the shelf."""
        on_hand, incoming, outgoing = position
        policy, point, most = levels[0], levels[1] or 0.0, levels[2] or 0.0
        available = on_hand + incoming - outgoing
        values = {
            "product_id": product,
            "supplier_id": seller.partner_id,
            "on_hand": on_hand,
            "incoming": incoming,
            "outgoing": outgoing,
            "order_point": point,
            "maximum": most,
            "min_quantity": seller.minimum,
            "package_quantity": seller.package,
            "unit_cost": cost,
            "policy_id": policy,
        }
        lines = []
        if float_compare(available, 0, precision_digits=4) < 0:
            # somebody waits: it goes with the next urgent order
            short = round_to_package(-available, seller.minimum, seller.package)
            kind = "vor" if product in cars_waiting else "urgent"
            lines.append({**values, "order_type": kind, "proposed_quantity": short})
            available += short
        is_due = policy and float_compare(available, point, precision_digits=4) <= 0
        if is_due and float_compare(most, available, precision_digits=4) > 0:
            wanted = round_to_package(most - available, seller.minimum, seller.package)
            lines.append({**values, "order_type": "stock", "proposed_quantity": wanted})
        return [{**line, "quantity": line["proposed_quantity"]} for line in lines]

    def _save(self, proposal, rows):
        """Write all lines in one statement; what the buyer chose stays, what was ordered too."""
        columns = SQL(", ").join(map(SQL.identifier, COMPUTED))
        kept = [name for name in COMPUTED if name not in CHOSEN]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO dealer_order_proposal_line AS line (
                    proposal_id, warehouse_id, company_id, product_id, order_type, amount,
                    create_uid, create_date, write_uid, write_date, %(columns)s)
                SELECT %(proposal)s, %(warehouse)s, %(company)s, product_id, order_type,
                       ROUND(quantity * unit_cost, %(digits)s),
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC',
                       %(columns)s
                  FROM jsonb_to_recordset(%(rows)s::jsonb)
                       AS new (product_id int4, order_type varchar, %(types)s)
           ON CONFLICT (proposal_id, product_id, order_type) WHERE is_ordered IS NOT TRUE
                    DO UPDATE SET %(changes)s
                """,
                columns=columns,
                types=SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(kind)) for name, kind in COMPUTED.items()
                ),
                changes=SQL(", ").join(
                    SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
                    for name in kept
                ),
                rows=json.dumps(rows),
                proposal=proposal.id,
                warehouse=proposal.warehouse_id.id,
                company=proposal.company_id.id,
                digits=proposal.currency_id.decimal_places,
                uid=self.env.uid,
            )
        )
