from odoo import Command, fields, models

# Owners by number: lunar birthday, days since the last maintenance, days until the insurance ends
OWNERS = [
    (0, False, 175, 30),
    (1, True, 150, 15),
    (2, False, 320, 60),
    (3, True, 90, 200),
    (4, False, 560, 7),
]
# Owner by number: days ago and money of visits before this system
VISITS = {
    0: [(45, 860), (130, 1520), (220, 2400), (330, 2420)],
    1: [(60, 12000)],
    2: [(320, 980), (500, 760)],
    3: [(90, 560), (180, 640), (260, 590)],
    4: [(560, 300)],
}
# Month back, our two brands and the others: units sold in the city
MARKET = [
    (month, brand, series, units + month * step)
    for month in (1, 2, 3)
    for brand, series, units, step in (
        ("驰域", "远航", 620, -14),
        ("星澜", "E3", 410, -22),
        ("北辰", "锐行", 780, 9),
        ("天枢", "云图", 530, 6),
    )
]
# Owner by number: scores of the questions after the purchase
SCORES = {0: (9, 10, 9, 9, 8, 9, 10, 9, 10), 3: (8, 6, 8, 7, 8, 8, 9, 7, 6)}


class DealerDemo(models.AbstractModel):
    """Owners to care for, a complaint, a survey, a campaign and the market."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        self._make_owners(company)
        self._make_complaint(company)
        self._make_satisfaction(company)
        self._make_campaign(company)
        self._make_market()
        self.env["res.partner"]._dealer_update_value()
        self.env["dealer.care.task"]._plan_tasks(
            self.env["dealer.care.plan"].search([("active", "=", True)])
        )
        return res

    def _make_owners(self, company):
        """Birthdays, services and insurance of the first customers; their visits of the past."""
        today = fields.Date.context_today(self)
        for number, is_lunar, service, insurance in OWNERS:
            customer = self._demo_customer(number)
            customer.write(
                {
                    "dealer_birthday": fields.Date.add(today, years=-35 + number, days=number + 1),
                    "dealer_birthday_is_lunar": is_lunar,
                }
            )
            customer.dealer_vehicle_ids.filtered(
                lambda car: car.status in ("sold", "customer")
            ).write(
                {
                    "last_service_date": self._day(service),
                    "insurance_end_date": fields.Date.add(today, days=insurance),
                }
            )
        self.env["dealer.customer.purchase"].create(
            [
                {
                    "partner_id": self._demo_customer(number).id,
                    "date": self._day(days),
                    "amount": amount,
                    "company_id": company.id,
                    "external_ref": f"W{number}{days:04d}",
                }
                for number, visits in VISITS.items()
                for days, amount in visits
            ]
        )

    def _make_complaint(self, company):
        """A serious one that is being handled."""
        customer = self._demo_customer(2)
        self.env["helpdesk.ticket"].create(
            {
                "name": "同一故障两次维修未解决",
                "description": "行驶中中控屏黑屏，第二次来店仍未修好，客户要求给出明确方案。",
                "partner_id": customer.id,
                "partner_name": customer.name,
                "company_id": company.id,
                "dealer_is_complaint": True,
                "dealer_grade_id": self.env.ref("dealer_crm.dealer_complaint_grade_2").id,
                "category_id": self.env.ref("dealer_crm.helpdesk_category_service").id,
                "user_id": self.env.ref("dealer_vehicle.demo_user_manager").id,
                "dealer_vehicle_id": customer.dealer_vehicle_ids[:1].id,
                "dealer_whys": "为什么黑屏？控制器重启。\n为什么重启？供电电压不稳。",
            }
        )

    def _make_satisfaction(self, company):
        """Answers of two customers after their delivery, one of them not satisfied."""
        survey = self.env.ref("dealer_crm.survey_ssi")
        for number, scores in (
            (0, (9, 10, 9, 9, 8, 9, 10, 9, 10)),
            (3, (8, 6, 8, 7, 8, 8, 9, 7, 6)),
        ):
            answer = survey._create_answer(
                partner=self._demo_customer(number),
                check_attempts=False,
                dealer_company_id=company.id,
            )
            questions = survey.question_ids.filtered(lambda q: q.question_type == "scale")
            for question, score in zip(questions, scores, strict=True):
                answer._save_lines(question, score)
            answer._mark_done()

    def _make_campaign(self, company):
        """A campaign that runs: half of its days are over."""
        today = fields.Date.context_today(self)
        plan = self.env["dealer.marketing.plan"].create(
            {
                "name": f"{today.year} 年营销计划",
                "year": today.year,
                "company_id": company.id,
                "line_ids": [
                    Command.create({"name": "展厅活动", "budget": 60000, "target_leads": 600}),
                    Command.create({"name": "短视频投放", "budget": 90000, "target_leads": 1200}),
                ],
            }
        )
        campaign = self.env["utm.campaign"].create(
            {
                "title": "周末试驾体验日",
                "company_id": company.id,
                "dealer_plan_line_id": plan.line_ids[:1].id,
                "dealer_place": "滨江店展厅",
                "dealer_goal": "邀请意向客户到店试驾，目标到店 40 组。",
                "dealer_date_from": self._day(7),
                "dealer_date_to": fields.Date.add(today, days=7),
                "dealer_budget": 12000,
                "dealer_target_leads": 20,
                "dealer_cost_ids": [
                    Command.create({"name": "场地布置", "kind": "venue", "amount": 4200}),
                    Command.create(
                        {
                            "name": "到店礼品",
                            "kind": "gift",
                            "amount": 2600,
                            "maker_share": 1300,
                        }
                    ),
                ],
            }
        )
        campaign.sudo().dealer_state = "approved"  # sudo: as if it had been decided
        self.env["crm.lead"].create(
            [
                {
                    "name": f"试驾体验日 {number:02d}",
                    "type": "lead",
                    "contact_name": f"体验客户{number:02d}",
                    "company_id": company.id,
                    "campaign_id": campaign.id,
                    "user_id": False,
                }
                for number in range(1, 9)
            ]
        )

    def _make_market(self):
        first = fields.Date.start_of(fields.Date.context_today(self), "month")
        self.env["dealer.market.figure"].create(
            [
                {
                    "source": "海州上险数",
                    "region": "海州",
                    "month": fields.Date.subtract(first, months=month),
                    "brand": brand,
                    "series": series,
                    "units": units,
                }
                for month, brand, series, units in MARKET
            ]
        )
