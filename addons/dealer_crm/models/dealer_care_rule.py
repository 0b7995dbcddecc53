from odoo import api, fields, models
from odoo.exceptions import ValidationError

CHANNELS = [("call", "Call"), ("todo", "To do"), ("sms", "SMS"), ("email", "E-mail")]
#: Channels by which a message leaves by itself.
MESSAGES = ("sms", "email")


class DealerCareRule(models.Model):
    """One step of a care plan: how many days before or after the day, and by which channel."""

    _name = "dealer.care.rule"
    _description = "Care Step"
    _order = "plan_id, days, id"

    plan_id = fields.Many2one("dealer.care.plan", required=True, ondelete="cascade", index=True)
    active = fields.Boolean(default=True)
    days = fields.Integer(
        default=0,
        required=True,
        aggregator=None,
        help="Days after the event; negative: before it.",
    )
    channel = fields.Selection(CHANNELS, required=True, default="call")
    name = fields.Char(string="What to Do", required=True, translate=True)
    sms_template_id = fields.Many2one(
        "sms.template",
        string="SMS Text",
        domain=[("model", "=", "dealer.care.task")],
        ondelete="restrict",
    )
    mail_template_id = fields.Many2one(
        "mail.template",
        string="E-mail Text",
        domain=[("model", "=", "dealer.care.task")],
        ondelete="restrict",
    )
    survey_id = fields.Many2one(
        "survey.survey",
        string="Questions",
        ondelete="restrict",
        index="btree_not_null",
        help="The answers are written down during the call, or by the customer with the link in"
        " the message.",
    )

    @api.constrains("channel", "sms_template_id", "mail_template_id")
    def _check_template(self):
        """A message without text would be found out in the night."""
        for rule in self:
            if (rule.channel == "sms" and not rule.sms_template_id) or (
                rule.channel == "email" and not rule.mail_template_id
            ):
                raise ValidationError(
                    self.env._("Choose a text for the message “%(name)s”.", name=rule.name)
                )
