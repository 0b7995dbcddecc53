from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools import customer_value

RFM_GROUPS = [
    ("important_value", "Important: value"),
    ("important_keep", "Important: keep"),
    ("important_develop", "Important: develop"),
    ("important_retain", "Important: win back"),
    ("general_value", "General: value"),
    ("general_keep", "General: keep"),
    ("general_develop", "General: develop"),
    ("general_retain", "General: win back"),
]
CHURN_STAGES = [
    ("at_risk", "At risk"),
    ("pre_lost", "Nearly lost"),
    ("lost", "Lost"),
    ("dormant", "Dormant"),
]
QUINTILES = 2
#: Fields that the run writes; a person without visits has none of them.
VALUE_FIELDS = (
    "dealer_last_visit",
    "dealer_visit_count",
    "dealer_visit_interval",
    "dealer_spend",
    "dealer_r",
    "dealer_f",
    "dealer_m",
    "dealer_rfm_group",
    "dealer_visit_class",
    "dealer_clv",
    "dealer_clv_retained",
)


class ResPartner(models.Model):
    """What a customer is worth and whether they are about to be lost.

    A job counts visits and money anew every night: recency, frequency and money of the after-sales
    side, by the thresholds or the quintiles of the parameters. The parts are shown beside the
    result. No price follows from it.
    """

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    dealer_last_visit = fields.Date("Last Visit", readonly=True, copy=False, index="btree_not_null")
    dealer_visit_count = fields.Integer(
        "Visits in 12 Months", readonly=True, copy=False, aggregator="avg"
    )
    dealer_visit_interval = fields.Float(
        "Days between Visits", readonly=True, copy=False, digits=(8, 1), aggregator="avg"
    )
    dealer_spend = fields.Monetary(
        "Spent in 12 Months", readonly=True, copy=False, currency_field="dealer_currency_id"
    )
    dealer_r = fields.Integer("Recency (R)", readonly=True, copy=False, aggregator="avg")
    dealer_f = fields.Integer("Frequency (F)", readonly=True, copy=False, aggregator="avg")
    dealer_m = fields.Integer("Money (M)", readonly=True, copy=False, aggregator="avg")
    dealer_rfm_group = fields.Selection(
        RFM_GROUPS, "Value Group", readonly=True, copy=False, index="btree_not_null"
    )
    dealer_visit_class = fields.Selection(
        [("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
        "Visit Class",
        readonly=True,
        copy=False,
        help="Visits in 12 months: A from 4, B 2 to 3, C 1, D none.",
    )
    dealer_clv = fields.Monetary(
        "Life Value",
        readonly=True,
        copy=False,
        currency_field="dealer_currency_id",
        help="Spent in 12 months × margin × years expected (parameters).",
    )
    dealer_clv_retained = fields.Monetary(
        "Life Value with Retention",
        readonly=True,
        copy=False,
        currency_field="dealer_currency_id",
        help="Margin of 12 months × r / (1 + d − r), with retention r and discount d.",
    )
    dealer_churn_stage = fields.Selection(
        CHURN_STAGES, "Churn Warning", readonly=True, copy=False, index="btree_not_null"
    )
    dealer_churn_since = fields.Date("Warning Since", readonly=True, copy=False)
    dealer_moved_away = fields.Boolean(
        "Moved Away", help="Not warned of, because nobody expects the customer here."
    )

    # === THE RUN ===
    @api.model
    def _cron_dealer_value(self):
        """Value and churn of all customers; every night."""
        self._dealer_update_value()

    @api.model
    def _dealer_update_value(self, today=None):
        """Count value and churn of all customers anew, as of a day.

        The same day over the same documents gives the same result.
        """
        today = fields.Date.to_date(today) or self.env["dealer.care.task"]._get_today()
        self.env.flush_all()
        history = self._dealer_get_history(today)
        scores = self._dealer_get_scores(history, today)
        values = {
            partner_id: self._dealer_prepare_value(row, scores[partner_id])
            for partner_id, row in history.items()
        }
        # sudo: the numbers are nobody's to write, and of the customers of everybody
        partners = self.sudo().with_context(tracking_disable=True, active_test=False)
        old = partners.search(
            Domain("dealer_rfm_group", "!=", False) & Domain("id", "not in", list(values))
        )
        old.write(dict.fromkeys(VALUE_FIELDS, False))
        self._dealer_write_values(values)
        self._dealer_update_churn(history, today)

    @api.model
    def _dealer_write_values(self, values):
        """Write the rows with one statement: there is one for each customer, every night."""
        if not values:
            return
        names = [SQL.identifier(name) for name in VALUE_FIELDS]
        rows = SQL(", ").join(
            SQL("(%s, %s)", partner_id, SQL(", ").join(SQL("%s", vals[f]) for f in VALUE_FIELDS))
            for partner_id, vals in values.items()
        )
        # a column of nothing but NULLs has no type of its own
        assignments = SQL(", ").join(
            SQL("%s = v.%s::%s", name, name, SQL(self._fields[field].column_type[1]))
            for name, field in zip(names, VALUE_FIELDS, strict=True)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner p SET %s FROM (VALUES %s) AS v (id, %s) WHERE p.id = v.id",
                assignments,
                rows,
                SQL(", ").join(names),
            )
        )
        self.invalidate_model(VALUE_FIELDS)

    @api.model
    def _dealer_get_history(self, today):
        """Visits and money of each customer until a day.

        :return: dict of partner id to a dict: ``first``, ``last``, ``days`` (days with a visit),
            ``visits`` and ``spend`` of the last twelve months
        """
        year_ago = today - relativedelta(years=1)
        rows = self.env.execute_query(
            SQL(
                """
                WITH visit AS (%(visits)s),
                day AS (
                    SELECT partner_id, date, SUM(amount) AS amount, BOOL_OR(amount > 0) AS is_visit
                      FROM visit
                     WHERE date <= %(today)s
                  GROUP BY partner_id, date)
                SELECT partner_id,
                       MIN(date) FILTER (WHERE is_visit),
                       MAX(date) FILTER (WHERE is_visit),
                       COUNT(*) FILTER (WHERE is_visit),
                       COUNT(*) FILTER (WHERE is_visit AND date > %(year_ago)s),
                       COALESCE(SUM(amount) FILTER (WHERE date > %(year_ago)s), 0)::text
                  FROM day
              GROUP BY partner_id
                HAVING BOOL_OR(is_visit)
              ORDER BY partner_id
                """,
                visits=SQL(" UNION ALL ").join(self._dealer_get_visit_queries()),
                today=today,
                year_ago=year_ago,
            )
        )
        names = ("first", "last", "days", "visits", "spend")
        return {
            # money as text from the database: the cursor hands out numbers as float
            partner_id: dict(zip(names, (*row, Decimal(spend)), strict=True))
            for partner_id, *row, spend in rows
        }

    @api.model
    def _dealer_get_visit_queries(self):
        """HOOK: queries of ``partner_id, date, amount``, tax included, returns negative.

        The days with a positive amount are visits. Invoices that sell a car are no after-sales.
        """
        return [
            SQL("SELECT partner_id, date, amount FROM dealer_customer_purchase"),
            SQL(
                """
                SELECT move.partner_id, move.invoice_date, move.amount_total_signed
                  FROM account_move move
                 WHERE move.state = 'posted'
                   AND move.move_type IN ('out_invoice', 'out_refund')
                   AND move.partner_id IS NOT NULL
                   AND NOT EXISTS (
                        SELECT FROM account_move_line line
                          JOIN dealer_vehicle car ON car.id = line.dealer_vehicle_id
                         WHERE line.move_id = move.id AND line.product_id = car.product_id)
                """
            ),
        ]

    @api.model
    def _dealer_get_scores(self, history, today):
        """R, F and M by customer, by the method of the parameters."""
        rows = {
            partner_id: ((today - row["last"]).days, row["visits"], row["spend"])
            for partner_id, row in history.items()
        }
        number = self.env["dealer.parameter"]._get_value
        if int(number("rfm_method", today)) == QUINTILES:
            return customer_value.rfm_by_quintiles(rows)
        limits = [
            [number(f"rfm_{letter}{score}", today) for score in (5, 4, 3, 2)] for letter in "rfm"
        ]
        return {
            partner_id: customer_value.rfm_by_thresholds(*row, *limits)
            for partner_id, row in rows.items()
        }

    @api.model
    def _dealer_prepare_value(self, row, scores):
        number = self.env["dealer.parameter"]._get_value
        margin = number("clv_margin") / 100
        recency, frequency, money = scores
        interval = (
            (row["last"] - row["first"]).days / (row["days"] - 1) if row["days"] > 1 else None
        )
        return {
            "dealer_last_visit": row["last"],
            "dealer_visit_count": row["visits"],
            "dealer_visit_interval": interval,
            "dealer_spend": row["spend"],
            "dealer_r": recency,
            "dealer_f": frequency,
            "dealer_m": money,
            "dealer_rfm_group": customer_value.rfm_group(scores),
            "dealer_visit_class": customer_value.visit_class(row["visits"]),
            "dealer_clv": customer_value.life_value(row["spend"], margin, number("clv_years")),
            "dealer_clv_retained": customer_value.life_value_retained(
                row["spend"] * margin, number("clv_retention") / 100, number("clv_discount") / 100
            ),
        }

    # === CHURN ===
    @api.model
    def _dealer_update_churn(self, history, today):
        """Stage of everybody who owns a car; whose car is sold or gone is not warned of."""
        number = self.env["dealer.parameter"]._get_value
        limits = [number(f"churn_{stage}_months", today) for stage in customer_value.STAGES[::-1]]
        limits = [int(limit) for limit in limits]
        factor = number("churn_interval_factor", today)
        vehicles = self.env["dealer.vehicle"].sudo()  # sudo: customers of everybody
        plan = self.env["dealer.care.plan"]
        latest = dict(
            vehicles._read_group(
                plan._get_vehicle_domain(), ["partner_id"], ["warranty_start_date:max"]
            )
        )
        stages = {}
        for partner, delivered in latest.items():
            row = history.get(partner.id)
            last = max(filter(None, (row and row["last"], delivered)), default=None)
            if not last or last > today:
                continue
            # sudo: customers of everybody
            interval = row and partner.sudo().dealer_visit_interval
            stage = customer_value.churn_stage(last, today, interval, limits, factor)
            if stage:
                stages.setdefault(stage, self.browse())
                stages[stage] |= partner
        warned = self.browse().union(*stages.values()) if stages else self.browse()
        # sudo: figures of everybody's customers, by the clock
        warned = warned.sudo().filtered(lambda partner: not partner.dealer_moved_away)
        everybody = self.sudo().search([("dealer_churn_stage", "!=", False)])
        (everybody - warned).write({"dealer_churn_stage": False, "dealer_churn_since": False})
        for stage, partners in stages.items():
            # sudo: as above
            changed = (partners.sudo() & warned).filtered(
                lambda partner, stage=stage: partner.dealer_churn_stage != stage
            )
            changed.write({"dealer_churn_stage": stage, "dealer_churn_since": today})
