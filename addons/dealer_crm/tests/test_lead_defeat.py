from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .lead_case import MONDAY, LeadCase


@tagged("post_install", "-at_install")
class TestLeadDefeat(LeadCase):
    """A defeat is applied for, reviewed by somebody else, and tried again later."""

    def _reason(self, code):
        return self.env.ref(f"dealer_crm.crm_lost_reason_{code}")

    def _apply(self, lead=None, code="price", user=None, **vals):
        lead = lead or self._lead(level=self.level_b)
        Defeat = self._as(user or self.sara, self.env["dealer.defeat"])
        return Defeat.create({"lead_id": lead.id, "reason_id": self._reason(code).id, **vals})

    # === APPLICATION ===
    def test_application_closes_nothing(self):
        defeat = self._apply()
        lead = defeat.lead_id
        self.assertTrue(lead.active)
        self.assertTrue(lead.dealer_defeat_pending)
        self.assertRecordValues(
            defeat, [{"state": "applied", "user_id": self.sara.id, "level_id": self.level_b.id}]
        )
        self.assertEqual(self._activities(lead, "defeat").user_id, self.max)

    def test_salesperson_closes_no_customer(self):
        lead = self._lead()
        with self.assertRaises(UserError):
            lead.action_set_lost()
        with self.assertRaises(UserError):
            lead.action_archive()
        with self.assertRaises(UserError):
            lead.write({"active": False})

    def test_facts_are_not_given(self):
        for vals in ({"state": "agreed"}, {"is_verified": True}, {"user_id": self.max.id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self._apply(**vals)

    def test_rival_has_to_be_named(self):
        lead = self._lead(level=self.level_b)
        with self.assertRaises(UserError):
            self._apply(lead, "competitor_brand")
        defeat = self._apply(
            lead,
            "competitor_brand",
            competitor_model="Falcon X",
            competitor_dealer="River Motors",
            competitor_price=118000,
        )
        self.assertRecordValues(
            lead.dealer_competitor_ids,
            [
                {
                    "model": "Falcon X",
                    "dealer": "River Motors",
                    "price": 118000,
                    "is_bought": True,
                }
            ],
        )
        self.assertEqual(defeat.quote_id, lead.dealer_competitor_ids)

    def test_one_application_at_a_time(self):
        defeat = self._apply()
        with self.assertRaisesRegex(Exception, "waits for review|dealer_defeat_one_open"):
            self._apply(defeat.lead_id)
            self.env.flush_all()

    def test_colleague_does_not_apply(self):
        lead = self._lead()
        with self.assertRaises(AccessError):
            self._apply(lead, user=self.tom)

    # === REVIEW ===
    def test_agreed_defeat_loses_the_lead(self):
        with self.at():
            defeat = self._apply()
            self._as(self.max, defeat).action_agree_verified()
        self.assertRecordValues(
            defeat,
            [
                {
                    "state": "agreed",
                    "reviewed_by_id": self.max.id,
                    "reviewed_on": MONDAY,
                    "is_verified": True,
                }
            ],
        )
        lead = defeat.lead_id.sudo()
        self.assertRecordValues(
            lead,
            [
                {
                    "won_status": "lost",
                    "lost_reason_id": self._reason("price").id,
                    "dealer_level_id": self.level_f.id,
                    "dealer_next_contact_date": False,
                }
            ],
        )
        self.assertFalse(self._activities(lead, "defeat"))
        self.assertFalse(self._activities(lead, "follow_up"))

    def test_nobody_reviews_his_own(self):
        lead = self._lead(user=self.max, level=self.level_b)
        defeat = self._apply(lead, user=self.max)
        with self.assertRaises(UserError):
            defeat.action_agree()
        self._as(self.mona, defeat).action_agree()
        self.assertEqual(defeat.state, "agreed")

    def test_salesperson_reviews_nothing(self):
        defeat = self._apply()
        for name in ("action_agree", "action_agree_verified", "action_reject"):
            with self.subTest(button=name), self.assertRaises(UserError):
                getattr(defeat, name)()

    def test_rejected_defeat_goes_on(self):
        with self.at():
            defeat = self._as(self.max, self._apply())
            with self.assertRaises(UserError):
                defeat.action_reject()
            defeat.review_note = "Call him about the subsidy"
            defeat.action_reject()
        lead = defeat.lead_id
        self.assertTrue(lead.active)
        self.assertEqual(lead.dealer_next_contact_date, MONDAY + timedelta(days=1))
        with self.assertRaises(UserError):
            defeat.action_agree()

    def test_reviewed_defeat_is_not_rewritten(self):
        defeat = self._apply()
        self._as(self.max, defeat).action_agree()
        with self.assertRaises(UserError):
            defeat.reason_id = self._reason("budget")

    # === REVIVAL ===
    def test_lost_customer_is_tried_again_after_30_and_90_days(self):
        with self.at():
            defeat = self._apply()
            self._as(self.max, defeat).action_agree()
        counts = []
        for days in (29, 30, 31, 89, 90, 91, 200):
            with self.at(days=days):
                self.env["dealer.defeat"]._cron_revive()
                counts.append(len(self._activities(defeat.lead_id, "revival")))
        self.assertEqual(counts, [0, 1, 1, 1, 2, 2, 2])

    def test_invalid_lead_is_not_tried_again(self):
        with self.at():
            defeat = self._apply(code="invalid_number")
            self._as(self.max, defeat).action_agree()
        with self.at(days=30):
            self.env["dealer.defeat"]._cron_revive()
        self.assertFalse(self._activities(defeat.lead_id, "revival"))

    def test_revived_lead_starts_afresh(self):
        with self.at():
            defeat = self._apply()
            self._as(self.max, defeat).action_agree()
        with self.at(days=30):
            defeat.action_revive()
        lead = defeat.lead_id
        self.assertRecordValues(
            lead,
            [
                {
                    "active": True,
                    "won_status": "pending",
                    "lost_reason_id": False,
                    "dealer_level_id": self.level_n.id,
                    "user_id": self.sara.id,
                    "dealer_next_contact_date": MONDAY + timedelta(days=31),
                }
            ],
        )
        self.assertEqual(self._events(lead), ["revived"])
        self.assertEqual(defeat.state, "revived")

    # === RATES ===
    def test_rates(self):
        """10 applied: 2 rejected, 5 agreed with a verified reason, 1 of them vague."""
        defeats = [
            self._apply(code="unreachable" if index == 4 else "price") for index in range(10)
        ]
        for index, defeat in enumerate(defeats):
            reviewed = self._as(self.max, defeat)
            if index < 5:
                reviewed.action_agree_verified()
            elif index < 7:
                reviewed.review_note = "No"
                reviewed.action_reject()
        day = defeats[0].date.date()
        span = (day - timedelta(days=1), day + timedelta(days=1))

        def value(code):
            kpi = self.env.ref(f"dealer_crm.dealer_kpi_{code}")
            return self._as(self.max, kpi)._get_value(*span, person_id=self.sara.id)

        self.assertEqual(value("defeat_applied"), 10)
        self.assertEqual(value("defeat_agreed"), 5)
        self.assertEqual(value("defeat_rejection_rate"), 20)
        self.assertEqual(value("defeat_clarity_rate"), 40)

    def test_what_was_applied_for_stays(self):
        with self.at():
            lead, other = self._lead(level=self.level_n), self._lead(level=self.level_h)
            reason = self.env["crm.lost.reason"].search(
                [("dealer_asks_competitor", "=", False)], limit=1
            )
            rival = self.env["crm.lost.reason"].search(
                [("dealer_asks_competitor", "=", True)], limit=1
            )
            defeat = self._as(self.sara, self.env["dealer.defeat"]).create(
                {"lead_id": lead.id, "reason_id": reason.id}
            )
            with self.assertRaisesRegex(UserError, "Make another"):
                defeat.lead_id = other
            with self.assertRaisesRegex(UserError, "which car the customer has bought"):
                defeat.reason_id = rival
            defeat.write({"reason_id": rival.id, "competitor_model": "Rival 5"})

    def test_an_agreed_defeat_is_opened_by_reviving_it(self):
        with self.at():
            lead = self._lead(level=self.level_n)
            reason = self.env["crm.lost.reason"].search(
                [("dealer_asks_competitor", "=", False)], limit=1
            )
            defeat = self._as(self.sara, self.env["dealer.defeat"]).create(
                {"lead_id": lead.id, "reason_id": reason.id}
            )
            self._as(self.max, defeat).action_agree()
            lead.sudo().dealer_level_id = self.level_h  # as if somebody could
            for undo in (lead.action_restore, lead.action_unarchive):
                with self.assertRaisesRegex(UserError, "Revive"):
                    undo()
            lead.action_dealer_revive()
            self.assertTrue(lead.active)
            self.assertEqual(defeat.state, "revived")

    def test_merging_gives_nobody_up(self):
        """Leads of different people stay two; those of one keep the level that asks for most."""
        with self.at():
            one, other = self._lead(level=self.level_h), self._lead(level=self.level_a)
            with self.assertRaisesRegex(UserError, "different people"):
                (one | other).merge_opportunity()
            with self.assertRaisesRegex(UserError, "open lead already"):
                other.phone = one.phone
            nameless = [self._lead(phone=False) for _number in range(2)]
            with self.assertRaisesRegex(UserError, "different people"):
                (nameless[0] | nameless[1]).merge_opportunity()
            self.env.flush_all()
            again = one.sudo().copy({"phone": one.phone, "dealer_level_id": self.level_n.id})
            again.user_id = self.sara
            merged = (one | self._as(self.sara, again)).merge_opportunity()
        self.assertEqual(merged.dealer_level_id, self.level_h)
