from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerOrderVersion(models.Model):
    """What a deal was when somebody asked, decided, confirmed or changed it. Never edited."""

    _name = "dealer.order.version"
    _description = "Version of a Deal"
    _order = "order_id desc, number desc"
    _rec_names_search = ["order_id"]

    order_id = fields.Many2one(
        "sale.order", string="Deal", required=True, ondelete="cascade", readonly=True, index=True
    )
    number = fields.Integer(readonly=True, required=True)
    kind = fields.Selection(
        [
            ("asked", "Approval asked"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("withdrawn", "Request withdrawn"),
            ("confirmed", "Confirmed"),
            ("changed", "Changed after confirmation"),
            ("cancelled", "Cancelled"),
        ],
        string="Event",
        required=True,
        readonly=True,
    )
    date = fields.Datetime(readonly=True, required=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    reason_id = fields.Many2one("dealer.deviation.reason", readonly=True)
    comment = fields.Char(readonly=True)
    total = fields.Monetary(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    level = fields.Selection(
        selection=lambda self: (
            self.env["sale.order"]._fields["dealer_approval_level"]._description_selection(self.env)
        ),
        string="Approval Needed",
        readonly=True,
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True, index=True)
    snapshot = fields.Json(readonly=True)
    snapshot_html = fields.Html(string="Prices", compute="_compute_snapshot_html")

    _number_unique = models.UniqueIndex(
        "(order_id, number)", "Two people have changed this deal at the same moment. Try again."
    )

    @api.depends("order_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.order_id.name} / {version.number}"

    @api.depends("snapshot")
    def _compute_snapshot_html(self):
        for version in self:
            rows = (version.snapshot or {}).get("lines", [])
            version.snapshot_html = version._render_rows(rows) if rows else False

    def _render_rows(self, rows):
        """The lines of the deal as a small table."""
        cell = Markup("<td class='text-end'>%s</td>")
        head = Markup(
            "<tr><th>%s</th><th class='text-end'>%s</th><th class='text-end'>%s</th></tr>"
        )
        body = Markup("").join(
            Markup("<tr><td>%s</td>%s%s</tr>")
            % (row["name"], cell % f"{row['quantity']:g}", cell % f"{row['total']:,.2f}")
            for row in rows
        )
        return Markup("<table class='table table-sm'>%s%s</table>") % (
            head % (self.env._("Line"), self.env._("Quantity"), self.env._("Total")),
            body,
        )

    def write(self, vals):
        if self.env.su and set(vals) <= {"company_id"}:
            return super().write(vals)
        raise UserError(self.env._("Versions of a deal are kept as they were."))

    @api.ondelete(at_uninstall=True)
    def _unlink_never(self):
        """Versions go only together with a deal that never came to anything."""
        if not self.env.su:
            raise UserError(self.env._("Versions of a deal are kept as they were."))
