from odoo import Command
from odoo.exceptions import UserError
from odoo.fields import Date
from odoo.tests import Form, tagged

from .desk_sheet_case import DeskSheetCase


@tagged("post_install", "-at_install")
class TestDeskSheetServices(DeskSheetCase):
    """Taxes and premiums of the buyer come from the rules of the invoice's day."""

    def _tax(self, price, date, trim):
        order = self._offer(price, trim=trim, dealer_invoice_date=date)
        return float(order.order_line._dealer_get_service("purchase_tax").amount)

    def test_purchase_tax_of_every_vector(self):
        for price, trim, date, payable in (
            (135600, self.petrol, "2026-06-30", 12000.00),
            (147800, self.petrol, "2026-11-22", 13079.65),
            (113000, self.electric, "2026-03-01", 5000.00),
            (226000, self.electric, "2026-03-01", 10000.00),
            (339000, self.electric, "2026-03-01", 15000.00),
            (400000, self.electric, "2026-12-31", 20398.23),
            (339000, self.electric, "2025-12-31", 0.00),
            (452000, self.electric, "2025-06-01", 10000.00),
            (226000, self.electric, "2028-01-01", 20000.00),
        ):
            self.assertEqual(self._tax(price, date, trim), payable, (price, date))

    def test_an_electric_car_outside_the_catalogue_has_no_relief(self):
        self.electric.dealer_has_nev_relief = False
        self.assertEqual(self._tax(226000, "2026-03-01", self.electric), 20000)

    def test_vessel_tax_of_every_vector(self):
        self._set_rule("vessel_tax_year_2_0", 480)
        self._set_rule("vessel_tax_year_2_5", 1200)
        for displacement, date, amount in (
            (1498, "2026-08-15", 175),
            (1498, "2026-11-22", 70),
            (1997, "2026-01-31", 480),
            (2494, "2026-12-01", 100),
        ):
            self.petrol.dealer_displacement_ml = displacement
            order = self._offer(dealer_invoice_date=date)
            service = order.order_line._dealer_get_service("vessel_tax")
            self.assertEqual(float(service.amount), amount)

    def test_vessel_tax_bands_end_where_the_law_says(self):
        for band, value in (("1_0", 300), ("3_0", 2000), ("4_0", 3000), ("over_4_0", 5000)):
            self._set_rule(f"vessel_tax_year_{band}", value)
        order = self._offer(dealer_invoice_date="2026-01-10")
        for displacement, amount in (
            (999, 300),
            (1000, 300),
            (1001, 420),
            (1600, 420),
            (2600, 2000),
            (4000, 3000),
            (4001, 5000),
        ):
            self.petrol.dealer_displacement_ml = displacement
            service = order.order_line._dealer_get_service("vessel_tax")
            self.assertEqual(float(service.amount), amount, displacement)

    def test_electric_and_exempt_cars_pay_no_vessel_tax(self):
        order = self._offer(trim=self.electric)
        self.assertFalse(order.order_line._dealer_get_service("vessel_tax").amount)
        self.petrol.dealer_is_vessel_tax_exempt = True
        order = self._offer()
        self.assertFalse(order.order_line._dealer_get_service("vessel_tax").amount)

    def test_a_figure_outside_the_legal_band_is_refused(self):
        self._set_rule("vessel_tax_year_2_0", 700)
        self.petrol.dealer_displacement_ml = 1800
        message = self._offer().action_dealer_compute_services()["params"]["message"]
        self.assertIn("360 to 660", message)

    def test_premium_depends_on_use_and_seats(self):
        for use, seats, premium in (
            ("family", 5, 950),
            ("family", 6, 1100),
            ("family", 7, 1100),
            ("company", 5, 1000),
            ("company", 7, 1130),
            ("government", 5, 950),
            ("government", 8, 1070),
            ("rental", 4, 1800),
            ("rental", 10, 2360),
        ):
            self.petrol.seats = seats
            order = self._offer(dealer_car_use=use)
            service = order.order_line._dealer_get_service("ctpl")
            self.assertEqual(float(service.amount), premium, (use, seats))

    def test_a_company_buys_a_company_car(self):
        self.customer.is_company = True
        self.assertEqual(self._offer().dealer_car_use, "company")

    def test_the_button_adds_the_three_lines(self):
        order = self._offer()
        self.assertIs(order.action_dealer_compute_services(), True)
        self.assertRecordValues(
            order.order_line[1:],
            [
                {"dealer_deal_type": "purchase_tax", "price_total": 13079.65, "price_tax": 0},
                {"dealer_deal_type": "ctpl", "price_total": 950, "price_tax": 0},
                {"dealer_deal_type": "vessel_tax", "price_total": 70, "price_tax": 0},
            ],
        )
        self.assertEqual(order.order_line[1:].dealer_for_line_id, order.order_line[0])
        self.assertIn("130,796.46", self._line(order, "purchase_tax").name)
        self.assertIn("2 months", self._line(order, "vessel_tax").name)

    def test_another_day_makes_the_amounts_stale_until_the_button_is_used(self):
        order = self._offer()
        order.action_dealer_compute_services()
        self.assertFalse(order.dealer_service_warning)
        order.dealer_invoice_date = "2026-12-05"
        self.assertIn("35.00", order.dealer_service_warning)
        order.action_dealer_compute_services()
        self.assertFalse(order.dealer_service_warning)
        self.assertEqual(self._line(order, "vessel_tax").price_total, 35)
        self.assertEqual(len(order.order_line), 4)

    def test_a_line_typed_by_hand_is_taken_over(self):
        order = self._offer()
        self._add(order, "purchase_tax", 1)
        order.action_dealer_compute_services()
        self.assertEqual(self._line(order, "purchase_tax").price_total, 13079.65)

    def test_taxes_follow_the_price_before_it_is_approved_and_signed(self):
        order = self._offer()
        order.action_dealer_compute_services()
        car = order.order_line.filtered("dealer_vehicle_id")
        with Form(order) as form, form.order_line.edit(0) as line:
            line.price_unit = 135600
        self.assertEqual(self._line(order, "purchase_tax").price_unit, 12000)
        self.assertFalse(order.dealer_service_warning)
        self._line(order, "purchase_tax").price_unit = 11000  # agreed with the tax office by hand
        car.price_unit = 147800
        self.assertEqual(self._line(order, "purchase_tax").price_unit, 11000)
        self.assertIn("13,079.65", order.dealer_service_warning)

    def test_who_lowers_the_tax_gives_the_car_away(self):
        """What is due goes to the tax office in full, whatever the customer pays of it."""
        order = self._as(self.sara, self._offer())
        order.action_dealer_compute_services()
        level = order.dealer_approval_level
        order.order_line.filtered(
            lambda line: line.product_id.dealer_deal_type == "purchase_tax"
        ).price_unit = 500
        self.assertGreater(order.dealer_approval_level, level)
        order.dealer_deviation_reason_id = self.price_reason
        with self.assertRaisesRegex(UserError, "need approval"):
            order.action_confirm()

    def test_two_cars_have_their_own_lines_and_so_has_a_copy(self):
        order = self._offer()
        other = self._create_vehicle(model_id=self.electric.id)
        order.order_line = [Command.create({"dealer_vehicle_id": other.id, "price_unit": 226000})]
        order.action_dealer_compute_services()
        taxes = self._line(order, "purchase_tax")
        self.assertEqual(taxes.mapped("price_total"), [13079.65, 10000])
        copy = order.copy()
        copy.order_line[0].dealer_vehicle_id = self._create_vehicle(model_id=self.petrol.id)
        count = len(copy.order_line)
        copy.action_dealer_compute_services()
        self.assertEqual(len(copy.order_line), count)

    def test_a_used_car_is_taxed_already(self):
        car = self._create_vehicle(model_id=self.petrol.id, kind="used")
        order = self._offer(80000, car=car)
        order.action_dealer_compute_services()
        self.assertEqual(len(order.order_line), 1)

    def test_missing_facts_do_not_keep_the_other_amounts_away(self):
        self.petrol.seats = 0
        order = self._offer()
        action = order.action_dealer_compute_services()
        self.assertIn("number of seats", action["params"]["message"])
        self.assertEqual(
            set(order.order_line.mapped("dealer_deal_type")), {"car", "purchase_tax", "vessel_tax"}
        )

    def test_a_province_without_a_figure_is_named(self):
        self.petrol.dealer_displacement_ml = 2800
        message = self._offer().action_dealer_compute_services()["params"]["message"]
        self.assertIn("vessel_tax_year_3_0", message)

    def test_three_cars_of_a_trim_pay_three_times(self):
        product = self.petrol._dealer_get_or_create_product()
        order = self._as(self.sara, self.env["sale.order"]).create(
            {
                "partner_id": self.customer.id,
                "dealer_invoice_date": "2026-11-22",
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_uom_qty": 3, "price_unit": 147800}
                    )
                ],
            }
        )
        order.action_dealer_compute_services()
        self.assertEqual(self._line(order, "purchase_tax").price_total, 3 * 13079.65)

    def test_relief_of_a_day_that_has_passed_is_not_given_without_approval(self):
        """A chosen day of last year gave the purchase tax away (exempt until 2025)."""
        order = self._offer(226000, trim=self.electric)
        order.action_dealer_compute_services()
        order.dealer_invoice_date = "2025-12-31"
        order.action_dealer_compute_services()
        self.assertEqual(self._line(order, "purchase_tax").price_total, 0)
        with self.assertRaisesRegex(UserError, "need approval"):
            self._as(self.sara, order).action_confirm()

    def test_a_promised_day_that_has_passed_gives_no_relief_away(self):
        order = self._offer(226000, trim=self.electric, dealer_invoice_date=False)
        order.commitment_date = "2025-12-01 04:00:00"
        order.action_dealer_compute_services()
        self.assertFalse(self._line(order, "purchase_tax"))
        self._as(self.sara, order).action_confirm()
        # no tax was promised: what is due now is told, by the rules of today
        self.assertEqual(order.dealer_invoice_date, Date.context_today(order))
        order.commitment_date = "2025-12-01 04:00:00"
        self.assertEqual(order.dealer_invoice_date, Date.context_today(order))
        due = order.order_line[0]._dealer_get_service("purchase_tax").amount
        self.assertEqual(float(due), 10000)
