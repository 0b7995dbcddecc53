from odoo import fields, models
from odoo.fields import Domain

from ..tools import care_dates

#: What a care plan waits for.
TRIGGERS = [
    ("birthday", "Birthday"),
    ("festival", "Festival"),
    ("car_birthday", "Birthday of the car"),
    ("delivery", "Car handed over"),
    ("maintenance", "Maintenance due"),
    ("insurance", "Insurance ends"),
    ("inspection", "Inspection due"),
    ("warranty_end", "Repair guarantee ends"),
    ("guarantee_end", "Three guarantees end"),
]


class DealerCarePlan(models.Model):
    """What is done for owners when something comes up: a birthday, a renewal, an inspection.

    A plan finds the days (``_find_<trigger>``), its rules say how many days before or after them a
    customer is called or written to. Everything planned is a care task, made once: the database
    knows rule, customer, car and occasion.
    """

    _name = "dealer.care.plan"
    _description = "Care Plan"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    trigger = fields.Selection(TRIGGERS, required=True, default="birthday")
    festival_ids = fields.Many2many(
        "dealer.festival", string="Festivals", help="Empty: all festivals."
    )
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: all stores.")
    brand_ids = fields.Many2many(
        "fleet.vehicle.model.brand", string="Brands", help="Empty: cars of all brands."
    )
    is_marketing = fields.Boolean(
        string="Marketing",
        help="Advertising: only with the customer's consent, and not more often than the house"
        " rule allows. Reminders of what a car needs are service.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        domain=[("share", "=", False)],
        ondelete="set null",
        index="btree_not_null",
        help="Empty: the salesperson of the customer.",
    )
    grace_days = fields.Integer(
        string="Late Until (Days)",
        default=7,
        help="What could not be done so many days after its day is not done any more.",
    )
    rule_ids = fields.One2many("dealer.care.rule", "plan_id", string="Steps", copy=True)
    task_count = fields.Integer(string="Open Tasks", compute="_compute_task_count")

    _grace_positive = models.Constraint(
        "CHECK (grace_days >= 0)", "The number of days may not be negative."
    )

    def _compute_task_count(self):
        counts = dict(
            self.env["dealer.care.task"]._read_group(
                [("plan_id", "in", self.ids), ("state", "=", "todo")], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.task_count = counts.get(plan, 0)

    def action_view_tasks(self):
        """Open the tasks of this plan."""
        action = self.env["ir.actions.act_window"]._for_xml_id("dealer_crm.dealer_care_task_action")
        action["domain"] = [("plan_id", "in", self.ids)]
        action["context"] = {"search_default_todo": 1}
        return action

    def action_run(self):
        """Plan and do what is due now, without waiting for the night."""
        self.check_access("write")
        tasks = self.env["dealer.care.task"]
        # sudo: the plan looks at all customers, whoever owns them
        tasks.sudo()._plan_tasks(self.sudo())
        tasks.sudo()._process_due(Domain("plan_id", "in", self.ids))
        return self.action_view_tasks()

    # === OCCASIONS ===
    def _find_occasions(self, first, last):
        """What this plan is about in a period, both days included.

        :return: list of ``(partner id, vehicle id or False, day, key)``; the key names the
            occasion, so that one whose day moves is the same one
        """
        self.ensure_one()
        return getattr(self, f"_find_{self.trigger}")(first, last)

    def _find_birthday(self, first, last):
        Partner = self.env["res.partner"]
        days = care_dates.anniversaries(first, last)
        lunar_days = care_dates.lunar_anniversaries(first, last)
        domain = self._get_customer_domain() & (
            Domain("dealer_birthday_key", "in", list(days))
            | Domain("dealer_birthday_key", "in", [f"L{key}" for key in lunar_days])
        )
        found = []
        for partner in Partner.search_fetch(domain, ["dealer_birthday_key"]):
            key = partner.dealer_birthday_key
            day = lunar_days[key[1:]] if key[0] == "L" else days[key]
            found.append((partner.id, False, day, str(day.year)))
        return found

    def _find_festival(self, first, last):
        festivals = self.festival_ids or self.env["dealer.festival"].search([("active", "=", True)])
        days = [
            (day, f"{festival.id}/{day.year}")
            for festival in festivals
            for day in festival._get_days(first, last)
        ]
        if not days:
            return []
        partners = self.env["res.partner"].search(self._get_customer_domain())
        return [(partner.id, False, day, key) for day, key in days for partner in partners]

    def _find_car_birthday(self, first, last):
        days = care_dates.anniversaries(first, last)
        vehicles = self.env["dealer.vehicle"].search_fetch(
            self._get_vehicle_domain() & Domain("delivery_key", "in", list(days)),
            ["delivery_key", "warranty_start_date", "partner_id"],
        )
        return [
            (vehicle.partner_id.id, vehicle.id, days[vehicle.delivery_key], str(day.year))
            for vehicle in vehicles
            for day in [days[vehicle.delivery_key]]
            if day.year > vehicle.warranty_start_date.year
        ]

    def _find_delivery(self, first, last):
        return self._find_by_date("warranty_start_date", first, last)

    def _find_insurance(self, first, last):
        return self._find_by_date("insurance_end_date", first, last)

    def _find_warranty_end(self, first, last):
        return self._find_by_date("warranty_end_date", first, last)

    def _find_guarantee_end(self, first, last):
        return self._find_by_date("guarantee_end_date", first, last)

    def _find_maintenance(self, first, last):
        """Once for each service: the day moves with every reading of the odometer."""
        vehicles = self._search_vehicles("maintenance_due_date", first, last)
        return [
            (
                vehicle.partner_id.id,
                vehicle.id,
                vehicle.maintenance_due_date,
                str(vehicle.last_service_date or "first"),
            )
            for vehicle in vehicles
        ]

    def _find_inspection(self, first, last):
        """Cars whose month of registration, or the month half a year off, is in the period."""
        months = {
            (day.month - 1 + shift) % 12 + 1
            for day in care_dates.anniversaries(first, last).values()
            for shift in (0, 6)
        }
        vehicles = self.env["dealer.vehicle"].search_fetch(
            self._get_vehicle_domain()
            & Domain("first_registration_date", "!=", False)
            & Domain("first_registration_date.month_number", "in", sorted(months)),
            ["first_registration_date", "partner_id", "is_inspection_exempt"],
        )
        practice = int(self.env["dealer.parameter"]._get_value("inspection_scheme", last))
        return [
            (vehicle.partner_id.id, vehicle.id, day, str(day))
            for vehicle in vehicles
            for day, _kind in care_dates.inspections_between(
                vehicle.first_registration_date,
                first,
                last,
                practice if vehicle.is_inspection_exempt else care_dates.REGULATION,
            )
        ]

    def _find_by_date(self, name, first, last):
        return [
            (vehicle.partner_id.id, vehicle.id, vehicle[name], str(vehicle[name]))
            for vehicle in self._search_vehicles(name, first, last)
        ]

    def _search_vehicles(self, name, first, last):
        return self.env["dealer.vehicle"].search_fetch(
            self._get_vehicle_domain() & Domain(name, ">=", first) & Domain(name, "<=", last),
            [name, "partner_id", "last_service_date"],
        )

    def _get_vehicle_domain(self):
        """Cars on the road that somebody owns, who is not one of our companies."""
        ours = self.env["res.company"].search([("active", "=", True)]).partner_id
        domain = (
            Domain("status", "in", ("sold", "customer"))
            & Domain("partner_id", "!=", False)
            & Domain("partner_id", "not in", ours.ids)
        )
        if self.brand_ids:
            domain &= Domain("brand_id", "in", self.brand_ids.ids)
        if self.company_id:
            domain &= Domain("company_id", "in", (self.company_id.id, False))
        return domain

    def _get_customer_domain(self):
        """People who own a car now, and those who bought from us."""
        vehicles = self.env["dealer.vehicle"]._search(self._get_vehicle_domain())
        domain = Domain("dealer_vehicle_ids", "in", vehicles)
        if self.company_id:
            domain &= Domain("company_id", "in", (self.company_id.id, False))
        return domain
