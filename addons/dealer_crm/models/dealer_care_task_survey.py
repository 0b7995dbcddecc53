from odoo import fields, models
from odoo.exceptions import UserError


class DealerCareTask(models.Model):
    """The questions of a follow-up call, and what comes of a bad answer."""

    _inherit = "dealer.care.task"

    has_survey = fields.Boolean(compute="_compute_has_survey")
    answer_ids = fields.One2many("survey.user_input", "dealer_care_task_id", string="Answers")
    survey_url = fields.Char(string="Link to the Questions", compute="_compute_survey_url")
    ticket_id = fields.Many2one("helpdesk.ticket", string="Complaint", readonly=True, copy=False)

    def _compute_has_survey(self):
        for task in self:
            # sudo: salespeople may not read surveys, only ask their customers
            task.has_survey = bool(task.rule_id.sudo().survey_id)

    def _compute_survey_url(self):
        """Link for the customer; the message's text asks for it, so the answer is made here."""
        for task in self:
            # sudo: salespeople may not read surveys, only ask their customers
            answer = task.sudo().rule_id.survey_id and task._get_answer()
            task.survey_url = answer and answer.get_base_url() + answer.get_start_url()

    def action_ask(self):
        """Open the questions, to fill them in with the customer on the telephone."""
        self.ensure_one()
        self.check_access("write")
        answer = self._get_answer()
        return {"type": "ir.actions.act_url", "url": answer.get_start_url(), "target": "new"}

    def action_done(self):
        res = super().action_done()
        for task in self.filtered(lambda task: task.result == "dissatisfied"):
            task._open_complaint()
        return res

    def action_view_complaint(self):
        """Open the complaint that came of the call."""
        return self.ticket_id._get_records_action()

    def _get_answer(self):
        """The customer's sheet of answers, made when it is asked for first."""
        self.ensure_one()
        # sudo: salespeople may not read surveys, only ask their customers
        if not self.rule_id.sudo().survey_id:
            raise UserError(self.env._("This task has no questions."))
        task = self.sudo()  # sudo: salespeople may not read surveys, only ask their customers
        # a sheet handed in empty is asked again on a new one
        answer = task.answer_ids.filtered(
            lambda answer: answer.state != "done" or answer._dealer_is_answered()
        )[:1]
        if not answer:
            # sudo: the answer names the deal, whoever asks
            order = self.env["sale.order"].sudo()
            if task.plan_id.trigger == "delivery":
                order = task.vehicle_id.sale_line_id.order_id
            answer = task.rule_id.survey_id._create_answer(
                partner=task.partner_id,
                check_attempts=False,
                dealer_care_task_id=task.id,
                dealer_vehicle_id=task.vehicle_id.id,
                dealer_order_id=order.id,
                dealer_company_id=task.company_id.id,
            )
        return answer

    def _open_complaint(self):
        """Make a complaint of a dissatisfied customer, once."""
        task = self.sudo()  # sudo: the caller need not be one who handles complaints
        if task.ticket_id or task.answer_ids.dealer_ticket_id:
            return
        # sudo: as above
        task.ticket_id = self.env["helpdesk.ticket"].sudo().create(self._prepare_complaint_vals())

    def _prepare_complaint_vals(self):
        self.ensure_one()
        company = self.company_id or self.env.company
        return {
            "name": self.env._("Dissatisfied: %(task)s", task=self.rule_id.name),
            "description": self.note or self.rule_id.name,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name,
            "partner_email": self.partner_id.email,
            "company_id": company.id,
            "team_id": self.env["helpdesk.ticket"]._dealer_get_team(company).id,
            "category_id": self.env.ref("dealer_crm.helpdesk_category_sales").id,
            "channel_id": self.env.ref("helpdesk_mgmt.helpdesk_ticket_channel_phone").id,
            "dealer_is_complaint": True,
            "dealer_vehicle_id": self.vehicle_id.id,
        }
