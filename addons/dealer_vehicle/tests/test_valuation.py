from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.stock_account.models.product import ProductProduct as CoreProduct

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestValuation(DealerVehicleCommon):
    """The flat sum of car costs gives what Odoo's walk through the lots gives."""

    @contextmanager
    def _upstream(self):
        """Switch our valuation off."""
        Product = self.registry["product.product"]
        with (
            patch.object(Product, "_dealer_is_flat_valued", lambda self: False),
        ):
            yield

    def _value(self, product):
        product.invalidate_recordset(["total_value", "avg_cost"])
        return product.total_value, product.avg_cost

    def test_value_is_the_sum_of_the_costs(self):
        cars = self._stock(price=90000) | self._stock(price=110000)
        self._add_landed_cost(cars[0], 1000)
        self.assertEqual(self._value(cars.product_id), (201000, 100500))

    def test_value_equals_upstream_after_every_kind_of_event(self):
        cars = [self._stock(price=price) for price in (90000, 100000, 110000)]
        product = cars[0].product_id
        self._add_landed_cost(cars[1], 700)
        picking = self._deliver(self._sell(cars[0]))
        self._deliver(self._sell(cars[2]))
        self._return(picking)
        self._stock(cars[2], price=80000, partner=self.customer)
        flat = self._value(product)
        with self._upstream():
            self.assertEqual(self._value(product), flat)
        self.assertEqual(flat[0], 90000 + 100700 + 80000)

    def test_consigned_quants_have_no_value(self):
        vehicle = self._stock(price=90000)
        product = vehicle.product_id
        lot = self.env["stock.lot"].create({"name": self._new_vin(), "product_id": product.id})
        self.env["stock.quant"].create(
            {
                "product_id": product.id,
                "lot_id": lot.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "quantity": 1,
                "owner_id": self.customer.id,
            }
        )
        self.assertEqual(self._value(product)[0], 90000)

    def test_cars_of_another_company_do_not_count(self):
        vehicle = self._stock(price=90000)
        product = vehicle.product_id.with_context(allowed_company_ids=self.other_company.ids)
        self.assertEqual(self._value(product)[0], 0)

    def test_dated_and_partial_values_stay_with_odoo(self):
        product = self._stock().product_id
        self.assertTrue(product._dealer_is_flat_valued())
        for key, value in (
            ("to_date", "2026-01-01"),
            ("warehouse_id", self.warehouse.id),
            ("lot_id", 1),
            ("owner_id", self.customer.id),
        ):
            self.assertFalse(product.with_context(**{key: value})._dealer_is_flat_valued())

    def test_other_products_stay_with_odoo(self):
        used = self._create_vehicle(kind="used")._get_or_create_product()
        part = self.env["product.product"].create({"name": "Filter", "is_storable": True})
        self.assertFalse(used._dealer_is_flat_valued())
        self.assertFalse(part._dealer_is_flat_valued())

    def test_many_trims_are_valued_in_one_statement(self):
        cars = self.env["dealer.vehicle"]
        for number in range(3):
            trim = self._create_trim(f"Lark {number}")
            cars |= self._stock(self._create_vehicle(model_id=trim.id))
        products = cars.product_id
        self._value(products[:1])
        products.invalidate_recordset(["total_value", "avg_cost"])
        with patch.object(
            type(products),
            "_dealer_lot_values",
            autospec=True,
            side_effect=type(products)._dealer_lot_values,
        ) as values:
            self.assertEqual(products.mapped("total_value"), [100000] * 3)
        self.assertEqual(values.call_count, 1)

    def test_receipt_and_delivery_do_not_grow_with_the_stock(self):
        def count(step):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            step()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def deal():
            order = self._buy(self._create_vehicle())
            received = count(lambda: self._receive(order))
            vehicle = order.order_line.dealer_vehicle_id
            sale = self._sell(vehicle)
            return received, count(lambda: self._deliver(sale))

        deal()
        empty = deal()
        order = self._buy(
            self.env["dealer.vehicle"].union(*(self._create_vehicle() for _i in range(20)))
        )
        self._receive(order)
        full = deal()
        self.assertLessEqual(full[0], empty[0] * 1.05)
        self.assertLessEqual(full[1], empty[1] * 1.05)

    def test_what_remains_of_a_receipt_goes_by_car(self):
        old, new = self._stock(price=90000), self._stock(price=100000)
        self._deliver(self._sell(new))
        moves = (old | new).lot_id._dealer_last_in_moves()
        remaining = {lot.name: move.remaining_qty for lot, move in moves.items()}
        self.assertEqual(remaining, {old.vin: 1, new.vin: 0})
        self.assertEqual(moves[old.lot_id].remaining_value, 90000)

    def test_canary_upstream_takes_what_remains_first_in_first_out(self):
        """Shows odoo#268664/#272411: when this fails, drop ``_get_remaining_moves``."""
        old, new = self._stock(price=90000), self._stock(price=100000)
        self._deliver(self._sell(new))
        remaining = CoreProduct._get_remaining_moves(old.product_id)[old.product_id]
        moves = (old | new).lot_id._dealer_last_in_moves()
        self.assertNotIn(moves[old.lot_id], remaining)
        self.assertIn(moves[new.lot_id], remaining)

    def test_canary_upstream_lets_no_accountant_write_the_cost_of_a_lot(self):
        """When this fails, drop the sudo in ``stock.lot._update_standard_price``."""
        from odoo.exceptions import AccessError

        from odoo.addons.stock_account.models.stock_lot import StockLot as CoreLot

        lot = self._stock().lot_id
        with (
            patch.object(type(lot), "_dealer_check_cost_derived", lambda lots, cost: None),
            self.assertRaises(AccessError),
        ):
            CoreLot._update_standard_price(self._as(self.fred, lot))
