from odoo import api, fields, models
from odoo.fields import Command


class DealerAgencySettlementLine(models.TransientModel):
    """One part of one deal in a settlement of agency money."""

    _name = "dealer.agency.settlement.line"
    _description = "Item of a Settlement of Agency Money"

    settlement_id = fields.Many2one(
        "dealer.agency.settlement", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one("sale.order", string="Deal", required=True)
    product_id = fields.Many2one("product.product", string="Item", required=True)
    currency_id = fields.Many2one(related="order_id.company_id.currency_id")
    open_amount = fields.Monetary(
        string="Open",
        compute="_compute_open_amount",
        help="Collected for the deal and not paid on yet, by the posted entries.",
    )
    is_gift = fields.Boolean(
        string="Gift",
        readonly=True,
        help="The customer has not paid it: the cost goes to the gross of the deal.",
    )
    amount = fields.Monetary(help="What is settled now.")
    excess_amount = fields.Monetary(
        string="Too Much",
        compute="_compute_excess_amount",
        help="What goes beyond the open amount: the dealership would pay it itself, or the customer"
        " twice.",
    )

    @api.depends("order_id", "product_id")
    def _compute_open_amount(self):
        """What the ledger says, whatever the client sends."""
        rows = self.env["dealer.agency.ledger"]._read_group(
            [("order_id", "in", self.order_id.ids), ("product_id", "in", self.product_id.ids)],
            ["order_id", "product_id"],
            ["balance:sum"],
        )
        totals = {(order.id, product.id): balance for order, product, balance in rows}
        for line in self:
            line.open_amount = totals.get((line.order_id.id, line.product_id.id), 0.0)

    @api.depends("amount", "open_amount", "is_gift", "settlement_id.kind")
    def _compute_excess_amount(self):
        """Gifts are paid out of our own pocket on purpose; nobody has collected for them."""
        for line in self:
            is_asked = line.settlement_id.kind == "collect"
            limit = max(-line.open_amount if is_asked else line.open_amount, 0.0)
            excess = 0.0 if line.is_gift else line.amount - limit
            line.excess_amount = max(line.currency_id.round(excess), 0.0)

    def _prepare_move_line_vals(self):
        """Line of the document: on the agency account, or on the car when it was a gift."""
        self.ensure_one()
        vehicle = self.order_id._dealer_get_only_vehicle()
        vals = {
            "product_id": self.product_id.id,
            "name": " ".join(
                filter(None, (self.product_id.display_name, self.order_id.name, vehicle.vin))
            ),
            "quantity": 1,
            "price_unit": self.amount,
            "tax_ids": [Command.clear()],
            "dealer_sale_id": self.order_id.id,
            "dealer_vehicle_id": vehicle.id,
        }
        if self.is_gift:
            company = self.order_id.company_id
            car = self.order_id.order_line.filtered(lambda line: line.dealer_deal_type == "car")
            accounts = (
                car[:1].product_id.product_tmpl_id.with_company(company).get_product_accounts()
            )
            vals["account_id"] = (accounts.get("expense") or company.expense_account_id).id
        return vals
