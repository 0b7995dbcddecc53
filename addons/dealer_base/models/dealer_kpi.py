import datetime
from ast import literal_eval
from collections import namedtuple

import pytz

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import formatLang

#: What a figure is asked for. Store and person are ids in the models of the KPI's own paths.
Scope = namedtuple("Scope", "date_from date_to store_id person_id")

HOOK_PREFIX = "_dealer_kpi_"
MEASURES = ("sum", "avg", "min", "max", "count", "count_distinct")
NUMBERS = ("integer", "float", "monetary")
#: decimals shown, by unit
DIGITS = {"count": 0, "amount": 2, "percent": 1, "ratio": 2, "days": 1, "hours": 1, "km": 0}


class DealerKpi(models.Model):
    """One figure of the trade, defined once: what it means, who owns it, from which rows it comes.

    Reports, dashboards and targets ask here, so that a figure is the same wherever it stands, and
    every figure can show its rows. A figure is one of

    * *an aggregate*: ``measure`` (``__count``, ``amount:sum``…) over the rows of ``model_id`` in
      ``domain`` whose ``date_field`` lies in the period. Without a date field it is a state as of
      now, whatever the period.
    * *a ratio* of two others; times 100 when the unit is percent. No value when it divides by 0.
    * *computed by a method*: ``_dealer_kpi_x(scope)`` of the model returns ``(value, domain)``:
      the value or None, and the rows behind it. If ``measure`` is set, the value must be that
      aggregate of the rows; else the model also has ``_dealer_kpi_x_rows(rows, scope)``, which
      computes the value from the rows in Python, for the test of all figures.

    Values are computed with the rights of the person who looks: a figure over rows that somebody
    may not see is a smaller figure or none, never a leak. Amounts are added as they are stored;
    measure an amount in company currency where several currencies occur.
    """

    _name = "dealer.kpi"
    _description = "Key Figure"
    _order = "sequence, code, id"
    _rec_names_search = ["name", "code"]

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    code = fields.Char(required=True, help="The name by which reports ask for this figure.")
    name = fields.Char(required=True, translate=True)
    formula = fields.Text(
        "Formula in words",
        required=True,
        translate=True,
        help="What is counted or divided by what, so that a colleague could do it by hand.",
    )
    variant = fields.Text(
        translate=True,
        help="Where published formulas differ: which one this is, and which ones it is not.",
    )
    unit = fields.Selection(
        [
            ("count", "Number"),
            ("amount", "CNY"),
            ("percent", "%"),
            ("ratio", "Times"),
            ("days", "Days"),
            ("hours", "Hours"),
            ("km", "km"),
        ],
        required=True,
        default="count",
    )
    owner_group_id = fields.Many2one(
        "res.groups",
        "Owner",
        required=True,
        index=True,
        ondelete="restrict",
        help="The role that answers for this figure. It and the managers see it.",
    )
    kind = fields.Selection(
        [
            ("aggregate", "Aggregate of rows"),
            ("ratio", "Ratio of two figures"),
            ("method", "Computed by a method"),
        ],
        required=True,
        default="aggregate",
    )
    model_id = fields.Many2one("ir.model", "Rows", index="btree_not_null", ondelete="cascade")
    model_name = fields.Char("Model", related="model_id.model", store=True)
    domain = fields.Char(default="[]", help="Condition that the rows meet, in every period.")
    measure = fields.Char(
        default="__count", help="__count, or a stored field with sum, avg, min or max: amount:sum."
    )
    date_field = fields.Char(
        "Date path", help="Field that puts a row into a period. Empty: the state as of now."
    )
    store_field = fields.Char("Store path", help="Path from a row to its store.")
    person_field = fields.Char("Person path", help="Path from a row to the person.")
    method = fields.Char(help="Method of the model, beginning with _dealer_kpi_.")
    numerator_id = fields.Many2one("dealer.kpi", index="btree_not_null", ondelete="restrict")
    denominator_id = fields.Many2one("dealer.kpi", index="btree_not_null", ondelete="restrict")
    store_model = fields.Char(compute="_compute_path_models")
    person_model = fields.Char(compute="_compute_path_models")
    month_value = fields.Char("This month", compute="_compute_month_value")

    _code_uniq = models.UniqueIndex("(code)", "There is a key figure with this code already.")
    _code_form = models.Constraint(
        "CHECK (code ~ '^[a-z][a-z0-9_]*$')",
        "A code begins with a small letter; small letters, digits and _ may follow.",
    )
    _ratio_complete = models.Constraint(
        "CHECK (kind != 'ratio' OR (numerator_id IS NOT NULL AND denominator_id IS NOT NULL))",
        "A ratio needs a numerator and a denominator.",
    )
    _rows_known = models.Constraint(
        "CHECK (kind = 'ratio' OR model_id IS NOT NULL)",
        "Choose the rows that this figure is computed from.",
    )
    _method_private = models.Constraint(
        rf"CHECK (kind != 'method' OR COALESCE(method, '') ~ '^{HOOK_PREFIX}[a-z0-9_]+$')",
        "The method of a key figure begins with _dealer_kpi_.",
    )

    @api.depends(
        "kind", "model_name", "store_field", "person_field", "numerator_id", "denominator_id"
    )
    def _compute_path_models(self):
        for kpi in self:
            kpi.store_model = kpi._get_path_model("store_field")
            kpi.person_model = kpi._get_path_model("person_field")

    @api.depends_context("uid", "allowed_company_ids", "tz", "lang")
    @api.depends(
        "kind", "model_name", "domain", "measure", "date_field", "method", "unit", "numerator_id"
    )
    def _compute_month_value(self):
        first, last = self._get_month()
        for kpi in self:
            # of the saved definition: a half-typed one cannot be computed
            kpi.month_value = kpi._origin and kpi._origin._format_figure(first, last)

    @api.constrains(
        "kind", "model_id", "domain", "measure", "date_field", "store_field", "person_field",
        "method", "unit", "numerator_id", "denominator_id",
    )  # fmt: skip
    def _check_definition(self):
        """Say what is wrong with a definition while its author looks at it, not in a report."""
        for kpi in self:
            try:
                if kpi.kind == "ratio":
                    kpi._check_ratio()
                else:
                    kpi._check_rows()
            except (ValueError, SyntaxError) as error:
                raise ValidationError(
                    self.env._(
                        "Key figure “%(name)s” cannot be computed: %(problem)s",
                        name=kpi.name,
                        problem=error,
                    )
                ) from error

    def _check_ratio(self):
        parts = self.numerator_id | self.denominator_id
        if "ratio" in parts.mapped("kind"):
            raise ValueError(self.env._("a ratio of ratios has no rows to show"))
        for path in ("store_field", "person_field"):
            if len({part._get_path_model(path) for part in parts}) > 1:
                raise ValueError(
                    self.env._("numerator and denominator are kept by different stores or persons")
                )

    def _check_rows(self):
        rows = self._get_rows_model()
        Domain(literal_eval(self.domain or "[]")).validate(rows)
        if self.date_field and self._get_path_field(self.date_field).type not in (
            "date",
            "datetime",
        ):
            raise ValueError(self.env._("%(path)s is not a date", path=self.date_field))
        for path in filter(None, (self.store_field, self.person_field)):
            if self._get_path_field(path).type != "many2one":
                raise ValueError(self.env._("%(path)s leads to no record", path=path))
        if self.kind == "method":
            hooks = [self.method] if self.measure else [self.method, f"{self.method}_rows"]
            for hook in hooks:
                if not hook.startswith(HOOK_PREFIX) or not hasattr(rows, hook):
                    raise ValueError(self.env._("the rows have no method %(name)s", name=hook))
        if self.kind == "aggregate" or self.measure:
            self._check_measure(rows)

    def _check_measure(self, rows):
        if self.measure == "__count":
            return
        name, _colon, function = (self.measure or "").partition(":")
        field = rows._fields.get(name)
        counts = function.startswith("count")
        if (
            function not in MEASURES
            or not field
            or not field.store
            or not (counts or field.type in NUMBERS)
        ):
            raise ValueError(
                self.env._(
                    "“%(measure)s” is neither __count nor a stored number with sum, avg, min or "
                    "max, nor a stored field with count or count_distinct",
                    measure=self.measure,
                )
            )

    # === DEFINITION ===

    def _get_rows_model(self):
        """The model of the rows; a clear error when its addon is gone."""
        self.ensure_one()
        if self.model_name not in self.env:
            raise UserError(
                self.env._("The rows of key figure “%(name)s” are not installed.", name=self.name)
            )
        return self.env[self.model_name]

    def _get_path_field(self, path):
        """The field at the end of a dotted path from the rows."""
        model = self._get_rows_model()
        *way, last = path.split(".")
        for name in way:
            field = model._fields.get(name)
            if not field or not field.relational:
                raise ValueError(self.env._("%(path)s leads nowhere", path=path))
            model = self.env[field.comodel_name]
        if last not in model._fields:
            raise ValueError(self.env._("%(path)s leads nowhere", path=path))
        return model._fields[last]

    def _get_path_model(self, name):
        """Model of the stores or persons of this figure, False when it is not kept by them."""
        self.ensure_one()
        if self.kind == "ratio":
            # sudo: which kind of store there is, is no secret; the value is asked without
            models_ = {
                part._get_path_model(name)
                for part in (self.sudo().numerator_id, self.sudo().denominator_id)
                if part
            }
            return models_.pop() if len(models_) == 1 else False
        path = self[name]
        if not path or self.model_name not in self.env:
            return False
        try:
            return self._get_path_field(path).comodel_name or False
        except ValueError:
            return False

    # === VALUE ===

    def _get_value(self, date_from, date_to, store_id=None, person_id=None):
        """The figure of a period (both days included), or None where there is none.

        :raise AccessError: the user may not read the rows or the measured field
        :raise UserError: the figure is not kept by store or by person, but one is asked for
        """
        self.ensure_one()
        scope = self._get_scope(date_from, date_to, store_id, person_id)
        if self.kind == "ratio":
            numerator = self.numerator_id._get_value(*scope)
            denominator = self.denominator_id._get_value(*scope)
            if numerator is None or not denominator:
                return None
            return numerator / denominator * (100 if self.unit == "percent" else 1)
        if self.kind == "method":
            return self._call_hook(scope)[0]
        [(value,)] = self._get_rows_model()._read_group(
            self._get_drill_domain(*scope), aggregates=[self.measure]
        )
        if value is False or value is None:
            # SQL has no sum of no rows; in the trade it is 0. An average of nothing is nothing.
            return 0.0 if self.measure.endswith(":sum") else None
        return value

    def _get_drill_domain(self, date_from, date_to, store_id=None, person_id=None):
        """The rows behind ``_get_value``; of a ratio those of its numerator."""
        self.ensure_one()
        scope = self._get_scope(date_from, date_to, store_id, person_id)
        if self.kind == "ratio":
            return self.numerator_id._get_drill_domain(*scope)
        if self.kind == "method":
            return Domain(self._call_hook(scope)[1])
        return self._get_scope_domain(scope)

    def _get_scope_domain(self, scope):
        """Condition, period, store and person together; hooks may use it too."""
        domain = Domain(literal_eval(self.domain or "[]"))
        if self.date_field:
            domain &= self._get_period_domain(scope)
        if scope.store_id:
            domain &= Domain(self.store_field, "=", scope.store_id)
        if scope.person_id:
            domain &= Domain(self.person_field, "=", scope.person_id)
        return domain

    def _get_period_domain(self, scope):
        """Days of the user's own time zone: a delivery at 7 in the morning in China is today's."""
        first, last = scope.date_from, scope.date_to
        if self._get_path_field(self.date_field).type == "date":
            return Domain(self.date_field, ">=", fields.Date.to_string(first)) & Domain(
                self.date_field, "<=", fields.Date.to_string(last)
            )
        start, end = (
            fields.Datetime.to_string(
                pytz.timezone(str(self.env.tz))
                .localize(datetime.datetime.combine(day, datetime.time.min))
                .astimezone(pytz.utc)
                .replace(tzinfo=None)
            )
            for day in (first, last + datetime.timedelta(days=1))
        )
        return Domain(self.date_field, ">=", start) & Domain(self.date_field, "<", end)

    def _get_scope(self, date_from, date_to, store_id=None, person_id=None):
        for wanted, name, word in (
            (store_id, "store_field", self.env._("store")),
            (person_id, "person_field", self.env._("person")),
        ):
            if wanted and not self._get_path_model(name):
                raise UserError(
                    self.env._(
                        "Key figure “%(name)s” is not kept by %(part)s. Ask for it without.",
                        name=self.name,
                        part=word,
                    )
                )
        return Scope(
            fields.Date.to_date(date_from), fields.Date.to_date(date_to), store_id, person_id
        )

    def _call_hook(self, scope):
        """Value and rows of the model's own method, of which only the prefix is ever called."""
        if not self.method.startswith(HOOK_PREFIX):
            raise UserError(
                self.env._("Key figure “%(name)s” names no method of figures.", name=self.name)
            )
        rows = self._get_rows_model()
        rows.check_access("read")
        return getattr(rows, self.method)(scope)

    # === SHOWING ===

    @api.model
    def _get_month(self):
        """First and last day of the current month."""
        today = fields.Date.context_today(self)
        return fields.Date.start_of(today, "month"), fields.Date.end_of(today, "month")

    def _format_figure(self, date_from, date_to, store_id=None, person_id=None):
        """The figure as people read it: with its unit, a dash for none, words for no access."""
        self.ensure_one()
        try:
            value = self._get_value(date_from, date_to, store_id, person_id)
        except AccessError:
            return self.env._("No access")
        return self._format_value(value)

    def _format_value(self, value):
        self.ensure_one()
        if value is None:
            return "–"
        text = formatLang(self.env, value, digits=DIGITS[self.unit])
        if self.unit in ("count", "ratio"):
            return text
        unit = dict(self._fields["unit"]._description_selection(self.env))[self.unit]
        return f"{text} {unit}"

    def action_open_figure(self):
        """Ask for this figure by period, store and person."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "dealer.kpi.figure",
            "view_mode": "form",
            "context": {"default_kpi_id": self.id},
        }

    def action_show_rows(self, date_from=None, date_to=None, store_id=None, person_id=None):
        """The rows behind the figure; of this month when no period is given."""
        self.ensure_one()
        if not (date_from and date_to):
            date_from, date_to = self._get_month()
        domain = self._get_drill_domain(date_from, date_to, store_id, person_id)
        part = self.numerator_id if self.kind == "ratio" else self
        return {
            "type": "ir.actions.act_window",
            "name": part.name,
            "res_model": part._get_rows_model()._name,
            "view_mode": "list,form",
            "domain": list(domain),
            # only what the figure counts: no default filter, no new rows by the way
            "context": {"create": False},
        }
