"""What is left on the stock account of a car is cost of its sale, or no cost of any sale."""

from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestSettlement(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grace = cls._create_person("grace", "general_manager")
        cls.gina = cls._create_person("gina", "group_manager")

    def _book(self, vehicle, code):
        """Balance of the car on an account, over all entries."""
        self.env.flush_all()
        return self._balance(
            self.env["account.move.line"]
            .sudo()
            .search([("dealer_vehicle_id", "=", vehicle.id), ("parent_state", "=", "posted")])
            .move_id,
            code,
            vehicle,
        )

    def _value_losses(self, code="5711"):
        """Book losses of stock on this account; on none when the company wants it so."""
        locations = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.company.id)]
        )
        self.assertTrue(locations)
        locations.valuation_account_id = code and self._account(code)

    def _scrap(self, vehicle):
        lot = vehicle.sudo().lot_id
        scrap = self._as(self.grace, self.env["stock.scrap"]).create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "scrap_qty": 1,
                "location_id": lot.location_id.id,
            }
        )
        scrap.request_validation()
        self._as(self.gina, scrap)._validate_tier()
        self.assertIs(scrap.action_validate(), True)

    def _count(self, vehicle, quantity, location):
        """Odoo itself writes down how often the car stands at a place: people use a stocktake."""
        Quant = self.env["stock.quant"].with_context(inventory_mode=True)
        lot = vehicle.sudo().lot_id
        Quant.create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "location_id": location.id,
                "inventory_quantity": quantity,
            }
        ).action_apply_inventory()

    def test_scrapped_car_is_a_loss_and_no_cost_of_sales(self):
        self._value_losses()
        vehicle = self._stock(price=100000)
        self._scrap(vehicle)
        self.assertEqual(vehicle.status, "left")
        self.assertEqual(self._book(vehicle, "1405"), 0)
        self.assertEqual(self._book(vehicle, "5401"), 0)
        loss = self.env["account.move.line"].search(
            [("account_id", "=", self._account("5711").id), ("parent_state", "=", "posted")]
        )
        self.assertEqual(loss.balance, 100000)

    def test_scrapped_car_waits_for_the_accountant_when_losses_are_not_booked(self):
        self._value_losses(None)
        vehicle = self._stock(price=100000)
        self._scrap(vehicle)
        late = self._create_late_cost_bill(vehicle, self.maker, 10)
        late.invoice_line_ids.tax_ids = False
        late.action_post()
        self.assertEqual(self._book(vehicle, "1405"), 100000)
        self.assertEqual(self._book(vehicle, "5401"), 10)

    def test_car_lost_and_found_is_sold_at_its_cost(self):
        for booked in (False, True):
            self._value_losses("5711" if booked else None)
            with self.subTest(losses_booked=booked):
                vehicle = self._stock(price=100000)
                place = vehicle.location_id
                self._count(vehicle, 0, place)
                self.assertEqual(vehicle.status, "left")
                self.assertEqual(self._book(vehicle, "1405"), 0 if booked else 100000)
                self._count(vehicle, 1, place)
                self.assertEqual(vehicle.status, "in_stock")
                self.assertEqual(self._book(vehicle, "1405"), 100000)
                order = self._sell(vehicle)
                self._deliver(order)
                self._invoice(order)
                self.assertEqual(self._book(vehicle, "1405"), 0)
                self.assertEqual(self._book(vehicle, "5401"), 100000)

    def test_late_bill_of_a_car_that_was_found_again_reaches_its_sale(self):
        vehicle = self._create_vehicle()
        purchase = self._buy(vehicle, 100000)
        self._receive(purchase)
        place = vehicle.location_id
        self._count(vehicle, 0, place)
        self._count(vehicle, 1, place)
        order = self._sell(vehicle)
        self._deliver(order)
        self._invoice(order)
        self._bill(purchase, 103000)
        self.assertEqual(self._book(vehicle, "1405"), 0)
        self.assertEqual(self._book(vehicle, "5401"), 103000)

    def test_returned_and_scrapped_car_is_no_cost_of_the_sale(self):
        self._value_losses(None)
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking)
        self._credit(invoice)
        self._scrap(vehicle)
        self.assertEqual(self._book(vehicle, "5401"), 0)
        self.assertEqual(self._book(vehicle, "1405"), 100000)

    def test_rebate_leaves_the_cost_of_sales_alone(self):
        """A credit note over less than the price gives money back, not the car."""
        vehicle = self._create_vehicle()
        purchase = self._buy(vehicle, 100000)
        self._receive(purchase)
        order = self._sell(vehicle, 110000)
        self._deliver(order)
        invoice = self._invoice(order)
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.invoice_line_ids.price_unit = 1000
        self._as(self.fred, credit).action_post()
        self.assertEqual(self._book(vehicle, "5401"), 100000)
        self.assertEqual(self._book(vehicle, "1405"), -100000)
        # the bill that comes last still reaches the sale
        self._bill(purchase, 102000)
        self.assertEqual(self._book(vehicle, "1405"), 0)
        self.assertEqual(self._book(vehicle, "5401"), 102000)

    def test_return_with_a_fee_brings_the_cost_back(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle, 110000)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking)
        credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit.invoice_line_ids.price_unit = 109000
        self._as(self.fred, credit).action_post()
        self.assertEqual(self._book(vehicle, "5401"), 0)
        self.assertEqual(self._book(vehicle, "1405"), 100000)

    def test_car_comes_back_after_a_rebate(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle, 110000)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        for price, cost in ((1000, 100000), (109000, 0)):
            credit = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
            credit.invoice_line_ids.price_unit = price
            self._as(self.fred, credit).action_post()
            self.assertEqual(self._book(vehicle, "5401"), cost)
        self._return(picking)
        self.assertEqual(self._book(vehicle, "5401"), 0)
        self.assertEqual(self._book(vehicle, "1405"), 100000)
