"""Small facts that no remote call rewrites: requests, payments, plans, repairs, transfers."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .money_case import MoneyCase


class GuardCase(MoneyCase):
    def _refused(self, record, vals, pattern):
        with self.assertRaisesRegex(UserError, pattern):
            record.write(vals)


@tagged("post_install", "-at_install")
class TestMoneyGuards(GuardCase):
    def test_a_draft_refund_request_tells_of_its_own_deal(self):
        order = self._deal()
        self._deposit(order, 40000)
        request = self._as(self.sara, self.env["dealer.refund.request"]).create(
            {"order_id": order.id, "reason": "agreement", "note": "The customer moves abroad."}
        )
        other_store = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NTH", "company_id": self.company.id}
        )
        for vals in (
            {"partner_id": self.other_customer.id},
            {"user_id": self.max.id},
            {"warehouse_id": other_store.id},
            {"company_id": self.other_company.id},
            {"refund_amount": 99999},
            {"forfeit_amount": 1},
            {"approval_level": 0},
            {"is_invoiced": True},
        ):
            self._refused(request, vals, "follows from the other fields")
        request.note = "The customer moves to another town."
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.customer.id,
                    "user_id": self.sara.id,
                    "warehouse_id": self.warehouse.id,
                    "refund_amount": 40000,
                }
            ],
        )

    def test_nobody_makes_a_refund_request_for_somebody_else(self):
        order = self._deal()
        self._deposit(order, 40000)
        with self.assertRaisesRegex(UserError, "follows from the other fields"):
            self._as(self.sara, self.env["dealer.refund.request"]).create(
                {
                    "order_id": order.id,
                    "reason": "agreement",
                    "note": "The customer moves abroad.",
                    "partner_id": self.other_customer.id,
                }
            )
