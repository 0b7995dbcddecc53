import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What was signed, when and by whom, and what it came to.
SIGNED_FIELDS = {
    "amount_total",
    "channel",
    "file",
    "filename",
    "number",
    "order_id",
    "sha256",
    "signed_by",
    "signed_on",
}


class DealerContractDocument(models.Model):
    """A signed contract as it was signed: the file, and the fingerprint (SHA-256) of its bytes.

    Nobody changes or deletes it. A change of the order after the signature is shown, and a new
    contract is signed beside the old one.
    """

    _name = "dealer.contract.document"
    _description = "Signed Contract"
    _inherit = ["dealer.derived.mixin", "mail.thread"]
    _order = "id desc"
    _rec_name = "filename"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="order_id.currency_id")
    number = fields.Char(string="Contract Number", readonly=True)
    file = fields.Binary(required=True, attachment=True)
    filename = fields.Char(required=True)
    sha256 = fields.Char(
        string="Fingerprint",
        readonly=True,
        index=True,
        help="SHA-256 of the file. Whoever has the same file gets the same fingerprint.",
    )
    signed_by = fields.Char(required=True)
    signed_on = fields.Datetime(required=True, default=fields.Datetime.now)
    channel = fields.Selection(
        [("portal", "Online"), ("paper", "On Paper")], default="paper", required=True, readonly=True
    )
    amount_total = fields.Monetary(string="Total at Signature", readonly=True)
    vins = fields.Char(
        string="Cars at Signature",
        readonly=True,
        help="VINs that the signed contract names; empty when no car had been found yet.",
    )
    is_intact = fields.Boolean(
        string="Unchanged",
        compute="_compute_is_intact",
        help="The file still has the fingerprint that was kept when it was signed.",
    )
    is_current = fields.Boolean(
        string="As Ordered",
        compute="_compute_is_current",
        help="The order still has the total and the cars that were signed.",
    )

    @api.depends("file", "sha256")
    def _compute_is_intact(self):
        for document in self.with_context(bin_size=False):
            content = base64.b64decode(document.file or b"")
            document.is_intact = hashlib.sha256(content).hexdigest() == document.sha256

    @api.depends("amount_total", "vins", "order_id.amount_total", "order_id.order_line")
    def _compute_is_current(self):
        for document in self:
            order = document.order_id
            document.is_current = not document.currency_id.compare_amounts(
                document.amount_total, order.amount_total
            ) and (not document.vins or document.vins == self._get_vins(order))

    @api.model
    def _get_vins(self, order):
        """VINs of the cars of a deal, as one text."""
        # sudo: a car that is signed for may stand with a sister company by now
        vehicles = order.order_line.dealer_vehicle_id.sudo()
        return ", ".join(sorted(vin for vin in vehicles.mapped("vin") if vin))

    @api.model_create_multi
    def create(self, vals_list):
        """Fingerprint, number, total and cars are taken here, whatever the client says."""
        for vals in vals_list:
            order = self.env["sale.order"].browse(vals.get("order_id"))
            content = base64.b64decode(vals.get("file") or b"")
            if not content:
                raise UserError(self.env._("A signed contract needs its file."))
            vals.update(
                sha256=hashlib.sha256(content).hexdigest(),
                number=order.dealer_contract_number,
                amount_total=order.amount_total,
                vins=self._get_vins(order),
            )
            if not self.env.su:
                vals["channel"] = "paper"
        return super().create(vals_list)

    def write(self, vals):
        """Only notes and followers change."""
        if SIGNED_FIELDS & vals.keys():
            raise UserError(
                self.env._("A signed contract is never changed. Keep the new one beside it.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A signed contract is never deleted."))
