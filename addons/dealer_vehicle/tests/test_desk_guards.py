"""Small facts that no remote call rewrites: requests, payments, plans, repairs, transfers."""

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .money_case import MoneyCase


class GuardCase(MoneyCase):
    def _refused(self, record, vals, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            record.write(vals)


@tagged("post_install", "-at_install")
class TestMoneyGuards(GuardCase):
    def test_a_draft_refund_request_tells_of_its_own_deal(self):
        order = self._deal()
        self._deposit(order, 40000)
        request = self._as(self.sara, self.env["dealer.refund.request"]).create(
            {"order_id": order.id, "reason": "agreement", "note": "The customer moves abroad."}
        )
        other_store = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NTH", "company_id": self.company.id}
        )
        for vals in (
            {"partner_id": self.other_customer.id},
            {"user_id": self.max.id},
            {"warehouse_id": other_store.id},
            {"company_id": self.other_company.id},
            {"refund_amount": 99999},
            {"forfeit_amount": 1},
            {"approval_level": 0},
            {"is_invoiced": True},
        ):
            self._refused(request, vals, "follows from the other fields")
        request.note = "The customer moves to another town."
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.sara.id,
                    "warehouse_id": self.warehouse.id,
                    "refund_amount": 40000,
                }
            ],
        )

    def test_nobody_makes_a_refund_request_for_somebody_else(self):
        order = self._deal()
        self._deposit(order, 40000)
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            self._as(self.sara, self.env["dealer.refund.request"]).create(
                {
                    "order_id": order.id,
                    "reason": "agreement",
                    "note": "The customer moves abroad.",
                    "partner_id": self.other_customer.id,
                }
            )

    def test_the_payment_of_a_deposit_stays_as_it_was_received(self):
        deposit = self._deposit(self._deal(), 5000)
        yen = self.env.ref("base.JPY")
        for user in (self.carl, self.fred, self.fiona):
            payment = self._as(user, deposit.payment_id)
            for vals in (
                {"amount": 1},
                {"date": "2026-01-01"},
                {"partner_id": self.other_customer.id},
                {"journal_id": self.cash.id},
                {"currency_id": yen.id},
                {"payment_type": "outbound"},
            ):
                self._refused(payment, vals, "payment of a deposit is booked")
            payment.write({"amount": 5000, "partner_id": self.customer.id})
        self.assertEqual(deposit.payment_id.amount, 5000)

    def test_the_payment_of_a_deposit_is_not_rejected_alone(self):
        deposit = self._deposit(self._deal(), 5000)
        payment = self._as(self.fred, deposit.sudo().payment_id)
        for vals in ({"state": "rejected"}, {"state": "draft"}, {"state": "canceled"}):
            with self.assertRaisesRegex(UserError, "money of a deposit"):
                payment.write(vals)
        with self.assertRaisesRegex(UserError, "money of a deposit"):
            payment.action_reject()

    def test_a_cashier_does_not_cut_a_payment_off_its_deposit(self):
        """He writes payments with the rights of the books, behind the other guards."""
        deposit = self._deposit(self._deal(), 5000)
        payment = self._as(self.carl, deposit.sudo().payment_id)
        with self.assertRaisesRegex(AccessError, "made by the deposit itself"):
            payment.write({"dealer_deposit_id": False})
        for vals in ({"amount": 1}, {"state": "canceled"}):
            with self.assertRaises(UserError):
                payment.write(vals)

    def test_the_receipt_of_a_deposit_is_still_reversed(self):
        deposit = self._deposit(self._deal(), 5000)
        self._as(self.fred, deposit).action_cancel()
        self.assertEqual(deposit.payment_id.state, "canceled")

    def test_the_entries_of_a_deposit_keep_their_customer(self):
        """Odoo lets accountants rewrite partner and label of posted items."""
        deposit = self._deposit(self._deal(), 5000)
        items = self._as(self.fred, deposit.payment_id.move_id).line_ids
        for vals in ({"partner_id": self.other_customer.id}, {"name": "Something else"}):
            self._refused(items, vals, "entry of a customer's deposit")

    def test_a_deposit_is_reversed_from_the_deposit_only(self):
        deposit = self._deposit(self._deal(), 5000)
        wizard = (
            self._as(self.fred, self.env["account.move.reversal"])
            .with_context(active_model="account.move", active_ids=deposit.payment_id.move_id.ids)
            .create({"journal_id": deposit.payment_id.journal_id.id})
        )
        with self.assertRaisesRegex(UserError, "open the deposit and reverse there"):
            wizard.reverse_moves()
        for vals in ({"state": "draft"}, {"state": "cancel"}, {"date": "2026-10-01"}):
            self._refused(self._as(self.fred, deposit.payment_id.move_id), vals, "reverse there")
        self.assertEqual(deposit.state, "received")

    def test_cars_have_no_down_payments_of_odoo(self):
        """They are booked to income; what a customer pays before the invoice is owed to him."""
        order = self._deal()
        for user in self.sara, self.max, self.fred:
            for method in ("fixed", "percentage"):
                wizard = self._as(user, self.env["sale.advance.payment.inv"]).create(
                    {
                        "sale_order_ids": order.ids,
                        "advance_payment_method": method,
                        "fixed_amount": 1000,
                        "amount": 10,
                    }
                )
                with self.assertRaisesRegex(UserError, "owed to the customer"):
                    wizard.create_invoices()
        self.assertFalse(order.invoice_ids)

    def test_nobody_calls_an_invoice_paid(self):
        """Buyers may write entries in Odoo; the money gate reads what is open on invoices."""
        self.company.dealer_gate_money = "none"
        order = self._deal()
        self._deliver(order)
        invoice = self._invoice(order)
        for vals in ({"amount_residual": 5}, {"amount_total": 1}, {"state": "cancel"}):
            self._refused(self._as(self.max, invoice), vals, "belongs to accounting")
        self._refused(self._as(self.fred, invoice), {"amount_residual": 0}, "Nobody writes")
        draft = self._as(self.fred, invoice)._reverse_moves([{}])
        with self.assertRaisesRegex(AccessError, "belongs to accounting"):
            self._as(self.max, draft).state = "posted"

    def test_the_cashier_matches_and_enters_no_amounts(self):
        self.company.dealer_gate_money = "none"
        order = self._deal()
        self._deliver(order)
        item = self._invoice(order).line_ids.filtered(
            lambda line: line.account_id == self.receivable
        )
        with self.assertRaisesRegex(AccessError, "the amounts follow"):
            self._as(self.carl, self.env["account.partial.reconcile"]).create(
                {
                    "debit_move_id": item.id,
                    "credit_move_id": item.id,
                    "amount": 10,
                    "debit_amount_currency": 10,
                    "credit_amount_currency": 10,
                }
            )

    def test_other_payments_are_the_cashiers(self):
        payment = self._as(self.carl, self.env["account.payment"]).create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": 100,
                "journal_id": self.bank.id,
            }
        )
        payment.amount = 200
        self.assertEqual(payment.amount, 200)

    def test_a_promise_stays_with_its_deal(self):
        order, other = self._deal(), self._deal()
        line = self._as(self.sara, self.env["dealer.collection.line"]).create(
            {"order_id": order.id, "amount": 1000, "due_date": self.today}
        )
        self._refused(line, {"order_id": other.id}, "stays as it was")
        self._refused(line, {"warned_overdue": True}, "written by the steps")
        self._refused(line, {"warning_activity_id": False}, "written by the steps")
        line.amount = 2000
        self.assertRecordValues(
            line, [{"order_id": order.id, "warned_overdue": False, "amount": 2000}]
        )

    def test_a_context_pays_no_promise(self):
        lines = self._as(self.sara, self.env["dealer.collection.line"]).with_context(
            default_paid_amount=55,
            default_open_amount=0,
            default_state="paid",
            default_warned_overdue=True,
            default_partner_id=self.other_customer.id,
        )
        line = lines.create(
            {"order_id": self._deal().id, "amount": 1000, "due_date": fields.Date.today()}
        )
        self.assertRecordValues(
            line,
            [
                {
                    "paid_amount": 0,
                    "open_amount": 1000,
                    "state": "open",
                    "warned_overdue": False,
                    "partner_id": self.customer.id,
                }
            ],
        )


