from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.dealer_part_request_issue import ISSUING

REASONS = [
    ("spare", "Not needed"),
    ("wrong", "Wrong part"),
    ("cancelled", "Job cancelled"),
    ("defective", "Defective"),
]


class DealerPartReturn(models.TransientModel):
    """A technician brings parts back (退料): each refers to the line on which it was issued."""

    _name = "dealer.part.return"
    _description = "Return of Issued Parts"

    request_id = fields.Many2one("dealer.part.request", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, default="spare")
    note = fields.Char()
    is_done = fields.Boolean(string="Taken Back", readonly=True)
    line_ids = fields.One2many(
        "dealer.part.return.line",
        "return_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )

    @api.depends("request_id")
    def _compute_line_ids(self):
        for slip in self:
            slip.line_ids = [Command.clear()] + [
                Command.create({"request_line_id": line.id})
                for line in slip.request_id.line_ids
                if line.issued_quantity > line.returned_quantity
            ]

    def action_return(self):
        """Take the parts back at the cost of their issue."""
        self.ensure_one()
        self.lock_for_update()
        if self.is_done:
            raise UserError(self.env._("These parts have been taken back already."))
        self.is_done = True
        self.request_id._check_may_issue()
        self.request_id.lock_for_update()
        quantities = {
            line.request_line_id: line.quantity for line in self.line_ids if line.quantity
        }
        picking = self.request_id._return(quantities, dict(REASONS)[self.reason], self.note)
        return picking._get_records_action(name=self.env._("Return"))


class DealerPartRequest(models.Model):
    _inherit = "dealer.part.request"

    def action_open_return(self):
        """Ask which parts come back."""
        self.ensure_one()
        self._check_may_issue()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_parts.dealer_part_return_action"
        )
        return dict(action, context={"default_request_id": self.id})

    def _return(self, quantities, reason=None, note=None):
        """Put issued parts back into the bins from which they came, at the cost of their issue.

        :param quantities: dict of request line: quantity that comes back
        :param reason: one of ``REASONS``, in words
        :return: the return slip, a done transfer
        """
        self.ensure_one()
        if not quantities:
            raise UserError(self.env._("Say how many of which part come back."))
        vals_list = []
        for line, quantity in quantities.items():
            vals_list += line._prepare_return_moves_vals(quantity)
        # sudo: that the slip belongs to the request is a fact
        picking = self.env["stock.picking"].sudo().create(self._prepare_return_vals(vals_list))
        picking = picking.sudo(False)
        # Odoo does not tell lines that are made together with their transfer where they belong
        picking.move_ids.move_line_ids.picking_id = picking
        picking.action_confirm()
        picking.move_ids.picked = True
        picking.with_context(dealer_part_issuing=ISSUING)._action_done()
        picking.move_ids._dealer_after_part_return()
        self.message_post(
            body=self.env._(
                "%(slip)s: parts came back. %(reason)s. %(note)s",
                slip=picking.name,
                reason=reason or "",
                note=note or "",
            )
        )
        return picking

    def _prepare_return_vals(self, move_vals_list):
        self.ensure_one()
        store = self.warehouse_id
        picking_type = store.in_type_id if self.usage == "customer" else store.int_type_id
        return {
            "picking_type_id": picking_type.id,
            "location_id": self._get_destination().id,
            "location_dest_id": store.lot_stock_id.id,
            "origin": self.name,
            "company_id": self.company_id.id,
            "dealer_part_request_id": self.id,
            "dealer_is_part_return": True,
            "move_ids": [Command.create(vals) for vals in move_vals_list],
        }


class DealerPartRequestLine(models.Model):
    _inherit = "dealer.part.request.line"

    def _prepare_return_moves_vals(self, quantity):
        """Moves by which a quantity of this line comes back, the latest issue first.

        :raise UserError: more than was issued on this line
        """
        self.ensure_one()
        uom = self.uom_id
        left_on_line = self.issued_quantity - self.returned_quantity
        if uom.compare(quantity, 0) <= 0 or uom.compare(quantity, left_on_line) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: %(left)s of those issued on %(request)s can come back, not"
                    " %(quantity)s.",
                    part=self.product_id.display_name,
                    left=left_on_line,
                    request=self.request_id.name,
                    quantity=quantity,
                )
            )
        vals_list = []
        issues = self.move_ids.filtered(
            lambda move: move.state == "done" and not move.origin_returned_move_id
        )
        for issue in issues.sorted("id", reverse=True):
            vals, taken = self._prepare_return_move_vals(issue, quantity)
            quantity -= taken
            if vals:
                vals_list.append(vals)
            if uom.is_zero(quantity):
                break
        return vals_list

    def _prepare_return_move_vals(self, issue, quantity):
        """Values of the return of one issue, lot by lot and bin by bin, and its quantity."""
        uom = self.uom_id
        back = issue.returned_move_ids.filtered(lambda move: move.state == "done")
        gone = {}
        for line in back.move_line_ids:
            key = (line.lot_id, line.location_dest_id)
            gone[key] = gone.get(key, 0) + line.quantity
        commands, taken = [], 0
        for line in issue.move_line_ids:
            key = (line.lot_id, line.location_id)
            returned = min(gone.get(key, 0), line.quantity)
            gone[key] = gone.get(key, 0) - returned
            part = uom.round(min(line.quantity - returned, quantity - taken))
            if uom.compare(part, 0) <= 0:
                continue
            taken += part
            commands.append(
                Command.create(
                    {
                        "product_id": self.product_id.id,
                        "product_uom_id": uom.id,
                        "quantity": part,
                        "lot_id": line.lot_id.id,
                        "location_id": line.location_dest_id.id,
                        "location_dest_id": line.location_id.id,
                        "company_id": self.company_id.id,
                    }
                )
            )
        if not commands:
            return None, 0
        vals = {
            "product_id": self.product_id.id,
            "product_uom_qty": taken,
            "product_uom": uom.id,
            "location_id": issue.location_dest_id.id,
            "location_dest_id": issue.location_id.id,
            "company_id": self.company_id.id,
            "origin_returned_move_id": issue.id,
            "dealer_part_request_line_id": self.id,
            "move_line_ids": commands,
        }
        return vals, taken
