from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, ormcache

from ..tools.price_policy import CENT, to_decimal

#: What a rule is about; a change of these is a change of the price.
TERMS = (
    "kind",
    "basis",
    "amount",
    "percent",
    "company_id",
    "warehouse_id",
    "brand_id",
    "series_id",
    "model_id",
    "vehicle_kind",
    "exterior_color_id",
    "age_from",
    "age_to",
    "partner_category_id",
    "date_from",
    "date_to",
    "active",
)


class PriceRequest(NamedTuple):
    """A car, or a trim without a car, whose price policy is asked for.

    :param key: what the caller finds his answer by
    :param list_price: guide price, else asking price, tax included, in company currency
    :param asked_price: what we ask for this very car; the same as above for a trim without a car
    :param vehicle_kind: ``new``, ``used`` or ``demo``
    :param partner_categories: ids of the customer's classes
    """

    key: Any
    list_price: Decimal
    asked_price: Decimal
    model: Any
    vehicle_kind: str = "new"
    color_id: int | bool = False
    days_in_stock: int = 0
    warehouse_id: int | bool = False
    partner_categories: frozenset = frozenset()


class PriceTerms(NamedTuple):
    """Answer to a request: all amounts tax included, in company currency.

    :param floor: what a consultant may sell for; None when no rule limits him
    :param promotion: what is taken off the list price for everybody
    :param floor_rule_id: rule that gave the floor, False when there is none
    """

    list_price: Decimal
    floor: Decimal | None
    promotion: Decimal
    floor_rule_id: int | bool
    promotion_rule_id: int | bool


