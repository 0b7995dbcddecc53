from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

SOURCES = [
    ("search", "Search at Zero Stock"),
    ("quote", "Unsold Quote"),
    ("backorder", "Back-Order"),
    ("hand", "Entered by Hand"),
]
REASONS = [
    ("no_stock", "Not in Stock"),
    ("lead_time", "Took Too Long"),
    ("unknown", "Unknown Part"),
    ("left", "Customer Left"),
    ("price", "Price Refused"),
]


#: What a lost sale says that was noted by itself.
CAPTURED = {"product_id", "quantity", "date", "warehouse_id", "partner_id", "source", "reason"}


class DealerLostSale(models.Model):
    """A part that was asked for, was not there and was not ordered (features P-07, idea 11).

    One need of one customer counts once in the whole group, however often and in however many
    stores it is asked for within the window. A refused price is kept, but is no demand.
    """

    _name = "dealer.lost.sale"
    _description = "Lost Sale"
    _order = "date desc, id desc"
    _rec_names_search = ["product_id", "asked_number"]
    _check_company_auto = True

    product_id = fields.Many2one(
        "product.product",
        string="Part",
        index=True,
        domain=[("dealer_is_part", "=", True)],
        ondelete="restrict",
    )
    asked_number = fields.Char(help="Number asked for, when nobody knows the part.")
    quantity = fields.Float(required=True, default=1.0, digits="Product Unit")
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    warehouse_id = fields.Many2one(
        "stock.warehouse", string="Store", required=True, index=True, check_company=True
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one("res.partner", string="Customer", index="btree_not_null")
    user_id = fields.Many2one(
        "res.users", string="Parts Keeper", default=lambda self: self.env.user
    )
    source = fields.Selection(SOURCES, required=True, default="hand")
    reason = fields.Selection(REASONS, required=True, default="no_stock")
    need_key = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Document that has the need, when it is not a customer at the counter.",
    )
    ask_count = fields.Integer(string="Times Asked", default=1, readonly=True, copy=False)
    is_ordered = fields.Boolean(
        string="Ordered",
        readonly=True,
        copy=False,
        help="The part was ordered for the customer after all, so the sale was not lost.",
    )
    is_demand = fields.Boolean(
        string="Counts as Demand",
        compute="_compute_is_demand",
        store=True,
        help="Not a refused price, and not ordered for the customer.",
    )
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        help="Quantity × price without VAT on the day; zero for a refused price.",
    )
    note = fields.Char()

    _quantity_positive = models.Constraint(
        "CHECK (quantity > 0)", "The quantity of a lost sale must be more than zero."
    )
    _part_named = models.Constraint(
        "CHECK (product_id IS NOT NULL OR asked_number IS NOT NULL)",
        "Name the part, or the number that was asked for.",
    )

    def write(self, vals):
        """What was captured stands; the parts manager corrects it."""
        if (
            CAPTURED & vals.keys()
            and not self.env.su
            and not self.env.user.has_group("dealer_base.group_parts_manager")
            and any(lost.source != "hand" for lost in self)
        ):
            raise AccessError(
                self.env._("This lost sale was noted by itself. The parts manager corrects it.")
            )
        return super().write(vals)

    @api.depends("reason", "is_ordered")
    def _compute_is_demand(self):
        for lost in self:
            lost.is_demand = lost.reason != "price" and not lost.is_ordered

    @api.depends("product_id", "quantity", "is_demand")
    def _compute_value(self):
        for lost in self:
            # sudo: taxes of the price, which a technician who asks may not read
            product = lost.product_id.sudo().with_company(lost.company_id)
            taxes = product.taxes_id.filtered_domain(
                [("company_id", "parent_of", lost.company_id.id)]
            )
            net = taxes.compute_all(
                product.lst_price, currency=lost.currency_id, quantity=lost.quantity
            )["total_excluded"]
            lost.value = net if product and lost.is_demand else 0.0

    @api.model
    def _dealer_get_need_domain(self, product, partner, need_key):
        """Lost sales of the same need: by its key, or of who asks for any part that would serve.

        Empty for strangers. The chain of a part may grow, so it is no part of a key.
        """
        if need_key:
            return Domain("need_key", "=", need_key)
        if not partner:
            return None
        return Domain("partner_id", "child_of", partner.commercial_partner_id.id) & Domain(
            "product_id", "in", product._dealer_get_same_need().ids
        )

    @api.model
    def _dealer_note_ordered(self, product, partner, ordered=True):
        """The part is ordered for who asked for it: no lost sale (features P-07); or not any more.

        :param ordered: False when the order was given up
        """
        same = self._dealer_get_need_domain(product, partner, None)
        if same is None:
            return
        days = int(self.env["dealer.parameter"]._get_value("lost_sale_window_days"))
        since = fields.Date.context_today(self) - timedelta(days=days)
        # sudo: a need counts once in the group, also when the other store is not ours to read
        known = self.sudo().search(
            same & Domain("date", ">", since) & Domain("is_ordered", "=", not ordered)
        )
        known.is_ordered = ordered

    @api.model
    def _dealer_capture(
        self, product, quantity, warehouse, source, partner=None, need_key=None, reason="no_stock"
    ):
        """Record a need that could not be served; the same need again only counts the asking.

        :param need_key: whose need it is, when the caller knows better than customer + part
        :return: the lost sale of this need
        """
        # sudo: a need counts once in the group, also when the other store is not ours to read
        everywhere = self.sudo()
        same = self._dealer_get_need_domain(product, partner, need_key)
        today = fields.Date.context_today(self)
        if same is not None:
            days = int(self.env["dealer.parameter"]._get_value("lost_sale_window_days"))
            who = need_key or partner.commercial_partner_id.id
            self.env.cr.execute(
                "SELECT pg_advisory_xact_lock(hashtext(%s))", [f"dealer_lost_sale:{who}"]
            )
            known = everywhere.search(
                same
                & Domain("date", ">", today - timedelta(days=days))
                & Domain("is_demand", "=", reason != "price"),
                limit=1,
            )
            if known:
                known.write(
                    {
                        "ask_count": known.ask_count + 1,
                        "quantity": max(known.quantity, quantity),
                    }
                )
                return known.with_env(self.env)
        lost = everywhere.create(
            {
                "product_id": product.id,
                "quantity": quantity,
                "warehouse_id": warehouse.id,
                "source": source,
                "reason": reason,
                "partner_id": partner.id if partner else False,
                "need_key": need_key,
                "user_id": self.env.uid,
                "date": today,
            }
        )
        return lost.with_env(self.env)
