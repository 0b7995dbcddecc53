"""Somebody changes a price while somebody else approves it."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.dealer_vehicle.tests.race_case import DONE

from .test_two_people_at_once import PairCase


@tagged("post_install", "-at_install")
class TestPriceRace(PairCase):
    """Sara asks for 145,000 below a floor of 147,800; Max and Mona may approve that."""

    PRICE = 145000
    LOWER = 144900

    def setUp(self):
        super().setUp()
        with self._committing() as env:
            rule = env["dealer.price.rule"].create(
                {"name": "Race", "amount": 147800, "model_id": self.trim, "date_from": "2026-01-01"}
            )
            rule.write({"state": "approved", "approved_by_id": self.users["max"]})
            self.reason = env.ref("dealer_vehicle.dealer_deviation_reason_other").id
            self._receive(env, self._purchase(env, self.car))
            self.order = self._quotation(env, self.car, "sara")
            order = env["sale.order"].browse(self.order)
            order.order_line.write({"price_unit": self.PRICE, "tax_ids": [(5, 0, 0)]})
            order.dealer_deviation_reason_id = self.reason
            self.line = order.order_line.id

    def _ask(self, env):
        env["sale.order"].browse(self.order).request_validation()

    def _withdraw(self, env):
        env["sale.order"].browse(self.order).restart_validation()

    def _approve(self, env):
        env["sale.order"].browse(self.order)._dealer_decide(True)

    def _lower(self, env):
        env["sale.order.line"].browse(self.line).price_unit = self.LOWER

    def _confirm(self, env):
        env["sale.order"].browse(self.order).action_confirm()

    def _commit_as(self, login, action):
        with self._committing() as env:
            action(env(user=self.users[login], su=False))

    def _assert_not_sold_cheaper(self):
        """Whatever happened: the deal cannot be confirmed at a price nobody approved."""
        with self._committing() as env:
            order = env["sale.order"].browse(self.order)
            asked = order.dealer_version_ids.filtered(lambda version: version.kind == "approved")
            if order.order_line.price_unit != self.PRICE or not asked:
                with self.assertRaises(UserError):
                    order.with_user(self.users["sara"]).action_confirm()

    def test_asking_and_lowering_at_the_same_moment(self):
        for _attempt in range(3):
            outcomes = self._race(
                (self.users["sara"], self._ask), (self.users["sara"], self._lower)
            )
            self.assertIn(DONE, outcomes)
            with self._committing() as env:
                order = env["sale.order"].browse(self.order)
                self.assertTrue(order.review_ids)
                asked = order.dealer_version_ids.sorted("number")[-1]
                # what was asked for is what the line says, whoever came first
                self.assertEqual(
                    asked.snapshot["lines"][0]["price_unit"], order.order_line.price_unit
                )
                self.assertEqual(order.dealer_asked_revision, order.dealer_price_revision)
                order.restart_validation()
                order.order_line.price_unit = self.PRICE

    def test_two_managers_approve_at_the_same_moment(self):
        self._commit_as("sara", self._ask)
        outcomes = self._race(
            (self.users["max"], self._approve), (self.users["mona"], self._approve)
        )
        self.assertEqual(outcomes.count(DONE), 1, outcomes)
        loser = next(outcome for outcome in outcomes if outcome != DONE)
        self.assertRegex(str(loser), "waits for a decision any more")
        with self._committing() as env:
            kinds = env["sale.order"].browse(self.order).dealer_version_ids.mapped("kind")
            self.assertEqual(sorted(kinds), ["approved", "asked"])

    def test_approving_and_withdrawing_at_the_same_moment(self):
        self._commit_as("sara", self._ask)
        self._race((self.users["max"], self._approve), (self.users["sara"], self._withdraw))
        with self._committing() as env:
            if not env["sale.order"].browse(self.order).review_ids:
                env["sale.order.line"].browse(self.line).price_unit = self.LOWER
        self._assert_not_sold_cheaper()

    def test_confirming_and_lowering_at_the_same_moment(self):
        self._commit_as("sara", self._ask)
        self._commit_as("max", self._approve)
        self._race((self.users["sara"], self._confirm), (self.users["sara"], self._lower))
        with self._committing() as env:
            line = env["sale.order.line"].browse(self.line)
            self.assertEqual((line.state, line.price_unit), ("sale", self.PRICE))

    def test_lowering_a_free_price_while_it_is_confirmed(self):
        """Within authority nothing is approved: the confirmed price is still the one checked."""
        with self._committing() as env:
            env["sale.order.line"].browse(self.line).price_unit = 150000
        self._race((self.users["sara"], self._confirm), (self.users["sara"], self._lower))
        with self._committing() as env:
            line = env["sale.order.line"].browse(self.line)
            self.assertNotEqual((line.state, line.price_unit), ("sale", self.LOWER))
