import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

STATES = [("draft", "To sign"), ("signed", "Signed"), ("void", "Void")]


class DealerDisclosure(models.Model):
    """What the buyer of a repaired new car was told, with his signature (维修告知书).

    Made by the system as soon as an order names such a car; the car is not delivered before it is
    signed. A signed one is never changed: its hash is kept beside it. A repair after the signature
    asks for another one.
    """

    _name = "dealer.disclosure"
    _description = "Disclosure of a Repair"
    _rec_names_search = ["order_id", "vehicle_id"]
    _inherit = ["dealer.fact.mixin", "dealer.derived.mixin", "mail.thread"]
    _order = "id desc"

    _fact_fields = frozenset(
        {
            "line_id",
            "order_id",
            "vehicle_id",
            "partner_id",
            "company_id",
            "damage_ids",
            "return_ids",
            "text",
            "state",
            "signed_on",
            "content_hash",
            "witness_id",
        }
    )

    line_id = fields.Many2one(
        "sale.order.line", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "sale.order", required=True, readonly=True, index=True, ondelete="cascade"
    )
    vehicle_id = fields.Many2one(
        "dealer.vehicle", string="Car", required=True, readonly=True, index=True
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, readonly=True, index=True
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    user_id = fields.Many2one(related="order_id.user_id", store=True, index=True)
    damage_ids = fields.Many2many("dealer.vehicle.damage", string="Repairs", readonly=True)
    return_ids = fields.Many2many(
        "dealer.refund.request",
        string="Returns",
        readonly=True,
        help="The car was taken back from an earlier buyer (三包 Art. 33).",
    )
    text = fields.Text(string="What the Buyer Is Told", readonly=True)
    signature = fields.Binary(copy=False, attachment=True)
    signed_by = fields.Char(copy=False)
    signed_on = fields.Datetime(readonly=True, copy=False)
    witness_id = fields.Many2one("res.users", string="Taken By", readonly=True, copy=False)
    content_hash = fields.Char(
        readonly=True, copy=False, help="SHA-256 of the text and the signature."
    )
    state = fields.Selection(
        STATES, required=True, default="draft", readonly=True, copy=False, tracking=True
    )

    _draft_unique = models.UniqueIndex(
        "(line_id) WHERE state = 'draft'", "This car of the order has a disclosure to sign already."
    )

    # === COMPUTES ===
    @api.depends("order_id.name", "vehicle_id")
    def _compute_display_name(self):
        for disclosure in self:
            disclosure.display_name = self.env._(
                "Disclosure %(order)s", order=disclosure.order_id.name or ""
            )

    # === CRUD ===
    def write(self, vals):
        if not self.env.su and any(disclosure.state != "draft" for disclosure in self):
            raise UserError(self.env._("A signed disclosure cannot be changed."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_signed(self):
        if any(disclosure.state == "signed" for disclosure in self):
            raise UserError(self.env._("A signed disclosure is kept."))

    # === SIGN ===
    def action_sign(self):
        """The buyer has read and signed."""
        self.check_access("write")
        for disclosure in self:
            if disclosure.state != "draft":
                raise UserError(self.env._("There is nothing to sign here any more."))
            if not disclosure.signature or not (disclosure.signed_by or "").strip():
                raise UserError(
                    self.env._("The customer signs first, with the name in block letters.")
                )
            # sudo: state, time and hash are not written by hand
            disclosure.sudo().write(
                {
                    "state": "signed",
                    "signed_on": fields.Datetime.now(),
                    "witness_id": self.env.uid,
                    "content_hash": disclosure._get_hash(),
                }
            )
            disclosure.order_id.message_post(
                body=self.env._(
                    "%(customer)s has signed that the repair of %(car)s is known.",
                    customer=disclosure.signed_by,
                    car=disclosure.vehicle_id.display_name,
                )
            )
        return True

    def _get_hash(self):
        """Hash of what was signed, the signature included."""
        self.ensure_one()
        signature = self.with_context(bin_size=False).signature or b""
        if isinstance(signature, str):
            signature = signature.encode()
        parts = [self.vehicle_id.vin, self.text, self.signed_by]
        return hashlib.sha256(
            "\n".join(part or "" for part in parts).encode() + b"\n" + signature
        ).hexdigest()

    def action_print(self):
        """Print the disclosure for the customer."""
        return self.env.ref("dealer_vehicle.action_report_disclosure").report_action(self)

    # === MADE BY ORDERS ===
    @api.model
    def _prepare_vals(self, line, damages, returns):
        """Values of the disclosure of an order line, in the language of its customer."""
        lang = line.order_id.partner_id.lang or self.env.lang
        return {
            "line_id": line.id,
            "order_id": line.order_id.id,
            "vehicle_id": line.dealer_vehicle_id.id,
            "partner_id": line.order_id.partner_id.id,
            "company_id": line.company_id.id,
            "damage_ids": [Command.set(damages.ids)],
            "return_ids": [Command.set(returns.ids)],
            "text": self.with_context(lang=lang)._get_text(
                damages.with_context(lang=lang), returns.with_context(lang=lang)
            ),
        }

    @api.model
    def _get_text(self, damages, returns):
        """What the buyer reads, one return or repair a line; without what it cost us."""
        parts = dict(damages._fields["part"]._description_selection(self.env))
        lines = [one._get_disclosed_text() for one in returns.sorted("id")]
        lines += [
            self.env._(
                "%(date)s, %(part)s: %(damage)s. Repaired: %(repair)s",
                date=format_date(self.env, damage.repair_date),
                part=parts[damage.part],
                damage=damage.description,
                repair=damage.repair_note or "-",
            )
            for damage in damages.sorted("id")
        ]
        return "\n".join(lines)
