from odoo import api, models
from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

#: Steps of the plan that we bring along. Odoo keeps such texts in one language only.
FOLLOWUP = (
    _lt("Say thank you (24 hours)"),
    _lt("Satisfaction call (day 3)"),
    _lt("Help with functions (day 7)"),
    _lt("How is the car? (day 30)"),
    _lt("Invite to the first service"),
    _lt("Insurance renewal (day 330)"),
    _lt("Birthday of the car"),
)


class MailActivityPlanTemplate(models.Model):
    """A step of a plan speaks the language of whoever has to do it."""

    _inherit = "mail.activity.plan.template"

    def _dealer_get_summary(self, lang):
        """What is to be done, in a language; what managers have written stays as it is."""
        self.ensure_one()
        langs = [code for code, _name in self.env["res.lang"].get_installed()]
        for term in FOLLOWUP:
            if self.summary in {term._translate(code) for code in ("en_US", *langs)}:
                return term._translate(lang or "en_US")
        return self.summary

    @api.model
    def _dealer_translate_followup(self, lang):
        """Write the steps that we bring along in the language of the house."""
        plan = self.env.ref("dealer_vehicle.mail_activity_plan_delivery", False)
        for step in plan.template_ids if plan else self:
            summary = step._dealer_get_summary(lang)
            if summary != step.summary:
                step.summary = summary
