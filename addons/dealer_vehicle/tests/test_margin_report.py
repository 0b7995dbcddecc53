from odoo.tests import tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestMarginReport(DealerVehicleCommon):
    """The report says what the ledger says about each car."""

    def _rows(self, vehicle, user=None):
        self.env.flush_all()
        report = self._as(user or self.max, self.env["dealer.vehicle.margin.report"])
        return report.search([("vehicle_id", "=", vehicle.id)])

    def test_margin_of_a_sold_car_comes_from_its_journal_items(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle, 110000)
        self._deliver(order)
        self._invoice(order)
        self.assertRecordValues(
            self._rows(vehicle),
            [
                {
                    "company_id": self.company.id,
                    "revenue": 110000,
                    "cogs": 100000,
                    "late_cost": 0,
                    "margin": 10000,
                    "units": 1,
                    "brand_id": self.brand.id,
                    "user_id": self.sara.id,
                    "warehouse_id": self.warehouse.id,
                    "partner_id": self.customer.id,
                    "order_id": order.id,
                }
            ],
        )

    def test_a_car_in_stock_has_no_margin_yet(self):
        vehicle = self._stock()
        self.assertFalse(self._rows(vehicle))

    def test_late_cost_lowers_the_margin_of_its_car_only(self):
        vehicle, other = self._stock(price=100000), self._stock(price=90000)
        order = self._sell(vehicle | other, 110000)
        self._deliver(order)
        self._invoice(order)
        bill = self._create_late_cost_bill(vehicle, self.maker, 800, "Transport")
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        self.assertRecordValues(self._rows(vehicle), [{"late_cost": 800, "margin": 9200}])
        self.assertRecordValues(self._rows(other), [{"late_cost": 0, "margin": 20000}])

    def test_a_credit_note_takes_the_margin_back(self):
        vehicle = self._stock(price=100000)
        order = self._sell(vehicle, 110000)
        picking = self._deliver(order)
        invoice = self._invoice(order)
        self._return(picking)
        self._credit(invoice)
        self.assertRecordValues(
            self._rows(vehicle), [{"revenue": 0, "cogs": 0, "margin": 0, "units": 0}]
        )

    def test_draft_invoices_do_not_count(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._deliver(order)
        self._as(self.fred, order)._create_invoices()
        self.assertFalse(self._rows(vehicle))

    def test_accessories_of_a_deal_with_one_car_belong_to_its_margin(self):
        vehicle = self._stock(price=100000)
        order = self._quote(vehicle, 110000)
        mats = self.env["product.product"].create({"name": "Mats", "type": "service"})
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": mats.id, "price_unit": 500, "tax_ids": False}
        )
        order.action_confirm()
        self._deliver(order)
        self._invoice(order)
        self.assertEqual(self._rows(vehicle).revenue, 110500)

    def test_the_report_agrees_with_the_items_read_one_by_one(self):
        vehicle = self._stock(price=100000)
        self._add_landed_cost(vehicle, 1200)
        order = self._sell(vehicle, 110000)
        self._deliver(order)
        self._invoice(order)
        items = self.env["account.move.line"].search(
            [
                ("dealer_vehicle_id", "=", vehicle.id),
                ("parent_state", "=", "posted"),
                ("account_id.internal_group", "in", ("income", "expense")),
            ]
        )
        self.assertEqual(self._rows(vehicle).margin, -sum(items.mapped("balance")))
        self.assertEqual(self._rows(vehicle).margin, 110000 - 101200)

    def test_another_company_sees_nothing(self):
        vehicle = self._stock()
        order = self._sell(vehicle)
        self._deliver(order)
        self._invoice(order)
        boss = self._create_person("boss", "sales_manager", self.other_company)
        self.assertFalse(self._rows(vehicle, boss))
