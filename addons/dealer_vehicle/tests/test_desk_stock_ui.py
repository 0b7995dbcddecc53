from odoo.tests import HttpCase, tagged

from .test_desk_stock_stocktake import PIXEL, StocktakeCase


@tagged("post_install", "-at_install")
class TestStocktakeTour(StocktakeCase, HttpCase):
    """A count on a telephone, in Chinese: Ken scans, Gina approves."""

    browser_size = "390x844"
    touch_enabled = True

    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("zh_CN")
        (self.ken + self.gina).write({"lang": "zh_CN"})
        self.yard.name = "大院"
        cars = self.env["dealer.vehicle"].create(
            [
                {"model_id": self.trim.id, "vin": f"LSVAU2182T29900{number}"}
                for number in (17, 18, 19, 20)
            ]
        )
        self._receive(self._buy(cars[:2] | cars[3]), place=self.yard)
        self._receive(self._buy(cars[2]), place=self.showroom)
        self.cars = cars
        self.stocktake = self._as(self.ken, self.env["dealer.stocktake"]).create({})

    def test_count_on_a_telephone(self):
        self.start_tour("/odoo/stocktakes", "dealer_stocktake_tour", login=self.ken.login)
        self.assertRecordValues(
            self.stocktake,
            [
                {
                    "state": "review",
                    "found_count": 2,
                    "misplaced_count": 1,
                    "missing_count": 1,
                    "unknown_count": 1,
                }
            ],
        )
        unknown = self.stocktake.line_ids.filtered(lambda line: line.result == "unknown")
        self._as(self.ken, unknown).write({"proposal": "keep", "image": PIXEL})
        self.stocktake.action_submit()
        self.start_tour(
            f"/odoo/stocktakes/{self.stocktake.id}",
            "dealer_stocktake_approve_tour",
            login=self.gina.login,
        )
        self.assertEqual(self.stocktake.state, "done")
        self.assertEqual(self.cars[2].location_id, self.yard)
        self.assertEqual(self.cars[3].status, "left")