@tagged("post_install", "-at_install")
class TestCarGuards(GuardCase):
    def test_a_repair_is_not_made_smaller_or_later(self):
        car = self._stock()
        damage = self._as(self.ken, self.env["dealer.vehicle.damage"]).create(
            {
                "vehicle_id": car.id,
                "description": "Scratch on the left door",
                "repair_note": "Door resprayed",
                "estimate": 3000,
                "date": "2026-03-01",
            }
        )
        damage.estimate = 2800  # nothing has been repaired yet
        with self.assertRaisesRegex(AccessError, "says what is damaged"):
            self._as(self.sara, damage).part = "missing"  # would need no disclosure
        damage.action_repaired()
        for user in (self.sara, self.ken, self.max):
            for vals in ({"date": "2026-05-01"}, {"estimate": 1}):
                self._refused(self._as(user, damage), vals, "cannot be rewritten")
        self.assertRecordValues(
            damage, [{"date": fields.Date.to_date("2026-03-01"), "estimate": 2800}]
        )

    def test_a_keeper_does_not_cut_a_car_off_its_deal(self):
        order, other = self._sell(self._stock()), self._sell(self._stock())
        move = order.sudo().picking_ids.move_ids
        for line in (self.env["sale.order.line"], other.order_line):
            self._refused(
                self._as(self.ken, move), {"sale_line_id": line.id}, "leaves for its order"
            )
        self.assertEqual(move.sale_line_id, order.order_line)

    def test_who_sells_a_car_does_not_say_what_it_is(self):
        red = self.env["product.attribute.value"].create(
            {
                "name": "Red",
                "attribute_id": self.env.ref("dealer_vehicle.product_attribute_exterior_color").id,
            }
        )
        rewritten = (
            {"production_date": "2020-01-01"},
            {"first_registration_date": "2020-01-01"},
            {"license_plate": "苏A12345"},
            {"exterior_color_id": red.id},
            {"model_year": 2020},
            {"certificate_number": "X"},
        )
        in_stock, sold, ordered = self._stock(), self._stock(), self._create_vehicle()
        self._deliver(self._sell(sold))
        self._buy(ordered)
        for car in (in_stock, sold, ordered):
            for vals in rewritten:
                self._refused(self._as(self.sara, car), vals, "Only a manager or a stock keeper")
        for user in (self.max, self.ken, self.ursula):
            for vals in rewritten:
                self._as(user, in_stock).write({name: False for name in vals})
                self._as(user, in_stock).write(vals)
        # what is there already may be sent again, in any spelling
        self._as(self.sara, in_stock).write(
            {"license_plate": "苏a·12345", "exterior_color_id": red.id, "note": "Washed"}
        )

    def test_the_car_of_a_customer_is_described_by_whoever_meets_it(self):
        car = self._as(self.sara, self.env["dealer.vehicle"]).create(
            {"model_id": self.trim.id, "vin": self._new_vin(), "kind": "customer"}
        )
        car.write({"license_plate": "苏A12345", "first_registration_date": "2020-01-01"})
        self.assertEqual(car.license_plate, "苏A12345")

    def test_the_form_shows_a_salesperson_what_is_fixed(self):
        car = self._stock()
        with Form(self._as(self.ken, car)) as form:
            form.license_plate = "苏A12345"
        form = Form(self._as(self.sara, car))
        with self.assertRaisesRegex(AssertionError, "readonly"):
            form.license_plate = "苏A54321"

    def test_guarantee_and_days_in_stock_are_nobodys_to_write(self):
        car = self._stock()
        for user in (self.sara, self.max):
            for vals in ({"warranty_end_date": "2040-01-01"}, {"guarantee_end_date": "2040-01-01"}):
                self._refused(self._as(user, car), vals, "follows from the other fields")
            for vals in ({"days_in_stock": 999}, {"age_band": "30"}):
                self._refused(self._as(user, car), vals, "follows from stock")

    def test_who_sells_a_car_does_not_turn_its_odometer_back(self):
        car = self._stock()
        mine = self._as(self.sara, car)
        mine.odometer = 640  # a test drive
        reading = mine.odometer_ids
        self._refused(reading, {"value": 12}, "stays as it was")
        self._refused(reading, {"date": "2026-01-01"}, "stays as it was")
        self._refused(reading, {"is_replacement": True}, "stays as it was")
        with self.assertRaisesRegex(UserError, "instrument"), self.env.cr.savepoint():
            self._as(self.sara, self.env["dealer.vehicle.odometer"]).create(
                {"vehicle_id": car.id, "value": 5, "is_replacement": True}
            )
        reading.note = "Read at the gate"
        self._as(self.ken, reading).value = 64  # he had mistyped it
        self.assertEqual(car.odometer, 64)

    def test_the_totals_of_a_bill_are_typed(self):
        """Odoo computes the amounts by hand then, as whoever types: that is no writing of his."""
        order = self._buy(self._create_vehicle())
        self._receive(order)
        buyer = self._as(self.fred, order)
        buyer.action_create_invoice()
        bill = buyer.invoice_ids
        bill.write({"tax_totals": bill.tax_totals})
        self.assertEqual(bill.amount_total, order.amount_total)
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            bill.amount_residual = 1

    def test_who_reads_no_plans_confirms_other_orders(self):
        user = self._create_person("mara", "employee")
        user.group_ids += self.env.ref("sales_team.group_sale_manager")
        goods = self.env["product.product"].create({"name": "Umbrella", "type": "consu"})
        order = self._as(user, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": goods.id})],
            }
        )
        order.action_confirm()
        self.assertEqual(order.state, "sale")
