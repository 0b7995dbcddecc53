from datetime import UTC, timedelta

from odoo import fields, models

from .dealer_intention_level import OPEN_KINDS


class DealerAssignmentRule(models.Model):
    """Who gets new leads of one kind: by store, car and channel, then by load and shift.

    The first rule that fits a lead decides. Pauses and capacities are those of Odoo's sales
    teams (``crm.team.member``).
    """

    _name = "dealer.assignment.rule"
    _description = "Assignment Rule"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    # which leads
    for_store_ids = fields.Many2many(
        "stock.warehouse", string="Stores", help="Empty: leads of all stores.", check_company=True
    )
    brand_ids = fields.Many2many("fleet.vehicle.model.brand", string="Brands")
    channel_ids = fields.Many2many(
        "dealer.channel", string="Channels", help="A kind of channel stands for all its channels."
    )
    series_ids = fields.Many2many("dealer.vehicle.series")
    wish_kind = fields.Selection(
        [("buyer", "Buys a car"), ("seller", "Sells a car"), ("both", "Sells and buys")],
        string="Customer",
    )
    # who
    team_id = fields.Many2one("crm.team", check_company=True, ondelete="restrict")
    store_id = fields.Many2one(
        "stock.warehouse",
        string="Gives the Store",
        check_company=True,
        ondelete="restrict",
        help="Store that a lead gets when it has none.",
    )
    user_ids = fields.Many2many(
        "res.users", string="People", help="Empty: the members of the team."
    )
    method = fields.Selection(
        [("load", "Who has the fewest open leads"), ("turn", "Who waits longest")],
        required=True,
        default="load",
    )
    max_open = fields.Integer(
        string="Most Open Leads", help="Nobody gets more than this. 0: without limit."
    )
    is_on_duty = fields.Boolean(
        string="Only on Duty",
        default=True,
        help="Only people whose shift it is. Without a shift of his own, the shop hours count.",
    )
    is_reassigned = fields.Boolean(
        string="Take Away when Late",
        default=True,
        help="A colleague gets the lead when the customer is not reached in time.",
    )

    # === WHICH LEADS ===
    def _pick(self, lead):
        """The first of these rules that fits the lead."""
        return next((rule for rule in self if rule._fits(lead)), self.browse())

    def _fits(self, lead):
        self.ensure_one()
        company = lead.company_id or self.env.company
        wishes = lead.dealer_wish_ids
        channels = lead.dealer_channel_id | lead.dealer_channel_id.parent_id
        return (
            self.company_id == company
            and (not self.for_store_ids or lead.dealer_store_id in self.for_store_ids)
            and (not self.brand_ids or bool(wishes.brand_id & self.brand_ids))
            and (not self.series_ids or bool(wishes.series_id & self.series_ids))
            and (not self.channel_ids or bool(channels & self.channel_ids))
            and (not self.wish_kind or lead.dealer_wish_kind == self.wish_kind)
        )

    # === WHO ===
    def _get_people(self):
        """People of the rule who take leads at all, and their shift (or None)."""
        self.ensure_one()
        members = self.team_id.crm_team_member_ids
        users = self.user_ids or members.user_id
        paused = members.filtered("assignment_optout").user_id
        return (users - paused).filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )

    def _open_book(self):
        """Who may get leads of this rule now, and how busy everybody is.

        Opened once for many leads: ``_next_person`` keeps it up to date by itself.
        """
        self.ensure_one()
        people = self._get_people()
        if self.is_on_duty:
            people = self._filter_on_duty(people)
        return {
            "people": people,
            "load": self._count_open(people),
            "waits": self._get_last_assignments(people),
        }

    def _next_person(self, book, without=()):
        """Who gets the next lead; nobody when nobody is on duty or everybody is full.

        :param book: from ``_open_book``
        :param without: ids of people who had the lead already
        """
        self.ensure_one()
        load, waits = book["load"], book["waits"]
        people = book["people"].filtered(lambda user: user.id not in without)
        if self.max_open:
            people = people.filtered(lambda user: load.get(user.id, 0) < self.max_open)
        never = fields.Datetime.to_datetime("1970-01-01")

        def key(user):
            turn = (waits.get(user.id, never), book.get(("turn", user.id), 0), user.id)
            return turn if self.method == "turn" else (load.get(user.id, 0), *turn)

        person = people.sorted(key)[:1]
        if person:
            load[person.id] = load.get(person.id, 0) + 1
            waits[person.id] = fields.Datetime.now()
            book["number"] = book["turn", person.id] = book.get("number", 0) + 1
        return person

    def _filter_on_duty(self, people):
        now = fields.Datetime.now()
        shifts = {
            member.user_id.id: member.dealer_shift_calendar_id
            for member in self.team_id.crm_team_member_ids
        }
        shop = self.company_id._dealer_get_shop_calendar()
        is_open = {}
        for calendar in {shifts.get(user.id) or shop for user in people}:
            moment = now.replace(tzinfo=UTC)
            # sudo: working hours are no secret, but readable by few
            is_open[calendar.id] = bool(
                calendar.sudo()._work_intervals_batch(moment, moment + timedelta(minutes=1))[False]
            )
        return people.filtered(lambda user: is_open[(shifts.get(user.id) or shop).id])

    def _count_open(self, people):
        groups = self.env["crm.lead"]._read_group(
            [("user_id", "in", people.ids), ("dealer_level_id.kind", "in", OPEN_KINDS)],
            ["user_id"],
            ["__count"],
        )
        return {user.id: count for user, count in groups}

    def _get_last_assignments(self, people):
        groups = self.env["dealer.lead.event"]._read_group(
            [("user_id", "in", people.ids), ("kind", "=", "assigned")],
            ["user_id"],
            ["date:max"],
        )
        return {user.id: date for user, date in groups}

    def _note_assignments(self, leads):
        self.ensure_one()
        self.env["dealer.lead.event"].create(
            [
                {
                    "lead_id": lead.id,
                    "kind": "assigned",
                    "user_id": lead.user_id.id,
                    "note": self.name,
                }
                for lead in leads
            ]
        )
