from odoo import api, fields, models

# name, kind, basis, value, dates in days from today; entered by the sales manager
RULES = [
    ("2026 年商务政策 整车最大优惠", "max_discount", "percent", 5, -300, None, {}),
    ("秋季促销 现金优惠", "promotion", "amount", 1000, -20, 20, {}),
    ("库龄 90 天以上清库", "max_discount", "percent", 9, -300, None, {"age_from": 91}),
]
TARGETS = [(None, 24), ("sales", 8), ("sales2", 6)]


class DealerDemo(models.AbstractModel):
    """The price policy of the demo dealership, with deals that wait for their approval."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _make_company(self):
        """The past of the dealership was sold before there was a price policy."""
        company = super()._make_company()
        company.write({"dealer_price_without_rule": "free", "dealer_price_guard_cost": False})
        return company

    def _make_dealership(self, company, lang):
        result = super()._make_dealership(company, lang)
        self._make_price_policy(company)
        company.write({"dealer_price_without_rule": "list", "dealer_price_guard_cost": True})
        self._make_price_requests(company)
        self._make_targets(company)
        return result

    @api.model
    def _demo_person(self, login):
        return self.env.ref(f"dealer_vehicle.demo_user_{login}")

    def _make_price_policy(self, company):
        """Rules entered by the sales manager and put in force by the general manager."""
        rules = self.env["dealer.price.rule"]
        for name, kind, basis, value, start, end, more in RULES:
            rules |= rules.with_user(self._demo_person("manager")).create(
                {
                    "name": name,
                    "kind": kind,
                    "basis": basis,
                    "percent" if basis == "percent" else "amount": value,
                    "date_from": self._day(-start),
                    "date_to": self._day(-end) if end else False,
                    "company_id": company.id,
                    **more,
                }
            )
        rules.with_user(self._demo_person("gm")).action_approve()

    def _make_price_requests(self, company):
        """One deal waits for the sales manager, one for the general manager, one is approved."""
        reasons = [
            self.env.ref(f"dealer_vehicle.dealer_deviation_reason_{name}")
            for name in ("competitor", "loyal", "target")
        ]
        cars = self.env["dealer.vehicle"].search(
            [
                ("status", "=", "in_stock"),
                ("kind", "=", "new"),
                ("sale_line_ids", "=", False),
                ("company_id", "=", company.id),
            ],
            order="id desc",
            limit=3,
        )
        customers = self.env["res.partner"].search(
            [("user_id", "=", self._demo_person("sales").id)], order="id", limit=3
        )
        for car, customer, reason, share, note, approve in zip(
            cars,
            customers,
            reasons,
            (0.985, 0.95, 0.99),
            (
                "隔壁店同款多优惠两千，客户今天就定。",
                "老客户第三台车，要求再让一点。",
                "月底冲量。",
            ),
            (False, False, True),
            strict=False,
        ):
            self._make_price_request(car, customer, reason, share, note, approve)

    def _make_price_request(self, car, customer, reason, share, note, approve):
        """A quotation below the floor, asked for by the salesperson."""
        sales = self._demo_person("sales")
        order = (
            self.env["sale.order"]
            .with_user(sales)
            .create(
                {
                    "partner_id": customer.id,
                    "order_line": [fields.Command.create({"dealer_vehicle_id": car.id})],
                }
            )
        )
        line = order.order_line
        line.price_unit = round(line.dealer_floor_price * share, -2)
        order.write({"dealer_deviation_reason_id": reason.id, "dealer_approval_note": note})
        order.request_validation()
        if approve:
            order.with_user(self._demo_person("manager"))._dealer_decide(True, "同意，仅此一台。")
            order.action_confirm()

    def _make_targets(self, company):
        """This month's targets of the company and of two consultants."""
        self.env["dealer.sales.target"].create(
            [
                {
                    "month": fields.Date.context_today(self),
                    "company_id": company.id,
                    "user_id": self._demo_person(login).id if login else False,
                    "quantity": quantity,
                }
                for login, quantity in TARGETS
            ]
        )
