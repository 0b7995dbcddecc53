import base64
from collections import Counter
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import BaseCase
from odoo.tools import file_open

from ..tools import customer_value as value
from .test_care_tasks import NOW, CareCase


class TestCustomerValueFormulas(BaseCase):
    """Scores and life value with the figures of the papers."""

    def test_rfm_by_thresholds(self):
        for customer, scores, group in (
            ((45, 4, 7200), (5, 4, 4), "important_value"),
            ((200, 4, 6500), (3, 4, 4), "important_keep"),
            ((60, 1, 12000), (5, 1, 5), "important_develop"),
            ((400, 1, 300), (1, 1, 1), "general_retain"),
        ):
            self.assertEqual(value.rfm_by_thresholds(*customer), scores)
            self.assertEqual(value.rfm_group(scores), group)

    def test_every_limit_belongs_to_the_better_score(self):
        for days, visits, money, score in (
            (90, 5, 10000, 5),
            (180, 4, 6000, 4),
            (270, 3, 3000, 3),
            (365, 2, 1000, 2),
            (366, 1, Decimal("999.99"), 1),
        ):
            self.assertEqual(value.rfm_by_thresholds(days, visits, money), (score,) * 3)

    def test_all_eight_groups(self):
        groups = {value.rfm_group((r, f, m)) for r in (3, 4) for f in (3, 4) for m in (3, 4)}
        self.assertEqual(groups, set(value.GROUPS.values()))
        self.assertEqual(value.rfm_group((3, 3, 4)), "important_retain")
        self.assertEqual(value.rfm_group((4, 4, 3)), "general_value")

    def test_life_value(self):
        self.assertEqual(value.life_value(2400, "0.35", 5), Decimal("4200.00"))
        self.assertEqual(value.life_value_retained(840, "0.8", "0.1"), Decimal("2240.00"))

    def test_quintiles_do_not_hang_on_the_order_of_rows(self):
        values = {f"c{number}": number * 7 % 40 for number in range(100)}
        turned = dict(reversed(values.items()))
        self.assertEqual(value.quintile_scores(values), value.quintile_scores(turned))
        counts = Counter(value.quintile_scores({n: n for n in range(100)}).values())
        self.assertEqual(counts, dict.fromkeys(range(1, 6), 20))


