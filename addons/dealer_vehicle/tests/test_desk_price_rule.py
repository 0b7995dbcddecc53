from decimal import Decimal

import psycopg2
from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .desk_price_common import DealerPriceCommon


@tagged("post_install", "-at_install")
class TestPriceRule(DealerPriceCommon):
    def _terms(self, car, **order_vals):
        order = self._quote(car)
        order.sudo().write(order_vals)
        return order.order_line._dealer_get_price_terms()[order.order_line]

    def test_the_most_specific_floor_wins(self):
        car = self._stock(self._create_vehicle())
        self._create_rule(name="Brand", brand_id=self.brand.id, amount=150000)
        self._create_rule(name="Series", series_id=self.series.id, amount=149000)
        self.assertEqual(self._terms(car).floor, Decimal("147800"))
        red = self._create_color("Red")
        self._create_rule(
            name="Red ones", model_id=self.trim.id, exterior_color_id=red.id, amount=146000
        )
        self.assertEqual(self._terms(car).floor, Decimal("147800"))
        car.exterior_color_id = red
        self.assertEqual(self._terms(car).floor, Decimal("146000"))

    def test_a_rule_of_a_series_or_brand_reaches_its_trims(self):
        self._as(self.grace, self.floor).action_take_back()
        self._create_rule(name="Brand", brand_id=self.brand.id, amount=150000)
        car = self._stock(self._create_vehicle())
        self.assertEqual(self._terms(car).floor, Decimal("150000"))
        self._create_rule(name="Series", series_id=self.series.id, amount=149000)
        self.assertEqual(self._terms(car).floor, Decimal("149000"))

    def test_old_stock_has_its_own_floor(self):
        self._create_rule(name="Over 90 days", model_id=self.trim.id, age_from=91, amount=140000)
        car = self._stock(self._create_vehicle())
        self.assertEqual(self._terms(car).floor, Decimal("147800"))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE dealer_vehicle SET date_in = %s WHERE id = %s",
            [fields.Date.subtract(fields.Date.today(), days=91), car.id],
        )
        car.invalidate_recordset()
        self.assertEqual(self._terms(car).floor, Decimal("140000"))

    def test_a_rule_counts_on_its_days_only(self):
        car = self._stock(self._create_vehicle())
        self._create_rule(
            name="Double Eleven",
            model_id=self.trim.id,
            amount=145000,
            date_from="2026-11-01",
            date_to="2026-11-11",
        )
        for day, floor in (
            ("2026-10-31", 147800),
            ("2026-11-01", 145000),
            ("2026-11-11", 145000),
            ("2026-11-12", 147800),
        ):
            with self.subTest(day), freeze_time(f"{day} 04:00:00"):
                self.assertEqual(self._terms(car).floor, floor)

    def test_an_older_date_on_the_quotation_brings_no_promotion_back(self):
        self._create_rule(
            name="Past", kind="promotion", amount=5000, date_from="2026-01-01", date_to="2026-01-31"
        )
        car = self._stock(self._create_vehicle())
        self.assertEqual(self._terms(car, date_order="2026-01-15 04:00:00").promotion, 0)

    def test_a_promotion_is_for_its_store_and_customer_class(self):
        fleet = self.env["res.partner.category"].create({"name": "Fleet"})
        other_store = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NOR", "company_id": self.company.id}
        )
        self._create_rule(
            name="Fleet promo",
            kind="promotion",
            amount=5000,
            partner_category_id=fleet.id,
            warehouse_id=self.warehouse.id,
        )
        car = self._stock(self._create_vehicle())
        self.assertEqual(self._terms(car).promotion, 0)
        self.customer.category_id = fleet
        self.assertEqual(self._terms(car).promotion, 5000)
        self.assertEqual(self._terms(car, warehouse_id=other_store.id).promotion, 0)

    def test_the_quotation_starts_with_the_promoted_price(self):
        self._create_rule(name="Promo", kind="promotion", amount=15000)
        line = self._car_line(self._quote(self._stock(self._create_vehicle())))
        self.assertEqual(line.price_unit, 144800)
        # everybody may give a promotion: the floor is never above it
        self.assertRecordValues(line, [{"dealer_list_price": 159800, "dealer_floor_price": 144800}])

    def test_a_promotion_does_not_add_to_a_lower_asking_price(self):
        self._create_rule(name="Promo", kind="promotion", amount=3000)
        car = self._stock(self._create_vehicle())
        self._as(self.max, car).asking_price = 150000
        self.assertEqual(self._car_line(self._quote(car)).price_unit, 150000)

    def test_the_largest_discount_counts_from_the_guide_price(self):
        """Asking less for one car does not lower its floor."""
        self._as(self.grace, self.floor).action_take_back()
        self._create_rule(
            name="5 %", kind="max_discount", basis="percent", percent=5, model_id=self.trim.id
        )
        car = self._stock(self._create_vehicle())
        self._as(self.max, car).asking_price = 140000
        self.assertEqual(self._terms(car).floor, Decimal("151810.00"))

    def test_without_a_rule_the_price_asked_is_the_floor(self):
        self._as(self.grace, self.floor).action_take_back()
        car = self._stock(self._create_vehicle())
        self.assertEqual(self._terms(car).floor, Decimal("159800"))
        self.company.dealer_price_without_rule = "free"
        self.assertIsNone(self._terms(car).floor)

    def test_a_trim_without_a_car_has_a_floor_too(self):
        order = self._quote_trim(150000)
        self.assertRecordValues(
            order.order_line, [{"dealer_list_price": 159800, "dealer_floor_price": 147800}]
        )

    def test_fifty_lines_ask_no_more_than_one(self):
        cars = self.env["dealer.vehicle"]
        for _i in range(6):
            cars |= self._create_vehicle()
        self._stock(cars[0])
        lines = self._quote(cars).order_line
        self.env.flush_all()

        def count(some):
            self.env.invalidate_all()
            some.mapped("price_total")
            before = self.env.cr.sql_log_count
            some._dealer_get_price_terms()
            return self.env.cr.sql_log_count - before

        count(lines)  # warm caches of rules
        self.assertLessEqual(count(lines), count(lines[:1]) + 2)

    # === FOUR EYES ===
    def test_a_rule_counts_only_when_somebody_else_has_approved_it(self):
        rule = self._create_rule(
            False, name="Lower", model_id=self.trim.id, amount=100000, date_from="2026-02-01"
        )
        car = self._stock(self._create_vehicle())
        self.assertEqual(self._terms(car).floor, Decimal("147800"))
        with self.assertRaisesRegex(UserError, "general manager"):
            self._as(self.mia, rule).action_approve()
        self._as(self.grace, rule).action_approve()
        self.assertRecordValues(
            rule, [{"maker_id": self.max.id, "approved_by_id": self.grace.id, "state": "approved"}]
        )
        self.assertEqual(self._terms(car).floor, Decimal("100000"))

    def test_nobody_approves_his_own_rule(self):
        rule = self._as(self.grace, self.env["dealer.price.rule"]).create(
            {"name": "Mine", "amount": 1, "model_id": self.trim.id}
        )
        with self.assertRaisesRegex(UserError, "yourself"):
            rule.action_approve()
        # who changes the rule of somebody else has made it
        rule = self._create_rule(
            False, name="Theirs", amount=140000, model_id=self.trim.id, date_from="2026-03-01"
        )
        self._as(self.grace, rule).amount = 1
        with self.assertRaisesRegex(UserError, "yourself"):
            self._as(self.grace, rule).action_approve()
        self._as(self.gus, rule).action_approve()

    def test_a_client_cannot_forge_the_approval(self):
        Rule = self._as(self.max, self.env["dealer.price.rule"])
        forged = {"state": "approved", "approved_by_id": self.grace.id, "maker_id": self.sara.id}
        rule = Rule.create({"name": "F", "amount": 1, "model_id": self.trim.id, **forged})
        rule.write(forged)
        self.assertRecordValues(
            rule, [{"state": "draft", "approved_by_id": False, "maker_id": self.max.id}]
        )
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.price.rule"]).create(
                {"name": "F", "amount": 1, "model_id": self.trim.id}
            )

    def test_the_database_refuses_an_approval_by_the_maker(self):
        rule = self._create_rule(False, name="F", amount=1, date_from="2026-03-01")
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self.env.cr.execute(
                "UPDATE dealer_price_rule SET state = 'approved', approved_by_id = maker_id"
                " WHERE id = %s",
                [rule.id],
            )

    def test_terms_in_force_do_not_change(self):
        rule = self._as(self.max, self.floor)
        for change in ({"amount": 1}, {"date_to": "2026-02-01"}, {"active": False}):
            with self.subTest(change), self.assertRaisesRegex(UserError, "in force"):
                rule.write(change)
        with self.assertRaisesRegex(UserError, "in force"):
            rule.unlink()
        with self.assertRaisesRegex(UserError, "general manager"):
            rule.action_take_back()

    def test_two_equal_rules_cannot_begin_on_one_day(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.IntegrityError):
            self._create_rule(False, name="Twin", amount=1, model_id=self.trim.id)

    def test_a_floor_has_a_price(self):
        with self.assertRaises(ValidationError):
            self._create_rule(False, name="Nothing", amount=0, date_from="2026-03-01")
        with self.assertRaises(ValidationError):
            self._create_rule(
                False, name="No share", kind="promotion", basis="percent", date_from="2026-03-01"
            )

    def test_another_company_sees_nothing(self):
        rules = self._as(self.charlie, self.env["dealer.price.rule"]).search([])
        self.assertNotIn(self.floor, rules)
        self.other_company.dealer_price_without_rule = "free"
        order = self._as(self.charlie, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "order_line": [
                    Command.create({"product_id": self.trim._dealer_get_or_create_product().id})
                ],
            }
        )
        terms = order.order_line._dealer_get_price_terms()[order.order_line]
        self.assertIsNone(terms.floor)
