from odoo import fields, models


class DealerUnmask(models.TransientModel):
    """Ask why somebody has to see a telephone number, an address or an identity number."""

    _name = "dealer.unmask"
    _description = "Show Personal Data"

    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(required=True, readonly=True)
    reason_kind = fields.Selection(
        [
            ("call", "To call the customer"),
            ("contract", "To write a contract or an invoice"),
            ("service", "To deliver or to repair the car"),
            ("complaint", "To settle a complaint"),
            ("other", "Another reason"),
        ],
        "Reason",
        required=True,
        default="call",
    )
    note = fields.Char()

    def action_show(self):
        """Log the reason and show the record in full."""
        self.ensure_one()
        record = self._dealer_get_record()
        label = dict(self._fields["reason_kind"]._description_selection(self.env))
        reason = " · ".join(filter(None, [label[self.reason_kind], self.note]))
        self.env["dealer.unmask.log"]._dealer_open(record, reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "current",
        }

    def _dealer_get_record(self):
        """The record, of a model that masks, which the user may read."""
        record = self.env[self.res_model].browse(self.res_id)
        record.check_access("read")
        self._check_usable(record)
        return record

    def _check_usable(self, record):
        """Data that are only stored are opened by those who handle personal data, nobody else.

        :raise UserError: the person is storage only
        """
        if record._dealer_needs_mask():
            # sudo: only whether the data are stored and nothing else
            person = record if record._name == "res.partner" else record.sudo().partner_id
            self.env["res.partner"]._dealer_check_usable(ids=person.ids)
