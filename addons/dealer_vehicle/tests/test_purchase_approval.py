"""Who buys cars, and for how much."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon
from .import_case import ImportCase


@tagged("post_install", "-at_install")
class TestPurchaseApproval(DealerVehicleCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_gate_purchase = True
        cls.fiona = cls._create_person("fiona", "finance_manager")
        cls.greta = cls._create_person("greta", "general_manager")

    def _order(self, *prices, user=None):
        return self._as(user or self.max, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create(
                        {
                            "dealer_vehicle_id": self._create_vehicle().id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                    for price in prices
                ],
            }
        )

    def test_the_buyer_confirms_up_to_his_limit(self):
        order = self._order(250000, 250000)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_cars_without_a_name_are_cars(self):
        product = self._stock().product_id
        order = self._as(self.max, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create(
                        {"product_id": product.id, "product_qty": 10, "price_unit": 120000}
                    )
                ],
            }
        )
        self.assertEqual(order.dealer_approval_level, "1")
        with self.assertRaisesRegex(UserError, "Finance manager"):
            order.button_confirm()

    def test_beyond_it_the_finance_manager_approves(self):
        order = self._order(250000, 250000.01)
        self.assertEqual(order.dealer_approval_level, "1")
        with self.assertRaisesRegex(UserError, "Finance manager"):
            order.button_confirm()
        order.request_validation()
        with self.assertRaisesRegex(UserError, "wait for the decision"):
            order.button_confirm()
        for user in (self.max, self.ursula):
            with self.assertRaises(UserError):
                self._as(user, order).validate_tier()
        self.assertEqual(Form(self._as(self.fiona, order)).state, "draft")
        self._as(self.fiona, order)._validate_tier()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_beyond_the_finance_manager_the_general_manager_approves(self):
        order = self._order(2000000.01)
        order.request_validation()
        with self.assertRaisesRegex(UserError, "waits for another decision"):
            self._as(self.fiona, order).validate_tier()
        self._as(self.greta, order)._validate_tier()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_nobody_approves_his_own_purchase(self):
        order = self._order(3000000, user=self.greta)
        with self.assertRaisesRegex(UserError, "Nobody else may decide"):
            order.request_validation()
        with self.assertRaisesRegex(UserError, "General manager"):
            order.button_confirm()

    def test_a_dearer_order_asks_again(self):
        order = self._order(600000)
        order.request_validation()
        self._as(self.fiona, order)._validate_tier()
        order.order_line.price_unit = 650000
        with self.assertRaisesRegex(UserError, "needs approval"):
            order.button_confirm()
        order.order_line.price_unit = 590000
        order.button_confirm()
        with self.assertRaisesRegex(UserError, "becomes no dearer"):
            order.order_line.price_unit = 650000

    def test_a_confirmed_order_does_not_grow_past_the_limit(self):
        order = self._order(400000)
        order.button_confirm()
        with self.assertRaisesRegex(UserError, "becomes no dearer"):
            order.write(
                {
                    "order_line": [
                        Command.create(
                            {
                                "dealer_vehicle_id": self._create_vehicle().id,
                                "price_unit": 400000,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ]
                }
            )

    def test_nobody_writes_what_was_asked_for(self):
        order = self._order(600000)
        with self.assertRaisesRegex(UserError, "button of the order"):
            order.dealer_asked_total = 600000
        other = (
            self._as(self.max, self.env["purchase.order"])
            .with_context(default_dealer_asked_total=600000)
            .create({"partner_id": self.maker.id, "dealer_asked_total": 600000})
        )
        self.assertFalse(other.dealer_asked_total)
        with self.assertRaises(UserError):
            order.write({"state": "purchase"})

    def test_what_is_no_car_is_bought_as_before(self):
        order = self._as(self.max, self.env["purchase.order"]).create(
            {
                "partner_id": self.maker.id,
                "order_line": [
                    Command.create({"product_id": self.freight.id, "price_unit": 900000})
                ],
            }
        )
        order.button_confirm()
        self.assertEqual(order.state, "purchase")


@tagged("post_install", "-at_install")
class TestImportApproval(ImportCase):
    def test_a_long_list_waits_for_its_approval(self):
        self.env.company.dealer_gate_purchase = True
        fiona = self._create_finance_manager()
        rows = self._arrivals(6)
        order = self._import_arrivals(rows)
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.sudo().review_ids.mapped("status"), ["pending"])
        order.with_user(fiona)._validate_tier()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(
            set(order.picking_ids.move_line_ids.mapped("lot_name")),
            {row["车架号"] for row in rows},
        )

    def test_a_list_waits_also_where_nobody_has_the_role(self):
        self.env.company.dealer_gate_purchase = True
        definitions = self.env["tier.definition"].search([("model", "=", "purchase.order")])
        nobody = self.env["res.groups"].create({"name": "Nobody"})
        definitions.reviewer_group_id = nobody
        order = self._import_arrivals(self._arrivals(6))
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.sudo().review_ids)

    def _create_finance_manager(self):
        return (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Fiona",
                    "login": "fiona_import",
                    "group_ids": [
                        Command.link(self.env.ref("dealer_base.group_finance_manager").id)
                    ],
                }
            )
        )
