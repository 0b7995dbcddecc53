from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class DealerPartLookup(models.TransientModel):
    """Ask for any number at the counter; what is not there is noted as a lost sale by itself."""

    _name = "dealer.part.lookup"
    _description = "Part Look-Up"

    number = fields.Char(string="Number or Name")
    quantity = fields.Float(default=1.0, digits="Product Unit")
    partner_id = fields.Many2one("res.partner", string="Customer")
    counter_class = fields.Selection(
        [("retail", "Retail"), ("wholesale", "Wholesale")],
        string="Price Class",
        compute="_compute_counter_class",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    model_id = fields.Many2one("fleet.vehicle.model", string="Only for Trim")
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        required=True,
        default=lambda self: self.env.user._get_default_warehouse_id(),
    )
    line_ids = fields.One2many("dealer.part.lookup.line", "lookup_id", readonly=True)
    is_searched = fields.Boolean(readonly=True)

    @api.depends("number")
    def _compute_display_name(self):
        for lookup in self:
            lookup.display_name = lookup.number or self.env._("Part Look-Up")

    @api.depends("partner_id")
    def _compute_counter_class(self):
        for lookup in self:
            code = lookup.partner_id.dealer_price_class_id.code
            lookup.counter_class = "wholesale" if code == "wholesale" else "retail"

    def action_search(self):
        """Show the parts; note the need when none of the family is in the store."""
        self.ensure_one()
        if self.quantity <= 0:
            raise UserError(self.env._("How many are wanted? Enter more than zero."))
        domain = []
        if self.model_id:
            rows = self.env["dealer.part.fitment"]._get_domain(self.model_id)
            domain = [("dealer_fitment_ids", "any", rows)]
        parts = self.env["product.product"]._dealer_search_parts(self.number, domain=domain)
        self.line_ids.unlink()
        self.env["dealer.part.lookup.line"].create(self._prepare_lines(parts))
        self.is_searched = True
        self._note_need(parts)
        return self._get_reopen_action()

    def _prepare_lines(self, parts):
        price_class = self.env.ref(f"dealer_parts.price_class_{self.counter_class}")
        prices = parts._dealer_get_part_prices(
            price_class, self.partner_id, dict.fromkeys(parts, self.quantity)
        )
        # sudo: how many are there, here and in other stores, is for everybody who asks (P-19)
        everywhere = parts.sudo().with_context(allowed_company_ids=self.warehouse_id.company_id.ids)
        here = everywhere.with_context(warehouse_id=self.warehouse_id.id)
        bins = parts._dealer_get_bins(parts, self.warehouse_id)
        return [
            {
                "lookup_id": self.id,
                "sequence": number,
                "product_id": part.id,
                "price": prices[part][0],
                "free_here": local.free_qty,
                "free_elsewhere": group.free_qty - local.free_qty,
                "bin_id": bins[part].id if part in bins else False,
            }
            for number, (part, local, group) in enumerate(zip(parts, here, everywhere, strict=True))
        ]

    def _note_need(self, parts):
        part = parts[:1]
        if not part:
            return
        # sudo: as in the list
        serving = part._dealer_get_sale_order().sudo()
        serving = serving.with_context(
            warehouse_id=self.warehouse_id.id, allowed_company_ids=self.warehouse_id.company_id.ids
        )
        if part.uom_id.compare(sum(serving.mapped("free_qty")), 0) > 0:
            return
        # who is not known has one need for each look-up, however often the button is pressed
        stranger = f"lookup:{self.id}:{min(part._dealer_get_same_need().ids)}"
        self.env["dealer.lost.sale"]._dealer_capture(
            part,
            self.quantity,
            self.warehouse_id,
            "search",
            partner=self.partner_id,
            need_key=None if self.partner_id else stranger,
        )

    def action_note_unknown(self):
        """Nobody knows the number: note that it was asked for."""
        self.ensure_one()
        if not self.number:
            raise UserError(self.env._("Enter the number that was asked for."))
        self.env["dealer.lost.sale"].create(
            {
                "asked_number": self.number,
                "quantity": self.quantity,
                "warehouse_id": self.warehouse_id.id,
                "partner_id": self.partner_id.id,
                "source": "search",
                "reason": "unknown",
            }
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("%s is noted among the lost sales.", self.number),
            },
        }

    def _add_to_quote(self, part):
        """Put the part on the customer's open counter quote, or on a new one; return its line."""
        self.ensure_one()
        if not self.partner_id:
            raise UserError(self.env._("Choose the customer first."))
        Order = self.env["sale.order"]
        order = Order.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("dealer_counter_class", "=", self.counter_class),
                ("warehouse_id", "=", self.warehouse_id.id),
                ("state", "=", "draft"),
                ("user_id", "=", self.env.uid),
            ],
            limit=1,
        ) or Order.create(
            {
                "partner_id": self.partner_id.id,
                "dealer_counter_class": self.counter_class,
                "warehouse_id": self.warehouse_id.id,
                "company_id": self.warehouse_id.company_id.id,
            }
        )
        lines = order.order_line
        order.order_line = [
            Command.create({"product_id": part.id, "product_uom_qty": self.quantity})
        ]
        return order.order_line - lines

    def _get_reopen_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Part Look-Up"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
        }
