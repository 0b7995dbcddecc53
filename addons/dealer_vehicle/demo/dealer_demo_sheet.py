from odoo import Command, models

# model code: displacement in ml, stands in the catalogue of the purchase-tax relief
TRIM_FACTS = {
    "CY-YH-15S": (1498, False),
    "CY-YH-15L": (1498, False),
    "CY-SY-20E": (1984, False),
    "CY-SY-20F": (1984, False),
    "XL-E3-420": (0, True),
    "XL-E3-510": (0, True),
    "XL-M7-PH": (1499, True),
    "LT-QZ-14": (1395, False),
}
# yearly vehicle and vessel tax of a province that does not exist, inside the bands of the law
VESSEL_TAX = {"1_0": 180, "1_6": 360, "2_0": 420, "2_5": 780}


class DealerDemo(models.AbstractModel):
    """Deal sheets of the demo dealership, and money that it has collected for others."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_catalogue(self):
        trims, colors = super()._make_catalogue()
        for trim in trims:
            displacement, relief = TRIM_FACTS[trim.dealer_code]
            trim.write(
                {
                    "dealer_displacement_ml": displacement,
                    "dealer_has_nev_relief": relief,
                    "dealer_is_vessel_tax_exempt": relief,
                }
            )
        return trims, colors

    def _make_dealership(self, company, lang):
        result = super()._make_dealership(company, lang)
        self._make_vessel_tax(company)
        quotations = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "draft"),
                ("order_line.dealer_vehicle_id.kind", "=", "new"),
            ],
            order="id",
            limit=2,
        )
        for number, order in enumerate(quotations):
            self._make_sheet(order, with_trade_in=not number)
        self._make_agency_deal(company)
        return result

    def _make_vessel_tax(self, company):
        self.env["dealer.parameter"].create(
            [
                {
                    "code": f"vessel_tax_year_{band}",
                    "name": "车船税年税额",
                    "value": value,
                    "unit": "amount",
                    "date_from": "2024-01-01",
                    "company_id": company.id,
                    "note": "演示数据，非真实税额",
                }
                for band, value in VESSEL_TAX.items()
            ]
        )

    def _get_gift(self, company):
        """A gift that consultants hand out every day: with a list price it counts by itself."""
        name = "精品礼包（香薰、抱枕、遮阳挡）"
        Product = self.env["product.product"]
        return Product.search([("name", "=", name)], limit=1) or Product.create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "dealer_deal_type": "gift",
                "list_price": 380,
                "standard_price": 165,
                "taxes_id": [Command.set(company.dealer_car_tax_id.ids)],
            }
        )

    def _make_sheet(self, order, with_trade_in):
        """Everything around the car, and three ways to pay it."""
        order.action_dealer_compute_services()
        order.order_line = [
            Command.create(
                {
                    "product_id": self.env.ref(f"dealer_vehicle.product_{name}").id,
                    "price_unit": price,
                }
            )
            for name, price in (
                ("commercial_insurance", 4200),
                ("plate_service", 500),
                ("accessory", 3000),
            )
        ] + [Command.create({"product_id": self._get_gift(order.company_id).id})]
        order.dealer_scenario_ids = [
            Command.create({"name": "全款", "method": "cash", "sequence": 1}),
            Command.create(
                {"name": "银行贷款 36 期", "annual_rate": 4.75, "months": 36, "sequence": 2}
            ),
            Command.create(
                {
                    "name": "厂家贴息 24 期",
                    "annual_rate": 0,
                    "months": 24,
                    "down_payment_share": 50,
                    "sequence": 3,
                }
            ),
        ]
        if with_trade_in:
            order.dealer_trade_in_ids = [
                Command.create(
                    {
                        "name": "岚途 轻舟 2022款 1.4T",
                        "allowance": 52000,
                        "true_value": 51000,
                        "payoff": 8000,
                    }
                )
            ]

    def _make_agency_deal(self, company):
        """Plates and insurance for a customer with a car from elsewhere: the premium is open."""
        customer = self.env["sale.order"].search([("company_id", "=", company.id)], limit=1)
        order = self.env["sale.order"].create(
            {
                "partner_id": customer.partner_id.id,
                "user_id": customer.user_id.id,
                "company_id": company.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.env.ref(f"dealer_vehicle.product_{name}").id,
                            "price_unit": price,
                        }
                    )
                    for name, price in (("ctpl", 950), ("plate_fee", 125), ("plate_service", 375))
                ],
            }
        )
        order.action_confirm()
        invoice = order._create_invoices()
        invoice.invoice_date = self._day(12)
        invoice.action_post()
