"""What a customer sees and does with his deal on the portal."""

import json
from datetime import timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.http import Request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .test_desk_money_contract import DOT
from .test_desk_price_approval import DealerApprovalCommon

# customers without a log-in read the language of the website
OPEN = "The price is being confirmed|价格确认中"
INTERNAL = "147,800|147800|Sales manager|销售经理|floor|底价|审批|approv"


class PortalCase(HttpCase, DealerApprovalCommon):
    """Li Ming reads his deal by the link of its mail; nobody is logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"portal_confirmation_sign": True, "portal_confirmation_pay": False})

    def _page(self, order, **params):
        query = "&".join(f"{name}={value}" for name, value in params.items())
        response = self.url_open(f"{order.sudo().get_portal_url()}&{query}")
        self.assertEqual(response.status_code, 200)
        return response.text

    def _accept(self, order, signature=DOT, name="Li Ming"):
        """Answer of the route that the dialog of the signature calls."""
        with patch.object(
            IrActionsReport, "_render_qweb_pdf", lambda *args, **kwargs: (b"%PDF-signed", "pdf")
        ):
            response = self.url_open(
                f"/my/orders/{order.id}/accept",
                data=json.dumps(
                    {
                        "params": {
                            "access_token": order.sudo()._portal_ensure_token(),
                            "name": name,
                            "signature": signature,
                        }
                    }
                ),
                headers={"Content-Type": "application/json"},
            )
        order.invalidate_recordset()
        self.assertNotRegex(response.text, INTERNAL)
        return response.json()["result"]


@tagged("post_install", "-at_install")
class TestPortalPrice(PortalCase):
    """Prices that wait for their approval."""

    def setUp(self):
        super().setUp()
        self.order = self._deal(145000)

    def test_a_price_that_waits_is_neither_signed_nor_paid(self):
        order = self.order
        order.sudo().require_payment = True
        self.assertFalse(order._has_to_be_signed())
        self.assertFalse(order._has_to_be_paid())
        for params in ({}, {"payment_amount": 20000}):
            page = self._page(order, **params)
            self.assertRegex(page, OPEN)
            self.assertNotIn("#modalaccept", page)
            self.assertNotIn("147,800", page)
        result = self._accept(order)
        self.assertRegex(result["error"], OPEN)
        self.assertRecordValues(
            order.sudo(), [{"state": "draft", "signature": False, "signed_by": False}]
        )

    def test_an_approved_price_is_signed(self):
        order = self.order
        self._ask(order)
        self.assertFalse(order._has_to_be_signed())
        self._approve(order, self.max)
        self.assertNotRegex(self._page(order), OPEN)
        self.assertTrue(self._accept(order)["force_refresh"])
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.dealer_contract_count, 1)

    def test_a_customer_who_is_logged_in_learns_no_floor_from_any_error(self):
        login = new_test_user(self.env, "dealer_li", groups="base.group_portal", name="Li")
        order = self.order.with_user(login).sudo()
        with self.assertRaisesRegex(UserError, "being confirmed") as refused:
            order.action_confirm()
        self.assertNotRegex(str(refused.exception), INTERNAL)
        with self.assertRaisesRegex(UserError, "being confirmed"):
            order.write({"state": "sale"})

    def test_what_refuses_a_signature_is_told_to_the_salesperson_only(self):
        """The car was sold to somebody else since the page was opened."""
        order = self._quote(self._stock(), 159800)
        self._quote(
            order.order_line.dealer_vehicle_id, 159800, self.other_customer, user=self.oscar
        ).action_confirm()
        result = self._accept(order)
        self.assertRegex(result["error"], "consultant has been told|已通知您的销售顾问")
        self.assertNotIn("Wang Fang", result["error"])
        self.assertNotIn("Oscar", result["error"])
        self.assertRecordValues(order.sudo(), [{"state": "draft", "signature": False}])
        note = order.sudo().message_ids[:1]
        self.assertTrue(note.subtype_id.internal)
        self.assertIn(self.sara.partner_id, note.notified_partner_ids)

    def test_the_dialog_shows_a_refusal_and_its_button_comes_back(self):
        order = self._quote(self._stock(), 159800)
        self._quote(
            order.order_line.dealer_vehicle_id, 159800, self.other_customer, user=self.oscar
        ).action_confirm()
        self.start_tour(order.sudo().get_portal_url(), "dealer_contract_refused_tour", login=None)
        self.assertFalse(order.sudo().signature)

    def _transaction(self, order, **vals):
        provider = self.env["payment.provider"].create(
            {"name": "Transfer", "company_id": self.company.id, "state": "test"}
        )
        method = self.env["payment.method"].with_context(active_test=False).search([], limit=1)
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": provider.id,
                    "payment_method_id": method.id,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "sale_order_ids": [Command.set(order.ids)],
                    "reference": "tx-1",
                    **vals,
                }
            )
        )

    def test_no_online_payment_of_a_price_that_waits(self):
        with self.assertRaisesRegex(ValidationError, "being confirmed"):
            self._transaction(self.order)

    def test_money_that_came_before_a_change_of_the_price_stays(self):
        order = self._deal(159800)
        order.sudo().require_payment = True
        transaction = self._transaction(order, state="done")
        self._as(self.sara, self._car_line(order)).price_unit = 145000
        self.assertFalse(transaction._check_amount_and_confirm_order())
        self.assertEqual(order.state, "draft")
        note = order.sudo().message_ids[:1]
        self.assertIn(self.sara.partner_id, note.notified_partner_ids)

    # === SEND ===
    def test_an_offer_is_sent_when_its_price_is_approved(self):
        order = self.order
        for send in (
            order.action_quotation_send,
            order.action_quotation_sent,
            lambda: order.with_context(mark_so_as_sent=True).message_post(body="offer"),
            lambda: order.write({"state": "sent"}),
        ):
            with self.assertRaisesRegex(UserError, "sent when the price has been approved"):
                send()
        self.assertIn("not been approved yet", self._print(order))
        self._ask(order)
        self._approve(order, self.max)
        self.assertEqual(order.action_quotation_send()["res_model"], "mail.compose.message")
        order.action_quotation_sent()
        self.assertEqual(order.state, "sent")
        self.assertNotIn("not been approved yet", self._print(order))

    def _print(self, order):
        """What the quotation says on paper."""
        report = self.env["ir.actions.report"].sudo()
        html, _type = report._render_qweb_html("sale.report_saleorder", order.ids)
        return html.decode()

    def test_an_offer_within_authority_is_sent_at_once(self):
        order = self._deal(159800)
        order.action_quotation_send()
        order.with_context(mark_so_as_sent=True).message_post(body="offer")
        self.assertEqual(order.state, "sent")


@tagged("post_install", "-at_install")
class TestPortalContract(PortalCase):
    """The contract of a deal that the salesperson has confirmed."""

    def setUp(self):
        super().setUp()
        self.order = self._deal(159800)
        self.env["dealer.collection.line"].create(
            {
                "order_id": self.order.id,
                "kind": "balance",
                "amount": 159800,
                "due_date": self.order.date_order.date() + timedelta(days=3),
                "note": "at pick-up",
            }
        )
        self.order.action_confirm()

    def test_a_confirmed_deal_is_signed_with_number_and_plan(self):
        order = self.order
        page = self._page(order)
        self.assertIn("#modalaccept", page)
        self.assertIn(order.dealer_contract_number, page)
        self.assertIn("dealer_collection_plan", page)
        self.assertIn("at pick-up", page)
        versions, pickings = order.dealer_version_ids, order.sudo().picking_ids
        day = order.date_order
        self.assertTrue(self._accept(order)["force_refresh"])
        self.assertRecordValues(
            order.sudo(), [{"state": "sale", "signed_by": "Li Ming", "date_order": day}]
        )
        self.assertEqual(order.dealer_version_ids, versions)
        self.assertEqual(order.sudo().picking_ids, pickings)
        self.assertRecordValues(
            order.sudo().dealer_contract_ids,
            [
                {
                    "channel": "portal",
                    "number": order.dealer_contract_number,
                    "amount_total": order.amount_total,
                    "is_current": True,
                }
            ],
        )

    def test_a_contract_is_signed_once(self):
        self._accept(self.order)
        self.assertNotIn("#modalaccept", self._page(self.order))
        self.assertIn("error", self._accept(self.order))
        self.assertEqual(self.order.dealer_contract_count, 1)

    def test_a_contract_signed_on_paper_is_not_signed_online(self):
        self._as(self.sara, self.env["dealer.contract.document"]).create(
            {
                "order_id": self.order.id,
                "file": DOT,
                "filename": "scan.png",
                "signed_by": "Li Ming",
            }
        )
        self.assertFalse(self.order._has_to_be_signed())

    def test_a_changed_deal_is_signed_beside_the_old_contract(self):
        order = self.order
        self._accept(order)
        order.sudo().order_line.price_unit = 159900
        self.assertTrue(order._has_to_be_signed())
        self.assertTrue(self._accept(order)["force_refresh"])
        self.assertEqual(order.dealer_contract_count, 2)
        self.assertFalse(order._has_to_be_signed())

    def test_a_confirmed_deal_cannot_be_declined(self):
        order = self.order
        self.assertNotIn('data-bs-target="#modaldecline"', self._page(order))
        self.authenticate(None, None)
        self.url_open(
            f"/my/orders/{order.id}/decline",
            data={
                "access_token": order.sudo()._portal_ensure_token(),
                "decline_message": "no",
                "csrf_token": Request.csrf_token(self),
            },
        )
        order.invalidate_recordset()
        self.assertEqual(order.state, "sale")

    def test_a_delivered_car_is_not_signed_for_any_more(self):
        self._deliver(self.order)
        self.assertFalse(self.order._has_to_be_signed())

    def test_a_buyer_has_no_software_to_connect(self):
        self.assertNotIn("connect_software", self._page(self.order))
