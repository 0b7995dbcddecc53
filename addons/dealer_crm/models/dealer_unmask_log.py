from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.erasure import strike_out


class DealerUnmaskLog(models.Model):
    """Who saw whose personal data in full, when and why. Written by the program, kept by law.

    Rows are never changed; they may be removed after the time of the retention rule (at least six
    months, Cybersecurity Law).
    """

    _name = "dealer.unmask.log"
    _description = "Personal Data Shown"
    _order = "id desc"
    _rec_names_search = ["record_name", "reason"]

    user_id = fields.Many2one("res.users", required=True, index=True, ondelete="restrict")
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    res_model = fields.Char("Kind of Record", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    record_name = fields.Char()
    what = fields.Char(required=True, help="Fields that were shown.")
    reason = fields.Char(required=True)

    _opened = models.Index("(user_id, res_model, date)")

    def write(self, vals):
        """:raise UserError: the log is not rewritten"""
        # a client may send a context, but is never superuser
        is_erasure = self.env.su and self.env.context.get("dealer_erasure")
        if not vals or is_erasure:
            return super().write(vals)
        raise UserError(self.env._("The log of shown personal data is not changed."))

    @api.model
    def _dealer_forget(self, records):
        """Records that are erased have no name in the log; who saw them, and when, stays."""
        # sudo: nobody writes the log by hand
        logs = self.sudo().search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )
        for log in logs:
            # the reason may name the person too; it is struck out, the kind of it stays
            reason = strike_out(log.reason, [log.record_name] if log.record_name else [])
            log.with_context(dealer_erasure=True).write({"record_name": False, "reason": reason})

    @api.model
    def _dealer_open(self, record, reason):
        """Log that the user sees the masked fields of a record, which he may read."""
        record.check_access("read")
        # sudo: nobody writes the log by hand
        return self.sudo().create(
            {
                "user_id": self.env.uid,
                "res_model": record._name,
                "res_id": record.id,
                # the name of one person would not be masked here
                "record_name": record.display_name,
                "what": ", ".join(record._dealer_masked_fields),
                "reason": reason,
            }
        )

    @api.model
    def _dealer_get_open_ids(self, records):
        """Ids of the records of a model that the user has opened a short time ago."""
        minutes = int(self.env["dealer.parameter"]._get_value("unmask_minutes"))
        since = fields.Datetime.now() - timedelta(minutes=minutes)
        # sudo: people do not read the log, not even their own rows
        logs = self.sudo().search_fetch(
            Domain("user_id", "=", self.env.uid)
            & Domain("res_model", "=", records._name)
            & Domain("date", ">=", since),
            ["res_id"],
        )
        return set(logs.mapped("res_id"))
