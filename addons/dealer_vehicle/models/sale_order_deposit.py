from decimal import Decimal

from odoo import api, fields, models

from odoo.addons.dealer_base.tools.taxes import ZERO, to_cents

from ..tools.deposit import split_earnest


class SaleOrder(models.Model):
    """What a customer has paid on an order, deposits first."""

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_deposit_ids = fields.One2many("dealer.deposit", "order_id", string="Customer Receipts")
    dealer_deposit_count = fields.Integer(
        string="Number of Customer Receipts",
        compute="_compute_dealer_deposit_count",
        compute_sudo=True,  # everybody who may open an order; the list itself has its own rights
    )
    dealer_deposit_paid = fields.Monetary(
        string="Received from Customer",
        compute="_compute_dealer_deposit_paid",
        store=True,
        help="Money of the customer that came before the invoice and has not gone back.",
    )
    dealer_received_total = fields.Monetary(
        string="Money Received",
        compute="_compute_dealer_received",
        store=True,
        help="All money that has come for this order: open deposits and paid invoices.",
    )
    dealer_open_total = fields.Monetary(
        string="Still to Pay", compute="_compute_dealer_received", store=True
    )

    # === COMPUTES ===
    @api.depends("dealer_deposit_ids")
    def _compute_dealer_deposit_count(self):
        counts = dict(
            self.env["dealer.deposit"]._read_group(
                [("order_id", "in", self.ids), ("state", "!=", "cancel")],
                ["order_id"],
                ["__count"],
            )
        )
        for order in self:
            order.dealer_deposit_count = counts.get(order._origin, 0)

    @api.depends(
        "dealer_deposit_ids.state",
        "dealer_deposit_ids.residual",
        "dealer_deposit_ids.applied_amount",
        "dealer_deposit_ids.penalty_amount",
    )
    def _compute_dealer_deposit_paid(self):
        for order in self:
            order.dealer_deposit_paid = sum(
                deposit.residual + deposit.applied_amount - deposit.penalty_amount
                for deposit in order.dealer_deposit_ids
                if deposit.state == "received"
            )

    @api.depends(
        "amount_total",
        "state",
        "dealer_deposit_ids.state",
        "dealer_deposit_ids.residual",
        "dealer_deposit_ids.penalty_amount",
        "order_line.invoice_lines.price_total",
        "order_line.invoice_lines.move_id.state",
        "order_line.invoice_lines.move_id.amount_total",
        "order_line.invoice_lines.move_id.amount_residual",
    )
    def _compute_dealer_received(self):
        """Open deposits and what invoices have been paid, credit notes subtracted."""
        for order in self:
            deposits = sum(
                max(0, deposit.residual - deposit.penalty_amount)
                for deposit in order.dealer_deposit_ids
                if deposit.state == "received"
            )
            received = order.currency_id.round(deposits + order._dealer_get_invoice_paid())
            order.dealer_received_total = received
            # nobody owes us anything on an order that has ended
            is_over = order.state == "cancel"
            order.dealer_open_total = 0.0 if is_over else order.amount_total - received

    def _dealer_get_invoice_paid(self):
        """What has been paid on the posted invoices, by the share of this order in each."""
        self.ensure_one()
        paid = 0.0
        items = self.order_line.invoice_lines.filtered(lambda item: item.parent_state == "posted")
        for move, lines in items.grouped("move_id").items():
            sign = -1 if move.move_type == "out_refund" else 1
            share = sum(lines.mapped("price_total")) / move.amount_total if move.amount_total else 0
            paid += sign * share * (move.amount_total - move.amount_residual)
        return paid

    # === EARNEST MONEY ===
    def _dealer_get_contract_price(self):
        """Price of the contract, tax included, as ``Decimal``.

        Money that is only collected for others, as taxes of the buyer and insurance premiums, is
        not the dealership's price.
        """
        self.ensure_one()
        lines = self.order_line.filtered(lambda line: not line._dealer_is_agency())
        return to_cents(Decimal(str(sum(lines.mapped("price_total")))))

    def _dealer_get_deposit_cap(self):
        """Largest share of the contract price with the effect of earnest money."""
        self.ensure_one()
        return self.env["dealer.parameter"]._get_rate(
            "deposit_cap_share", date=self.date_order, company=self.company_id
        )

    def _dealer_get_effective_earnest(self):
        """Effective part of the received deposits of these orders.

        :return: ``Decimal`` by deposit id, in the order in which the money came
        """
        effective = {}
        for order in self._origin:
            deposits = order.dealer_deposit_ids.filtered(
                lambda deposit: deposit.state == "received"
            )
            earnest = deposits.filtered(lambda deposit: deposit.kind == "earnest")
            effective.update({deposit.id: ZERO for deposit in deposits - earnest})
            if not earnest:
                continue
            price, share = order._dealer_get_contract_price(), order._dealer_get_deposit_cap()
            used = ZERO
            for deposit in earnest.sorted(lambda deposit: (deposit.date, deposit.id)):
                paid = to_cents(Decimal(str(deposit.amount)))
                effective[deposit.id] = split_earnest(price, paid, share, used)[0]
                used += effective[deposit.id]
        return effective

    # === VIEWS ===
    def action_view_dealer_deposits(self):
        """Open the deposits of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_deposit_action"
        )
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {"default_order_id": self.id} if len(self) == 1 else {}
        return action
