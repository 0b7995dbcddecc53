from odoo.tests import TransactionCase, tagged

from odoo.addons.dealer_base.tools.identifiers import check_vin, credit_code_problem


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The demo dealership is complete, and loading it again changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["dealer.demo"]._load()
        cls.env = cls.env(context=dict(cls.env.context, allowed_company_ids=cls.company.ids))
        cls.cars = cls.env["dealer.vehicle"].search(
            ["|", ("company_id", "=", cls.company.id), ("kind", "=", "customer")]
        )

    def test_cars_are_in_every_state(self):
        counts = dict(
            self.env["dealer.vehicle"]._read_group(
                [("id", "in", self.cars.ids)], ["status"], ["__count"]
            )
        )
        self.assertGreaterEqual(sum(counts.values()), 55)
        for status in ("on_order", "in_stock", "reserved", "sold", "customer"):
            self.assertGreater(counts.get(status, 0), 3, status)

    def test_numbers_are_valid(self):
        for vin in self.cars.filtered("vin").mapped("vin"):
            self.assertFalse(check_vin(vin), vin)

    def test_contracts_name_the_credit_code_of_the_seller(self):
        self.assertTrue(self.company.vat)
        self.assertFalse(credit_code_problem(self.company.vat))

    def test_hand_overs_wait_in_every_light(self):
        deliveries = self.env["dealer.delivery"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(deliveries.mapped("state")), {"draft", "planned"})
        self.assertGreaterEqual(set(deliveries.mapped("readiness")), {"ready", "blocked"})
        self.assertGreaterEqual(
            set(deliveries.vehicle_id.mapped("pdi_state")), {"done", "open", "failed"}
        )
        self.assertEqual(len(deliveries.warehouse_id.dealer_delivery_bay_ids), 3)

    def test_plates_and_fitments_are_under_way(self):
        registrations = self.env["dealer.registration"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(set(registrations.mapped("state")), {"open"})
        self.assertTrue(registrations.temporary_plate_ids)
        self.assertIn("done", registrations.task_ids.mapped("state"))
        fitments = self.env["dealer.fitment"].search([("company_id", "=", self.company.id)])
        self.assertEqual(set(fitments.mapped("state")), {"planned"})

    def test_stock_has_all_ages(self):
        bands = set(self.cars.filtered("age_band").mapped("age_band"))
        self.assertEqual(bands, {"30", "60", "90", "180", "over"})

    def test_finished_deals_are_paid_and_have_a_margin(self):
        margins = self.env["dealer.vehicle.margin.report"].search(
            [("company_id", "=", self.company.id), ("units", "=", 1)]
        )
        self.assertEqual(len(margins), 6)
        self.assertTrue(all(margin.margin > 0 for margin in margins))
        paid = margins.order_id.invoice_ids.filtered(lambda i: i.payment_state == "paid")
        self.assertEqual(len(paid), 5)

    def test_loading_again_changes_nothing(self):
        before = self.env["dealer.vehicle"].search_count([])
        self.assertEqual(self.env["dealer.demo"]._load(), self.company)
        self.assertEqual(self.env["dealer.vehicle"].search_count([]), before)

    def test_every_role_can_open_the_stock_board(self):
        for login in ("sales", "stock", "accountant", "technician", "gm", "it"):
            user = self.env.ref(f"dealer_vehicle.demo_user_{login}")
            cars = self.env["dealer.vehicle"].with_user(user).search([], limit=5)
            self.assertTrue(cars.mapped("display_name"), login)

    def test_people_of_a_store_find_their_own_deals_and_no_others(self):
        """Both stores have something to show, and nobody has a deal that he cannot open."""
        orders = self.env["sale.order"].search([("company_id", "=", self.company.id)])
        for login in ("manager", "manager2", "sales", "sales2"):
            user = self.env.ref(f"dealer_vehicle.demo_user_{login}")
            store = user.dealer_store_ids
            own = orders.filtered(lambda order, store=store: order.warehouse_id == store)
            self.assertEqual(len(store), 1)
            self.assertTrue(own, login)
            visible = orders.with_user(user)._filtered_access("read").sudo()
            self.assertLessEqual(visible, own)
            self.assertLessEqual(orders.filtered(lambda order, u=user: order.user_id == u), visible)
