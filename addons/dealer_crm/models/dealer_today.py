from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .crm_lead_follow_up import ESCALATION, FOLLOW_UP

#: Most entries of a section: a page for a day, not for a year. The count is of all.
LIMIT = 20
LEAD_FIELDS = [
    "name",
    "contact_name",
    "phone",
    "dealer_level_id",
    "dealer_next_contact_date",
    "dealer_pool_date",
    "dealer_response_due",
    "dealer_wish_ids",
    "dealer_overdue",
]


class DealerToday(models.AbstractModel):
    """The page of the day of one salesperson: what to do now, the most urgent first.

    Every section is one count and one search with a limit, so that the page costs the same however
    many customers there are. Another addon adds a section by extending ``_get_sections``.
    """

    _name = "dealer.today"
    _description = "Page of the Day"

    @api.model
    def get_page(self):
        """All sections that have something in them, and the team for a manager.

        :return: dict for the client action ``dealer_today``
        """
        if not self.env.user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("This page is for salespeople."))
        sections = [section for section in self._get_sections() if section["count"]]
        return {
            "date": fields.Date.to_string(fields.Date.context_today(self._with_tz())),
            "sections": sections,
            "team": self._get_team(),
            "closed": self._get_closed(),
        }

    # === TIME ===
    def _with_tz(self):
        return self.with_context(tz=self.env.company._dealer_get_shop_calendar().tz)

    # === SECTIONS ===
    def _get_sections(self):
        """Sections in the order in which they should be worked through."""
        now = fields.Datetime.now()
        start, end = self.env.company._dealer_get_shop_day()
        mine = Domain("user_id", "=", self.env.uid)
        followed = self.env["crm.lead"]._dealer_get_followed_domain() & mine
        waiting = (
            followed
            & Domain("dealer_response_due", "!=", False)
            & Domain("dealer_responded_on", "=", False)
        )
        due = Domain("dealer_next_contact_date", "<=", now)
        later = Domain("dealer_next_contact_date", ">", now) & Domain(
            "dealer_next_contact_date", "<", end
        )
        talked = followed & (
            Domain("dealer_response_due", "=", False) | Domain("dealer_responded_on", "!=", False)
        )
        return [
            self._get_leads("new", waiting, "dealer_response_due, id"),
            self._get_leads(
                "overdue", talked & due, "dealer_level_id, dealer_next_contact_date, id"
            ),
            self._get_meetings(start, end),
            self._get_visits(),
            self._get_drives(end),
            self._get_leads("today", talked & later, "dealer_next_contact_date, id"),
            self._get_deliveries(end),
            self._get_leads(
                "pool",
                followed & Domain("dealer_pool_date", "<", end + timedelta(days=1)),
                "dealer_pool_date, id",
            ),
            self._get_stuck(),
            self._get_tasks(),
        ]

    def _get_leads(self, key, domain, order):
        Lead = self.env["crm.lead"]
        leads = Lead.search_fetch(domain, LEAD_FIELDS, limit=LIMIT, order=order)
        return {
            "key": key,
            "count": Lead.search_count(domain),
            "items": [self._prepare_lead(lead) for lead in leads],
        }

    def _prepare_lead(self, lead):
        level = lead.dealer_level_id
        return {
            "model": "crm.lead",
            "id": lead.id,
            "lead_id": lead.id,
            "title": lead.contact_name or lead.name,
            "subtitle": ", ".join(lead.dealer_wish_ids.mapped("display_name")) or lead.name,
            "phone": lead.phone,
            "level": level.code,
            "color": level.color,
            "when": self._to_string(lead.dealer_next_contact_date or lead.dealer_response_due),
            "until": self._to_string(lead.dealer_response_due),
            "pool": self._to_string(lead.dealer_pool_date),
            "late": bool(lead.dealer_overdue),
        }

    def _to_string(self, moment):
        return moment and fields.Datetime.to_string(moment)

    def _get_records(self, key, records, prepare, count):
        return {
            "key": key,
            "count": count,
            "items": [
                {"model": records._name, "id": record.id, **prepare(record)} for record in records
            ],
        }

    def _get_meetings(self, start, end):
        """Appointments of today that this person has with customers."""
        Event = self.env["calendar.event"]
        domain = (
            Domain("user_id", "=", self.env.uid)
            & Domain("start", ">=", start)
            & Domain("start", "<", end)
            & Domain("opportunity_id", "!=", False)
        )
        return self._get_records(
            "meetings",
            Event.search(domain, limit=LIMIT, order="start, id"),
            lambda event: {
                "title": event.name,
                "when": self._to_string(event.start),
                "lead_id": event.opportunity_id.id,
            },
            Event.search_count(domain),
        )

    def _get_visits(self):
        """Visits that are not written up, or whose visitor has not been seen off."""
        Visit = self.env["dealer.visit"]
        domain = (
            Domain("user_id", "=", self.env.uid)
            & Domain("is_imported", "=", False)
            & (Domain("left_on", "=", False) | Domain("result", "=", False))
        )
        return self._get_records(
            "visits",
            Visit.search(domain, limit=LIMIT, order="arrived_on, id"),
            lambda visit: {
                "title": visit.display_name,
                "when": self._to_string(visit.arrived_on),
                "lead_id": visit.lead_id.id,
            },
            Visit.search_count(domain),
        )

    def _get_drives(self, end):
        """Test drives of today, and earlier ones that nobody has finished."""
        Drive = self.env["dealer.test.drive"]
        domain = (
            Domain("user_id", "=", self.env.uid)
            & Domain("state", "in", ("planned", "out"))
            & Domain("date_start", "<", end)
        )
        return self._get_records(
            "drives",
            Drive.search(domain, limit=LIMIT, order="date_start, id"),
            lambda drive: {
                "title": drive.display_name,
                "when": self._to_string(drive.date_start),
                "lead_id": drive.lead_id.id,
            },
            Drive.search_count(domain),
        )

    def _get_deliveries(self, end):
        """Hand-overs of today and earlier that are not done."""
        Delivery = self.env["dealer.delivery"]
        domain = (
            Domain("sale_line_id.order_id.user_id", "=", self.env.uid)
            & Domain("state", "=", "planned")
            & Domain("date_start", "<", end)
        )
        return self._get_records(
            "deliveries",
            Delivery.search(domain, limit=LIMIT, order="date_start, id"),
            lambda delivery: {
                "title": delivery.display_name,
                "when": self._to_string(delivery.date_start),
            },
            Delivery.search_count(domain),
        )

    def _get_stuck(self):
        """Deals that this person saves."""
        Order = self.env["sale.order"]
        domain = (
            Domain("dealer_stuck_kind", "!=", False)
            & Domain("state", "in", ("sent", "sale"))
            & (
                Domain("dealer_stuck_user_id", "=", self.env.uid)
                | (
                    Domain("dealer_stuck_user_id", "=", False)
                    & Domain("user_id", "=", self.env.uid)
                )
            )
        )
        return self._get_records(
            "stuck",
            Order.search(domain, limit=LIMIT, order="dealer_stuck_until, id"),
            lambda order: {
                "title": f"{order.name} {order.partner_id.display_name}",
                "subtitle": order.dealer_stuck_note,
                "when": order.dealer_stuck_until and str(order.dealer_stuck_until),
                "lead_id": order.opportunity_id.id,
            },
            Order.search_count(domain),
        )

    def _get_tasks(self):
        """Whatever else is due: other documents, and what a manager was told."""
        Activity = self.env["mail.activity"]
        follow_up = self.env["ir.model.data"]._xmlid_to_res_id(FOLLOW_UP)
        domain = (
            Domain("user_id", "=", self.env.uid)
            & Domain("date_deadline", "<=", fields.Date.context_today(self._with_tz()))
            & Domain("activity_type_id", "!=", follow_up)
            & Domain("res_model", "!=", False)
        )
        escalation = self.env["ir.model.data"]._xmlid_to_res_id(ESCALATION)
        activities = Activity.search(domain, limit=LIMIT, order="date_deadline, id")
        section = self._get_records(
            "tasks",
            activities,
            lambda activity: {
                "title": activity.res_name or "",
                "subtitle": activity.summary or activity.activity_type_id.name,
                "when": str(activity.date_deadline),
                "late": activity.activity_type_id.id == escalation,
                "open": [activity.res_model, activity.res_id],
            },
            Activity.search_count(domain),
        )
        return section

    # === TEAM ===
    def _get_team(self):
        """How far everybody has come today, for managers; empty for others."""
        if not self.env.user.has_group("dealer_base.group_sales_manager"):
            return []
        start, end = self.env.company._dealer_get_shop_day()
        now = fields.Datetime.now()
        Lead = self.env["crm.lead"]
        followed = Lead._dealer_get_followed_domain() & Domain(
            "company_id", "in", [self.env.company.id, False]
        )

        def count(model, domain):
            return dict(self.env[model]._read_group(domain, ["user_id"], ["__count"]))

        company = Domain("lead_id.company_id", "in", [self.env.company.id, False])
        figures = {
            "done": count(
                "dealer.lead.contact",
                company
                & Domain("date", ">=", start)
                & Domain("date", "<", end)
                & Domain("kind", "!=", "plan"),
            ),
            "open": count(
                "crm.lead",
                followed
                & Domain("dealer_next_contact_date", ">", now)
                & Domain("dealer_next_contact_date", "<", end),
            ),
            "overdue": count("crm.lead", followed & Domain("dealer_next_contact_date", "<=", now)),
            "to_pool": count(
                "crm.lead", followed & Domain("dealer_pool_date", "<", end + timedelta(days=1))
            ),
            "visits": count(
                "dealer.visit",
                Domain("company_id", "=", self.env.company.id)
                & Domain("is_imported", "=", False)
                & (Domain("left_on", "=", False) | Domain("result", "=", False)),
            ),
        }
        users = self.env["res.users"].union(
            *(self.env["res.users"].union(*f) for f in figures.values())
        )
        people = users.sudo().sorted(  # sudo: names of colleagues
            lambda user: (-figures["overdue"].get(user.with_env(self.env), 0), user.name or "")
        )
        return [
            {"id": user.id, "name": user.name}
            | {key: figure.get(user.with_env(self.env), 0) for key, figure in figures.items()}
            for user in people
        ]

    def _get_closed(self):
        """Whether the manager has closed the day already."""
        if not self.env.user.has_group("dealer_base.group_sales_manager"):
            return False
        today = fields.Date.context_today(self._with_tz())
        return bool(
            self.env["dealer.day.close"].search_count(
                [("date", "=", today), ("company_id", "=", self.env.company.id)], limit=1
            )
        )