@freeze_time(NOW)
class TestCustomerValue(CareCase):
    """The run over the books, and what comes of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.env["dealer.customer.purchase"].search([]).unlink()

    @classmethod
    def _came(cls, partner, *visits):
        """Earlier visits: ``(day, amount)``."""
        cls.env["dealer.customer.purchase"].create(
            [
                {
                    "partner_id": partner.id,
                    "date": day,
                    "amount": amount,
                    "company_id": cls.company.id,
                }
                for day, amount in visits
            ]
        )

    def _count(self, today="2026-06-10"):
        self.Partner._dealer_update_value(today)

    def test_scores_from_visits(self):
        # last one 45 days ago, four days with a visit, two documents on one of them
        self._came(
            self.li,
            ("2025-08-01", 3000),
            ("2025-11-02", 2000),
            ("2025-11-02", 500),
            ("2026-02-01", 900),
            ("2026-04-26", 800),
            ("2025-06-10", 9999),  # a year ago: not in the twelve months
        )
        self._count()
        self.assertRecordValues(
            self.li,
            [
                {
                    "dealer_last_visit": date(2026, 4, 26),
                    "dealer_visit_count": 4,
                    "dealer_visit_class": "A",
                    "dealer_spend": 7200.0,
                    "dealer_r": 5,
                    "dealer_f": 4,
                    "dealer_m": 4,
                    "dealer_rfm_group": "important_value",
                    "dealer_clv": 12600.0,
                    "dealer_clv_retained": 6720.0,
                }
            ],
        )

    def test_a_return_lowers_the_money_and_is_no_visit(self):
        self._came(self.li, ("2026-01-01", 2400), ("2026-06-01", -400))
        self._count()
        self.assertRecordValues(
            self.li,
            [
                {
                    "dealer_visit_count": 1,
                    "dealer_spend": 2000.0,
                    "dealer_last_visit": date(2026, 1, 1),
                }
            ],
        )

    def test_the_same_day_gives_the_same_result(self):
        self._came(self.li, ("2026-01-01", 2400))
        self._count("2026-03-01")
        first = self.li.read(["dealer_r", "dealer_f", "dealer_m", "dealer_clv"])
        self._came(self.li, ("2026-04-01", 5000))
        self._count("2026-06-10")
        self.assertNotEqual(self.li.read(["dealer_r", "dealer_f", "dealer_m", "dealer_clv"]), first)
        self._count("2026-03-01")
        self.assertEqual(self.li.read(["dealer_r", "dealer_f", "dealer_m", "dealer_clv"]), first)

    def test_service_invoices_count_and_the_car_does_not(self):
        car = self._stock()
        order = self._sell(car, partner=self.li)
        self._deliver(order)
        self._invoice(order)
        self._count("2026-12-31")
        self.assertFalse(self.li.dealer_rfm_group)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.li.id,
                "invoice_date": "2026-06-10",
                "company_id": self.company.id,
                "invoice_line_ids": [
                    (0, 0, {"name": "Oil change", "price_unit": 860, "tax_ids": [(5,)]})
                ],
            }
        )
        self._count("2026-12-31")
        self.assertFalse(self.li.dealer_visit_count, "a draft is no visit")
        invoice.action_post()
        self._count("2026-12-31")
        self.assertRecordValues(self.li, [{"dealer_visit_count": 1, "dealer_spend": 860.0}])

    def test_real_purchases_give_the_same_scores_in_both_ways(self):
        """The file of a shop: imported, scored by quintiles and thresholds, and checked by hand."""
        with file_open("dealer_crm/tests/data/rfm_transactions.csv", "rb") as file:
            content = file.read()
        wizard = self.env["dealer.purchase.import"].create(
            {
                "data_file": base64.b64encode(content),
                "filename": "rfm.csv",
                "company_id": self.company.id,
                "is_creating": True,
            }
        )
        wizard.action_read_file()
        self.assertRecordValues(wizard, [{"row_count": 560, "error_count": 0}])
        wizard.action_import()
        for method in (1, 2):
            self.env["dealer.parameter"].search([("code", "=", "rfm_method")]).value = method
            self._count("1998-06-30")
            people = self.Partner.search([("dealer_rfm_group", "!=", False)])
            self.assertEqual(len(people), 166, "168 people, two of whom never paid")
            expected = self._score_by_hand(content.decode(), date(1998, 6, 30), method)
            self.assertEqual(
                {p.ref: (p.dealer_r, p.dealer_f, p.dealer_m) for p in people}, expected
            )
            self.assertEqual(
                Counter(people.mapped("dealer_rfm_group")),
                Counter(value.rfm_group(scores) for scores in expected.values()),
            )

    def _score_by_hand(self, text, today, method):
        """Scores of a file in plain Python, without the code under test where it matters."""
        rows = {}
        for line in text.splitlines()[1:]:
            customer, day, _items, amount = line.split(",")
            rows.setdefault(customer, []).append((date.fromisoformat(day), Decimal(amount)))
        table = {}
        for customer, visits in rows.items():
            paid = {day for day, amount in visits if amount > 0}
            if not paid:
                continue
            recent = [(d, a) for d, a in visits if d > date(today.year - 1, today.month, today.day)]
            table[customer] = (
                (today - max(paid)).days,
                len({d for d, _a in recent if d in paid}),
                sum(a for _d, a in recent),
            )
        if method == 2:
            return value.rfm_by_quintiles(table)
        return {customer: value.rfm_by_thresholds(*row) for customer, row in table.items()}

    def test_a_document_comes_in_once(self):
        self.li.ref = "C7"
        content = "customer,date,amount,document\nC7,2026-01-05,100.50,A1\nC8,2026-01-05,1,A2\n"
        Wizard = self.env["dealer.purchase.import"]
        for expected in (1, 1):
            wizard = Wizard.create(
                {
                    "data_file": base64.b64encode(content.encode()),
                    "company_id": self.company.id,
                    "row_policy": "good",
                }
            )
            wizard.action_read_file()
            self.assertEqual(wizard.error_count, 1)
            wizard.action_import()
            self.assertEqual(
                self.env["dealer.customer.purchase"].search_count(
                    [("partner_id", "=", self.li.id)]
                ),
                expected,
            )

    # === CHURN ===
    def test_stages_of_churn_by_the_published_thresholds(self):
        self._own_car()
        self._came(self.li, ("2026-01-31", 500))
        for day, stage in (
            ("2026-07-31", False),
            ("2026-08-01", "at_risk"),
            ("2026-11-01", "pre_lost"),
            ("2027-02-01", "lost"),
            ("2028-02-01", "dormant"),
        ):
            self._count(day)
            self.assertEqual(self.li.dealer_churn_stage, stage, day)
        self.assertEqual(self.li.dealer_churn_since, date(2028, 2, 1))
        self._came(self.li, ("2028-02-02", 500))
        self._count("2028-02-03")
        self.assertFalse(self.li.dealer_churn_stage)

    def test_who_comes_often_is_missed_sooner(self):
        self._own_car()
        self._came(self.li, ("2026-01-01", 1), ("2026-01-31", 1), ("2026-03-02", 1))
        self._count("2026-04-07")  # 36 days: 1.2 × 30
        self.assertFalse(self.li.dealer_churn_stage)
        self._count("2026-04-08")
        self.assertEqual(self.li.dealer_churn_stage, "at_risk")

    def test_who_sold_the_car_or_moved_away_is_not_warned_of(self):
        car = self._own_car()
        self._came(self.li, ("2025-01-01", 500))
        self._count()
        self.assertEqual(self.li.dealer_churn_stage, "lost")
        self.li.dealer_moved_away = True
        self._count()
        self.assertFalse(self.li.dealer_churn_stage)
        self.li.dealer_moved_away = False
        car.owner_ids.date_to = "2026-01-01"
        self._count()
        self.assertFalse(self.li.dealer_churn_stage)

    def test_every_stage_is_acted_on_and_who_comes_back_is_counted(self):
        self._agree(self.li)
        self._own_car()
        self._came(self.li, ("2025-10-01", 500))
        self._plan("churn", (0, "call"), churn_stage="at_risk", is_marketing=True)
        self._count()
        task = self._run()
        self.assertEqual((task.partner_id, task.activity_ids.user_id), (self.li, self.sara))
        task.result = "appointment"
        task.action_done()
        kpi = self.env["dealer.kpi"].search([("code", "=", "customers_won_back")])
        month = ("2026-06-01", "2026-06-30")
        self.assertEqual(kpi._get_value(*month), 0)
        self._came(self.li, ("2026-06-15", 500))
        self._count("2026-06-20")
        self.assertEqual(kpi._get_value(*month), 100)

    # === SEGMENTS ===
    def test_owners_of_a_model_whose_maintenance_is_due_are_called(self):
        wang = self._create_customer("Wang Fang", self.sara)
        self._own_car(last_service_date="2025-12-20")
        self._own_car(wang, last_service_date="2026-06-01")
        segment = self.env["dealer.segment"].create(
            {
                "name": "Due",
                "domain": "[('dealer_vehicle_ids', 'any', "
                f"[('series_id', '=', {self.series.id}),"
                " ('maintenance_due_date', '<=', 'today +30d')])]",
            }
        )
        self.assertEqual(segment.person_count, 1)
        self._agree(self.li)
        self._as(self.cara, segment).action_call()
        self.assertEqual(self.Task.search([]).partner_id, self.li)

    def test_a_segment_that_finds_nobody_by_mistake_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["dealer.segment"].create({"name": "?", "domain": "[('no_field', '=', 1)]"})

    def test_mailings_go_to_those_who_agreed_and_not_too_often(self):
        wang = self._create_customer("Wang Fang", email="wang@e.com")
        segment = self.env["dealer.segment"].create(
            {"name": "Both", "domain": f"[('id', 'in', {(self.li | wang).ids})]"}
        )
        action = segment.action_mail()
        mailing = self.env["mailing.mailing"].with_context(**action["context"])
        mailing = mailing.create({"subject": "Spring"})
        self.assertEqual(mailing.mailing_model_real, "res.partner")
        self._agree(self.li)
        self.assertEqual(mailing._get_recipients(), self.li.ids)
        leads = self.env["crm.lead"].create(
            [
                {"name": name, "partner_id": person.id, "email_from": f"{name}@e.com"}
                for name, person in (("li", self.li), ("wang", wang))
            ]
            + [{"name": "nobody", "email_from": "nobody@e.com"}]
        )
        to_leads = self.env["mailing.mailing"].create(
            {
                "subject": "Spring",
                "mailing_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "mailing_domain": f"[('id', 'in', {leads.ids})]",
            }
        )
        self.assertEqual(to_leads._get_recipients(), leads[:1].ids)
        people = segment.action_make_list()
        contacts = self.env["mailing.list"].browse(people["res_id"]).contact_ids
        self.assertEqual(contacts.mapped("email"), ["li@e.com"])
        self._own_car(insurance_end_date="2026-06-10")
        for _number in range(2):
            self._plan("insurance", (0, "sms"), is_marketing=True)
        self._run()
        self.assertFalse(mailing._get_recipients(), "two messages were enough this week")
