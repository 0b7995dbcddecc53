"""A car goes before the money has come: one asks, another decides, and only about money."""

from unittest.mock import patch

import psycopg2

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from odoo.addons.dealer_vehicle.models import sale_order_line_gate
from odoo.addons.dealer_vehicle.models.sale_order_line_gate import DeliveryBlocker

from .delivery_case import DealerDeliveryCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-22 04:00:00")
class TestRelease(DealerDeliveryCommon):
    """The gate of the money is played here; what it asks for has tests of its own."""

    def setUp(self):
        super().setUp()
        self.codes = ["money"]

        def blockers(lines):
            return {
                line.id: [
                    DeliveryBlocker(code, f"{code} is open", "cashier") for code in self.codes
                ]
                for line in lines
            }

        gate = patch.object(
            sale_order_line_gate.SaleOrderLine, "_dealer_get_delivery_blockers", blockers
        )
        gate.start()
        self.addCleanup(gate.stop)
        self.order = self._deal()
        self.delivery = self._prepare_delivery(self.order)

    def _request(self, user=None, **vals):
        Release = self._as(user or self.sara, self.env["dealer.delivery.release"])
        return Release.create(
            {"sale_line_id": self.order.order_line.id, "reason": "The bank pays tomorrow", **vals}
        )

    def _codes(self):
        found = self.order.order_line.sudo()._dealer_get_open_blockers()
        return {blocker.code for blocker in found[self.order.order_line.id]}

    def test_the_consultant_asks_from_the_delivery(self):
        action = self.delivery.action_request_release()
        Release = self._as(self.sara, self.env["dealer.delivery.release"])
        with Form(Release.with_context(**action["context"])) as form:
            form.reason = "The bank pays tomorrow"
        self.assertRecordValues(
            form.record,
            [
                {
                    "order_id": self.order.id,
                    "state": "requested",
                    "requested_by_id": self.sara.id,
                    "blocker_text": "money is open",
                }
            ],
        )
        self.assertEqual(self._codes(), {"money"})

    def test_a_manager_releases_and_the_car_goes(self):
        release = self._request()
        self._as(self.max, release).action_approve()
        self.assertRecordValues(release, [{"state": "approved", "decided_by_id": self.max.id}])
        self._sign(self.delivery).action_hand_over()
        self.assertEqual(self.delivery.vehicle_id.status, "sold")

    def test_a_refused_request_releases_nothing(self):
        self._as(self.max, self._request()).action_refuse()
        self.assertEqual(self._codes(), {"money"})

    def test_who_asks_does_not_decide(self):
        release = self._request(self.max)
        with self.assertRaisesRegex(AccessError, "somebody else"):
            self._as(self.max, release).action_approve()

    def test_the_salesperson_of_the_deal_does_not_decide_either(self):
        self.order.sudo().user_id = self.max
        release = self._request()
        with self.assertRaisesRegex(AccessError, "your own deal"):
            self._as(self.max, release).action_approve()

    def test_nor_does_who_entered_the_deal(self):
        self.order = self._deal(user=self.max)
        self.order.sudo().user_id = self.sara
        self._prepare_delivery(self.order)
        release = self._request()
        with self.assertRaisesRegex(AccessError, "your own deal"):
            self._as(self.max, release).action_approve()

    @mute_logger("odoo.sql_db")
    def test_the_database_knows_it_too(self):
        release = self._request()
        with self.assertRaises(psycopg2.errors.CheckViolation), self.cr.savepoint():
            release.sudo().write(
                {
                    "state": "approved",
                    "decided_by_id": self.sara.id,
                    "decided_on": "2026-11-22 00:00:00",
                }
            )
            self.env.flush_all()

    def test_a_consultant_decides_on_nothing(self):
        release = self._request(self.max)
        with self.assertRaisesRegex(AccessError, "Only a sales or finance manager"):
            self._as(self.sara, release).action_approve()

    def test_nobody_writes_the_decision(self):
        with self.assertRaisesRegex(UserError, "by hand"):
            self._as(self.max, self._request()).write({"state": "approved"})
        with self.assertRaisesRegex(UserError, "by hand"):
            self._request(state="approved")

    def test_only_money_is_released(self):
        release = self._request()
        self.codes = ["money", "pledge", "recall", "disclosure", "papers"]
        self._as(self.max, release).action_approve()
        self.assertEqual(self._codes(), {"pledge", "recall", "disclosure", "papers"})
        self._sign(self.delivery)
        with self.assertRaisesRegex(UserError, "recall is open"):
            self.delivery.action_hand_over()

    def test_nothing_is_released_when_no_money_is_open(self):
        self.codes = ["recall"]
        with self.assertRaisesRegex(UserError, "nothing to release"):
            self._request()

    def test_a_release_expires(self):
        self._as(self.max, self._request()).action_approve()
        with freeze_time("2026-11-29 04:00:00"):
            self.assertEqual(self._codes(), set())
        with freeze_time("2026-11-30 04:00:00"):
            self.assertEqual(self._codes(), {"money"})

    def test_a_decided_request_stays_as_it_is(self):
        release = self._request()
        self._as(self.max, release).action_approve()
        with self.assertRaisesRegex(UserError, "stays as it is"):
            release.reason = "Another one"
        with self.assertRaisesRegex(UserError, "decided already"):
            self._as(self.max, release).action_refuse()

    @mute_logger("odoo.sql_db")
    def test_one_request_waits_at_a_time(self):
        self._request()
        with self.assertRaises(psycopg2.errors.UniqueViolation), self.cr.savepoint():
            self._request()
            self.env.flush_all()

    def test_colleagues_do_not_read_each_others_requests(self):
        release = self._request()
        sam = self._create_person("sam", "sales_consultant")
        with self.assertRaises(AccessError):
            self._as(sam, release).read(["reason"])
        with self.assertRaises(AccessError):
            self._as(self.charlie, release).read(["reason"])
