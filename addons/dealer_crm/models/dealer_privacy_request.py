import base64
import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.dealer_base.tools.table_reader import write_xlsx


class DealerPrivacyRequest(models.Model):
    """A person wants to see, take away, correct or erase the data we hold (PIPL Art. 44-50).

    Erasure keeps what a law demands: then the file is restricted, stored and used for nothing
    else, until the retention run may make it anonymous.
    """

    _name = "dealer.privacy.request"
    _description = "Request about Personal Data"
    _inherit = ["dealer.derived.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "state, date_due, id"

    name = fields.Char("Number", compute="_compute_name")
    partner_id = fields.Many2one(
        "res.partner", "Person", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(
        [
            ("copy", "Copy of the data"),
            ("correct", "Correction"),
            ("erase", "Erasure"),
            ("withdraw", "Taking consents back"),
            ("explain", "Explanation"),
        ],
        required=True,
        default="copy",
        tracking=True,
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("restricted", "Storage only"),
            ("done", "Done"),
            ("refused", "Refused"),
        ],
        default="open",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    way = fields.Char("How It Was Asked", help="How the person was identified, too.")
    date = fields.Date("Asked on", required=True, default=fields.Date.context_today)
    date_due = fields.Date("Answer until", compute="_compute_date_due", store=True)
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    answer = fields.Text(tracking=True)
    legal_reason = fields.Char("Kept by Law", readonly=True, copy=False)
    done_on = fields.Datetime(readonly=True, copy=False)
    data_json = fields.Binary("Data (JSON)", attachment=True, readonly=True, copy=False)
    data_json_name = fields.Char(compute="_compute_name")
    data_xlsx = fields.Binary("Data (XLSX)", attachment=True, readonly=True, copy=False)
    data_xlsx_name = fields.Char(compute="_compute_name")
    similar_lead_ids = fields.Many2many(
        "crm.lead",
        string="Leads to Decide on",
        compute="_compute_similar_lead_ids",
        compute_sudo=True,
        help="They have the name of the person, but another telephone number and mail. Those that"
        " are of the person are linked to the file first; they are erased with it.",
    )

    def _compute_name(self):
        for request in self:
            request.name = self.env._("Request %(number)s", number=request._origin.id or "")
            request.data_json_name = f"personal-data-{request._origin.id}.json"
            request.data_xlsx_name = f"personal-data-{request._origin.id}.xlsx"

    @api.depends("partner_id", "kind", "state")
    def _compute_similar_lead_ids(self):
        for request in self:
            is_open = request.kind == "erase" and request.state in ("open", "restricted")
            person = request.partner_id if is_open else request.partner_id.browse()
            request.similar_lead_ids = person._dealer_get_similar_leads()

    @api.depends("date")
    def _compute_date_due(self):
        for request in self:
            days = self.env["dealer.parameter"]._get_value("privacy_request_days", request.date)
            request.date_due = request.date and request.date + timedelta(days=int(days))

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for request in self:
            is_late = request.state == "open" and request.date_due and request.date_due < today
            request.is_late = bool(is_late)

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = [("state", "=", "open"), ("date_due", "<", "today")]
        return late if True in value else ["!", "&", *late]

    @api.model_create_multi
    def create(self, vals_list):
        requests = super().create(vals_list)
        for request in requests:
            request.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=request.date_due,
                user_id=request.user_id.id,
                summary=self.env._("Answer the request about personal data"),
            )
        return requests

    # === ACTIONS ===

    def action_export(self):
        """Put the person's data together, to be handed over."""
        for request in self:
            # sudo: the copy is complete, whoever prepares it; the request itself is restricted
            data = request.sudo().partner_id._dealer_get_personal_data()
            text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
            rows = [
                [section, number, key, str(value)]
                for section, records in data.items()
                for number, record in enumerate(records, 1)
                for key, value in record.items()
            ]
            header = [
                self.env._("Section"),
                self.env._("No."),
                self.env._("Field"),
                self.env._("Value"),
            ]
            request.write(
                {
                    "data_json": base64.b64encode(text.encode()),
                    "data_xlsx": base64.b64encode(write_xlsx(header, rows)),
                }
            )

    def action_erase(self):
        """Forget the person, or store only what the law demands."""
        for request in self:
            if request.kind != "erase" or request.state not in ("open", "restricted"):
                raise UserError(self.env._("Only an open request for erasure can be carried out."))
            # sudo: erasure goes through all models, whoever is responsible
            person = request.sudo().partner_id
            reason = person._dealer_get_legal_reasons().get(person)
            if reason:
                person.write({"dealer_restricted": True})
                person.action_dealer_withdraw_all()
                person._dealer_end_follow_up()
                request.write({"state": "restricted", "legal_reason": reason})
            else:
                person._dealer_anonymise()
                request._close()

    def action_done(self):
        """The person has been answered."""
        for request in self:
            if request.kind == "erase":
                raise UserError(self.env._("Carry out the erasure instead."))
            if request.kind == "withdraw":
                request.partner_id.action_dealer_withdraw_all()
            request._close()

    def action_refuse(self):
        """The request is not justified: the answer says why."""
        for request in self:
            if not request.answer:
                raise UserError(self.env._("Write down why the request is refused."))
            request._close("refused")

    def _close(self, state="done"):
        self.write({"state": state, "done_on": fields.Datetime.now()})
        self.activity_unlink(["mail.mail_activity_data_todo"])
