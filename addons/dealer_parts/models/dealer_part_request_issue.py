from odoo import fields, models
from odoo.exceptions import UserError

from ..tools.part_number import normalise

#: What an issue that has been checked carries: no client can send this very object.
ISSUING = object()


class DealerPartRequest(models.Model):
    """At the store's window: pick by scanning, sign, hand out."""

    _inherit = "dealer.part.request"

    # === PICKING ===
    def scan(self, code, quantity=1.0):
        """Take parts from the shelf by their barcode or number.

        :return: what the line says now, for a screen
        :raise UserError: a wrong part, or more than was asked for or is reserved
        """
        self.ensure_one()
        self._check_may_issue()
        line = self._find_scanned_line(code)
        line._pick(line.picked_quantity + quantity)
        return {
            "id": line.id,
            "number": line.part_number,
            "name": line.product_id.name,
            "picked": line.picked_quantity,
            "open": line.open_quantity,
        }

    def action_pick_all(self):
        """Take everything that is reserved from the shelf."""
        self._check_may_issue()
        for line in self.line_ids:
            if line.reserved_quantity:
                line._pick(line.reserved_quantity)
        return True

    def action_unpick(self):
        """Put everything that was not signed for back on the shelf."""
        self._check_may_issue()
        self.sudo()._forget_picked()  # sudo: picked quantities are facts
        return True

    def _forget_picked(self):
        self.line_ids.filtered("picked_quantity").write({"picked_quantity": 0})
        self.write({"picked_on": False})
        self._forget_signature()

    def _forget_signature(self):
        signed = self.filtered(lambda request: request.signature or request.signed_on)
        signed.write({"signature": False, "signed_by_id": False, "signed_on": False})

    def _check_may_issue(self):
        """Keepers hand parts out, and only for requests that wait for parts."""
        self.check_access("write")
        if not self.env.user.has_group("dealer_base.group_parts_keeper"):
            raise UserError(self.env._("The parts keeper hands out the parts."))
        self._check_step("requested")

    def _find_scanned_line(self, code):
        """The line that a scanned code means; of several, one that still lacks parts."""
        self.ensure_one()
        text, key = (code or "").strip(), normalise(code)
        if not text:
            raise UserError(self.env._("Scan the part, or type its number."))
        found = self.line_ids.filtered(
            lambda line: (
                line.product_id.barcode == text
                or (
                    key
                    and key in (line.product_id.dealer_part_key, line.product_id.dealer_maker_key)
                )
            )
        )
        if not found:
            raise UserError(
                self.env._(
                    "%(code)s is not on %(request)s: put it back. Still to pick: %(parts)s.",
                    code=text,
                    request=self.name,
                    parts=", ".join(
                        line.part_number or line.product_id.name
                        for line in self.line_ids
                        if line.picked_quantity < line.open_quantity
                    )
                    or self.env._("nothing"),
                )
            )
        lacking = found.filtered(lambda line: line.picked_quantity < line.open_quantity)
        return (lacking or found)[:1]

    # === SIGNATURE ===
    def action_sign(self):
        """The technician confirms by his own log-in that he has got the picked parts."""
        self.check_access("write")
        for request in self:
            if request.technician_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(person)s fetches these parts and signs for them.",
                        person=request.technician_id.name,
                    )
                )
        self._check_signing()
        # sudo: who signed and when are facts
        self.sudo().write({"signed_by_id": self.env.uid, "signed_on": fields.Datetime.now()})
        return True

    def _check_signing(self):
        """Nobody signs for nothing."""
        self._check_step("requested")
        for request in self:
            if not any(request.line_ids.mapped("picked_quantity")):
                raise UserError(self.env._("Nothing of %s has been picked yet.", request.name))

    # === ISSUE ===
    def action_issue(self):
        """Hand out the picked parts: they leave the stock, the rest stays as a back-order."""
        self._check_may_issue()
        for request in self:
            request.lock_for_update()
            request._check_signed()
            request._check_origin_open()
            request._issue()
        return True

    def _check_signed(self):
        self.ensure_one()
        self._check_signing()
        if not self.signature and not self.signed_by_id:
            raise UserError(
                self.env._(
                    "%(person)s has not signed yet: on this screen, or with “Sign” under his own"
                    " log-in.",
                    person=self.technician_id.name,
                )
            )

    def _issue(self):
        """Post the picked quantities with the signature."""
        self.ensure_one()
        lines = self.line_ids.filtered("picked_quantity")
        moves = lines._get_open_moves()
        picking = moves.picking_id
        for line in lines:
            line._get_open_moves()._set_quantity_done(line.picked_quantity)
        (picking.move_ids - moves).picked = False
        moves.picked = True
        picking.with_context(dealer_part_issuing=ISSUING)._action_done()
        # sudo: the signature belongs to the parts that left with it
        request = self.sudo()
        picking.sudo().write(
            {
                "signature": request.signature,
                "dealer_signed_by_id": (request.signed_by_id or request.technician_id).id,
                "dealer_signed_on": request.signed_on,
            }
        )
        request.user_id = self.env.user
        request._forget_picked()
        moves.filtered(lambda move: move.state == "done")._dealer_after_issue()


class DealerPartRequestLine(models.Model):
    _inherit = "dealer.part.request.line"

    def _get_open_moves(self):
        """The moves on which the rest of these lines waits; one a line."""
        return self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and not move.origin_returned_move_id
        )

    def _pick(self, quantity):
        """Set what was taken from the shelf; what was signed before, was for less."""
        self.ensure_one()
        uom = self.uom_id
        part = self.product_id.display_name
        if uom.compare(quantity, 0) < 0:
            raise UserError(self.env._("Say how many you take: more than 0."))
        if uom.compare(quantity, self.open_quantity) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: %(open)s still to issue, %(quantity)s picked. Put the rest back.",
                    part=part,
                    open=self.open_quantity,
                    quantity=quantity,
                )
            )
        if uom.compare(quantity, self.reserved_quantity) > 0:
            raise UserError(
                self.env._(
                    "%(part)s: only %(reserved)s reserved in %(store)s. Reserve first, or take what"
                    " is there.",
                    part=part,
                    reserved=self.reserved_quantity,
                    store=self.warehouse_id.name,
                )
            )
        # sudo: picked quantities are facts, written by scanning only
        line = self.sudo()
        line.picked_quantity = uom.round(quantity)
        line.request_id.picked_on = fields.Datetime.now()
        line.request_id._forget_signature()
