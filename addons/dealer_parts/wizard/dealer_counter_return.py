from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DealerCounterReturn(models.TransientModel):
    """Take parts of a counter sale back: on the shelf at their issue cost, with a credit note."""

    _name = "dealer.counter.return"
    _description = "Return of a Counter Sale"

    order_id = fields.Many2one("sale.order", required=True, readonly=True)
    reason = fields.Char(required=True)
    is_done = fields.Boolean(string="Taken Back", readonly=True)
    line_ids = fields.One2many("dealer.counter.return.line", "return_id")

    @api.model
    def default_get(self, names):
        values = super().default_get(names)
        order = self.env["sale.order"].browse(values.get("order_id"))
        values["line_ids"] = [
            Command.create({"order_line_id": line.id, "quantity": 0.0})
            for line in order.order_line
            if line.product_id.is_storable and line.qty_delivered > 0
        ]
        return values

    def action_return(self):
        """Take the parts back and write the credit note.

        :return: action that shows the credit note
        """
        self.ensure_one()
        self.lock_for_update()
        if self.is_done:
            raise UserError(self.env._("These parts have been taken back already."))
        lines = self.line_ids.filtered("quantity")
        if not lines:
            raise UserError(self.env._("Enter how many of which part come back."))
        for line in lines:
            line._check_quantity()
        self.is_done = True
        order = self.order_id
        back = lines._take_back(self.reason)
        back._dealer_after_part_return()
        # sudo: keepers take parts back, and have no other rights on the books
        credit = order.sudo()._create_invoices(final=True)
        credit.write({"ref": self.reason})
        credit.action_post()
        return credit.with_env(self.env)._get_records_action(name=self.env._("Credit Note"))
