from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools.periods import days_in_utc
from ..tools.satisfaction import (
    COMPLAINT_SCORE,
    net_promoter_score,
    satisfaction_index,
    to_ten,
)


class SurveyUserInput(models.Model):
    """What a customer said about a sale or a repair, as an index; bad answers become complaints."""

    _name = "survey.user_input"
    _inherit = ["survey.user_input", "dealer.derived.mixin"]

    _derived_prefix = "dealer_"

    dealer_company_id = fields.Many2one("res.company", "Company", index="btree_not_null")
    dealer_vehicle_id = fields.Many2one("dealer.vehicle", "Car", index="btree_not_null")
    dealer_order_id = fields.Many2one("sale.order", "Order", index="btree_not_null")
    dealer_care_task_id = fields.Many2one(
        "dealer.care.task", "Care Task", index="btree_not_null", ondelete="set null"
    )
    dealer_user_id = fields.Many2one(
        "res.users", "Salesperson", related="dealer_order_id.user_id", store=True
    )
    dealer_kind = fields.Selection(related="survey_id.dealer_kind", store=True, string="About")
    dealer_index = fields.Float(
        "Index",
        digits=(5, 1),
        compute="_compute_dealer_index",
        store=True,
        aggregator="avg",
        help="Σ weight × mean score × 10 over the factors that were answered.",
    )
    dealer_nps_score = fields.Integer(
        "Recommends (0-10)", compute="_compute_dealer_index", store=True, aggregator="avg"
    )
    dealer_has_nps = fields.Boolean(compute="_compute_dealer_index", store=True)
    dealer_lowest_score = fields.Float(compute="_compute_dealer_index", store=True, digits=(4, 1))
    dealer_ticket_id = fields.Many2one(
        "helpdesk.ticket", "Complaint", readonly=True, index="btree_not_null", copy=False
    )

    @api.depends(
        "state",
        "user_input_line_ids.value_scale",
        "user_input_line_ids.skipped",
        "survey_id.dealer_kind",
    )
    def _compute_dealer_index(self):
        for answer in self:
            done = answer.state == "done" and answer.survey_id.dealer_kind
            lines = answer._dealer_get_scores() if done else []
            factors = answer._dealer_get_factors(lines)
            answer.dealer_index = satisfaction_index(factors) or 0
            recommended = [score for question, score in lines if question.dealer_is_nps]
            answer.dealer_has_nps = bool(recommended)
            answer.dealer_nps_score = recommended[-1] if recommended else 0
            answer.dealer_lowest_score = min((score for _question, score in lines), default=0)

    def _dealer_get_scores(self):
        """``(question, score to 10)`` of all answers on a scale."""
        return [
            (line.question_id, to_ten(line.value_scale, line.question_id.scale_max or 10))
            for line in self.user_input_line_ids
            if line.answer_type == "scale" and not line.skipped
        ]

    def _dealer_is_answered(self):
        """Whether the customer said anything at all."""
        self.ensure_one()
        return any(not line.skipped for line in self.user_input_line_ids)

    @api.model
    def _dealer_get_factors(self, scores):
        """Weight and mean score of each factor."""
        by_factor = defaultdict(list)
        weights = {}
        for question, score in scores:
            if question.dealer_factor and question.dealer_weight:
                by_factor[question.dealer_factor].append(score)
                weights[question.dealer_factor] = question.dealer_weight
        return [(weights[name], sum(found) / len(found)) for name, found in by_factor.items()]

    def _mark_done(self):
        res = super()._mark_done()
        answers = self.filtered(lambda answer: answer.dealer_kind and not answer.test_entry)
        # sudo: the customer answers as a visitor of the website
        answers.sudo()._dealer_close_task()
        answers.sudo()._dealer_open_complaints()
        return res

    def _dealer_close_task(self):
        """The call was made: its answers are here; a sheet left empty is no answer."""
        for answer in self.filtered(lambda answer: answer._dealer_is_answered()):
            task = answer.dealer_care_task_id
            if task.state == "todo":
                scores = [score for _question, score in answer._dealer_get_scores()]
                bad = scores and min(scores) <= COMPLAINT_SCORE
                task.result = "dissatisfied" if bad else "satisfied"
                task._close("done")

    def _dealer_open_complaints(self):
        """A score of 6 or less opens a complaint, once."""
        for answer in self:
            low = [
                (question, score)
                for question, score in answer._dealer_get_scores()
                if score <= COMPLAINT_SCORE
            ]
            if low and not answer.dealer_ticket_id:
                ticket = self.env["helpdesk.ticket"].create(answer._prepare_dealer_complaint(low))
                answer.dealer_ticket_id = ticket

    def _prepare_dealer_complaint(self, low):
        """Values of the complaint about bad scores.

        :param low: list of ``(question, score to 10)``
        """
        self.ensure_one()
        kind = "sales" if self.dealer_kind == "ssi" else "service"
        items = Markup("").join(
            Markup("<li>%s: %s</li>") % (question.title, f"{score:g}/10") for question, score in low
        )
        return {
            "name": self.env._("Low scores in “%(survey)s”", survey=self.survey_id.title),
            "description": Markup("<ul>%s</ul>") % items,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name,
            "partner_email": self.email,
            "company_id": (self.dealer_company_id or self.env.company).id,
            "team_id": self.env["helpdesk.ticket"]._dealer_get_team(self.dealer_company_id).id,
            "category_id": self.env.ref(f"dealer_crm.helpdesk_category_{kind}").id,
            "channel_id": self.env.ref("dealer_crm.helpdesk_channel_survey").id,
            "dealer_is_complaint": True,
            "dealer_vehicle_id": self.dealer_vehicle_id.id,
            "dealer_order_id": self.dealer_order_id.id,
            "dealer_survey_input_id": self.id,
        }

    # === KEY FIGURES ===
    @api.model
    def _dealer_kpi_domain(self, scope, kind):
        start, end = days_in_utc(scope.date_from, scope.date_to, self.env.tz)
        domain = (
            Domain("state", "=", "done")
            & Domain("test_entry", "=", False)
            & Domain("dealer_kind", "=", kind)
            & Domain("end_datetime", ">=", start)
            & Domain("end_datetime", "<", end)
        )
        if scope.person_id:
            domain &= Domain("dealer_user_id", "=", scope.person_id)
        return domain

    @api.model
    def _dealer_kpi_ssi(self, scope):
        """Index of all answers of the period: factors are averaged over customers first."""
        domain = self._dealer_kpi_domain(scope, "ssi")
        return self._dealer_kpi_ssi_rows(self.search(domain), scope), domain

    @api.model
    def _dealer_kpi_ssi_rows(self, rows, scope):
        scores = [pair for answer in rows for pair in answer._dealer_get_scores()]
        index = satisfaction_index(self._dealer_get_factors(scores))
        return None if index is None else float(index)

    @api.model
    def _dealer_kpi_nps(self, scope):
        domain = self._dealer_kpi_domain(scope, "ssi") & Domain("dealer_has_nps", "=", True)
        return self._dealer_kpi_nps_rows(self.search(domain), scope), domain

    @api.model
    def _dealer_kpi_nps_rows(self, rows, scope):
        score = net_promoter_score(rows.mapped("dealer_nps_score"))
        return None if score is None else float(score)
