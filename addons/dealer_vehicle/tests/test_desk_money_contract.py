"""The contract: its number, its text, its print and the signed copies."""

import base64
import hashlib
import json
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .money_case import MoneyCase

DOT = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5Erk"
    "Jggg=="
)


class ContractCase(MoneyCase):
    def _html(self, order, lang="en_US"):
        order.sudo().partner_id.lang = lang
        return (
            self._as(self.sara, self.env["ir.actions.report"])
            ._render_qweb_html("dealer_vehicle.action_report_contract", order.ids)[0]
            .decode()
        )

    def _scan(self, order, content=b"scan", user=None):
        return self._as(user or self.sara, self.env["dealer.contract.document"]).create(
            {
                "order_id": order.id,
                "file": base64.b64encode(content),
                "filename": "scan.pdf",
                "signed_by": "Li Ming",
            }
        )


@tagged("post_install", "-at_install")
class TestContract(ContractCase):
    # === NUMBER ===
    def test_contracts_are_numbered_by_store_at_confirmation(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second Store", "code": "ZWEI", "company_id": self.company.id}
        )
        order = self._deal(confirm=False)
        self.assertFalse(order.dealer_contract_number)
        order.action_confirm()
        year = self.today.year
        code = self.warehouse.code
        self.assertEqual(order.dealer_contract_number, f"{code}-HT-{year}-00001")
        other = self._deal(confirm=False)
        other.warehouse_id = second
        other.action_confirm()
        self.assertEqual(other.dealer_contract_number, f"ZWEI-HT-{year}-00001")
        self.assertEqual(self._deal().dealer_contract_number, f"{code}-HT-{year}-00002")

    def test_a_refused_confirmation_leaves_no_gap(self):
        taken = self._deal()
        twin = self._quote(taken.order_line.dealer_vehicle_id, partner=self.other_customer)
        with self.assertRaises(UserError):
            twin.action_confirm()
        numbers = [taken.dealer_contract_number, self._deal().dealer_contract_number]
        self.assertEqual([number[-5:] for number in numbers], ["00001", "00002"])

    def test_an_order_is_numbered_by_its_store(self):
        order = self._deal(confirm=False)
        self.assertRegex(order.name, rf"^{self.warehouse.code}-SO-\d{{4}}-\d{{5}}$")
        second = self._deal(confirm=False)
        self.assertEqual(int(second.name[-5:]), int(order.name[-5:]) + 1)

    def test_a_given_order_number_stays(self):
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "name": "OLD-7", "company_id": self.company.id}
        )
        self.assertEqual(order.name, "OLD-7")

    def test_the_year_of_the_paper_is_in_the_number(self):
        number = self.warehouse._dealer_next_number("contract", fields.Date.to_date("2027-01-02"))
        self.assertEqual(number, f"{self.warehouse.code}-HT-2027-00001")

    def test_numbers_follow_a_new_code_of_the_store(self):
        self.warehouse.dealer_receipt_sequence_id.prefix = "QUITTUNG-"
        self.warehouse.code = "NEW"
        day = fields.Date.to_date("2026-03-01")
        self.assertEqual(self.warehouse._dealer_next_number("order", day), "NEW-SO-2026-00001")
        self.assertEqual(self.warehouse._dealer_next_number("receipt", day), "QUITTUNG-00001")

    def test_the_number_is_nobodys_to_write(self):
        with self.assertRaisesRegex(AccessError, "numbered"):
            self._deal().write({"dealer_contract_number": "X-1"})

    # === TEXT ===
    def test_the_print_has_capitals_car_and_parties(self):
        order = self._deal()
        self._deposit(order, 20000)
        html = self._html(order)
        vehicle = order.order_line.dealer_vehicle_id
        for text in (
            "人民币壹拾肆万柒仟捌佰元整",
            "人民币贰万元整",
            vehicle.vin,
            order.dealer_contract_number,
            "Li Ming",
            "Golden Cars",
            "returns it double",
        ):
            self.assertIn(text, html)

    def test_a_draft_says_that_it_is_one(self):
        self.assertIn("Draft, not valid", self._html(self._deal(confirm=False)))

    def test_clauses_follow_the_deal(self):
        order = self._deal()

        def titles():
            return order._dealer_get_contract_clauses().mapped("title")

        self.assertNotIn("Prepayment (订金)", titles())
        self.assertNotIn("Loan", titles())
        self._deposit(order, 5000, kind="prepayment")
        self.env["dealer.collection.line"].create(
            {
                "order_id": order.id,
                "kind": "loan",
                "amount": 1,
                "due_date": self.today + timedelta(days=1),
            }
        )
        self.assertIn("Prepayment (订金)", titles())
        self.assertIn("Loan", titles())
        self.assertNotIn("Earnest money (定金)", titles())
        self.assertNotIn("Condition of the used car", titles())

    def _promise(self, order, kind, amount):
        self._as(self.sara, self.env["dealer.collection.line"]).create(
            {"order_id": order.id, "kind": kind, "amount": amount, "due_date": self.today}
        )

    def test_earnest_money_of_the_plan_brings_its_clause(self):
        """A contract that says 定金 points out what it means (Civil Code Art. 496, 586, 587)."""
        order = self._deal()
        self._promise(order, "deposit", 30000)
        clause = order._dealer_get_contract_clauses().filtered(
            lambda clause: clause.applies == "earnest"
        )
        self.assertTrue(clause.is_important)
        html = self._html(order)
        self.assertIn("returns it double", html)
        self.assertIn("人民币叁万元整", html)
        self.assertIn("Earnest Money", html)
        self._deposit(order, 20000)
        self.assertEqual(order._dealer_get_earnest_total(), 30000)
        self._deposit(order, 15000)
        self.assertEqual(order._dealer_get_earnest_total(), 35000)

    def test_a_prepayment_of_the_plan_is_no_earnest_money(self):
        order = self._deal()
        self._promise(order, "prepayment", 5000)
        html = self._html(order)
        self.assertIn("The prepayment is no earnest money", html)
        self.assertNotIn("returns it double", html)
        self.assertFalse(order._dealer_get_earnest_total())
        with self.subTest("in the words of a dealer"):
            html = self._html(order, "zh_CN")
            self.assertIn("订金", html)

    def test_a_contract_without_plan_speaks_of_no_dates(self):
        order = self._deal()
        html = self._html(order)
        self.assertNotIn("by the dates above", html)
        self.assertIn("pays the whole amount before the car is handed over", html)
        self.env["dealer.collection.line"].create(
            {"order_id": order.id, "kind": "balance", "amount": 1, "due_date": self.today}
        )
        html = self._html(order)
        self.assertIn("by the dates above", html)
        self.assertNotIn("pays the whole amount", html)

    def test_a_contract_from_before_is_mended_and_an_own_text_stays(self):
        clause = self.env.ref("dealer_vehicle.dealer_contract_clause_payment")
        clause.applies = "always"
        clause._dealer_split_payment()
        self.assertEqual(clause.applies, "plan")
        clause.with_context(lang="en_US").body = "Pay when you like."
        clause.applies = "always"
        clause._dealer_split_payment()
        self.assertEqual(clause.applies, "always")

    def test_the_seller_has_its_credit_code(self):
        order = self._deal()
        self.company.company_registry = "91320799MA0YUNFA0X"
        self.assertIn("91320799MA0YUNFA0X", self._html(order))

    def test_the_company_has_its_own_text(self):
        shared = self.env.ref("dealer_vehicle.dealer_contract_template_sale")
        own = self._as(self.max, shared).copy()
        self.assertEqual(own.company_id, self.company)
        self.assertEqual(len(own.clause_ids), len(shared.clause_ids))
        order = self._deal(confirm=False)
        self.assertEqual(order.dealer_contract_template_id, own)
        with self.assertRaises(AccessError):
            self._as(self.sara, own.clause_ids[0]).write({"body": "x"})
        self.assertFalse(
            self._as(self.charlie, self.env["dealer.contract.template"]).search(
                [("id", "=", own.id)]
            )
        )

    # === SIGNED COPIES ===
    def test_a_scan_is_kept_with_its_fingerprint(self):
        order = self._deal()
        document = self._scan(order)
        self.assertRecordValues(
            document,
            [
                {
                    "sha256": hashlib.sha256(b"scan").hexdigest(),
                    "number": order.dealer_contract_number,
                    "amount_total": 147800,
                    "channel": "paper",
                    "is_intact": True,
                    "is_current": True,
                }
            ],
        )
        self.assertEqual(order.dealer_contract_count, 1)

    def test_a_signed_contract_is_not_changed_or_deleted(self):
        document = self._scan(self._deal())
        for user in (self.sara, self.max, self.env.user):
            mine = document.with_user(user)
            with self.assertRaises(UserError):
                mine.write({"file": base64.b64encode(b"other")})
            with self.assertRaises(UserError):
                mine.unlink()

    def test_a_changed_file_is_seen(self):
        document = self._scan(self._deal())
        attachment = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "dealer.contract.document"),
                ("res_id", "=", document.id),
                ("res_field", "=", "file"),
            ]
        )
        attachment.raw = b"another"
        document.invalidate_recordset()
        self.assertFalse(document.is_intact)

    def test_an_order_changed_after_the_signature_is_seen(self):
        order = self._deal()
        document = self._scan(order)
        order.sudo().order_line.price_unit = 140000
        self.assertFalse(document.is_current)

    def test_a_salesperson_reads_own_contracts_only(self):
        document = self._scan(self._deal(user=self.max), user=self.max)
        for stranger in (self.sara, self.charlie):
            with self.assertRaises(AccessError):
                self._as(stranger, document).read(["signed_by"])


