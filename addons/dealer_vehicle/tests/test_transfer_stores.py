"""A car between two stores: on the road, and each store confirms its own end."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .store_case import StoreCase


@tagged("post_install", "-at_install")
class TestTransferBetweenStores(StoreCase):
    """Kim keeps the stock of store A, Kai that of store B, Ken that of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kim = cls._create_person("kim", "stock_keeper")
        cls.kai = cls._create_person("kai", "stock_keeper")
        cls.kim.dealer_store_ids = cls.store_a
        cls.kai.dealer_store_ids = cls.store_b
        cls.yard_b = cls.store_b._dealer_place("yard")

    def setUp(self):
        super().setUp()
        self.car = self._stock()

    def _send(self, user):
        return self._as(user, self.car)._transfer(self.yard_b)

    def test_the_sender_does_not_confirm_the_arrival(self):
        arrival = self._send(self.kim)[-1]
        with self.assertRaisesRegex(UserError, "Store B.*Ask Kai"):
            self._as(self.kim, arrival).button_validate()
        self.assertEqual(arrival.state, "assigned")
        self._validate(self._as(self.kai, arrival))
        self.assertEqual(self.car.location_id, self.yard_b)

    def test_nor_does_the_receiver_send_the_car_off(self):
        with self.assertRaisesRegex(UserError, "Ask Kim"):
            self._send(self.kai)

    def test_nobody_confirms_what_he_sent(self):
        """Ken keeps the stock of all stores; the cars go to a store that has Kai."""
        arrival = self._send(self.ken)[-1]
        self.assertEqual(arrival.move_ids.move_orig_ids.picking_id.dealer_sent_by_id, self.ken)
        with self.assertRaisesRegex(UserError, "you sent these cars.*Ask Kai"):
            self._as(self.ken, arrival).button_validate()
        self._validate(self._as(self.kai, arrival))
        self.assertEqual(self.car.warehouse_id, self.store_b)

    def test_a_keeper_of_both_confirms_what_another_sent(self):
        self._validate(self._as(self.ken, self._send(self.kim)[-1]))
        self.assertEqual(self.car.warehouse_id, self.store_b)

    def test_nobody_writes_who_sent_it(self):
        sent = self._send(self.ken)[0]
        with self.assertRaises(UserError):
            self._as(self.ken, sent).dealer_sent_by_id = self.kim

    def test_a_store_without_a_keeper_lets_the_other_do_it(self):
        self.kai.dealer_store_ids = self.store_a
        self._validate(self._as(self.kim, self._send(self.kim)[-1]))
        self.assertEqual(self.car.warehouse_id, self.store_b)

    def test_no_way_from_yard_to_yard(self):
        """Neither by a transfer of one's own nor by the place on the serial number."""
        for user in self.kim, self.ken:
            picking = self._as(user, self.env["stock.picking"]).create(
                {
                    "picking_type_id": self.store_a.int_type_id.id,
                    "location_id": self.car.location_id.id,
                    "location_dest_id": self.yard_b.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": self.car.product_id.id,
                                "product_uom_qty": 1,
                                "location_id": self.car.location_id.id,
                                "location_dest_id": self.yard_b.id,
                            }
                        )
                    ],
                }
            )
            picking.action_confirm()
            picking.action_assign()
            picking.move_line_ids.lot_id = self.car.lot_id
            picking.move_ids.picked = True
            with self.assertRaises(UserError), self.cr.savepoint():
                picking.button_validate()
            picking.action_cancel()
            # who works in one store does not even open the transfers of the other
            with self.assertRaises(UserError), self.cr.savepoint():
                self._as(user, self.car.lot_id).location_id = self.yard_b
        self.assertEqual(self.car.warehouse_id, self.store_a)

    def test_on_the_road_it_is_in_transit(self):
        Vehicle = self._as(self.sara, self.env["dealer.vehicle"])
        self.assertFalse(self.car.is_in_transit)
        arrival = self._send(self.kim)[-1]
        self.assertTrue(self.car.is_in_transit)
        self.assertEqual(Vehicle.search([("is_in_transit", "=", True)]), self.car)
        self.assertFalse(self.car.warehouse_id)
        self._validate(self._as(self.kai, arrival))
        self.assertFalse(self.car.is_in_transit)

    def test_nobody_writes_that_it_is(self):
        with self.assertRaises(UserError):
            self._as(self.ken, self.car).write({"is_in_transit": True})
