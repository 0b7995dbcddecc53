from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerDeviation(models.Model):
    """The leak ledger: what each confirmed deal gave away against policy, and why.

    Written when a deal is confirmed, changed or cancelled, from the prices of that moment; nobody
    edits it. What a later change replaces stays as void, so that the ledger shows that too.
    """

    _name = "dealer.deviation"
    _description = "Price Deviation"
    _order = "date desc, id desc"
    _rec_names_search = ["order_id"]

    order_id = fields.Many2one(
        "sale.order", string="Deal", required=True, readonly=True, ondelete="cascade", index=True
    )
    line_id = fields.Many2one(
        "sale.order.line", readonly=True, ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        [("granted", "Granted"), ("void", "Void")],
        readonly=True,
        required=True,
        default="granted",
        help="Void: the deal was cancelled, or its price changed again.",
    )
    kind = fields.Selection(
        [
            ("discount", "Car discount"),
            ("accessory", "Accessory discount"),
            ("service", "Service or fee let off"),
            ("gift", "Gift"),
            ("trade_in", "Over-allowance"),
            ("agency", "Taxes of the buyer"),
            ("unappraised", "Old car without a value"),
        ],
        readonly=True,
        required=True,
    )
    date = fields.Date(readonly=True, required=True)
    reason_id = fields.Many2one("dealer.deviation.reason", readonly=True, ondelete="restrict")
    note = fields.Text(readonly=True)
    level = fields.Selection(
        selection=lambda self: (
            self.env["sale.order"]._fields["dealer_approval_level"]._description_selection(self.env)
        ),
        string="Approval Needed",
        readonly=True,
        required=True,
    )
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True, index=True)
    approver_id = fields.Many2one("res.users", string="Approved By", readonly=True)
    approved_on = fields.Datetime(readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    vehicle_id = fields.Many2one("dealer.vehicle", string="Car", readonly=True)
    model_id = fields.Many2one("fleet.vehicle.model", string="Trim", readonly=True)
    series_id = fields.Many2one("dealer.vehicle.series", readonly=True)
    brand_id = fields.Many2one("fleet.vehicle.model.brand", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", string="Store", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    rule_id = fields.Many2one("dealer.price.rule", readonly=True, ondelete="set null")
    listed = fields.Monetary(
        string="List Price", readonly=True, help="Promotions taken off, tax included."
    )
    floor = fields.Monetary(string="Floor Price", readonly=True)
    price = fields.Monetary(string="Price Agreed", readonly=True)
    amount = fields.Monetary(
        string="Given Away", readonly=True, help="List price less price agreed, tax included."
    )
    beyond = fields.Monetary(
        string="Beyond Authority",
        readonly=True,
        help="What was given away beyond the authority of the consultant, tax included.",
    )
    cost = fields.Monetary(
        string="Cost in Gross",
        readonly=True,
        groups="dealer_base.group_vehicle_cost",
        help="What the deviation takes from our gross: without tax; gifts at their cost.",
    )
    is_below_cost = fields.Boolean(
        string="Below Cost", readonly=True, groups="dealer_base.group_vehicle_cost"
    )

    _granted_unique = models.UniqueIndex(
        "(order_id, line_id, kind) WHERE state = 'granted' AND line_id IS NOT NULL",
        "This deviation is in the ledger already.",
    )

    @api.depends("order_id.display_name", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for deviation in self:
            deviation.display_name = f"{deviation.order_id.display_name}, {kinds[deviation.kind]}"

    def write(self, vals):
        self._check_ledger()
        return super().write(vals)

    def unlink(self):
        self._check_ledger()
        return super().unlink()

    def _check_ledger(self):
        if not self.env.su:
            raise UserError(self.env._("The ledger of deviations is kept as it was written."))
