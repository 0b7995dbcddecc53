from collections import namedtuple
from datetime import datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, ormcache

#: What the lookup keeps of a rule; ids are False when the rule is for everybody.
Rule = namedtuple("Rule", "date_from date_to region_id company_id value")


class DealerParameter(models.Model):
    """One legal or house rule as a number: a rate, a cap, a count of days, with its dates.

    A change of the law is a new row, never a new version of the code: end the old rule, add the
    new one. Documents ask for the rule of *their* date, so old documents keep their old rule.

    Two rules of the same code, region and company may never be in force on the same day. The
    database itself refuses that (``EXCLUDE``): a check in Python would not see the row that a
    colleague is saving at the same moment. All parts of the constraint are ranges, because ranges
    are what PostgreSQL can index this way without the extension ``btree_gist``, which a managed
    server may not offer; the code becomes a range by its 64-bit hash.
    """

    _name = "dealer.parameter"
    _description = "Dated Parameter"
    _inherit = ["mail.thread"]
    _order = "code, company_id, region_id, date_from desc, id desc"
    _rec_names_search = ["code", "name"]

    code = fields.Char(
        required=True,
        index=True,
        tracking=True,
        help="The name by which programs ask for this rule. All rules with the same code are the "
        "same question at other dates, in other provinces or for other companies.",
    )
    name = fields.Char(required=True, translate=True)
    date_from = fields.Date("In force from", required=True, tracking=True)
    date_to = fields.Date(
        "In force until",
        tracking=True,
        help="Last day on which the rule applies. Empty: no end is known.",
    )
    region_id = fields.Many2one(
        "res.country.state",
        "Province",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        help="Empty: everywhere, except where a province has a rule of its own.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        tracking=True,
        help="Empty: all companies, except those that have a rule of their own.",
    )
    value = fields.Float(
        digits=(16, 6),
        min_display_digits=0,
        aggregator=None,
        required=True,
        tracking=True,
        help="In the unit beside it: ten percent is written 10.",
    )
    unit = fields.Selection(
        [
            ("percent", "%"),
            ("amount", "CNY"),
            ("days", "Days"),
            ("working_days", "Working days"),
            ("months", "Months"),
            ("count", "Number"),
            ("ratio", "Times"),
            ("km", "km"),
        ],
        required=True,
        default="percent",
        tracking=True,
    )
    legal_reference = fields.Char(
        translate=True,
        tracking=True,
        help="Law and article, or the house rule, that the value comes from.",
    )
    note = fields.Text(translate=True)

    _code_form = models.Constraint(
        "CHECK (code ~ '^[a-z][a-z0-9_]*$')",
        "A parameter code begins with a small letter; small letters, digits and _ may follow.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "The last day of a rule may not be before its first day.",
    )
    _no_overlap = models.Constraint(
        """EXCLUDE USING gist (
            int8range(hashtextextended(code, 0), hashtextextended(code, 0), '[]') WITH &&,
            int4range(COALESCE(region_id, 0), COALESCE(region_id, 0), '[]') WITH &&,
            int4range(COALESCE(company_id, 0), COALESCE(company_id, 0), '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        )""",
        "Another rule with this code, province and company is in force on some of these days. "
        "Set the last day of the older rule first, then add the new one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        self.env.registry.clear_cache()
        return records

    def write(self, vals):
        result = super().write(vals)
        # the constraint looks at every statement: an old rule must have ended in the database
        # before the next one begins there
        self.flush_recordset()
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.depends("code", "name", "date_from")
    def _compute_display_name(self):
        for parameter in self:
            parameter.display_name = f"{parameter.name} ({parameter.date_from or ''})"

    def copy_data(self, default=None):
        """A copy is the next rule: it starts the day after the old one, which must have ended."""
        vals_list = super().copy_data(default)
        for parameter, vals in zip(self, vals_list, strict=True):
            if "date_from" not in (default or {}):
                if not parameter.date_to:
                    raise UserError(
                        self.env._(
                            "%(name)s has no last day yet. Set it, then duplicate the rule: the "
                            "copy starts on the following day.",
                            name=parameter.name,
                        )
                    )
                vals["date_from"] = fields.Date.add(parameter.date_to, days=1)
                vals["date_to"] = False
        return vals_list

    # === LOOKUP ===

    @api.model
    def _get_value(self, code, date=None, region=None, company=None):
        """The value of the rule in force, as ``Decimal`` in the unit of the rule (10 % is 10).

        :param date: day of the document (date, datetime or string); today when not given
        :param region: province; that of the company when not given (an empty record: none)
        :param company: the current company when not given (an empty record: none)
        :raise UserError: no rule is in force on that day

        A rule of the company goes before one of the province, both before the general one.
        """
        company = self.env.company if company is None else company
        day = self._get_local_day(date, company)
        # sudo: the address of the own company, which a portal customer may not read
        region = company.sudo().state_id if region is None else region
        for rule in self._get_rules(code):
            if (
                rule.date_from <= day
                and (not rule.date_to or day <= rule.date_to)
                and rule.company_id in (False, company.id)
                and rule.region_id in (False, region.id)
            ):
                return rule.value
        raise UserError(
            self.env._(
                "No rule “%(code)s” is in force on %(date)s. Ask the finance manager to enter it "
                "under Dealership → Configuration → Parameters, with its first day.",
                code=code,
                date=day,
            )
        )

    @api.model
    def _get_local_day(self, date, company):
        """The day where the company is: a moment is stored in UTC, a law starts at home."""
        if not isinstance(date, datetime):
            return fields.Date.to_date(date) or fields.Date.context_today(self)
        # sudo: the address of the own company, which a portal customer may not read
        zone = self.env.context.get("tz") or self.env.user.tz or company.sudo().partner_id.tz
        return fields.Datetime.context_timestamp(self.with_context(tz=zone), date).date()

    @api.model
    def _get_rate(self, code, date=None, region=None, company=None):
        """Like ``_get_value`` for percentages, as a factor: 10 % is ``Decimal("0.1")``."""
        return self._get_value(code, date, region, company) / 100

    @api.model
    @ormcache("code")
    def _get_rules(self, code):
        """All rules of a code, most specific first.

        Read as text by SQL because the ORM hands out numbers as ``float``; without access rules
        because the company is compared by the caller.
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT date_from, date_to, region_id, company_id, trim_scale(value)::text
                  FROM dealer_parameter
                 WHERE code = %s
              ORDER BY company_id IS NULL, region_id IS NULL, date_from DESC
                """,
                code,
            )
        )
        return tuple(
            Rule(date_from, date_to, region_id or False, company_id or False, Decimal(value))
            for date_from, date_to, region_id, company_id, value in rows
        )
