from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .request_case import PartRequestCase


@tagged("post_install", "-at_install")
class TestCore(PartRequestCase):
    """A new starter goes out, the old one is due."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.starter = cls._part("28100-0L052", cost=0)
        cls.starter.write({"dealer_core_required": True, "dealer_core_deposit": 300})
        cls.starter.seller_ids = [fields.Command.create({"partner_id": cls.maker.id})]
        cls.starter.product_tmpl_id.invalidate_recordset()
        cls._receive_part(cls.starter, 5, price=800)

    def _issue_starters(self, number=1):
        request = self._asked([(self.starter, number)])
        self._hand_out(request)
        return request.core_ids.with_user(self.pat)

    def test_issue_makes_one_old_part_due_for_each_piece(self):
        cores = self._issue_starters(2)
        self.assertRecordValues(
            cores,
            [
                {
                    "state": "expected",
                    "technician_id": self.tom.id,
                    "partner_id": self.customer.id,
                    "supplier_id": self.maker.id,
                    "expected_credit": 300,
                }
            ]
            * 2,
        )
        self.assertEqual(len(set(cores.mapped("name"))), 2)

    def test_other_parts_leave_none(self):
        self._receive_part(self.pad, 1, price=50)
        request = self._asked([(self.pad, 1)])
        self._hand_out(request)
        self.assertFalse(request.core_ids)

    def test_from_the_workshop_to_the_credit(self):
        core = self._issue_starters()
        core.action_receive_dirty()
        self.assertEqual(core.keep_until, fields.Date.context_today(core) + timedelta(days=90))
        with self.assertRaisesRegex(UserError, "dirty"):
            core.action_return()
        core.action_clean()
        with Form(core) as form:
            form.shelf = "J-01"
            form.return_reference = "R-77"
        core.action_return()
        self.assertEqual(core.open_credit, 300)
        self.assertEqual(
            core.expected_credit_on, fields.Date.context_today(core) + timedelta(days=60)
        )
        with self.assertRaisesRegex(UserError, "left already"):
            core.expected_credit = 1
        with self.assertRaisesRegex(UserError, "manager or the accountant"):
            core.action_credit()
        books = self._as(self.fred, core)
        with self.assertRaisesRegex(UserError, "what the supplier credits"):
            books.action_credit()
        with Form(books) as form:
            form.credited_amount = 280
        with self.assertRaisesRegex(UserError, "posted credit note"):
            books.action_credit()
        note = self.env["account.move"].create(
            {
                "move_type": "in_refund",
                "partner_id": core.supplier_id.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create({"name": "Old part", "price_unit": 280})],
            }
        )
        note.action_post()
        with Form(books) as form:
            form.credit_move_id = note
        books.action_credit()
        with self.assertRaisesRegex(UserError, "stands"):
            books.credited_amount = 5
        self.assertEqual((core.state, core.open_credit), ("credited", 20))

    def test_unused_part_owes_nothing(self):
        cores = self._issue_starters(2)
        self._bring_back(cores.request_id.with_user(self.tom), {self.starter: 1})
        self.assertEqual(sorted(cores.mapped("state")), ["cancel", "expected"])

    def test_overdue_tells_the_technician_once(self):
        core = self._issue_starters()
        Core = self.env["dealer.core"]
        Core._cron_alert_overdue()
        self.assertFalse(core.sudo().activity_ids)
        with freeze_time(fields.Datetime.now() + timedelta(days=5)):
            self.env.invalidate_all()
            self.assertIn(core, self._as(self.tom, Core).search([("is_overdue", "=", True)]))
            self.assertNotIn(core, Core.search([("is_overdue", "=", False)]))
            Core._cron_alert_overdue()
            Core._cron_alert_overdue()
        self.assertEqual(core.sudo().activity_ids.user_id, self.tom)
        self.assertEqual(len(core.sudo().activity_ids), 1)
        core.action_receive_clean()
        self.assertFalse(core.sudo().activity_ids)

    def test_kept_parts_are_not_thrown_away(self):
        core = self._issue_starters()
        core.action_receive_clean()
        with self.assertRaisesRegex(UserError, "kept until"):
            core.action_scrap()
        with freeze_time(fields.Datetime.now() + timedelta(days=91)):
            core.action_scrap()
        self.assertEqual(core.state, "scrapped")

    def test_customer_takes_his_old_part(self):
        core = self._issue_starters()
        core.action_give_back()
        self.assertEqual(core.state, "given_back")
        with self.assertRaisesRegex(UserError, "not possible"):
            core.action_receive_clean()

    def test_giving_up_is_the_managers(self):
        core = self._issue_starters()
        with self.assertRaisesRegex(UserError, "parts manager"):
            core.action_lose()
        boss = core.with_user(self.petra)
        with self.assertRaisesRegex(UserError, "why"):
            boss.action_lose()
        boss.note = "Broken to pieces"
        boss.action_lose()
        self.assertEqual(core.state, "lost")

    def test_nobody_writes_the_steps(self):
        core = self._issue_starters()
        with self.assertRaisesRegex(UserError, "buttons"):
            core.state = "credited"

    def test_statement_sums_per_supplier(self):
        cores = self._issue_starters(2)
        cores.action_receive_clean()
        cores.action_return()
        html = str(
            self.env["ir.actions.report"]
            .with_user(self.petra)
            ._render_qweb_html("dealer_parts.report_core_statement", cores.ids)[0]
        )
        self.assertIn("600.00", html)
        self.assertIn(cores[0].name, html)
        html = self.env["ir.actions.report"]._render_qweb_html(
            "dealer_parts.report_core_tag", cores.ids
        )[0]
        self.assertIn(cores[0].name, str(html))
