"""The hand-over in the browser, in Chinese, each step by the person whose job it is."""

from odoo.tests import HttpCase, tagged

from .delivery_case import DealerDeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryTour(DealerDeliveryCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        (self.sara + self.ken + self.ida).write({"lang": "zh_CN"})
        self.customer.name = "赵一凡"
        self.trim.dealer_pdi_template_id = self.env["dealer.checklist.template"].create(
            {
                "name": "交车前检查",
                "model": "dealer.vehicle",
                "dealer_is_pdi": True,
                "line_ids": [(0, 0, {"name": "漆面"}), (0, 0, {"name": "灯光"})],
            }
        )
        self.car = self._stock()
        self.order = self._sell(self.car)
        self.delivery = self._plan(self._prepare_delivery(self.order))

    def _tour(self, name, url, user):
        self.start_tour(url, name, login=user.login, timeout=180)

    def test_inspected_signed_and_out_of_the_gate(self):
        self._tour("dealer_delivery_pdi_tour", f"/odoo/vehicles/{self.car.id}", self.ida)
        self.assertEqual(self.car.pdi_state, "done")
        self._tour(
            "dealer_delivery_hand_over_tour",
            f"/odoo/action-sale.action_orders/{self.order.id}",
            self.sara,
        )
        self.assertRecordValues(
            self.delivery,
            [{"state": "done", "odometer": 12, "handed_over_by_id": self.sara.id}],
        )
        self.assertEqual(self.car.status, "sold")
        self._tour("dealer_delivery_gate_tour", f"/odoo/hand-overs/{self.delivery.id}", self.ken)
        self.assertEqual(self.delivery.left_by_id, self.ken)


@tagged("post_install", "-at_install")
class TestTimeline(DealerDeliveryCommon, HttpCase):
    """What the customer sees of his car on the portal."""

    def setUp(self):
        super().setUp()
        self.li = self.env["res.users"].create(
            {
                "login": "li.ming.timeline",
                "password": "li.ming.timeline",
                "partner_id": self.customer.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )

    def _steps(self, car):
        self.authenticate(self.li.login, self.li.login)
        page = self.url_open(f"/my/vehicles/{car.id}").text
        return [
            (key, "border-success" in page.split(f'data-step="{key}"')[0].rsplit("<li", 1)[1])
            for key in ("ordered", "built", "arrived", "inspected", "delivered")
            if f'data-step="{key}"' in page
        ]

    def test_the_customer_sees_how_far_the_car_has_come(self):
        car = self._stock()
        order = self._sell(car)
        self.assertEqual(
            self._steps(car),
            [
                ("ordered", True),
                ("built", True),
                ("arrived", True),
                ("inspected", False),
                ("delivered", False),
            ],
        )
        self._pass_pdi(car)
        self._hand_over(order)
        self.env.invalidate_all()
        self.assertTrue(all(done for _key, done in self._steps(car)))

    def test_a_car_on_order_is_still_to_come(self):
        car = self._create_vehicle(vin=False)
        self._buy(car)
        self._sell(car)
        steps = car.sudo()._get_customer_timeline()
        self.assertEqual(
            [step["key"] for step in steps if step["done"]],
            ["ordered"],
        )

    def test_a_later_owner_sees_nobody_elses_deal(self):
        order = self._deal(partner=self.other_customer)
        car = order.order_line.dealer_vehicle_id
        self._hand_over(order)
        car._dealer_set_owner(self.customer, "2030-01-01")
        self.assertEqual(self._steps(car), [])
