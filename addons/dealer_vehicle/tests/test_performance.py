from odoo.tests import tagged

from .common import DealerVehicleCommon

# columns of the list view
LIST = {
    "vin": {},
    "license_plate": {},
    "model_id": {"fields": {"display_name": {}}},
    "exterior_color_id": {"fields": {"display_name": {}}},
    "status": {},
    "location_id": {"fields": {"display_name": {}}},
    "partner_id": {"fields": {"display_name": {}}},
    "days_in_stock": {},
}


@tagged("post_install", "-at_install")
class TestPerformance(DealerVehicleCommon):
    """Statement counts; each figure is explained, none grows with the number of cars."""

    def _statements(self, function, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _list(self):
        Vehicle = self._as(self.sara, self.env["dealer.vehicle"])
        return lambda: Vehicle.web_search_read([], LIST, limit=80)

    def test_list_of_80_cars(self):
        self.env["dealer.vehicle"].create(
            [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(80)]
        )
        self._list()()
        # cars, trims, brands, places, colours, owners, their names, count and rules
        self.assertLessEqual(self._statements(self._list()), 14)

    def test_list_takes_the_same_statements_for_more_cars(self):
        self._stock()
        read = self._list()  # kept: a new environment would ask for the time zone again
        read()
        few = self._statements(read)
        cars = self.env["dealer.vehicle"].create(
            [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(30)]
        )
        self._receive(self._buy(cars))
        self.assertLessEqual(self._statements(read), few)

    def test_creating_100_cars_is_one_batch(self):
        vals_list = [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(100)]
        one = [{"model_id": self.trim.id, "vin": self._new_vin()}]
        Vehicle = self.env["dealer.vehicle"]
        single = self._statements(lambda: Vehicle.create(one))
        hundred = self._statements(lambda: Vehicle.create(vals_list))
        # the rows are inserted together; what remains are batches of 1000
        self.assertLessEqual(hundred, single + 5)

    def test_costs_of_many_cars_are_read_together(self):
        cars = self.env["dealer.vehicle"].create(
            [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(10)]
        )
        self._receive(self._buy(cars))
        few = self._statements(lambda: cars[:2].mapped("unit_cost"))
        many = self._statements(lambda: cars.mapped("unit_cost"))
        self.assertLessEqual(many, few + 1)

    def test_products_of_many_cars_are_made_together(self):
        cars = self.env["dealer.vehicle"].create(
            [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(50)]
        )
        self.assertLessEqual(self._statements(lambda: cars._get_or_create_product()), 60)
        self.assertEqual(len(cars.product_id), 1)

    def test_buttons_of_a_page_are_counted_together(self):
        cars = self.env["dealer.vehicle"].create(
            [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(20)]
        )
        # four kinds of documents, one statement each, and the cars themselves
        self.assertLessEqual(self._statements(lambda: cars.mapped("invoice_count")), 6)

    def test_box_search_is_one_statement(self):
        Vehicle = self.env["dealer.vehicle"]
        Vehicle.search([("display_name", "ilike", "000001")])
        for text in ("000002", "Lark", "Golden 000002"):
            found = []
            statements = self._statements(
                lambda text=text, found=found: found.extend(
                    Vehicle._search([("display_name", "ilike", text)]).get_result_ids()
                )
            )
            self.assertEqual(statements, 1, text)

    def test_ordering_many_cars_asks_nothing_per_car(self):
        """Each car needs its line and move, but no search of ours."""

        def order(number):
            cars = self.env["dealer.vehicle"].create(
                [{"model_id": self.trim.id, "vin": self._new_vin()} for _i in range(number)]
            )
            cars._get_or_create_product()
            return self._statements(lambda: self._buy(cars))

        order(2)
        few, many = order(2), order(22)
        # core: one INSERT each for line and move
        self.assertLessEqual((many - few) / 20, 4)
