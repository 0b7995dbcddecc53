from odoo.exceptions import AccessError
from odoo.tests import tagged

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
