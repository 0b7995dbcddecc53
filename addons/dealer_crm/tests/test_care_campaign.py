import base64

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from .common import DealerCrmCommon

NOW = "2026-06-10 02:00:00"


@freeze_time(NOW)
class TestCampaign(DealerCrmCommon):
    """A campaign from its plan to its return."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss, cls.group = (
            new_test_user(
                cls.env,
                login=f"dealer_{role}",
                groups=f"dealer_base.group_{role}",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for role in ("general_manager", "group_manager")
        )

    def _campaign(self, **vals):
        return self._as(self.mark, self.env["utm.campaign"]).create(
            {
                "title": "Spring days",
                "dealer_date_from": "2026-06-01",
                "dealer_date_to": "2026-06-20",
                "dealer_budget": 8000,
                "dealer_target_leads": 100,
                "company_id": self.company.id,
                **vals,
            }
        )

    def _decide(self, campaign, user, yes=True):
        campaign = self._as(user, campaign)
        campaign._dealer_check_may_review()
        reviews = campaign._dealer_get_open_reviews()
        if yes:
            campaign._validate_tier(reviews)
        else:
            campaign._rejected_tier(reviews)

    def _running(self, **vals):
        campaign = self._campaign(**vals)
        campaign.sudo().write({"dealer_state": "approved"})
        return campaign

    # === APPROVAL ===
    def test_a_small_budget_is_the_sales_managers(self):
        campaign = self._campaign()
        campaign.action_dealer_submit()
        with self.assertRaises(UserError):
            campaign.dealer_budget = 100000
        self._decide(campaign, self.max)
        self.assertEqual(campaign.dealer_state, "approved")

    def test_a_large_budget_goes_up_level_by_level(self):
        campaign = self._campaign(dealer_budget=60000)
        campaign.action_dealer_submit()
        with self.assertRaises(UserError):
            self._decide(campaign, self.group)
        for user in (self.max, self.boss):
            self._decide(campaign, user)
            self.assertEqual(campaign.dealer_state, "submitted")
        self._decide(campaign, self.group)
        self.assertEqual(campaign.dealer_state, "approved")

    def test_who_asks_does_not_decide_and_nobody_writes_the_state(self):
        campaign = self._campaign(user_id=self.max.id)
        asked = self._as(self.max, campaign)
        asked.action_dealer_submit()
        with self.assertRaises(UserError):
            self._decide(campaign, self.max)
        with self.assertRaises(UserError):
            campaign.dealer_state = "approved"

    def test_a_rejected_one_is_planned_anew(self):
        campaign = self._campaign()
        campaign.action_dealer_submit()
        self._decide(campaign, self.max, yes=False)
        self.assertEqual(campaign.dealer_state, "rejected")
        campaign.action_dealer_replan()
        campaign.dealer_budget = 5000
        campaign.action_dealer_submit()
        self._decide(campaign, self.max)
        self.assertEqual(campaign.dealer_state, "approved")

    def test_each_level_has_its_days(self):
        campaign = self._campaign(dealer_budget=20000)
        campaign.action_dealer_submit()
        reviews = campaign.sudo().review_ids.sorted("sequence")
        self.env.cr.execute(
            "UPDATE tier_review SET create_date = %s WHERE id IN %s", [NOW, tuple(reviews.ids)]
        )
        reviews.invalidate_recordset()
        Review = self.env["tier.review"]
        with freeze_time("2026-06-12 01:00:00"):
            Review._cron_dealer_remind()
            self.assertFalse(campaign.activity_ids)
        with freeze_time("2026-06-12 03:00:00"):
            Review._cron_dealer_remind()
            self.assertIn(self.max, campaign.activity_ids.user_id)
            count = len(campaign.activity_ids)
            Review._cron_dealer_remind()
            self.assertEqual(len(campaign.activity_ids), count)
            self._decide(campaign, self.max)
            # the days of the second level begin now
            second = campaign.sudo().review_ids.filtered(lambda r: r.status != "approved")
            self.assertEqual(str(second.dealer_due_date), "2026-06-15 03:00:00")

    def test_who_was_asked_to_decide_leaves_a_trail(self):
        campaign = self._campaign(dealer_budget=60000)
        campaign.action_dealer_submit()
        with self.assertRaisesRegex(UserError, "Give it up"), self.env.cr.savepoint():
            campaign.unlink()
        for user in (self.max, self.boss, self.group):
            self._decide(campaign, user)
        with self.assertRaisesRegex(UserError, "Give it up"), self.env.cr.savepoint():
            campaign.unlink()
        campaign.action_dealer_replan()
        with self.assertRaisesRegex(UserError, "Give it up"), self.env.cr.savepoint():
            campaign.unlink()
        self._campaign(title="Never asked").unlink()

    def test_a_submitted_one_is_given_up_and_nobody_is_asked_any_more(self):
        campaign = self._campaign(dealer_budget=60000)
        campaign.action_dealer_submit()
        self._decide(campaign, self.max)
        campaign.action_dealer_cancel()
        self.assertEqual(campaign.dealer_state, "cancel")
        self.assertEqual(campaign.sudo().review_ids.mapped("status"), ["approved"])
        running = self._running(title="Summer")
        running.action_dealer_cancel()
        self.assertEqual(running.dealer_state, "cancel")

    # === EXECUTION ===
    def test_campaigns_are_planned_by_the_marketing_and_managers(self):
        campaign = self._campaign()
        for user in (self.sara, self.dora):
            with self.subTest(user.name), self.assertRaisesRegex(AccessError, "marketing"):
                self._as(user, self.env["utm.campaign"]).create({"title": "My own"})
            with self.subTest(user.name), self.assertRaisesRegex(AccessError, "marketing"):
                self._as(user, campaign).title = "My own"
        self._as(self.max, campaign).title = "Spring fair"
        # what the tracking of links makes by itself
        made = self._as(self.sara, self.env["utm.mixin"])._find_or_create_record(
            "utm.campaign", "From a link"
        )
        self.assertTrue(made)

    def test_costs_stand_on_approved_campaigns_within_their_budget(self):
        campaign = self._campaign()
        cost = {"name": "Stand", "amount": 5000}
        Cost = self._as(self.mark, self.env["dealer.campaign.cost"])
        for step in (lambda: None, campaign.action_dealer_submit):
            step()
            with self.assertRaisesRegex(UserError, "not approved"), self.env.cr.savepoint():
                Cost.create({**cost, "campaign_id": campaign.id})
        self._decide(campaign, self.max)
        booked = Cost.create({**cost, "campaign_id": campaign.id})
        with self.assertRaisesRegex(UserError, "are approved"), self.env.cr.savepoint():
            campaign.dealer_cost_ids = [Command.create({"name": "Gifts", "amount": 3000.01})]
        with self.assertRaisesRegex(UserError, "are approved"), self.env.cr.savepoint():
            booked.amount = 8001
        booked.amount = 8000
        draft = self._campaign(title="Autumn")
        with self.assertRaisesRegex(UserError, "not approved"), self.env.cr.savepoint():
            booked.campaign_id = draft
        # more only after it was decided on anew
        campaign.action_dealer_replan()
        for step in (booked.unlink, lambda: booked.write({"amount": 1})):
            with self.assertRaisesRegex(UserError, "not approved"), self.env.cr.savepoint():
                step()
        campaign.dealer_budget = 9000
        campaign.action_dealer_submit()
        self._decide(campaign, self.max)
        campaign.action_dealer_finish()
        self._as(self.mark, campaign).write(
            {"dealer_cost_ids": [Command.update(booked.id, {"amount": 9000})]}
        )
        self.assertEqual(campaign.dealer_cost, 9000)

    def test_the_light(self):
        campaign = self._running()
        for cost, leads, light in (
            (100, 50, "green"),  # half of the days, half of the leads
            (100, 39, "yellow"),
            (7300, 50, "yellow"),
            (100, 24, "red"),
            (8001, 50, "red"),
        ):
            campaign.dealer_cost_ids.unlink()
            # a program books beyond the budget, too
            campaign.sudo().dealer_cost_ids = [Command.create({"name": "Stand", "amount": cost})]
            self.env["crm.lead"].search([("campaign_id", "=", campaign.id)]).unlink()
            self.env["crm.lead"].create(
                [{"name": str(n), "campaign_id": campaign.id} for n in range(leads)]
            )
            campaign.invalidate_recordset()
            self.assertEqual(campaign.dealer_light, light, (cost, leads))
        self.assertFalse(self._campaign(title="Autumn").dealer_light)

    def test_cost_per_lead_and_return(self):
        campaign = self._running()
        campaign.dealer_cost_ids = [
            Command.create({"name": "Stand", "amount": 5000, "maker_share": 2000})
        ]
        self.env["crm.lead"].create(
            [{"name": str(n), "campaign_id": campaign.id} for n in range(12)]
        )
        order = self._quote(self._stock(price=100000), 110000)
        order.campaign_id = campaign
        self.assertEqual(campaign.dealer_order_count, 0, "a quotation is no order")
        order.action_confirm()
        campaign.invalidate_recordset()
        self.assertRecordValues(
            campaign,
            [
                {
                    "dealer_cost": 5000.0,
                    "dealer_net_cost": 3000.0,
                    "dealer_lead_count": 12,
                    "dealer_cost_per_lead": 250.0,
                    "dealer_order_count": 1,
                    "dealer_cost_per_order": 3000.0,
                }
            ],
        )
        seen = self._as(self.boss, campaign)
        gross = order.sudo().dealer_gross_total
        self.assertEqual(seen.dealer_gross, gross)
        self.assertEqual(seen.dealer_return, round((gross - 3000) / 3000 * 100, 1))
        self.assertNotIn("dealer_gross", self._as(self.mark, campaign).fields_get())

    def test_first_contact_counts_customers_whom_the_campaign_brought(self):
        spring = self._running()
        summer = self._running(title="Summer")
        lead = self.env["crm.lead"].create(
            {
                "name": "1",
                "partner_id": self.customer.id,
                "campaign_id": spring.id,
                "user_id": self.sara.id,
            }
        )
        self.env["crm.lead"].create(
            {
                "name": "2",
                "partner_id": self.customer.id,
                "campaign_id": summer.id,
                "user_id": self.sara.id,
            }
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = '2026-01-01' WHERE id = %s", [lead.id]
        )
        self.env["crm.lead"].invalidate_model()
        order = self._quote(self._stock(), 110000)
        order.campaign_id = summer
        order.action_confirm()
        self.assertEqual([spring.dealer_order_count, summer.dealer_order_count], [0, 1])
        (spring | summer).dealer_attribution = "first"
        (spring | summer).invalidate_recordset()
        self.assertEqual([spring.dealer_order_count, summer.dealer_order_count], [1, 0])

    def test_the_plan_of_the_year_shows_what_became_of_it(self):
        plan = self._as(self.mark, self.env["dealer.marketing.plan"]).create(
            {
                "name": "2026",
                "year": 2026,
                "company_id": self.company.id,
                "line_ids": [
                    Command.create({"name": "Shows", "budget": 20000, "target_leads": 200}),
                    Command.create({"name": "Media", "budget": 30000, "target_leads": 500}),
                ],
            }
        )
        campaign = self._running(dealer_plan_line_id=plan.line_ids[0].id)
        campaign.dealer_cost_ids = [Command.create({"name": "Stand", "amount": 5000})]
        self.assertRecordValues(plan, [{"budget": 50000.0, "target_leads": 700}])
        self.assertRecordValues(plan.line_ids, [{"spent": 5000.0}, {"spent": 0.0}])


class TestMarket(DealerCrmCommon):
    """Published figures become shares."""

    def _import(self, text, **vals):
        wizard = self._as(self.mark, self.env["dealer.market.import"]).create(
            {"data_file": base64.b64encode(text.encode()), "source": "List", **vals}
        )
        wizard.action_read_file()
        return wizard

    def test_share_of_each_brand_of_a_month(self):
        wizard = self._import(
            "brand,series,price_range,month,units,looks_like_fill\n"
            "Golden,Lark,12万,2025-03,600,no\n"
            "Golden,Swan,15万,2025-03,150,no\n"
            "Silver,Fox,9万,2025-03,250,no\n"
            "Silver,Fox,9万,2025-04,100,yes\n"
        )
        self.assertRecordValues(wizard, [{"row_count": 4, "warning_count": 1, "error_count": 0}])
        wizard.action_import()
        Figure = self.env["dealer.market.figure"]
        self.assertEqual(
            Figure._get_brand_shares("2025-03-01", "List"),
            [("Golden", 750, 75.0), ("Silver", 250, 25.0)],
        )
        figures = Figure.search([("source", "=", "List")])
        self.assertEqual(figures.mapped("units"), [600, 250, 150], "filled-in months are left out")
        self.assertEqual(figures[0].share, 60)
        self.assertEqual(figures[0].brand_id, self.brand)
        report = self.env["dealer.market.share"].search([("source", "=", "List")])
        self.assertRecordValues(
            report,
            [
                {"brand": "Golden", "units": 750, "total": 1000, "share": 75.0},
                {"brand": "Silver", "units": 250, "total": 1000, "share": 25.0},
            ],
        )

    def test_the_stated_market_is_the_whole(self):
        self._import(
            "country,period,dataset,brand,model,units\n"
            "CN,2025-01,all_total,other,,10000\n"
            "CN,2025-01,bev_by_model,Golden,Lark,500\n"
        ).action_import()
        self.assertEqual(
            self.env["dealer.market.figure"]._get_brand_shares("2025-01-01", "List"),
            [("Golden", 500, 5.0)],
        )

    def test_a_month_that_comes_again_is_replaced_and_weeks_are_added(self):
        text = (
            "brand,series,price_range,week_of,units\n"
            "Golden,Lark,1,2025-01-07,10\nGolden,Lark,1,2025-01-14,15\n"
        )
        for _number in range(2):
            self._import(text).action_import()
        figures = self.env["dealer.market.figure"].search([("source", "=", "List")])
        self.assertRecordValues(figures, [{"units": 25, "series": "Lark"}])

    def test_another_file_is_another_source(self):
        Wizard = self._as(self.mark, self.env["dealer.market.import"])
        self.assertEqual(Wizard.create({"filename": "sales 2025.csv"}).source, "sales 2025")
        self.assertEqual(Wizard.create({"filename": "x.csv", "source": "List"}).source, "List")

    def test_bad_rows_are_named(self):
        wizard = self._import("brand,month,units\nGolden,2025-13,5\nGolden,2025-01,-1\n")
        self.assertEqual(wizard.error_count, 2)
        self.assertEqual(
            [str(wizard._parse_month(v)) for v in ("2025-3", "202512", "2025年1月", "x")],
            ["2025-03-01", "2025-12-01", "2025-01-01", "None"],
        )


class TestLoyalty(DealerCrmCommon):
    """Coupons and stored value in an order of a car."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.mats = cls.env["product.product"].create(
            {"name": "Mats", "type": "service", "list_price": 1000, "taxes_id": [Command.clear()]}
        )

    def _promotion(self, name, **vals):
        return self.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": "promotion",
                "trigger": "auto",
                "applies_on": "current",
                "company_id": self.company.id,
                "rule_ids": [Command.clear(), Command.create({"minimum_amount": 1})],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount": 10,
                            "discount_mode": "percent",
                            "discount_applicability": "specific",
                            "discount_product_ids": [Command.set(self.mats.ids)],
                        }
                    ),
                ],
                **vals,
            }
        )

    def _order(self, vehicle=None):
        lines = [Command.create({"product_id": self.mats.id})]
        if vehicle:
            lines.append(
                Command.create({"dealer_vehicle_id": vehicle.id, "tax_ids": [Command.clear()]})
            )
        return self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": lines,
            }
        )

    def _apply(self, order):
        """Claim every reward that the order may have; return the refusals."""
        order._update_programs_and_rewards()
        errors = []
        for coupon, rewards in order._get_claimable_rewards().items():
            for reward in rewards:
                error = order._apply_program_reward(reward, coupon).get("error")
                if error:
                    errors.append(error)
        return errors

    def test_two_promotions_together_and_alone(self):
        first, second = self._promotion("First"), self._promotion("Second")
        order = self._order()
        self.assertFalse(self._apply(order))
        self.assertEqual(order.order_line.reward_id.program_id, first | second)
        second.dealer_stacking = "alone"
        order = self._order()
        self.assertEqual(len(self._apply(order)), 1)
        self.assertEqual(len(order.order_line.reward_id.program_id), 1)

    def test_a_promotion_of_another_store_or_brand_does_not_hold(self):
        other = self.env["stock.warehouse"].create(
            {"name": "North", "code": "NTH", "company_id": self.company.id}
        )
        self._promotion("North only", dealer_warehouse_ids=[Command.link(other.id)])
        self._promotion("Golden only", dealer_brand_ids=[Command.link(self.brand.id)])
        order = self._order()
        self._apply(order)
        self.assertFalse(order.order_line.reward_id)
        order = self._order(self._stock())
        self._apply(order)
        self.assertEqual(order.order_line.reward_id.program_id.name, "Golden only")

    def test_what_the_maker_bears(self):
        program = self._promotion("Maker", dealer_cost_bearer="maker")
        self.assertEqual(program.dealer_maker_share, 100)
        program.write({"dealer_cost_bearer": "shared", "dealer_maker_share": 60})
        order = self._order()
        self._apply(order)
        line = order.order_line.filtered("reward_id")
        self.assertEqual((line.price_subtotal, line.dealer_maker_amount), (-100, 60))

    def test_stored_value_is_a_liability_until_it_is_used(self):
        account = self.env["account.account"].create(
            {
                "name": "Prepaid packs",
                "code": "220399",
                "account_type": "liability_current",
                "company_ids": [Command.set(self.company.ids)],
            }
        )
        top_up = self.env["product.product"].create({"name": "Top-up", "type": "service"})
        program = self.env["loyalty.program"].create(
            {
                "name": "Wallet",
                "program_type": "ewallet",
                "applies_on": "future",
                "company_id": self.company.id,
                "dealer_liability_account_id": account.id,
                "rule_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "product_ids": [Command.set(top_up.ids)],
                            "reward_point_amount": 1,
                            "reward_point_mode": "money",
                        }
                    ),
                ],
                "reward_ids": [
                    Command.clear(),
                    Command.create(
                        {
                            "reward_type": "discount",
                            "discount_mode": "per_point",
                            "discount": 1,
                            "discount_applicability": "order",
                            "required_points": 1,
                        }
                    ),
                ],
            }
        )
        products = top_up | program.reward_ids.discount_line_product_id
        for product in products.with_company(self.company):
            self.assertEqual(product.property_account_income_id, account)
        card = self.env["loyalty.card"].create(
            {"program_id": program.id, "partner_id": self.customer.id, "points": 300}
        )
        self.assertEqual(program.dealer_outstanding, 300)
        order = self._order()
        order._update_programs_and_rewards()
        order._apply_program_reward(program.reward_ids, card)
        order.action_confirm()
        seen = Form(self._as(self.fred, order))  # the cards of customers are not his to read
        self.assertEqual(seen.name, order.name)
        invoice = self._as(self.fred, order)._create_invoices().sudo()
        invoice.action_post()
        self.assertEqual(self._balance(invoice, "220399"), 300, "used: less is owed")
        self.assertEqual(program.dealer_outstanding, 0)