class DealerPriceRule(models.Model):
    """A dated rule of the price policy: floor, largest discount or promotion.

    Only approved rules count, and nobody approves a rule of his own: a lower floor is a
    discount on every car. Of all the rules that fit a car the most specific one wins: trim before
    series before brand, then customer class, colour, stock age, store and kind of car; of two
    equally specific ones that which began later.
    """

    _name = "dealer.price.rule"
    _description = "Price Rule"
    _inherit = ["mail.thread"]
    _order = "kind, date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, help="What the rule is known by, as the circular's number.")
    active = fields.Boolean(default=True, tracking=True)
    state = fields.Selection(
        [("draft", "To approve"), ("approved", "In force")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    kind = fields.Selection(
        [
            ("floor", "Floor price"),
            ("max_discount", "Largest discount"),
            ("promotion", "Promotion"),
        ],
        required=True,
        default="floor",
        tracking=True,
        help="Floor price: what a consultant may sell for.\n"
        "Largest discount: the same, counted from the list price.\n"
        "Promotion: taken off the list price for every customer whom the rule fits.",
    )
    basis = fields.Selection(
        [("amount", "Amount"), ("percent", "Share of list price")],
        required=True,
        default="amount",
        tracking=True,
    )
    amount = fields.Monetary(tracking=True, help="Tax included.")
    percent = fields.Float(string="Share (%)", digits=(5, 2), tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", check_company=True, ondelete="cascade", tracking=True
    )
    brand_id = fields.Many2one("fleet.vehicle.model.brand", ondelete="cascade", tracking=True)
    series_id = fields.Many2one("dealer.vehicle.series", ondelete="cascade", tracking=True)
    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", ondelete="cascade", index=True, tracking=True
    )
    vehicle_kind = fields.Selection(
        [("new", "New car"), ("used", "Used car"), ("demo", "Demo car")], tracking=True
    )
    exterior_color_id = fields.Many2one(
        "product.attribute.value",
        domain=lambda self: [
            ("attribute_id", "=", self.env["dealer.vehicle"]._dealer_color_attribute("exterior").id)
        ],
        ondelete="cascade",
        tracking=True,
    )
    age_from = fields.Integer(string="Days in Stock from", tracking=True)
    age_to = fields.Integer(
        string="Days in Stock until", tracking=True, help="Empty: no upper limit."
    )
    partner_category_id = fields.Many2one(
        "res.partner.category", string="Customer Class", ondelete="cascade", tracking=True
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(string="Until", tracking=True, help="Last day. Empty: no end is known.")
    note = fields.Text()
    maker_id = fields.Many2one(
        "res.users",
        string="Entered By",
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_on = fields.Datetime(readonly=True, copy=False)

    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The last day of a rule may not be before its first day.",
    )
    _ages_in_order = models.Constraint(
        "CHECK (age_from >= 0 AND (COALESCE(age_to, 0) = 0 OR age_to >= age_from))",
        "The days in stock must go from the lower to the higher number.",
    )
    _amount_positive = models.Constraint(
        "CHECK (COALESCE(amount, 0) >= 0 AND COALESCE(percent, 0) BETWEEN 0 AND 100)",
        "Amounts cannot be negative, and shares lie between 0 and 100 %.",
    )
    _four_eyes = models.Constraint(
        "CHECK (state != 'approved'"
        " OR (approved_by_id IS NOT NULL AND approved_by_id != maker_id))",
        "A price rule is approved by somebody else than who entered it.",
    )
    _terms_unique = models.UniqueIndex(
        """(company_id, kind, date_from, COALESCE(warehouse_id, 0), COALESCE(brand_id, 0),
            COALESCE(series_id, 0), COALESCE(model_id, 0), COALESCE(vehicle_kind, ''),
            COALESCE(exterior_color_id, 0), COALESCE(age_from, 0), COALESCE(age_to, 0),
            COALESCE(partner_category_id, 0)) WHERE active""",
        "Another rule for the same cars and customers begins on that day. Change that one.",
    )

    # === CONSTRAINTS ===
    @api.constrains("kind", "basis", "amount", "percent")
    def _check_value(self):
        for rule in self:
            if rule.kind == "floor" and rule.basis == "amount" and not rule.amount:
                raise ValidationError(self.env._("Enter the floor price."))
            if rule.basis == "percent" and not rule.percent:
                raise ValidationError(self.env._("Enter the share of the list price."))

    # === CRUD ===
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [self._without_decision(vals) for vals in vals_list]
        rules = super().create(vals_list)
        self.env.registry.clear_cache()
        return rules

    def write(self, vals):
        if not self.env.su:
            vals = self._without_decision(vals)
        if any(name in vals for name in TERMS):
            self._check_free_to_change()
            # who changes the terms is who made the rule
            vals = dict(vals, maker_id=self.env.uid)
        result = super().write(vals)
        self.flush_recordset()
        self.env.registry.clear_cache()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        self._check_free_to_change()
        self.env.registry.clear_cache()

    @api.model
    def _without_decision(self, vals):
        """Vals without the fields that only an approval sets, whatever the client sends."""
        decided = {"state", "maker_id", "approved_by_id", "approved_on"}
        return {name: value for name, value in vals.items() if name not in decided}

    def _check_free_to_change(self):
        """Terms in force are what consultants rely on: they change by a new approval only."""
        for rule in self:
            if rule.state == "approved":
                raise UserError(
                    self.env._(
                        "%(rule)s is in force. Enter a new rule that begins later, or ask the"
                        " general manager to take this one back.",
                        rule=rule.name,
                    )
                )

    # === APPROVAL ===
    def action_approve(self):
        """Put rules in force that somebody else entered."""
        self._check_may_approve()
        for rule in self:
            if rule.maker_id == self.env.user:
                raise UserError(
                    self.env._(
                        "You entered %(rule)s yourself: somebody else must approve it.",
                        rule=rule.name,
                    )
                )
        # sudo: nobody may write these fields but this button
        self.sudo().write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )
        return True

    def action_take_back(self):
        """Take rules out of force so that they can be changed."""
        self._check_may_approve()
        # sudo: nobody may write these fields but this button
        self.sudo().write({"state": "draft", "approved_by_id": False, "approved_on": False})
        return True

    def _check_may_approve(self):
        self.check_access("write")
        user = self.env.user
        if not user.has_group("dealer_base.group_general_manager"):
            raise UserError(
                self.env._("Price rules are put in and out of force by the general manager.")
            )

    # === LOOKUP ===
    @api.model
    def _dealer_get_terms(self, requests, company, date):
        """Price policy of many cars at once, without a query for each.

        :param requests: list of ``PriceRequest``
        :param date: day of the quotation
        :return: ``PriceTerms`` by the key of the request
        """
        rules = [
            rule
            for rule in self._get_rules(company.id)
            if rule.date_from <= date and (not rule.date_to or date <= rule.date_to)
        ]
        without_rule = company.sudo().dealer_price_without_rule  # sudo: policy of the own company
        return {
            request.key: self._get_terms_of(request, rules, without_rule) for request in requests
        }

    @api.model
    def _get_terms_of(self, request, rules, without_rule):
        """Terms of one car; ``rules`` come most specific first."""
        fits = [rule for rule in rules if self._rule_fits(rule, request)]
        promotion_rule = next((rule for rule in fits if rule.kind == "promotion"), None)
        floor_rule = next((rule for rule in fits if rule.kind != "promotion"), None)
        list_price = request.list_price
        promotion = self._rule_value(promotion_rule, list_price) if promotion_rule else Decimal(0)
        promotion = min(promotion, list_price)
        floor = None
        if floor_rule:
            floor = self._rule_value(floor_rule, list_price)
            if floor_rule.kind == "max_discount":
                floor = max(list_price - floor, Decimal(0))
        elif request.asked_price and without_rule == "list":
            floor = request.asked_price
        if floor is not None and promotion:
            # a promotion is a price that everybody may give
            floor = min(floor, list_price - promotion)
        return PriceTerms(
            list_price,
            floor,
            promotion,
            floor_rule.id if floor_rule else False,
            promotion_rule.id if promotion_rule else False,
        )

    @api.model
    def _rule_fits(self, rule, request):
        model = request.model
        return (
            rule.model_id in (False, model.id)
            and rule.series_id in (False, model.dealer_series_id.id)
            and rule.brand_id in (False, model.brand_id.id)
            and rule.vehicle_kind in (False, request.vehicle_kind)
            and rule.color_id in (False, request.color_id)
            and rule.age_from <= request.days_in_stock
            and (not rule.age_to or request.days_in_stock <= rule.age_to)
            and rule.warehouse_id in (False, request.warehouse_id)
            and (not rule.category_id or rule.category_id in request.partner_categories)
        )

    @api.model
    def _rule_value(self, rule, list_price):
        """Amount of a rule: a price or an amount off, tax included, to the cent."""
        if rule.basis == "amount":
            return rule.amount
        return (list_price * rule.percent / 100).quantize(CENT, ROUND_HALF_UP)

    @api.model
    @ormcache("company_id")
    def _get_rules(self, company_id):
        """Approved rules of a company, most specific first.

        Read by SQL, without access rules: a consultant's quotation obeys rules that he need not
        be able to read.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT id, kind, basis, amount::text, percent::text, model_id, series_id, brand_id,
                       vehicle_kind, exterior_color_id, COALESCE(age_from, 0), COALESCE(age_to, 0),
                       warehouse_id, partner_category_id, date_from, date_to
                  FROM dealer_price_rule
                 WHERE company_id = %s AND active AND state = 'approved'
              ORDER BY model_id IS NULL, series_id IS NULL, brand_id IS NULL,
                       partner_category_id IS NULL, exterior_color_id IS NULL,
                       COALESCE(age_from, 0) = 0 AND COALESCE(age_to, 0) = 0,
                       COALESCE(age_from, 0) DESC, warehouse_id IS NULL, vehicle_kind IS NULL,
                       date_from DESC, id DESC
                """,
                company_id,
            )
        )
        return tuple(_Rule.make(row) for row in rows)


class _Rule(NamedTuple):
    """What the lookup keeps of a rule; ids are False when the rule is for all."""

    id: int
    kind: str
    basis: str
    amount: Decimal
    percent: Decimal
    model_id: int | bool
    series_id: int | bool
    brand_id: int | bool
    vehicle_kind: str | bool
    color_id: int | bool
    age_from: int
    age_to: int
    warehouse_id: int | bool
    category_id: int | bool
    date_from: Any
    date_to: Any

    @classmethod
    def make(cls, row):
        values = [False if value is None else value for value in row]
        values[3] = to_decimal(float(values[3] or 0))
        values[4] = Decimal(values[4] or 0)
        return cls(*values)
