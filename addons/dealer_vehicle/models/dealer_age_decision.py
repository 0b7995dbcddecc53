from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .dealer_fact_mixin import DealerFactMixin
from .dealer_vehicle import AGE_BANDS

# The first band needs no decision. Last day of the band before, by band.
BAND_STARTS = {
    band: before
    for (band, _limit), (_before, before) in zip(AGE_BANDS[1:], AGE_BANDS[:-1], strict=True)
}


class DealerAgeDecision(models.Model):
    """What is to become of a car that has grown older than a band of stock age (强制决策).

    Each time a car in stock enters a band, somebody has to decide within some days: lower the
    price, send it elsewhere, make it a demo car. A decision that was not taken before the next
    band came is a missed one and stays in the record.
    """

    _name = "dealer.age.decision"
    _description = "Decision about an Old Car"
    _rec_names_search = ["vehicle_id"]
    _inherit = [DealerFactMixin._name, "mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _fact_fields = frozenset(
        {
            "vehicle_id",
            "company_id",
            "warehouse_id",
            "band",
            "date_in",
            "date",
            "deadline",
            "state",
            "decided_by_id",
            "decided_on",
        }
    )

    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, index=True, ondelete="cascade", readonly=True
    )
    company_id = fields.Many2one("res.company", required=True, index=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", index="btree_not_null", readonly=True
    )
    model_id = fields.Many2one(related="vehicle_id.model_id", store=True)
    date_in = fields.Date(string="In Stock Since", required=True, readonly=True)
    band = fields.Selection(
        [
            ("60", "31 to 60 days"),
            ("90", "61 to 90 days"),
            ("180", "91 to 180 days"),
            ("over", "Over 180 days"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(string="Asked On", required=True, readonly=True)
    deadline = fields.Date(string="Decide By", required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Responsible", index=True, tracking=True)
    state = fields.Selection(
        [
            ("open", "To decide"),
            ("decided", "Decided"),
            ("missed", "Missed"),
            ("lapsed", "Car has left"),
        ],
        required=True,
        readonly=True,
        default="open",
        tracking=True,
        index=True,
    )
    is_overdue = fields.Boolean(compute="_compute_is_overdue", search="_search_is_overdue")
    decision = fields.Selection(
        [
            ("price", "Lower the price"),
            ("promote", "Promotion or salesperson's bonus"),
            ("transfer", "Send to another store"),
            ("demo", "Use as demo car"),
            ("wholesale", "Sell to a dealer"),
            ("return", "Give back to the maker"),
            ("keep", "Keep, with a reason"),
        ],
        tracking=True,
    )
    new_price = fields.Monetary(
        string="New Asking Price", tracking=True, help="Tax included; asked as soon as decided."
    )
    due = fields.Date(string="Carried Out By", help="When the decision must have had its effect.")
    reason = fields.Char()
    decided_by_id = fields.Many2one("res.users", readonly=True)
    decided_on = fields.Date(readonly=True)
    asking_price = fields.Monetary(related="vehicle_id.list_price", string="Price Asked")
    days_in_stock = fields.Integer(related="vehicle_id.days_in_stock")
    unit_cost = fields.Monetary(
        related="vehicle_id.unit_cost", groups="dealer_base.group_vehicle_cost"
    )

    _once = models.UniqueIndex(
        "(vehicle_id, date_in, band)", "This car has been asked about in this band already."
    )
    _decided_complete = models.Constraint(
        "CHECK(state != 'decided' OR (decision IS NOT NULL AND decided_by_id IS NOT NULL))",
        "A decision says what, and by whom.",
    )
    _price_positive = models.Constraint("CHECK(new_price >= 0)", "A price cannot be negative.")

    @api.depends("vehicle_id.display_name", "band")
    def _compute_display_name(self):
        names = dict(self._fields["band"]._description_selection(self.env))
        for decision in self:
            decision.display_name = (
                f"{decision.vehicle_id.display_name} ({names.get(decision.band, '')})"
            )

    @api.depends("state", "deadline")
    def _compute_is_overdue(self):
        today = fields.Date.context_today(self)
        for decision in self:
            decision.is_overdue = decision.state == "open" and decision.deadline < today

    @api.model
    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        overdue = Domain("state", "=", "open") & Domain("deadline", "<", today)
        if set(value) == {True, False}:
            return Domain.TRUE
        return overdue if True in value else ~overdue

    # === ASKING ===
    @api.model
    def _cron_ask(self):
        """Ask about the cars that have grown older, and end the questions that are over."""
        for company in self.env["res.company"].search([("active", "=", True)]):
            self.with_company(company)._ask(company)

    def _ask(self, company):
        """Bring the questions of one company in line with its stock.

        :return: the new questions
        """
        # sudo: questions are asked by the clock; who may see the car is another matter
        Decision = self.sudo()
        today = fields.Date.context_today(self)
        cars = Decision.env["dealer.vehicle"].search(
            [
                ("company_id", "=", company.id),
                ("status", "in", ("in_stock", "reserved")),
                ("days_in_stock", ">", min(BAND_STARTS.values())),
            ]
        )
        known = set()
        for decision in Decision.search(
            [("company_id", "=", company.id), ("vehicle_id", "in", cars.ids)]
        ):
            known.add((decision.vehicle_id.id, decision.date_in, decision.band))
        Decision._end_questions(company, cars)
        asked = cars.filtered(
            lambda car: (
                car.status == "in_stock" and (car.id, car.date_in, car.age_band) not in known
            )
        )
        days = int(self.env["dealer.parameter"]._get_value("age_decision_days", today))
        decisions = Decision.create([car._prepare_age_decision_vals(today, days) for car in asked])
        for decision in decisions.filtered("user_id"):
            told = decision.user_id._dealer_tell(decision)
            told.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=decision.deadline,
                user_id=decision.user_id.id,
                summary=told.display_name,
            )
        return decisions

    def _end_questions(self, company, cars):
        """Open questions whose car has left lapse; those that the next band overtook are missed."""
        still_open = self.search([("company_id", "=", company.id), ("state", "=", "open")])
        gone = still_open.filtered(
            lambda decision: (
                decision.vehicle_id not in cars
                or decision.vehicle_id.date_in != decision.date_in
                or decision.vehicle_id.status == "reserved"
            )
        )
        missed = (still_open - gone).filtered(
            lambda decision: decision.vehicle_id.age_band != decision.band
        )
        gone.state = "lapsed"
        missed.state = "missed"
        (gone | missed).activity_ids.unlink()

    # === DECIDING ===
    def action_decide(self):
        """Take the decision that has been entered."""
        user = self.env.user
        if not user.has_group("dealer_base.group_sales_manager") and not user.has_group(
            "dealer_base.group_usedcar_manager"
        ):
            raise UserError(self.env._("Only a manager may decide about old cars."))
        for decision in self:
            decision.check_access("write")
            decision._check_decision()
            if decision.decision == "price":
                decision.vehicle_id.asking_price = decision.new_price
        # sudo: facts
        self.sudo().write(
            {
                "state": "decided",
                "decided_by_id": self.env.uid,
                "decided_on": fields.Date.context_today(self),
            }
        )
        self.activity_ids.action_feedback()

    def _check_decision(self):
        self.ensure_one()
        error = None
        if self.state not in ("open", "missed"):
            error = self.env._("there is nothing to decide any more")
        elif not self.decision:
            error = self.env._("choose what to do")
        elif self.decision == "price" and not self.new_price:
            error = self.env._("enter the new price")
        elif self.decision == "price" and self.new_price >= self.asking_price:
            error = self.env._("the new price is not lower than the price asked now")
        elif self.decision == "keep" and not self.reason:
            error = self.env._("give the reason for keeping the car")
        if error:
            raise UserError(
                self.env._("%(car)s: %(problem)s.", car=self.display_name, problem=error)
            )

    def action_open_vehicle(self):
        """Open the car, where it is moved or made a demo car."""
        return self.vehicle_id._get_records_action()
