"""The verbs of the trade, each done by the person whose job it is, and the golden ledger."""

from odoo import Command, fields
from odoo.tests import Form

from odoo.addons.dealer_vehicle.tests.common import DealerVehicleCommon

from .upstream import UpstreamMixin

# The first digits of an account tell its role; the longer prefix wins.
ROLES = {
    "1001": "cash",
    "1002": "bank",
    "1122": "receivable",
    "1405": "stock",
    "2202": "payable",
    "2221": "vat",
    "5001": "revenue",
    "5401": "cogs",
    "5601": "freight",
}
CENT = 2


class DealerFlowsCommon(UpstreamMixin, DealerVehicleCommon):
    """The company, people and verbs of ``dealer_vehicle``, with taxes and the whole ledger.

    Ken keeps the stock, see ``DealerVehicleCommon`` for the others. Everybody reads English
    here, because some messages are asserted.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consignor = cls.env["res.partner"].create({"name": "Zhao Lei (fictional)"})
        cls.tax_buy = cls._included_tax("purchase", 13)
        cls.tax_sell = cls._included_tax("sale", 13)
        cls.tax_used = cls.tax_sell.copy({"name": "0.5 % used car", "amount": 0.5})
        cls.freight.property_account_expense_id = cls._account("5601")

    def setUp(self):
        super().setUp()
        self.seen = set()

    # === SET-UP ===

    @classmethod
    def _create_person(cls, login, group, company=None):
        person = super()._create_person(login, group, company)
        person.lang = "en_US"
        return person

    @classmethod
    def _included_tax(cls, use, amount, company=None):
        """Return the chart's tax of this rate with the price including it."""
        company = company or cls.company
        tax = (
            cls.env["account.tax"]
            .with_company(company)
            .search(
                [
                    ("type_tax_use", "=", use),
                    ("amount", "=", amount),
                    ("company_id", "=", company.id),
                    ("price_include_override", "=", "tax_included"),
                ],
                limit=1,
            )
        )
        return tax or cls.env["account.tax"].with_company(company).search(
            [
                ("type_tax_use", "=", use),
                ("amount", "=", amount),
                ("company_id", "=", company.id),
            ],
            limit=1,
        ).copy({"name": f"{amount} % incl.", "price_include_override": "tax_included"})

    def _car(self, policy="shared", **vals):
        """Register a car of the given product policy: new, used or consigned."""
        car = self._create_vehicle(kind="new" if policy == "shared" else "used", **vals)
        car._get_or_create_product(policy=policy)
        self.assertEqual(car.product_policy, policy)
        return car

    # === BUYING ===

    def _buy(self, car, price, partner=None, tax=None, user=None):
        """Max orders one car, one line; tax is included in the price."""
        user = user or self.max
        order = self._as(user, self.env["purchase.order"]).create(
            {
                "partner_id": (partner or self.maker).id,
                "order_line": [self._purchase_line(car, price, tax)],
            }
        )
        order.button_confirm()
        return order

    def _purchase_line(self, car, price, tax=None):
        return Command.create(
            {
                "dealer_vehicle_id": car.id,
                "product_id": car.product_id.id,
                "product_qty": 1,
                "price_unit": price,
                "tax_ids": [Command.set((tax if tax is not None else self.tax_buy).ids)],
            }
        )

    def _receive_consigned(self, car, owner=None, user=None):
        """Ken takes in a car that stays its owner's."""
        user = user or self.ken
        picking = self._as(user, car)._receive_consigned(
            self._as(user, self.warehouse), owner=owner or self.consignor
        )
        return self._validate(picking)

    # === SELLING ===

    def _quote(self, car, price, partner=None, tax=None, user=None):
        """Sara offers this very car; tax is included in the price."""
        return self._as(user or self.sara, self.env["sale.order"]).create(
            {
                "partner_id": (partner or self.customer).id,
                # deals below the price list are asked for one
                "dealer_deviation_reason_id": self.env.ref(
                    "dealer_vehicle.dealer_deviation_reason_loyal"
                ).id,
                "order_line": [self._sale_line(car, price, tax)],
            }
        )

    def _sale_line(self, car, price, tax=None):
        return Command.create(
            {
                "dealer_vehicle_id": car.id,
                "product_id": car.product_id.id,
                "product_uom_qty": 1,
                "price_unit": price,
                "tax_ids": [Command.set((tax if tax is not None else self.tax_sell).ids)],
            }
        )

    def _invoice(self, order, post=True, user=None):
        """Fred invoices what the order allows, less deposits."""
        invoice = self._as(user or self.fred, order)._create_invoices(final=True)
        invoice.invoice_date = fields.Date.today()
        if post:
            invoice.action_post()
        return invoice

    def _pay(self, invoice, user=None):
        """Fred registers the full payment; return its entry."""
        wizard = Form(
            self._as(user or self.fred, self.env["account.payment.register"]).with_context(
                active_model="account.move", active_ids=invoice.ids
            )
        ).save()
        payments = wizard._create_payments()
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        return payments.move_id

    # === AFTER THE SALE ===

    def _credit(self, invoice, lines=None, user=None):
        """Fred credits an invoice, or only some of its lines; return the credit note."""
        invoice = self._as(user or self.fred, invoice)
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        if lines is not None:
            unwanted = credit_note.invoice_line_ids.filtered(
                lambda line: line.dealer_vehicle_id not in lines.dealer_vehicle_id
            )
            unwanted.unlink()
        credit_note.action_post()
        return credit_note

    # === WHAT IS ASSERTED ===

    @classmethod
    def _role(cls, account):
        code = account.with_company(account.company_ids[:1]).code or ""
        return ROLES.get(code[:4], code)

    def _journal(self, entry):
        """Return the lines of an entry: role, debit, credit, car; sorted to be compared."""
        return sorted(
            (
                self._role(line.account_id),
                round(line.debit, CENT),
                round(line.credit, CENT),
                line.dealer_vehicle_id.vin or "",
            )
            for line in entry.sudo().line_ids
        )

    def assertEntry(self, entry, expected):
        """Every line of the posted entry: (role, debit, credit) or (…, car), in any order."""
        self.assertEqual(entry.state, "posted")
        self.seen.add(entry.id)
        wanted = sorted(
            (role, round(debit, CENT), round(credit, CENT), car[0].vin if car else "")
            for role, debit, credit, *car in expected
        )
        self.assertEqual(self._journal(entry), wanted)

    def assertCreditNote(self, entry, invoiced):
        """Every line gives back what the invoice took, cost and revenue in red (红字).

        Compared by balance: the core writes the VAT of a full credit note in black (see the
        canary ``test_vat_of_a_full_credit_note_is_black``).
        """
        self.assertEqual(entry.state, "posted")
        self.seen.add(entry.id)
        found = self._journal(entry)
        self.assertEqual(
            [(role, round(debit - credit, CENT), car) for role, debit, credit, car in found],
            sorted(
                (role, round(credit - debit, CENT), car[0].vin if car else "")
                for role, debit, credit, *car in invoiced
            ),
        )
        black = [line for line in found if line[0] != "vat" and max(line[1], line[2]) > 0]
        self.assertFalse(black, "these lines must be red: negative on their own side")

    def assertNothingElsePosted(self):
        """No entry of the company but those that the test has asserted."""
        others = (
            self.env["account.move"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company.id),
                    ("state", "=", "posted"),
                    ("id", "not in", list(self.seen)),
                ]
            )
        )
        self.assertFalse(
            [(entry.name, self._journal(entry)) for entry in others], "unexpected entries"
        )

    def _balance(self, role):
        """Return what the ledger of the company says for one role."""
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company.id),
                    ("parent_state", "=", "posted"),
                ]
            )
        )
        return round(
            sum(line.balance for line in lines if self._role(line.account_id) == role), CENT
        )

    def assertLedgerIsStock(self):
        """The stock accounts hold what the cars in stock are worth, to the cent."""
        self.assertAlmostEqual(self._balance("stock"), self._worth(), CENT)

    def _worth(self):
        """Return what stock valuation says that all cars of the company are worth."""
        products = (
            self.env["product.product"]
            .sudo()
            .with_company(self.company)
            .search([("tracking", "=", "serial"), ("is_storable", "=", True)])
        )
        products.invalidate_recordset()
        return sum(products.mapped("total_value"))

    def assertCar(self, car, **facts):
        """Facts of the car: status, location_id, partner_id, unit_cost …"""
        car.invalidate_recordset()
        self.assertRecordValues(
            car,
            [
                {
                    name: value.id if hasattr(value, "_name") else value
                    for name, value in facts.items()
                }
            ],
        )

    def assertMargin(self, order, revenue, cost, user=None):
        """Max sees on the order line the revenue less the cost of its own car."""
        line = self._as(user or self.max, order).order_line
        line.invalidate_recordset()
        self.assertEqual(
            [round(line.price_subtotal, CENT), round(line.purchase_price, CENT)], [revenue, cost]
        )
        self.assertAlmostEqual(line.margin, revenue - cost, CENT)

    def assertReportedMargin(self, car, revenue, cost, late_cost=0.0):
        """The margin report knows the car's posted revenue, cost and late cost."""
        self.env.flush_all()
        rows = (
            self.env["dealer.vehicle.margin.report"]
            .sudo()
            .search([("vehicle_id", "=", car.id), ("company_id", "=", self.company.id)])
        )
        found = {
            name: round(sum(rows.mapped(name)), CENT)
            for name in ("revenue", "cogs", "late_cost", "margin")
        }
        self.assertEqual(
            found,
            {
                "revenue": revenue,
                "cogs": cost,
                "late_cost": late_cost,
                "margin": round(revenue - cost - late_cost, CENT),
            },
        )