@tagged("post_install", "-at_install")
class TestOnlineSignature(HttpCase, ContractCase):
    def test_the_customer_signs_online_and_the_contract_is_kept(self):
        order = self._deal(confirm=False)
        order.sudo().write({"require_signature": True, "require_payment": False, "state": "sent"})
        token = order.sudo()._portal_ensure_token()
        page = self.url_open(f"/my/orders/{order.id}?access_token={token}").text
        self.assertRegex(page, "Repair, replacement and return|三包责任")
        with patch.object(
            IrActionsReport, "_render_qweb_pdf", lambda *args, **kwargs: (b"%PDF-signed", "pdf")
        ):
            response = self.url_open(
                f"/my/orders/{order.id}/accept",
                data=json.dumps(
                    {"params": {"access_token": token, "name": "Li Ming", "signature": DOT}}
                ),
                headers={"Content-Type": "application/json"},
            )
        self.assertTrue(response.json()["result"]["force_refresh"])
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            order.dealer_contract_ids,
            [
                {
                    "channel": "portal",
                    "signed_by": "Li Ming",
                    "sha256": hashlib.sha256(b"%PDF-signed").hexdigest(),
                    "number": order.dealer_contract_number,
                    "filename": f"{order.dealer_contract_number}.pdf",
                }
            ],
        )
        self.assertTrue(order.dealer_contract_number)

    def test_the_customer_signs_on_a_telephone(self):
        self.customer.write({"name": "赵一凡", "lang": "zh_CN"})
        order = self._deal(confirm=False)
        order.sudo().write({"require_signature": True, "require_payment": False, "state": "sent"})
        self.browser_size = "390x844"
        self.touch_enabled = True
        with patch.object(
            IrActionsReport, "_render_qweb_pdf", lambda *args, **kwargs: (b"%PDF-signed", "pdf")
        ):
            self.start_tour(order.sudo().get_portal_url(), "dealer_contract_sign_tour", login=None)
        self.assertEqual(order.state, "sale")
        self.assertRecordValues(
            order.dealer_contract_ids, [{"channel": "portal", "signed_by": "赵一凡"}]
        )
