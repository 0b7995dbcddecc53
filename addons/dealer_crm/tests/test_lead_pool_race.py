"""Two salespeople take the same customer from the pool; see ``RaceCase`` for how."""

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.dealer_vehicle.tests.race_case import DONE, RaceCase


@tagged("post_install", "-at_install")
class TestLeadPoolRace(RaceCase):
    """Tom and Tina press at once; each has seen the customer in the pool."""

    def _prepare(self, env):
        self.users = [
            new_test_user(
                env,
                f"race_pool_{name}",
                groups="dealer_base.group_sales_consultant",
                lang="en_US",
            ).id
            for name in ("tom", "tina")
        ]
        leads = env["crm.lead"].create(
            [{"name": f"Race {number}", "user_id": env.uid} for number in range(2)]
        )
        leads._dealer_put_in_pool()
        self.leads = leads.ids

    def test_one_of_two_gets_the_customer(self):
        def grab(env):
            env["crm.lead"].browse(self.leads[0]).action_dealer_grab()

        outcomes = self._race(*((user, grab) for user in self.users))
        self.assertEqual(outcomes.count(DONE), 1, outcomes)
        loser = next(outcome for outcome in outcomes if outcome != DONE)
        self.assertIsInstance(loser, UserError)
        winner = self.users[outcomes.index(DONE)]
        with self._committing() as env:
            lead = env["crm.lead"].browse(self.leads[0])
            self.assertEqual((lead.user_id.id, lead.dealer_in_pool), (winner, False))
            self.assertEqual(lead.dealer_event_ids.mapped("kind").count("grabbed"), 1)

    def test_two_customers_go_to_two_people(self):
        outcomes = self._race(
            *(
                (user, lambda env, lead=lead: env["crm.lead"].browse(lead).action_dealer_grab())
                for user, lead in zip(self.users, self.leads, strict=True)
            )
        )
        self.assertEqual(outcomes, [DONE, DONE])
