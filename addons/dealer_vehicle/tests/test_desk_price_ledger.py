from odoo import SUPERUSER_ID, Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .test_desk_price_approval import DealerApprovalCommon


@tagged("post_install", "-at_install")
class TestLedger(DealerApprovalCommon):
    def _granted(self, order):
        return order.sudo().dealer_deviation_ids.filtered(lambda row: row.state == "granted")

    def test_an_approved_discount_is_in_the_ledger_with_its_cost(self):
        car = self._stock(self._create_vehicle())
        order = self._quote(car, 145000)
        order.order_line.tax_ids = self.company.dealer_car_tax_id
        self._approve(self._ask(order), self.max)
        self.assertFalse(order.dealer_deviation_ids)
        order.action_confirm()
        self.assertRecordValues(
            order.sudo().dealer_deviation_ids,
            [
                {
                    "kind": "discount",
                    "state": "granted",
                    "listed": 159800,
                    "floor": 147800,
                    "price": 145000,
                    "amount": 14800,
                    "beyond": 2800,
                    # 14,800 / 1.13
                    "cost": 13097.35,
                    "level": "1",
                    "reason_id": self.reason.id,
                    "user_id": self.sara.id,
                    "approver_id": self.max.id,
                    "vehicle_id": car.id,
                    "model_id": self.trim.id,
                    "series_id": self.series.id,
                    "rule_id": self.floor.id,
                }
            ],
        )

    def test_a_discount_within_authority_is_there_too(self):
        order = self._deal(150000)
        order.action_confirm()
        self.assertRecordValues(
            order.sudo().dealer_deviation_ids,
            [{"amount": 9800, "beyond": 0, "level": "0", "approver_id": False}],
        )

    # === REASONS ===
    def _unexplained(self, price):
        order = self._deal(price)
        order.dealer_deviation_reason_id = False
        return order

    def test_a_discount_within_authority_has_a_reason_too(self):
        order = self._unexplained(150000)
        self.assertTrue(order.dealer_needs_reason)
        for confirm in (order.action_confirm, lambda: order.write({"state": "sale"})):
            with self.assertRaisesRegex(UserError, "Choose the “Reason of the Price”"):
                confirm()
        self.assertEqual(order.state, "draft")
        with Form(order) as form:
            form.dealer_deviation_reason_id = self.reason
        order.action_confirm()
        self.assertEqual(self._granted(order).reason_id, self.reason)

    def test_what_keeps_to_the_list_needs_none(self):
        order = self._unexplained(159800)
        self.assertFalse(order.dealer_needs_reason)
        order.action_confirm()
        # nor does a confirmed deal that gets more, until it gives something away
        order.order_line = [Command.create({"product_id": self.mat.id, "price_unit": 1000})]
        with self.assertRaisesRegex(UserError, "Reason of the Price"), self.env.cr.savepoint():
            order.order_line[-1].price_unit = 950
        order.dealer_deviation_reason_id = self.reason
        order.order_line[-1].price_unit = 950
        self.assertEqual(self._granted(order).reason_id, self.reason)

    def test_the_age_of_the_car_is_reason_enough(self):
        self._create_rule(name="Aged", amount=140000, model_id=self.trim.id, age_from=90)
        car = self._stock(self._create_vehicle())
        order = self._quote(car, 141000)
        order.dealer_deviation_reason_id = False
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dealer_vehicle SET date_in = %s WHERE id = %s",
            [fields.Date.subtract(fields.Date.today(), days=91), car.id],
        )
        car.invalidate_recordset()
        order.action_confirm()
        aged = self.env.ref("dealer_vehicle.dealer_deviation_reason_aged")
        self.assertEqual(self._granted(order).reason_id, aged)

    def test_several_cars_are_reason_enough(self):
        cars = self._stock(self._create_vehicle()) + self._stock(self._create_vehicle())
        order = self._quote(cars, 150000)
        order.dealer_deviation_reason_id = False
        order.action_confirm()
        fleet = self.env.ref("dealer_vehicle.dealer_deviation_reason_fleet")
        self.assertEqual(self._granted(order).reason_id, fleet)

    def test_a_customer_who_signs_is_not_asked(self):
        order = self._unexplained(150000)
        # the portal acts as this user
        order.with_user(SUPERUSER_ID).action_confirm()
        other = self.env.ref("dealer_vehicle.dealer_deviation_reason_other")
        self.assertEqual(self._granted(order).reason_id, other)

    def test_a_promotion_is_no_deviation(self):
        self._create_rule(name="Promo", kind="promotion", amount=5000)
        order = self._quote(self._stock(self._create_vehicle()))
        order.action_confirm()
        self.assertFalse(order.dealer_deviation_ids)

    def test_gifts_and_accessories(self):
        film = self._create_product("Dash cam", "gift", 600, cost=250)
        order = self._deal(159800)
        order.order_line = [
            Command.create({"product_id": film.id}),
            Command.create({"product_id": self.mat.id, "price_unit": 950}),
        ]
        self._approve(self._ask(order), self.max)
        order.action_confirm()
        self.assertRecordValues(
            order.sudo().dealer_deviation_ids.sorted("kind"),
            [
                {"kind": "accessory", "amount": 50, "beyond": 0, "cost": 50, "level": "0"},
                {"kind": "gift", "amount": 600, "beyond": 600, "cost": 250, "level": "1"},
            ],
        )

    def test_a_package_is_there_with_the_value_of_its_line(self):
        package = self.env.ref("dealer_vehicle.product_gift")
        order = self._deal(159800)
        order.order_line = [
            Command.create(
                {
                    "product_id": package.id,
                    "dealer_unit_value": 2000,
                    "tax_ids": [Command.clear()],
                }
            )
        ]
        self._approve(self._ask(order), self.max)
        order.action_confirm()
        self.assertRecordValues(
            order.sudo().dealer_deviation_ids,
            [{"kind": "gift", "listed": 2000, "amount": 2000, "beyond": 2000, "cost": 2000}],
        )
        with self.assertRaisesRegex(UserError, "is confirmed"):
            order.order_line[-1].dealer_unit_value = 4000

    def test_more_for_the_old_car_than_it_is_worth(self):
        order = self._deal(147800)
        trade_in = self._as(self.max, self.env["dealer.trade.in"]).create(
            {"order_id": order.id, "name": "Old Lark", "allowance": 52000, "true_value": 50000}
        )
        self.assertEqual(order.dealer_approval_level, "1")
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()
        self._approve(self._ask(order), self.mia)
        with self.assertRaisesRegex(UserError, "Change Prices"):
            trade_in.allowance = 60000
        order.action_confirm()
        self.assertRecordValues(
            order.sudo().dealer_deviation_ids.filtered(lambda row: row.kind == "trade_in"),
            [{"amount": 2000, "beyond": 2000, "cost": 2000, "level": "1"}],
        )

    def test_an_old_car_that_nobody_appraised_needs_a_manager(self):
        order = self._deal(159800)
        trade_in = self._as(self.sara, self.env["dealer.trade.in"]).create(
            {"order_id": order.id, "name": "Old Lark", "allowance": 120000}
        )
        self.assertEqual(order.dealer_approval_level, "1")
        with self.assertRaisesRegex(UserError, "120,000.00 and nobody has appraised it"):
            order.action_confirm()
        self._approve(self._ask(order), self.max)
        order.action_confirm()
        self.assertRecordValues(
            self._granted(order),
            [
                {
                    "kind": "unappraised",
                    "listed": 120000,
                    "price": 120000,
                    "amount": 0,
                    "level": "1",
                    "approver_id": self.max.id,
                    "reason_id": self.reason.id,
                }
            ],
        )
        # who approved 120,000 has not approved more, and the ledger follows
        with self.assertRaisesRegex(UserError, "is confirmed"), self.env.cr.savepoint():
            trade_in.sudo().allowance = 130000
        self._as(self.mia, trade_in).true_value = 118000
        self.assertRecordValues(
            self._granted(order), [{"kind": "trade_in", "amount": 2000, "level": "0"}]
        )

    def test_an_appraised_old_car_at_its_value_needs_nobody(self):
        order = self._deal(159800)
        self._as(self.max, self.env["dealer.trade.in"]).create(
            {"order_id": order.id, "name": "Old Lark", "allowance": 50000, "true_value": 50000}
        )
        order.action_confirm()
        self.assertFalse(order.dealer_deviation_ids)

    def test_a_cancelled_deal_leaks_nothing(self):
        order = self._approve(self._ask(self._deal(145000)), self.max)
        order.action_confirm()
        self._as(self.max, order).action_cancel()
        self.assertEqual(order.sudo().dealer_deviation_ids.mapped("state"), ["void"])
        self.assertEqual(order.dealer_version_ids.sorted("number")[-1].kind, "cancelled")
        self.assertFalse(order.review_ids)
        order.action_draft()
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()

    def test_a_change_replaces_the_row(self):
        order = self._deal(150000)
        order.action_confirm()
        self._as(self.max, order).order_line.price_unit = 146000
        rows = order.sudo().dealer_deviation_ids.sorted("id")
        self.assertRecordValues(
            rows,
            [
                {"state": "void", "amount": 9800, "approver_id": False},
                {"state": "granted", "amount": 13800, "approver_id": self.max.id},
            ],
        )

    def test_who_approved_answers_after_a_better_price(self):
        """A change that needs nobody makes nobody an approver, however often it happens."""
        order = self._approve(self._ask(self._deal(145000)), self.max)
        order.action_confirm()
        for price in (145010, 145020):
            order.order_line.price_unit = price
            self.assertEqual(self._granted(order).mapped("approver_id"), self.max)

    def test_the_report_adds_up(self):
        for price, user in ((150000, self.sara), (148000, self.oscar)):
            self._deal(price, user=user).action_confirm()
        rows = dict(
            self._as(self.max, self.env["dealer.deviation"])._read_group(
                [("state", "=", "granted"), ("model_id", "=", self.trim.id)],
                ["user_id"],
                ["amount:sum"],
            )
        )
        self.assertEqual(rows, {self.sara: 9800, self.oscar: 11800})

    def test_nobody_writes_the_ledger(self):
        order = self._deal(150000)
        order.action_confirm()
        row = order.sudo().dealer_deviation_ids
        for user in (self.sara, self.max, self.grace, self.fred):
            with self.subTest(user.name):
                with self.assertRaises(UserError):
                    self._as(user, row).write({"amount": 0})
                with self.assertRaises(UserError):
                    self._as(user, row).unlink()
        with self.assertRaises(AccessError):
            self._as(self.grace, row).create({"order_id": order.id})
        with self.assertRaises(UserError):
            order.write({"dealer_deviation_ids": [Command.clear()]})

    def test_who_reads_what(self):
        order = self._deal(150000)
        order.action_confirm()
        row = order.sudo().dealer_deviation_ids
        Ledger = self.env["dealer.deviation"]
        for user, sees in (
            (self.sara, True),
            (self.oscar, False),
            (self.max, True),
            (self.fred, True),
            (self.charlie, False),
        ):
            with self.subTest(user.name):
                found = self._as(user, Ledger).search([("id", "=", row.id)])
                self.assertEqual(bool(found), sees)
        with self.assertRaises(AccessError):
            self._as(self.sara, row).read(["cost"])
        with self.assertRaises(AccessError):
            self._as(self.ken, Ledger).search([])

    def test_at_most_eight_reasons(self):
        with self.assertRaisesRegex(ValidationError, "short"):
            self._as(self.grace, self.env["dealer.deviation.reason"]).create({"name": "Ninth"})
