"""A Chinese company of its own and plain documents of Odoo, without any car of ours.

The canaries use this alone, to show what stock Odoo does.
"""

from odoo import Command, fields
from odoo.tests import TransactionCase

from .upstream import UpstreamMixin


class CoreFlowsCommon(UpstreamMixin, TransactionCase):
    """A company with the Chinese chart ``cn`` and plain core documents.

    Runs as superuser: what is examined is the arithmetic of the core, not anybody's rights.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = (
            cls.env["base"]
            .with_context(
                lang="en_US", tracking_disable=True, mail_create_nolog=True, no_reset_password=True
            )
            .env
        )
        cls.company = cls._create_company("Golden Motors")
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids),
        )
        cls.company = cls.company.with_env(cls.env)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.stock_location = cls.warehouse.lot_stock_id
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.vendors = cls.env.ref("stock.stock_location_suppliers")
        cls.maker = cls.env["res.partner"].create({"name": "Hongqi Factory (fictional)"})
        cls.buyer = cls.env["res.partner"].create({"name": "Li Lei (fictional)"})
        cls.freight = cls.env["product.product"].create(
            {
                "name": "Freight",
                "type": "service",
                "landed_cost_ok": True,
                "property_account_expense_id": cls.account("5601").id,
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
            }
        )

    # === SET-UP ===

    @classmethod
    def _create_company(cls, name):
        """Return a Chinese company with the chart of small enterprises (storno on)."""
        company = cls.env["res.company"].create(
            {
                "name": name,
                "country_id": cls.env.ref("base.cn").id,
                "currency_id": cls.env.ref("base.CNY").id,
            }
        )
        cls.env.user.company_ids = [Command.link(company.id)]
        cls.env["account.chart.template"].try_loading("cn", company=company, install_demo=False)
        cls._stock_accounts(company)
        return company

    @classmethod
    def _stock_accounts(cls, company):
        """Let merchandise (1405) vary against cost of sales (5401), not raw material."""
        cls.account("1405", company).account_stock_variation_id = cls.account("5401", company)

    @classmethod
    def account(cls, code, company=None):
        """Return the account of the Chinese chart that begins with these four digits."""
        company = company or cls.company
        return (
            cls.env["account.account"]
            .with_company(company)
            .search(
                [("code", "=like", f"{code}%"), ("company_ids", "in", company.ids)],
                order="code",
                limit=1,
            )
        )

    @classmethod
    def _category(cls, cost_method, name=None):
        """Return a perpetually valued category on the accounts of merchandise."""
        return cls.env["product.category"].create(
            {
                "name": name or f"Cars {cost_method}",
                "property_cost_method": cost_method,
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": cls.account("1405").id,
                "property_account_income_categ_id": cls.account("5001").id,
                "property_account_expense_categ_id": cls.account("5401").id,
            }
        )

    @classmethod
    def _product(cls, cost_method="fifo", lot_valuated=True, **vals):
        """Return a serial-tracked product; its price and cost carry no tax."""
        return cls.env["product.product"].create(
            {
                "name": "Core car",
                "type": "consu",
                "is_storable": True,
                "tracking": "serial",
                "lot_valuated": lot_valuated,
                "categ_id": cls._category(cost_method).id,
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
                "supplier_taxes_id": [Command.clear()],
                **vals,
            }
        )

    # === VERBS, ON PLAIN CORE DOCUMENTS ===

    def _core_order(self, product, *prices, partner=None):
        """Confirm a purchase order with one line per price, quantity 1 each."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": (partner or self.maker).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_qty": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for price in prices
                ],
            }
        )
        order.button_confirm()
        return order

    def _core_validate(self, picking, names=()):
        """Validate a transfer; on receipts ``names`` are the serial numbers, line by line."""
        picking.action_assign()
        for line, name in zip(picking.move_line_ids.sorted("id"), names, strict=False):
            line.lot_name = name
        picking.move_ids.picked = True
        self._finish(picking.button_validate(), picking)
        return picking

    def _finish(self, result, picking):
        self.assertIs(result, True, "the transfer asks a question that nobody expected")
        self.assertEqual(picking.state, "done")

    def _core_buy(self, product, *prices, partner=None):
        """Buy and receive cars one line each; return their lots in the order of the prices."""
        order = self._core_order(product, *prices, partner=partner)
        first = self.env["stock.lot"].search_count([])
        names = [f"CORE{order.id:05}{first + n:06}" for n in range(len(prices))]
        self._core_validate(order.picking_ids, names)
        lots = self.env["stock.lot"].search([("name", "in", names)], order="name")
        self.assertEqual(len(lots), len(prices))
        return lots

    def _core_bill(self, order, price=None):
        """Post the vendor bill of an order, at another price when given."""
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.invoice_date = fields.Date.today()
        if price is not None:
            bill.invoice_line_ids.price_unit = price
        bill.action_post()
        return bill

    def _core_quote(self, product, price=150000, partner=None, count=1):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.buyer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for _n in range(count)
                ],
            }
        )

    def _core_deliver(self, order, *lots):
        """Deliver these very lots, one per order line."""
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        moves = picking.move_ids.sorted("id")
        for move, lot in zip(moves, lots, strict=True):
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": move.product_id.id,
                        "lot_id": lot.id,
                        "quantity": 1,
                        "picked": True,
                        "location_id": lot.location_id.id or move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                        "picking_id": picking.id,
                    }
                )
            ]
        moves.picked = True
        self._finish(picking.button_validate(), picking)
        return picking

    def _core_invoice(self, order, post=True):
        invoice = order._create_invoices()
        invoice.invoice_date = fields.Date.today()
        if post:
            invoice.action_post()
        return invoice

    def _core_landed_cost(self, moves, amount):
        """Post a landed cost on the given incoming moves only."""
        cost = self.env["stock.landed.cost"].create(
            {
                "account_journal_id": self.company.account_stock_journal_id.id,
                "picking_ids": [Command.set(moves.picking_id.ids)],
                "cost_lines": [
                    Command.create(
                        {
                            "product_id": self.freight.id,
                            "name": "Freight",
                            "price_unit": amount,
                            "split_method": "equal",
                            "account_id": self.account("5601").id,
                        }
                    )
                ],
            }
        )
        cost.compute_landed_cost()
        lines = cost.valuation_adjustment_lines
        lines.additional_landed_cost = 0
        for line in lines.filtered(lambda line: line.move_id in moves):
            line.additional_landed_cost = amount / len(moves)
        cost.button_validate()
        return cost

    def _incoming(self, lot):
        """Return the incoming moves of a lot, oldest first."""
        return self.env["stock.move"].search(
            [("move_line_ids.lot_id", "in", lot.ids), ("is_in", "=", True)], order="date, id"
        )

    def _cogs(self, invoice):
        """Return the cost of sales that an invoice posts."""
        return sum(
            invoice.line_ids.filtered(
                lambda line: line.display_type == "cogs" and line.account_id == self.account("5401")
            ).mapped("balance")
        )
