from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

#: Consent that each way of speaking to a segment needs.
PURPOSE_OF_MAILING = {"mail": "marketing_sms", "sms": "marketing_sms"}


class DealerSegment(models.Model):
    """Customers who have something in common: a saved question, answered anew each time.

    Owners of a series whose maintenance is due, important customers who stay away … From here they
    are written to, called, or put on a mailing list; only those who agreed to it.
    """

    _name = "dealer.segment"
    _description = "Customer Segment"
    _order = "sequence, name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    domain = fields.Char(string="Who", required=True, default="[]")
    note = fields.Text(translate=True)
    company_id = fields.Many2one("res.company", index="btree_not_null", help="Empty: all stores.")
    person_count = fields.Integer(string="People", compute="_compute_person_count")

    @api.depends("domain")
    def _compute_person_count(self):
        for segment in self:
            segment.person_count = self.env["res.partner"].search_count(segment._get_domain())

    @api.constrains("domain")
    def _check_domain(self):
        for segment in self:
            try:
                segment._get_domain().validate(self.env["res.partner"])
            except (ValueError, SyntaxError, TypeError) as error:
                raise ValidationError(
                    self.env._("Nobody can be found this way: %(problem)s", problem=error)
                ) from error

    # === ACTIONS ===
    def action_view_people(self):
        """Open the people of the segment."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": list(self._get_domain()),
        }

    def action_mail(self):
        """Write an e-mail to the people of the segment."""
        return self._get_mailing_action("mail")

    def action_sms(self):
        """Write a short message to the people of the segment."""
        return self._get_mailing_action("sms")

    def action_call(self):
        """Have the people of the segment called: a care plan of today with one call each."""
        self.ensure_one()
        plan = self.env["dealer.care.plan"].create(self._prepare_call_plan())
        return plan.action_run()

    def action_make_list(self):
        """Put the people who agreed, and have an e-mail address, on a new mailing list."""
        self.ensure_one()
        people = self._get_people().filtered("email")._dealer_filter_consent("marketing_sms")
        if not people:
            raise UserError(self.env._("Nobody of the segment agreed and has an e-mail address."))
        mailing_list = self.env["mailing.list"].create(
            {
                "name": f"{self.name} {fields.Date.context_today(self)}",
                "contact_ids": [
                    fields.Command.create({"name": person.name, "email": person.email})
                    for person in people
                ],
            }
        )
        return mailing_list._get_records_action()

    # === PARTS ===
    def _get_domain(self):
        """The people, of the store of the segment when it has one."""
        domain = Domain(literal_eval(self.domain or "[]"))
        if self.company_id:
            domain &= Domain("company_id", "in", (self.company_id.id, False))
        return domain

    def _get_people(self):
        self.ensure_one()
        return self.env["res.partner"].search(self._get_domain())

    def _get_mailing_action(self, mailing_type):
        self.ensure_one()
        partner_model = self.env["ir.model"]._get_id("res.partner")
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "mailing.mailing",
            "view_mode": "form",
            "context": {
                "default_mailing_type": mailing_type,
                "default_mailing_model_id": partner_model,
                "default_mailing_domain": repr(list(self._get_domain())),
                "default_dealer_segment_id": self.id,
                "default_subject": self.name,
            },
        }

    def _prepare_call_plan(self):
        return {
            "name": self.name,
            "trigger": "segment",
            "segment_id": self.id,
            "segment_date": fields.Date.context_today(self),
            "company_id": self.company_id.id,
            "is_marketing": True,
            "rule_ids": [fields.Command.create({"days": 0, "channel": "call", "name": self.name})],
        }
