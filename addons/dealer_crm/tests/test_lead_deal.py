from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .lead_case import MONDAY, LeadCase


@tagged("post_install", "-at_install")
class TestLeadDeal(LeadCase):
    """Stages, orders that move leads on, deals to save and tenders."""

    def _stage(self, code):
        return self.env["crm.stage"].search([("dealer_code", "=", code)])

    def _order(self, lead):
        order = self._quote(self._stock(), 110000)
        order.opportunity_id = lead
        return order

    # === STAGES ===
    def test_stages_of_the_trade(self):
        codes = self.env["crm.stage"].search([("dealer_code", "!=", False)]).mapped("dealer_code")
        self.assertEqual(
            codes,
            ["new", "profile", "appointment", "visit", "test_drive", "quotation", "ordered"]
            + ["delivered"],
        )

    def test_stage_is_left_with_what_it_asks_for(self):
        lead = self._lead(phone=False)
        self.assertEqual(lead.stage_id, self._stage("new"))
        with self.assertRaisesRegex(UserError, "Telephone or e-mail, First talk"):
            lead.stage_id = self._stage("profile")
        lead.phone = "13800138000"
        self._contact(lead)
        lead.stage_id = self._stage("profile")
        with self.assertRaisesRegex(UserError, "Car wished"):  # also when stages are skipped
            lead.stage_id = self._stage("test_drive")
        lead.dealer_wish_ids = [Command.create({"model_id": self.trim.id})]
        lead.stage_id = self._stage("test_drive")
        lead.stage_id = self._stage("new")  # going back is free

    def test_shop_decides_what_a_stage_asks_for(self):
        stage = self._stage("new")
        self._as(self.max, stage).dealer_criterion_ids = [Command.clear()]
        lead = self._lead(phone=False)
        lead.stage_id = self._stage("profile")
        self.assertEqual(lead.stage_id, self._stage("profile"))

    def test_setup_runs_once(self):
        stage = self._stage("quotation")
        stage.name = "Price talk"
        self.env["crm.stage"]._dealer_setup()
        self.assertEqual(stage.name, "Price talk")

    def test_what_happens_moves_the_lead(self):
        """Nobody drags cards: talk, visit, drive and quotation bring the lead on, never back."""
        lead = self._lead()
        self.assertEqual(lead.stage_id, self._stage("new"))
        for kind, code in (
            ("call", "profile"),
            ("visit", "visit"),
            ("call", "visit"),
            ("test_drive", "test_drive"),
        ):
            self._contact(lead, kind=kind)
            self.assertEqual(lead.stage_id, self._stage(code))
        self._as(self.sara, self.env["sale.order"]).create(
            {"partner_id": self.customer.id, "opportunity_id": lead.id}
        )
        self.assertEqual(lead.stage_id, self._stage("quotation"))

    # === ORDERS ===
    def test_the_contract_prints_who_buys(self):
        """Hidden on screens, the number of the ID stands on the contract."""
        self.customer.dealer_id_number = "11010519491231002X"
        order = self._as(self.sara, self._quote(self._stock(), 110000))
        self.assertEqual(order._dealer_get_buyer_number(), "11010519491231002X")
        self.customer.vat = "91320500MA1XXXXX00"
        self.assertEqual(order._dealer_get_buyer_number(), "91320500MA1XXXXX00")

    def test_order_and_delivery_move_the_lead(self):
        with self.at():
            lead = self._lead(level=self.level_h)
            order = self._order(lead)
            order.action_confirm()
        self.assertRecordValues(
            lead,
            [
                {
                    "dealer_level_id": self.level_o.id,
                    "stage_id": self._stage("ordered").id,
                    "won_status": "won",
                    "dealer_pool_date": False,
                }
            ],
        )
        self.assertLessEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=3))
        with self.at(days=10):
            self._cron()  # told to the manager, never to the pool
            self.assertEqual(self._events(lead), ["escalated"])
        with self.at(days=11):
            self._cron()
            self.assertEqual(lead.user_id, self.sara)
            self._deliver(order)
        self.assertRecordValues(
            lead,
            [
                {
                    "dealer_level_id": self.level_d.id,
                    "stage_id": self._stage("delivered").id,
                    "dealer_next_contact_date": False,
                }
            ],
        )

    def test_cancelled_order_gives_the_level_back(self):
        lead = self._lead(level=self.level_a)
        order = self._order(lead)
        order.action_confirm()
        self._as(self.max, order)._action_cancel()
        self.assertRecordValues(
            lead,
            [
                {
                    "dealer_level_id": self.level_a.id,
                    "stage_id": self._stage("quotation").id,
                    "won_status": "pending",
                }
            ],
        )
        self.assertTrue(lead.dealer_next_contact_date)

    # === DEALS TO SAVE ===
    def test_stuck_deal_has_somebody_who_saves_it(self):
        order = self._order(self._lead())
        order.action_confirm()
        with self.at():
            self._as(self.max, order).write(
                {
                    "dealer_stuck_kind": "finance",
                    "dealer_stuck_note": "Bank wants a second guarantor",
                    "dealer_stuck_user_id": self.sara.id,
                    "dealer_stuck_until": "2026-11-05",
                }
            )
        self.assertEqual(str(order.dealer_stuck_since), "2026-11-02")
        activity = order.activity_ids.filtered(lambda act: act.user_id == self.sara)
        self.assertRecordValues(
            activity,
            [{"summary": "Bank wants a second guarantor", "user_id": self.sara.id}],
        )
        order.action_dealer_unstuck()
        self.assertFalse(order.dealer_stuck_since or order.dealer_stuck_kind)
        self.assertFalse(activity.exists().filtered("active"))

    # === TENDERS ===
    def _tender(self, **vals):
        Tender = self._as(self.sara, self.env["dealer.tender"])
        return Tender.create(
            {
                "name": "Service cars",
                "partner_id": self.customer.id,
                "date_deadline": MONDAY + timedelta(days=10),
                **vals,
            }
        )

    def test_bid_in_time_and_below_the_limit(self):
        with self.at():
            tender = self._tender(ceiling=100000)
            with self.assertRaises(UserError):
                tender.action_submit()
            tender.amount = 110000
            with self.assertRaises(UserError):
                tender.action_submit()
            tender.amount = 99000
            tender.action_submit()
        self.assertRecordValues(tender, [{"state": "submitted", "date_submitted": MONDAY}])
        tender.action_won()
        with self.assertRaises(UserError):
            tender.action_lost()
        with self.assertRaises(UserError):
            tender.state = "draft"

    def test_late_bid(self):
        tender = self._tender(amount=1)
        with self.at(days=11), self.assertRaises(UserError):
            tender.action_submit()

    def test_tender_of_a_colleague_is_not_read(self):
        tender = self._tender()
        self.assertFalse(self._as(self.tom, tender).search([("id", "=", tender.id)]))

    def test_framework_counts_cars(self):
        framework = self.env["dealer.framework"].create(
            {
                "name": "F-1",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "date_from": "2020-01-01",
                "date_to": "2099-12-31",
                "quantity": 5,
            }
        )
        self._sell(self._stock())
        self.assertEqual(framework.ordered, 1)

    def test_what_was_handed_in_is_opened_again_by_a_manager(self):
        with self.at():
            tender = self._tender(amount=99000)
            tender.action_submit()
        for vals in ({"amount": 1}, {"quantity": 5}, {"date_deadline": MONDAY}):
            with self.assertRaisesRegex(UserError, "was handed in"):
                tender.write(vals)
        tender.action_won()
        with self.assertRaisesRegex(UserError, "was handed in"):
            tender.winner_amount = 5
        with self.assertRaisesRegex(UserError, "Ask the sales manager"):
            tender.action_reopen()
        managed = self._as(self.max, tender)
        with self.assertRaisesRegex(UserError, "Write down why"):
            managed.action_reopen()
        managed.reopen_reason = "Typing error"
        managed.action_reopen()
        self.assertIn("Typing error", tender.message_ids[0].preview)
        tender.amount = 98000
        self.assertRecordValues(tender, [{"state": "draft", "amount": 98000}])

    def test_documents_name_only_whom_the_writer_may_see(self):
        secret = self._create_customer("Qiu Secret", self.tom)
        foreign = self._lead(user=self.tom)
        own = self._lead()
        Party = self._as(self.sara, self.env["dealer.lead.party"])
        party = Party.create({"lead_id": own.id, "partner_id": self.customer.id})
        tender = self._tender()
        wish = self._as(self.sara, self.env["dealer.lead.wish"]).create(
            {"lead_id": own.id, "model_id": self.trim.id}
        )
        for record, vals in (
            (wish, {"lead_id": foreign.id}),
            (party, {"partner_id": secret.id}),
            (party, {"lead_id": foreign.id}),
            (tender, {"partner_id": secret.id}),
            (tender, {"agency_id": secret.id}),
            (tender, {"lead_id": foreign.id}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                record.write(vals)
        with self.assertRaises(AccessError), self.cr.savepoint():
            Party.create({"lead_id": own.id, "partner_id": secret.id})
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._tender(lead_id=foreign.id)
        with self.assertRaises(AccessError), self.cr.savepoint():
            self._contact(foreign, user=self.sara)
