"""Parts are fetched for jobs: the people and the verbs of the store's window."""

from odoo import Command
from odoo.tests import Form

from .care_case import PartCareCase

#: A picture of one dot: what somebody wrote on the screen.
SIGNATURE = (
    b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
    b"gg=="
)


class PartRequestCase(PartCareCase):
    """Tom mends cars and fetches parts from Pat; Adam receives customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom = cls._create_person("tom", "technician")
        cls.adam = cls._create_person("adam", "service_advisor")
        cls.pad = cls._part("04465-0K290", cost=0, barcode="6900000000011")
        cls.clip = cls._part("90467-07041", cost=2)
        wash = cls.env["product.product"].create({"name": "Car wash", "type": "service"})
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "warehouse_id": cls.warehouse.id,
                "order_line": [
                    Command.create({"product_id": wash.id, "tax_ids": [Command.clear()]})
                ],
            }
        )
        cls.order.action_confirm()

    def _request(self, lines, user=None, order=None, **vals):
        """A request written down on the form, by the technician unless told."""
        user = user or self.tom
        Request = self._as(user, self.env["dealer.part.request"])
        usage = vals.pop("usage", "customer")
        defaults = {"default_usage": usage}
        if usage == "customer":
            defaults |= {
                "default_origin_model": "sale.order",
                "default_origin_id": (order or self.order).id,
            }
        form = Form(Request.with_context(**defaults))
        for name, value in vals.items():
            form[name] = value
        for part, quantity in lines:
            with form.line_ids.new() as line:
                line.product_id = part
                line.quantity = quantity
        return form.save()

    @classmethod
    def _receive_part(cls, part, quantity, place=None, price=None, **kwargs):
        """A receipt at what it was billed for."""
        move = super()._receive_part(part, quantity, place, **kwargs)
        if price is not None:
            cls.env["product.value"].create({"move_id": move.id, "value": price * quantity})
        return move

    def _asked(self, lines, **vals):
        request = self._request(lines, **vals)
        request.action_request()
        return request

    def _hand_out(self, request, picks=None):
        """Pat picks (everything, or codes with quantities), Tom signs, Pat hands out."""
        at_window = self._as(self.pat, request)
        if picks is None:
            at_window.action_pick_all()
        for code, quantity in (picks or {}).items():
            at_window.scan(code, quantity)
        self._as(request.technician_id, request).action_sign()
        at_window.action_issue()

    def _bring_back(self, request, quantities, user=None):
        """Return by the slip: quantities by part."""
        window = self._as(user or self.pat, request)
        action = window.action_open_return()
        form = Form(window.env["dealer.part.return"].with_context(**action["context"]))
        for index, line in enumerate(request.line_ids.filtered("issued_quantity")):
            if line.product_id in quantities:
                with form.line_ids.edit(index) as returned:
                    returned.quantity = quantities[line.product_id]
        slip = form.save()
        slip.action_return()
        return request.sudo().picking_ids.filtered("dealer_is_part_return").sorted("id")[-1:]
