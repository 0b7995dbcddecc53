from odoo import Command, fields
from odoo.tests import tagged

from .desk_sheet_case import DeskSheetCase


@tagged("post_install", "-at_install")
class TestDeskSheetGross(DeskSheetCase):
    """The composite gross of the example car, from posted entries and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank = cls.env["res.partner"].create({"name": "Haizhou Bank"})
        cls.insurer = cls.env["res.partner"].create({"name": "Haizhou Insurance"})
        category = cls.env["product.category"].create(
            {
                "name": "Mats",
                "property_cost_method": "average",
                "property_valuation": "real_time",
                "property_stock_valuation_account_id": cls.env.ref(
                    "dealer_vehicle.product_category_new_car"
                )
                .with_company(cls.company)
                .property_stock_valuation_account_id.id,
            }
        )
        cls.mats = cls.env["product.product"].create(
            {
                "name": "Mats and film",
                "type": "consu",
                "is_storable": True,
                "categ_id": category.id,
                "dealer_deal_type": "accessory",
                "standard_price": 1500,
            }
        )
        cls.env["stock.quant"]._update_available_quantity(cls.mats, cls.warehouse.lot_stock_id, 1)

    def _sell_example(self):
        car = self._stock(self._create_vehicle(model_id=self.petrol.id), 132743.36)
        self._add_landed_cost(car, 300)
        order = self._offer(car=car)
        order.action_dealer_compute_services()
        self._add(order, "plate_service", 500)
        order.order_line = [Command.create({"product_id": self.mats.id, "price_unit": 3000})]
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        return car, order

    def _post(self, move_type, partner, product, price, tax, car):
        move = self._as(self.fred, self.env["account.move"]).create(
            {
                "move_type": move_type,
                "partner_id": partner.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self._product(product).id,
                            "price_unit": price,
                            "tax_ids": [Command.set(tax.ids)],
                            "dealer_vehicle_id": car.id,
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _row(self, car, user=None):
        self.env.flush_all()
        self.env.invalidate_all()  # the rows of the report keep their ids
        report = self._as(user or self.max, self.env["dealer.vehicle.margin.report"])
        return report.search([("vehicle_id", "=", car.id)])

    def test_the_composite_gross_of_the_example_to_the_cent(self):
        car, order = self._sell_example()
        self.assertRecordValues(self._row(car), [{"front_gross": -2246.90, "units": 1}])
        self._post(
            "in_refund",
            self.maker,
            "maker_rebate",
            6000,
            self.company.account_purchase_tax_id,
            car,
        )
        self.assertRecordValues(self._row(car), [{"rebate": 6000, "gross_with_rebate": 3753.10}])
        service = self.company.dealer_service_tax_id
        self._post("out_invoice", self.bank, "finance_commission", 2000, service, car)
        self._post("out_invoice", self.insurer, "insurance_commission", 840, service, car)
        self.assertRecordValues(self._row(car), [{"composite_gross": 8058.91, "margin": 8058.91}])
        self._post("in_invoice", self.bank, "stock_interest", 1625, self.env["account.tax"], car)
        self.assertRecordValues(
            self._row(car),
            [
                {
                    "order_id": order.id,
                    "front_gross": -2246.90,
                    "rebate": 6000,
                    "gross_with_rebate": 3753.10,
                    "accessory_gross": 1154.87,
                    "service_gross": 471.70,
                    "finance_income": 1886.79,
                    "insurance_income": 792.45,
                    "gift_cost": 0,
                    "other_cost": 0,
                    "composite_gross": 8058.91,
                    "stock_interest": 1625,
                    "margin": 6433.91,
                }
            ],
        )

    def test_interest_booked_by_a_journal_entry_counts_too(self):
        """Entry 3 of the accounting guide: 6603 to 2231, without any bill."""
        car, _order = self._sell_example()
        before = self._row(car).margin
        interest = {
            "account_id": self._account("5603").id,
            "product_id": self._product("stock_interest").id,
            "dealer_vehicle_id": car.id,
            "debit": 1625,
        }
        other = {"account_id": self._account("2231").id, "credit": 1625}
        self._as(self.fred, self.env["account.move"]).create(
            {"move_type": "entry", "line_ids": [Command.create(interest), Command.create(other)]}
        ).action_post()
        row = self._row(car)
        self.assertRecordValues(row, [{"stock_interest": 1625}])
        self.assertAlmostEqual(row.margin, before - 1625)

    def test_every_entry_is_in_exactly_one_part(self):
        car, _order = self._sell_example()
        bill = self._create_late_cost_bill(car, self.maker, 800, "Transport")
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        row = self._row(car)
        self.assertEqual(row.other_cost, 800)
        parts = (
            row.front_gross
            + row.rebate
            + row.accessory_gross
            + row.service_gross
            + row.finance_income
            + row.insurance_income
            - row.gift_cost
            - row.other_cost
        )
        self.assertAlmostEqual(parts, row.composite_gross)
        self.assertAlmostEqual(row.composite_gross - row.stock_interest, row.margin)

    def test_goods_from_stock_are_no_cost_of_the_car_that_becomes_known_later(self):
        """Mats on the stock account of the cars once looked like a car that cost less."""
        car, _order = self._sell_example()
        items = self.env["account.move.line"].search([("dealer_vehicle_id", "=", car.id)])
        self.assertFalse(items.move_id.filtered(lambda move: "known after" in (move.ref or "")))
        stock = items.filtered(lambda item: item.account_id == self._account("1405"))
        self.assertEqual(sum(stock.mapped("balance")), -1500)

    def test_a_gift_from_stock_is_its_own_part(self):
        self._set_rule("gift_quota_consultant", 1500)  # what the mats cost counts, not 400
        car = self._stock(self._create_vehicle(model_id=self.petrol.id), 132743.36)
        order = self._offer(car=car)
        order.order_line = [
            Command.create(
                {"product_id": self.mats.id, "price_unit": 400, "dealer_gift_bearer": "store"}
            )
        ]
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        self.assertRecordValues(
            self._row(car), [{"front_gross": -1946.90, "accessory_gross": 0, "gift_cost": 1500}]
        )

    def test_live_gross_agrees_with_the_books(self):
        """What the manager saw before signing is what the ledger says afterwards."""
        car = self._stock(self._create_vehicle(model_id=self.petrol.id), 132743.36)
        order = self._offer(car=car)
        self._add(order, "plate_service", 500)
        live = self._as(self.max, order).dealer_gross_total
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        self.assertAlmostEqual(self._row(car).margin, live)
