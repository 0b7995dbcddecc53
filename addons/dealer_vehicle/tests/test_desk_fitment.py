"""Accessories on cars: issued against the deal, or on our own account into the car's cost."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .delivery_case import DealerDeliveryCommon


@tagged("post_install", "-at_install")
class TestFitment(DealerDeliveryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "technician")
        category = cls.env["product.category"].create(
            {"name": "Accessories", "property_cost_method": "average"}
        )
        category.with_company(cls.company).write(
            {"property_cost_method": "average", "property_valuation": "real_time"}
        )
        cls.film = cls.env["product.product"].create(
            {
                "name": "Window film",
                "type": "consu",
                "is_storable": True,
                "categ_id": category.id,
                "dealer_deal_type": "accessory",
                "standard_price": 600,
            }
        )
        cls.film.with_company(cls.company).standard_price = 600
        cls.env["stock.quant"].with_company(cls.company)._update_available_quantity(
            cls.film, cls.warehouse.lot_stock_id, 5
        )

    def _fit(self, car, **vals):
        return self._as(self.tom, self.env["dealer.fitment"]).create(
            {
                "vehicle_id": car.id,
                "company_id": self.company.id,
                "line_ids": [Command.create({"product_id": self.film.id})],
                **vals,
            }
        )

    def _deal_with_film(self):
        car = self._stock()
        order = self._quote(car)
        order.order_line = [Command.create({"product_id": self.film.id, "price_unit": 1000})]
        order.action_confirm()
        self._pass_pdi(car)
        return order

    def _in_stock(self):
        return self.film.with_company(self.company).qty_available

    def test_the_technician_writes_a_job_in_the_form(self):
        car = self._stock()
        with Form(self._as(self.tom, self.env["dealer.fitment"])) as form:
            form.vehicle_id = car
            with form.line_ids.new() as line:
                line.product_id = self.film
        self.assertRecordValues(
            form.record, [{"state": "planned", "warehouse_id": self.warehouse.id}]
        )

    def test_on_our_own_account_the_car_costs_more(self):
        car = self._stock(price=100000)
        fitment = self._fit(car)
        before = self._in_stock()
        fitment.action_done()
        self.assertEqual(self._in_stock(), before - 1)
        self.assertEqual(car.sudo().unit_cost, 100600)
        self.assertRecordValues(fitment, [{"state": "done", "done_by_id": self.tom.id}])

    def test_every_journal_item_of_an_own_fitment(self):
        car = self._stock(price=100000)
        fitment = self._fit(car)
        fitment.action_done()
        fitment = fitment.sudo()
        entries = fitment.picking_id.move_ids.account_move_id
        entries |= fitment.landed_cost_id.account_move_id
        clearing = self.company._dealer_fitment_location().valuation_account_id
        goods = self.film.with_company(self.company)._get_product_accounts()["stock_valuation"]
        cars = car.product_id.with_company(self.company)._get_product_accounts()["stock_valuation"]
        found = [
            (item.account_id, item.balance, item.dealer_vehicle_id)
            for item in entries.line_ids.sorted(lambda item: (item.move_id.id, item.balance))
        ]
        none = self.env["dealer.vehicle"]
        self.assertEqual(
            sorted(found, key=str),
            sorted(
                [
                    (goods, -600.0, none),
                    (clearing, 600.0, none),
                    (clearing, -600.0, none),
                    (cars, 600.0, car),
                ],
                key=str,
            ),
        )

    def test_a_car_that_is_not_ours_gets_nothing_on_our_account(self):
        order = self._deal()
        self._hand_over(order)
        with self.assertRaisesRegex(UserError, "not in our stock"):
            self._fit(order.order_line.dealer_vehicle_id).action_done()

    def test_what_is_not_in_stock_is_not_fitted(self):
        fitment = self._fit(self._stock())
        fitment.line_ids.quantity = 9
        with self.assertRaisesRegex(UserError, "Not in stock: Window film"):
            fitment.action_done()

    def test_sold_accessories_are_issued_against_the_deal(self):
        order = self._deal_with_film()
        self._as(self.sara, order).action_plan_fitment()
        fitment = self._as(self.tom, order.dealer_fitment_ids)
        self.assertRecordValues(fitment.line_ids, [{"product_id": self.film.id, "quantity": 1}])
        fitment.action_done()
        car = order.order_line.dealer_vehicle_id
        self.assertEqual(order.order_line.mapped("qty_delivered"), [0, 1])
        self.assertEqual((car.status, car.sudo().unit_cost), ("reserved", 100000))
        self._hand_over(order)
        self.assertEqual(order.order_line.mapped("qty_delivered"), [1, 1])

    def test_planning_twice_makes_one_job(self):
        order = self._as(self.sara, self._deal_with_film())
        order.action_plan_fitment()
        order.action_plan_fitment()
        self.assertEqual(len(order.dealer_fitment_ids), 1)

    def test_the_light_waits_for_the_accessories(self):
        order = self._deal_with_film()
        self.assertEqual(order._dealer_get_fitted_state(), "missing")
        self._as(self.sara, order).action_plan_fitment()
        order.dealer_fitment_ids.action_done()
        self.assertEqual(order._dealer_get_fitted_state(), "ok")
        self.assertEqual(self._deal()._dealer_get_fitted_state(), "na")

    def test_a_finished_job_stays_as_it_is(self):
        fitment = self._fit(self._stock())
        fitment.action_done()
        with self.assertRaisesRegex(UserError, "make another one"):
            fitment.line_ids.quantity = 2
        with self.assertRaisesRegex(UserError, "finished already"):
            fitment.action_done()
