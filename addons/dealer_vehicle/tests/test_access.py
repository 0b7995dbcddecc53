from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon

COST_FIELDS = {
    "dealer.vehicle": ["unit_cost", "late_cost", "cost_detail"],
    "sale.order": ["margin", "margin_percent"],
    "sale.order.line": ["purchase_price", "margin", "margin_percent"],
}


@tagged("post_install", "-at_install")
class TestAccess(DealerVehicleCommon):
    """Everybody can do his work, and not more."""

    def test_salesperson_sees_place_and_price_of_a_car_but_not_its_cost(self):
        vehicle = self._as(self.sara, self._stock())
        values = vehicle.read(["vin", "status", "location_id", "list_price", "days_in_stock"])[0]
        self.assertEqual(values["status"], "in_stock")
        self.assertEqual(values["list_price"], 120000)
        for name in COST_FIELDS["dealer.vehicle"]:
            with self.assertRaises(AccessError):
                vehicle.read([name])

    def test_salesperson_does_not_see_margins(self):
        order = self._quote(self._stock())
        for model, names in COST_FIELDS.items():
            record = {"sale.order": order, "sale.order.line": order.order_line}.get(model)
            for name in names if record else ():
                self.assertNotIn(name, record.fields_get([name]))
                with self.assertRaises(AccessError):
                    record.read([name])

    def test_salesperson_reads_no_cost_on_the_product_either(self):
        """The product of a used car is that car, so its cost would be the cost of the car."""
        car = self._stock(self._create_vehicle(kind="used"))
        for product in (car.product_id, car.product_id.product_tmpl_id):
            with self.assertRaises(AccessError):
                self._as(self.sara, product).read(["standard_price"])
            self.assertEqual(self._as(self.max, product).standard_price, 100000)

    def test_salesperson_cannot_write_a_cost(self):
        order = self._quote(self._stock())
        with self.assertRaises(AccessError):
            order.order_line.purchase_price = 1

    def test_manager_and_accountant_see_cost_and_margin(self):
        vehicle = self._stock(price=100000)
        order = self._quote(vehicle, 110000)
        for user in (self.max, self.fred):
            self.assertEqual(self._as(user, vehicle).unit_cost, 100000)
        self.assertEqual(self._as(self.max, order).margin, 10000)

    def test_salesperson_reads_no_margin_report(self):
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.vehicle.margin.report"]).search([])

    def test_salesperson_may_not_receive_cars(self):
        order = self._buy(self._create_vehicle())
        with self.assertRaises(AccessError):
            self._as(self.sara, order.sudo().picking_ids).button_validate()

    def test_stock_keeper_may_not_sell(self):
        vehicle = self._stock()
        with self.assertRaises(AccessError):
            self._quote(vehicle, user=self.ken)

    def test_salesperson_may_not_delete_cars(self):
        with self.assertRaises(AccessError):
            self._as(self.sara, self._create_vehicle()).unlink()

    def test_salesperson_registers_a_customer_car(self):
        vehicle = self._as(self.sara, self.env["dealer.vehicle"]).create(
            {"model_id": self.trim.id, "kind": "customer", "license_plate": "沪A54321"}
        )
        self.env["dealer.vehicle.owner"].with_user(self.sara).create(
            {"vehicle_id": vehicle.id, "partner_id": self.customer.id}
        )
        self.assertEqual(vehicle.partner_id, self.customer)

    def test_salesperson_reads_the_catalogue_and_may_not_change_it(self):
        trim = self._as(self.sara, self.trim)
        self.assertEqual(trim.guide_price, 120000)
        with self.assertRaises(AccessError):
            trim.name = "Mine"
        with self.assertRaises(AccessError):
            trim.dealer_guide_price_ids.price = 1

    def test_another_company_sees_neither_our_cars_nor_their_owners(self):
        vehicle = self._stock()
        self._deliver(self._sell(vehicle))
        self.assertFalse(
            self._as(self.charlie, self.env["dealer.vehicle"]).search([("id", "=", vehicle.id)])
        )
        self.assertFalse(
            self._as(self.charlie, self.env["dealer.vehicle.owner"]).search(
                [("vehicle_id", "=", vehicle.id)]
            )
        )
        with self.assertRaises(AccessError):
            self._as(self.charlie, vehicle).read(["vin"])

    def test_customer_cars_are_known_to_every_company(self):
        vehicle = self._create_vehicle(kind="customer")
        self.assertEqual(self._as(self.charlie, vehicle).vin, vehicle.vin)

    def test_used_car_manager_buys_and_sells_a_used_car(self):
        vehicle = self._as(self.ursula, self.env["dealer.vehicle"]).create(
            {"model_id": self.trim.id, "kind": "used", "vin": self._new_vin()}
        )
        self._stock(vehicle, price=40000, user=self.ursula)
        order = self._sell(vehicle, 46000, user=self.ursula)
        self._deliver(order)
        invoice = self._invoice(order)
        self.assertEqual(self._balance(invoice, "5401", vehicle), 40000)
        self.assertEqual(self._as(self.ursula, order).margin, 6000)

    def test_accountant_adds_a_landed_cost(self):
        vehicle = self._stock(price=100000)
        self._add_landed_cost(vehicle, 300, user=self.fred)
        self.assertEqual(self._as(self.fred, vehicle).unit_cost, 100300)
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["stock.landed.cost"]).search([])

    def test_stock_keeper_reads_the_car_of_a_receipt(self):
        vehicle = self._create_vehicle()
        order = self._buy(vehicle)
        picking = self._as(self.ken, order.sudo().picking_ids)
        self.assertEqual(picking.dealer_vehicle_ids, vehicle)
        self.assertEqual(picking.action_view_dealer_vehicles()["res_id"], vehicle.id)

    # === FACTS AND DECISIONS ABOUT A CAR ===
    def test_nobody_writes_the_facts_of_a_car(self):
        vehicle, lot = self._stock(), self.env["stock.lot"]
        place = self.warehouse._dealer_place("demo")
        for name, value in {
            "status": "sold",
            "location_id": place.id,
            "warehouse_id": self.warehouse.id,
            "company_id": self.other_company.id,
            "date_in": "2020-01-01",
            "date_out": "2020-01-01",
            "purchase_line_id": False,
            "sale_line_id": False,
            "partner_id": self.customer.id,
            "lot_id": lot.create({"name": "FREE", "product_id": vehicle.product_id.id}).id,
        }.items():
            for user in (self.sara, self.max):
                with self.subTest(name, user=user.name), self.assertRaises(UserError):
                    self._as(user, vehicle).write({name: value})

    def test_nobody_creates_a_car_with_facts(self):
        Vehicle = self._as(self.sara, self.env["dealer.vehicle"])
        with self.assertRaises(UserError):
            Vehicle.create({"model_id": self.trim.id, "status": "sold"})
        vehicle = Vehicle.with_context(
            default_status="sold", default_company_id=self.other_company.id
        ).create({"model_id": self.trim.id})
        self.assertRecordValues(vehicle, [{"status": "customer", "company_id": False}])

    def test_serial_number_cannot_be_linked_from_the_other_side(self):
        vehicle = self._stock()
        lot = self.env["stock.lot"].create({"name": "FREE", "product_id": vehicle.product_id.id})
        with self.assertRaises(UserError):
            self._as(self.ken, lot).dealer_vehicle_ids = [Command.link(vehicle.id)]

    def test_product_of_a_car_in_the_books_cannot_be_written(self):
        vehicle = self._stock()
        with self.assertRaisesRegex(UserError, "stock records"):
            self._as(self.sara, vehicle).product_id = self.freight
        self._as(self.sara, vehicle).product_id = vehicle.product_id

    def test_blocking_is_easy_and_unblocking_is_a_decision(self):
        vehicle = self._stock()
        for keeper in (self.ken, self.max, self.ursula):
            self._as(self.sara, vehicle).write({"blocked": True, "block_reason": "scratch"})
            with self.assertRaisesRegex(UserError, "unblock"):
                self._as(self.sara, vehicle).blocked = False
            self._as(keeper, vehicle).blocked = False
            self.assertFalse(vehicle.blocked)

    def test_managers_decide_what_is_for_sale_and_at_what_price(self):
        vehicle = self._stock()
        for user in (self.sara, self.ken):
            with self.assertRaisesRegex(UserError, "manager"):
                self._as(user, vehicle).asking_price = 1
            with self.assertRaisesRegex(UserError, "manager"):
                self._as(user, vehicle).for_sale = False
            # what does not change needs no manager
            self._as(user, vehicle).write({"asking_price": 0, "for_sale": True, "note": "x"})
        for manager in (self.max, self.ursula):
            self._as(manager, vehicle).write({"asking_price": 118000, "for_sale": False})
            self.assertEqual(vehicle.list_price, 118000)
            self._as(manager, vehicle).write({"asking_price": 0, "for_sale": True})

    def test_form_of_a_car_offers_decisions_to_managers_only(self):
        vehicle = self._stock()
        form = Form(self._as(self.sara, vehicle))
        for name in ("asking_price", "for_sale", "license_plate"):
            with self.assertRaisesRegex(AssertionError, "readonly"):
                form[name] = 0
        form.key_number = "K13579"
        form.save()
        self.assertEqual(vehicle.key_number, "K13579")
        with Form(self._as(self.max, vehicle)) as form:
            form.asking_price = 118000
        self.assertEqual(vehicle.list_price, 118000)
