from odoo import Command, api, fields, models


class DealerDemo(models.AbstractModel):
    """Money of the demo customers: deposits, plans, and one deal that ends."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _load(self):
        known = self.env.ref("dealer_vehicle.demo_company", raise_if_not_found=False)
        company = super()._load()
        if not known:
            company.dealer_gate_money = "plan"
        return company

    @api.model
    def _make_company(self):
        """Deals of the past were paid after their delivery: the gate closes when they are made."""
        company = super()._make_company()
        company.dealer_gate_money = "none"
        return company

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("order_line.dealer_vehicle_held", "=", True),
            ],
            order="id",
        )
        for number, order in enumerate(orders):
            earnest = 20000 if number else 40000
            self._make_plan(order, earnest, is_late=number == 1)
            self._make_deposit(order, earnest, "earnest")
        self._make_refund(orders[-1:])
        return res

    def _demo_user(self, login):
        return self.env.ref(f"dealer_vehicle.demo_user_{login}")

    def _make_deposit(self, order, amount, kind):
        """Money comes on the day of the order."""
        deposit = (
            self.env["dealer.deposit"]
            .with_user(self._demo_user("cashier"))
            .create(
                {
                    "order_id": order.id,
                    "kind": kind,
                    "amount": amount,
                    "date": fields.Datetime.context_timestamp(order, order.date_order).date(),
                }
            )
        )
        deposit.action_receive()
        return deposit

    def _make_plan(self, order, deposit, is_late):
        """Deposit now, balance before the delivery, loan of the bank later."""
        total = order.amount_total
        loan = round(total * 0.5, -3)
        rows = [
            ("deposit", deposit, 3),
            ("balance", order.currency_id.round(total - deposit - loan), 1 if is_late else -4),
            ("loan", loan, -20),
        ]
        order.dealer_collection_ids = [
            Command.create({"kind": kind, "amount": amount, "due_date": self._day(days_ago)})
            for kind, amount, days_ago in rows
        ]
        order.with_user(self._demo_user("finance")).action_dealer_approve_plan()

    def _make_refund(self, order):
        """A customer who wants his earnest money back; the general manager decides."""
        request = (
            self.env["dealer.refund.request"]
            .with_user(self._demo_user("manager"))
            .create(
                {
                    "order_id": order.id,
                    "reason": "buyer",
                    "note": "客户因家庭原因放弃购车，已电话沟通两次，同意按定金罚则处理。",
                }
            )
        )
        request.action_submit()
        return request
