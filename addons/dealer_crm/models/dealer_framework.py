from odoo import api, fields, models
from odoo.fields import Domain


class DealerFramework(models.Model):
    """What was agreed with a key account for all its orders of a time (框架协议)."""

    _name = "dealer.framework"
    _description = "Framework Agreement"
    _inherit = ["dealer.linked.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    _linked_fields = {"partner_id": "read"}

    name = fields.Char(string="Number", required=True, copy=False)
    active = fields.Boolean(default=True)
    partner_id = fields.Many2one(
        "res.partner", string="Key Account", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Salesperson", default=lambda self: self.env.user, tracking=True
    )
    date_from = fields.Date(required=True, default=fields.Date.context_today, tracking=True)
    date_to = fields.Date(required=True, tracking=True)
    quantity = fields.Integer(string="Cars Agreed", tracking=True)
    ordered = fields.Integer(
        string="Cars Ordered",
        compute="_compute_ordered",
        help="Cars of the account's confirmed orders within the time of the agreement.",
    )
    discount = fields.Float(string="Discount %", help="Off the guide price.", tracking=True)
    note = fields.Text(string="Terms")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "An agreement does not end before it begins."
    )
    _amounts_positive = models.Constraint(
        "CHECK (quantity >= 0 AND discount >= 0 AND discount <= 100)",
        "Cars and discount cannot be negative, and a discount is at most 100 %.",
    )

    @api.depends("partner_id", "date_from", "date_to")
    def _compute_ordered(self):
        Line = self.env["sale.order.line"]
        for framework in self:
            domain = Domain(
                [
                    ("order_id.partner_id", "child_of", framework.partner_id.ids),
                    ("company_id", "=", framework.company_id.id),
                    ("state", "=", "sale"),
                    ("dealer_deal_type", "=", "car"),
                    ("order_id.date_order", ">=", framework.date_from),
                    ("order_id.date_order", "<", fields.Date.add(framework.date_to, days=1)),
                ]
            )
            framework.ordered = int(sum(Line.search(domain).mapped("product_uom_qty")))
