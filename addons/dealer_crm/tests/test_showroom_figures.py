"""The published figures of the showroom, exactly, from a month that came as a file."""

from datetime import date

from odoo.tests import Form, freeze_time, tagged

from odoo.addons.dealer_base.tests.kpi_common import KpiCheck

from .test_showroom_import import ImportCommon, make_month
from .test_showroom_test_drive import TestDriveCommon

MARCH = date(2025, 3, 1), date(2025, 3, 31)
FIGURES = {
    "visit_total": 120,
    "visit_incomplete": 2,
    "visit_first": 90,
    "visit_first_carded": 60,
    "visit_first_asked": 80,
    "visit_capture_rate": 75,
    "visit_eligible": 90,
    "test_drive_count": 45,
    "test_drive_rate": 50,
    "visit_ordered": 18,
    "visit_closing_rate_sheet": 30,
    # of a maker: 80 natural first visits, all 60 cards have their number
    "visit_first_natural": 80,
    "visit_capture_rate_maker": 75,
    "visit_invited": 10,
}


class FiguresCommon(KpiCheck, ImportCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._create_person("boss", "general_manager")
        cls.boss.tz = "Asia/Shanghai"

    def _kpi(self, code, user=None):
        return self._as(user or self.boss, self.env["dealer.kpi"]).search([("code", "=", code)])

    def _value(self, code, period=MARCH, **scope):
        return self._kpi(code)._get_value(*period, **scope)


@tagged("post_install", "-at_install")
class TestShowroomFigures(FiguresCommon):
    def test_a_month_from_a_file_gives_the_published_figures(self):
        self._import(make_month())
        for code, figure in FIGURES.items():
            with self.subTest(code):
                self.assertEqual(self._value(code), figure)

    def test_closing_rate_by_the_orders_in_the_books(self):
        self._import(make_month())
        cars = self.env["dealer.vehicle"].union(*(self._create_vehicle() for _n in range(18)))
        order = self._quote(cars, 100000)
        # what is counted, not how an order is confirmed, is the matter here
        self.env.flush_all()
        self.cr.execute(
            "UPDATE sale_order SET state = 'sale', date_order = '2025-03-31 15:59:59'"
            " WHERE id = %s",
            [order.id],
        )
        self.cr.execute("UPDATE sale_order_line SET state = 'sale' WHERE order_id = %s", [order.id])
        self.env.invalidate_all()
        self.assertEqual(self._value("order_cars"), 18)
        self.assertEqual(self._value("visit_closing_rate"), 30)
        self.assertEqual(self._value("visit_closing_rate", store_id=self.warehouse.id), 30)

    def test_the_two_versions_of_the_capture_rate_differ(self):
        rows = [
            {"来店性质": "首次", "是否留档": "是"},  # no number: not a card for the maker
            {"来店性质": "首次", "是否留档": "是", "电话": "13800138000", "姓名": "A"},
            {
                "来店性质": "首次",
                "是否留档": "是",
                "电话": "13800138001",
                "姓名": "B",
                "是否邀约": "是",
            },
            {"来店性质": "首次", "是否留档": "否"},
            {"来店性质": "首次", "是否留档": "已有卡"},
        ]
        self._import([{"日期": "2025-03-10", **row} for row in rows])
        self.assertEqual(self._value("visit_capture_rate"), 75)  # 3 of 4
        self.assertEqual(self._value("visit_capture_rate_maker"), 25)  # 1 of 4

    def test_figures_by_person_and_at_the_edge_of_the_month(self):
        self._import(
            [
                {"日期": "2025-03-31", "到店时间": "23:50", "来店性质": "再次", "接待顾问": "Sara"},
                {"日期": "2025-04-01", "到店时间": "00:10", "来店性质": "再次", "接待顾问": "Tom"},
            ]
        )
        self.assertEqual(self._value("visit_total"), 1)
        self.assertEqual(self._value("visit_total", person_id=self.sara.id), 1)
        self.assertEqual(self._value("visit_total", person_id=self.tom.id), 0)

    def test_no_visits_have_no_rates(self):
        self.assertIsNone(self._value("visit_capture_rate"))
        self.assertEqual(self._value("visit_total"), 0)

    def test_a_first_visit_that_came_again_and_ordered(self):
        first = self._visit(arrived_on="2025-03-03 02:00:00")
        lead = self._card(first)
        self._visit(kind="repeat", arrived_on="2025-03-20 02:00:00", lead_id=lead.id)
        self._visit(arrived_on="2025-03-04 02:00:00", result="ordered")
        self._card(self._visit(arrived_on="2025-03-05 02:00:00"), phone="13911112222")
        self.assertEqual(self._value("visit_second_rate"), 50)
        self.assertEqual(self._value("visit_first_close_rate"), 0)
        first.result = "ordered"
        self.assertEqual(self._value("visit_first_close_rate"), 50)

    def test_every_figure_is_what_its_rows_add_up_to(self):
        self._import(make_month()[:40])
        codes = self.check_all_kpis(MARCH)
        self.assertLessEqual({"visit_total", "test_drive_count", "visit_capture_rate"}, codes)

    def test_a_consultant_sees_the_own_figures_only(self):
        self._import(make_month())
        own = self._kpi("visit_total", self.sara)._get_value(*MARCH)
        self.assertEqual(own, self._value("visit_total", person_id=self.sara.id))
        self.assertLess(own, 120)

    def test_the_sheet_shows_value_calculation_and_formula(self):
        self._import(make_month())
        form = Form(self._as(self.max, self.env["dealer.traffic.sheet"]))
        form.date_from, form.date_to = MARCH
        sheet = form.save()
        lines = {line.kpi_id.code: line for line in sheet.line_ids}
        self.assertIn("75.0", lines["visit_capture_rate"].value_text)
        self.assertEqual(lines["visit_capture_rate"].parts_text, "60 ÷ 80")
        self.assertIn("divided by", lines["visit_capture_rate"].formula)
        self.assertIn("visit_capture_rate_maker", lines)
        action = lines["visit_capture_rate"].action_show_rows()
        self.assertEqual(self.env["dealer.visit"].search_count(action["domain"]), 60)
        sheet.version = "maker"
        codes = sheet.line_ids.kpi_id.mapped("code")
        self.assertIn("visit_capture_rate_maker", codes)
        self.assertNotIn("visit_capture_rate", codes)
        sheet.version = "dms"
        self.assertNotIn("visit_capture_rate_maker", sheet.line_ids.kpi_id.mapped("code"))

    def test_the_analysis_has_the_same_rates_by_person_store_and_model(self):
        self._import(make_month())
        report = self._as(self.boss, self.env["dealer.traffic.report"])
        month = [("date", ">=", MARCH[0]), ("date", "<=", MARCH[1])]
        rates = ["capture_rate:avg", "test_drive_rate:avg", "parties:sum"]
        [total] = report._read_group(month, aggregates=rates)
        self.assertEqual(total, (75, 50, 120))
        for field in ("warehouse_id", "series_id"):
            [(_group, *values)] = report._read_group(month, [field], rates)
            self.assertEqual(values, [75, 50, 120])
        for person, capture, drives, parties in report._read_group(month, ["user_id"], rates):
            scope = {"person_id": person.id}
            self.assertAlmostEqual(capture, self._value("visit_capture_rate", **scope))
            self.assertAlmostEqual(drives, self._value("test_drive_rate", **scope))
            self.assertEqual(parties, self._value("visit_total", **scope))


@tagged("post_install", "-at_install")
class TestDemoCarFigures(TestDriveCommon, FiguresCommon):
    def test_use_of_demo_cars_by_days(self):
        """Two cars serve for five days each; one drives twice on one day, once on another."""
        with freeze_time("2030-12-01 02:00:00"):
            car = self._demo_car()
            self._demo_car()
        with freeze_time("2030-12-05 12:00:00"):
            for start in ("2030-12-01 02:00:00", "2030-12-01 05:00:00", "2030-12-03 02:00:00"):
                with freeze_time(start):
                    drive = self._book(car, start)
                self._drive(drive, out=car.odometer, back=car.odometer + 8, satisfaction="5")
            period = date(2030, 12, 1), date(2030, 12, 31)
            self.assertEqual(self._value("demo_use_rate", period), 20)
            self.assertEqual(self._value("demo_use_rate", period, store_id=self.warehouse.id), 20)
            self.assertEqual(self._value("test_drive_km", period), 24)
            self.assertEqual(self._value("test_drive_score", period), 5)
            self.check_kpi(self._kpi("demo_use_rate"), period)


@tagged("post_install", "-at_install")
class TestCardFigures(FiguresCommon):
    """Cards of the invitation desk: what became of the leads of a month."""

    def _lead(self, day, **vals):
        lead = self._create_lead(user=self.sara, dealer_store_id=self.warehouse.id, **vals)
        lead.flush_recordset()
        self.cr.execute("UPDATE crm_lead SET create_date = %s WHERE id = %s", [day, lead.id])
        lead.invalidate_recordset()
        return lead

    def test_what_became_of_a_lead(self):
        lead = self._lead("2025-03-04 02:00:00")
        self.assertEqual(lead.dealer_card_result, "pending")
        lead.convert_opportunity(self.env["res.partner"])
        self.assertEqual(lead.dealer_card_result, "valid")
        self.assertTrue(lead.dealer_carded_on)
        lost = self._lead("2025-03-04 02:00:00")
        lost.active = False
        self.assertEqual(lost.dealer_card_result, "no_intent")

    def test_what_the_web_brings_is_no_card_before_somebody_worked_on_it(self):
        web = {
            "type": "opportunity",
            "dealer_channel_id": self.env.ref("dealer_crm.dealer_channel_website").id,
        }
        level = self.env.ref("dealer_crm.dealer_intention_level_h")
        noise, talked, came, lost = (
            self._lead("2025-03-04 02:00:00", phone=f"1380013777{number}", **web)
            for number in range(4)
        )
        leads = noise + talked + came + lost
        self.assertEqual(set(leads.mapped("dealer_card_result")), {"pending"})
        self.assertFalse(any(leads.mapped("dealer_carded_on")))
        self.assertIsNone(self._value("lead_card_rate"))  # nobody has worked on any
        talked._dealer_register_contact("call")
        self.assertEqual(talked.dealer_card_result, "pending")  # not graded yet
        talked.sudo()._dealer_set_level(level)
        self.assertEqual(talked.dealer_card_result, "valid")
        self.assertTrue(talked.dealer_carded_on)
        self._visit(lead_id=came.id)
        self.assertEqual(came.dealer_card_result, "valid")
        lost.active = False
        self.assertEqual(lost.dealer_card_result, "no_intent")
        self.assertEqual(self._value("lead_valid"), 2)
        self.assertAlmostEqual(self._value("lead_card_rate"), 2 / 3 * 100)

    def test_who_had_a_card_before_is_on_file(self):
        old = self._lead("2024-03-04 02:00:00", phone="13800137779", type="opportunity")
        old.active = False
        channel = self.env.ref("dealer_crm.dealer_channel_website")
        lead = self._lead(
            "2025-03-04 02:00:00",
            phone="138 0013 7779",
            type="opportunity",
            dealer_channel_id=channel.id,
        )
        lead._dealer_register_contact("call")
        lead.sudo()._dealer_set_level(self.env.ref("dealer_crm.dealer_intention_level_h"))
        self.assertEqual(lead.dealer_card_result, "on_file")
        self.assertFalse(lead.dealer_carded_on)

    def test_lead_to_card_and_invitations_by_both_versions(self):
        """4 cards, 1 without intention, 1 on file, 1 pending; 2 cards carried in; 3 arrivals."""
        for _n in range(4):
            self._lead("2025-03-04 02:00:00", type="opportunity")
        self._lead("2025-03-05 02:00:00").active = False
        self._lead("2025-03-05 02:00:00", dealer_card_result="on_file")
        self._lead("2025-03-05 02:00:00")
        for _n in range(2):
            self._lead("2025-02-05 02:00:00", type="opportunity")
        closed = self._lead("2025-02-05 02:00:00", type="opportunity")
        closed.active = False
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET dealer_carded_on = create_date WHERE company_id = %s"
            " AND dealer_carded_on IS NOT NULL",
            [self.company.id],
        )
        self.cr.execute("UPDATE crm_lead SET date_closed = '2025-02-20' WHERE id = %s", [closed.id])
        self.env.invalidate_all()
        for day in (3, 4, 5):
            self._visit(kind="repeat", is_invited=True, arrived_on=f"2025-03-0{day} 02:00:00")
        self.assertAlmostEqual(self._value("lead_card_rate"), 4 / 6 * 100)
        self.assertEqual(self._value("lead_invite_rate_maker"), 75)  # 3 of 4
        self.assertEqual(self._value("lead_cards"), 6)
        self.assertEqual(self._value("lead_invite_rate"), 50)  # 3 of 6
        self.assertEqual(self._value("lead_cards", person_id=self.sara.id), 6)
        self.assertEqual(self._value("lead_cards", store_id=self.warehouse.id), 6)

    def test_defeat_rate_counts_agreed_defeats_only(self):
        """1 agreed defeat, 1 applied; 4 cards carried in, of which 1 is the defeated one."""
        self.env["crm.lead"].search([("company_id", "=", self.company.id)]).unlink()
        leads = self.env["crm.lead"].union(
            *(self._lead("2025-02-05 02:00:00", type="opportunity") for _n in range(4))
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET dealer_carded_on = create_date WHERE id IN %s", [tuple(leads.ids)]
        )
        self.env.invalidate_all()
        reason = self.env["crm.lost.reason"].search(
            [("dealer_asks_competitor", "=", False)], limit=1
        )
        agreed, _applied = self.env["dealer.defeat"].create(
            [{"lead_id": lead.id, "reason_id": reason.id} for lead in leads[:2]]
        )
        self.env.flush_all()
        self.cr.execute(
            "UPDATE dealer_defeat SET state = 'agreed', reviewed_on = '2025-03-10' WHERE id = %s",
            [agreed.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._value("defeat_rate"), 20)  # 1 of 1 + 4
        self.check_kpi(self._kpi("defeat_rate"), MARCH)
