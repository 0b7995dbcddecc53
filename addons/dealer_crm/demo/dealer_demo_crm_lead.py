from datetime import timedelta

from odoo import Command, fields, models

# Leads: name, phone, channel, level, days since the first contact, wished trim, colour, wants
LEADS = [
    ("魏子航", "138-5550-0201", "walk_in", "H", 1, "CY-YH-15L", "星河蓝", "buyer"),
    ("蒋欣怡", "138-5550-0202", "vertical", "H", 2, "XL-E3-510", "极光白", "buyer"),
    ("曹一鸣", "138-5550-0203", "referral", "A", 2, "CY-SY-20E", "曜石黑", "both"),
    ("许梦琪", "138-5550-0204", "phone", "A", 5, "XL-M7-PH", None, "buyer"),
    ("唐浩", "138-5550-0205", "short_video", "B", 3, "XL-E3-420", "松针绿", "buyer"),
    ("冯雪", "138-5550-0206", "event", "B", 6, "CY-YH-15S", None, "buyer"),
    ("邓志强", "138-5550-0207", "vertical", "C", 9, "CY-SY-20F", None, "buyer"),
    ("宋佳", "138-5550-0208", "web", "N", 0, "XL-E3-420", None, "buyer"),
    ("谢文斌", "138-5550-0209", "vertical", "N", 0, "CY-YH-15S", "极光白", "buyer"),
    ("韩雪梅", "138-5550-0210", "phone", "N", 0, None, None, "seller"),
]
POOL = [("罗志明", "138-5550-0211", "C"), ("梁晓芳", "138-5550-0212", "B")]


class DealerDemo(models.AbstractModel):
    """Leads of two salespeople on all levels, some overdue, two in the pool."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        team = self._make_lead_team(company)
        leads = self._make_leads(team)
        self._make_defeat(leads[5])
        self._make_pool(team)
        self._make_live_chat(company)
        return res

    def _make_live_chat(self, company):
        """The invitation desk answers those who chat on the website."""
        chat = self.env.ref("im_livechat.im_livechat_channel_data", raise_if_not_found=False)
        if chat:
            chat._dealer_present_company(company)
            chat.user_ids = self._demo_user("dcc")

    def _make_lead_team(self, company):
        """One team, and a rule that gives new leads to whoever has the fewest."""
        sellers = self._demo_user("sales") | self._demo_user("sales2")
        team = self.env["crm.team"].create(
            {
                "name": "展厅销售一组",
                "company_id": company.id,
                "user_id": self._demo_user("manager").id,
                "member_ids": [Command.set(sellers.ids)],
            }
        )
        self.env["dealer.assignment.rule"].create(
            {"name": "线索按负荷分配", "company_id": company.id, "team_id": team.id}
        )
        return team

    def _demo_user(self, login):
        return self.env.ref(f"dealer_vehicle.demo_user_{login}")

    def _make_leads(self, team):
        levels = {
            level.code: level
            for level in self.env["dealer.intention.level"].search([("active", "=", True)])
        }
        channels = {
            channel.code: channel
            for channel in self.env["dealer.channel"].search([("parent_id", "=", False)])
        }
        leads = []
        for number, (name, phone, channel, level, days, code, color, wants) in enumerate(LEADS):
            seller = self._demo_user("sales2" if number % 3 == 1 else "sales")
            trim = self.env["fleet.vehicle.model"].search([("dealer_code", "=", code)], limit=1)
            lead = self.env["crm.lead"].create(
                {
                    "name": f"{name} {trim.dealer_series_id.name or '卖车'}",
                    "contact_name": name,
                    "phone": phone,
                    "type": "opportunity",
                    "team_id": team.id,
                    "user_id": seller.id,
                    "dealer_channel_id": channels.get(channel, self.env["dealer.channel"]).id,
                    "dealer_wish_kind": wants,
                    "dealer_store_id": seller.property_warehouse_id.id,
                    "dealer_old_name": "2019款 小城 1.5L" if wants != "buyer" else False,
                    "dealer_old_price": 42000 if wants != "buyer" else 0,
                    "dealer_wish_ids": [
                        Command.create(
                            {
                                "model_id": trim.id,
                                "color_1_id": self._demo_color(color).id,
                                "payment": "loan" if number % 2 else "cash",
                                "budget": 130000,
                            }
                        )
                    ]
                    if trim
                    else [],
                }
            )
            if level != "N":
                lead.with_user(seller)._dealer_register_contact(
                    "call", note="首次邀约，已介绍车型与政策", date=self._moment(days)
                )
                lead._dealer_set_level(levels[level])
                # the level was given on that day: what has become due since shows as overdue
                due = self._moment(days) + levels[level]._get_interval()
                # sudo: clocks are facts
                lead.sudo()._dealer_plan({lead.id: due})
            leads.append(lead)
        return leads

    def _demo_color(self, name):
        colors = self.env["product.attribute.value"]
        domain = self.env["dealer.vehicle"]._dealer_color_domain("exterior")
        return name and colors.search([*domain, ("name", "=", name)], limit=1) or colors

    def _make_defeat(self, lead):
        self.env["dealer.defeat"].with_user(lead.user_id).create(
            {
                "lead_id": lead.id,
                "reason_id": self.env.ref("dealer_crm.crm_lost_reason_competitor_brand").id,
                "competitor_model": "启程 S5",
                "competitor_dealer": "城东启程店",
                "competitor_price": 112800,
                "note": "客户家人已在他店交定",
            }
        )

    def _make_pool(self, team):
        seller = self._demo_user("sales2")
        for name, phone, code in POOL:
            lead = self.env["crm.lead"].create(
                {
                    "name": f"{name} 看车",
                    "contact_name": name,
                    "phone": phone,
                    "type": "opportunity",
                    "team_id": team.id,
                    "user_id": seller.id,
                }
            )
            level = self.env["dealer.intention.level"].search([("code", "=", code)], limit=1)
            lead._dealer_set_level(level)
            # sudo: the clock does it, nobody by hand
            lead.sudo()._dealer_put_in_pool("久未跟进")
            lead.sudo().dealer_pooled_on = fields.Datetime.now() - timedelta(days=1)
