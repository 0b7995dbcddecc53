"""Two stores of one company, and the people of each."""

from .common import DealerVehicleCommon


class StoreCase(DealerVehicleCommon):
    """Two stores of one company. Max and Sara work in store A, Bella and Ben in store B.

    Greta manages both, Fred keeps the books and Ken the stock of both.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.store_a = cls.warehouse
        cls.store_b = cls.env["stock.warehouse"].create(
            {"name": "Store B", "code": "STB", "company_id": cls.company.id}
        )
        cls.bella = cls._create_person("bella", "sales_manager")
        cls.ben = cls._create_person("ben", "sales_consultant")
        cls.greta = cls._create_person("greta", "general_manager")
        (cls.max | cls.sara).dealer_store_ids = cls.store_a
        (cls.bella | cls.ben).dealer_store_ids = cls.store_b

    def _deals(self):
        """A deal in each store, from the purchase of the car to the order."""
        car_a = self._stock(user=self.max)
        car_b = self._stock(user=self.bella)
        self.assertEqual((car_a | car_b).mapped("warehouse_id"), self.store_a | self.store_b)
        deal_a = self._sell(car_a, user=self.sara)
        deal_b = self._sell(car_b, user=self.ben, partner=self.other_customer)
        return deal_a, deal_b
