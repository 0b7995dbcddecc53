from odoo import api, fields, models
from odoo.fields import Command, Domain


class DealerLeadWish(models.Model):
    """A car that a customer would like: as exactly as he knows himself.

    Brand, series and trim follow from one another; colours are his first, second and third choice.
    """

    _name = "dealer.lead.wish"
    _description = "Wished Car"
    _rec_names_search = ["lead_id"]
    _inherit = "dealer.linked.mixin"
    _order = "lead_id, sequence, id"

    _linked_fields = {"lead_id": "write"}

    lead_id = fields.Many2one("crm.lead", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="lead_id.company_id")
    currency_id = fields.Many2one(related="lead_id.company_currency")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("new", "New car"), ("used", "Used car"), ("any", "New or used")],
        string="Condition",
        required=True,
        default="new",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model", string="Trim", index="btree_not_null", ondelete="restrict"
    )
    series_id = fields.Many2one(
        "dealer.vehicle.series",
        compute="_compute_series_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        compute="_compute_brand_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    color_1_id = fields.Many2one(
        "product.attribute.value",
        string="1st Colour",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        ondelete="restrict",
    )
    color_2_id = fields.Many2one(
        "product.attribute.value",
        string="2nd Colour",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        ondelete="restrict",
    )
    color_3_id = fields.Many2one(
        "product.attribute.value",
        string="3rd Colour",
        domain=lambda self: self.env["dealer.vehicle"]._dealer_color_domain("exterior"),
        ondelete="restrict",
    )
    budget = fields.Monetary(help="What the customer wants to spend at most, drive-away.")
    payment = fields.Selection(
        [("cash", "In full"), ("loan", "Loan"), ("lease", "Leasing")],
        help="How the customer wants to pay.",
    )
    note = fields.Char()
    match_ids = fields.One2many("dealer.wish.match", "wish_id", string="Matching Cars")

    _budget_positive = models.Constraint(
        "CHECK (budget >= 0)", "A budget cannot be negative. Leave it empty when it is not known."
    )

    @api.depends("model_id")
    def _compute_series_id(self):
        for wish in self:
            wish.series_id = wish.model_id.dealer_series_id or wish.series_id

    @api.depends("model_id", "series_id")
    def _compute_brand_id(self):
        for wish in self:
            wish.brand_id = wish.model_id.brand_id or wish.series_id.brand_id or wish.brand_id

    @api.depends("model_id", "series_id", "brand_id")
    def _compute_display_name(self):
        for wish in self:
            car = wish.model_id or wish.series_id or wish.brand_id
            wish.display_name = car.display_name or wish.note or self.env._("Any car")

    def _get_colors(self):
        """Wished colours, the first choice first."""
        self.ensure_one()
        return self.color_1_id | self.color_2_id | self.color_3_id

    # === ORDER ===
    def _prepare_sale_line_vals(self):
        """Line of a quotation for the wished trim; its car is named later."""
        self.ensure_one()
        # sudo: the first customer of a trim makes its product, whoever serves him
        product = self.model_id.sudo()._dealer_get_or_create_product()
        return {
            "product_id": product.id,
            "product_uom_qty": 1,
            "dealer_color_wish_1_id": self.color_1_id.id,
            "dealer_color_wish_2_id": self.color_2_id.id,
            "dealer_color_wish_3_id": self.color_3_id.id,
        }

    # === MATCH ===
    @api.model
    def _get_open_domain(self):
        """Wishes of customers who still look for a car and whom somebody looks after."""
        return Domain("lead_id.dealer_level_id.kind", "in", ("new", "intention")) & Domain(
            "lead_id.active", "=", True
        )

    def _fits(self, vehicle):
        """Whether a car is what the customer looks for; what he did not say fits."""
        self.ensure_one()
        colors = self._get_colors()
        price = vehicle.list_price
        return (
            (self.lead_id.company_id or vehicle.company_id) == vehicle.company_id
            and self.kind in ("any", "used" if vehicle.kind == "used" else "new")
            and (not self.model_id or self.model_id == vehicle.model_id)
            and (not self.series_id or self.series_id == vehicle.series_id)
            and (not self.brand_id or self.brand_id == vehicle.brand_id)
            and (not colors or vehicle.exterior_color_id in colors)
            and not (self.budget and price and price > self.budget)
            and bool(self.model_id or self.series_id or self.brand_id)
        )

    @api.model
    def _match_vehicles(self, vehicles):
        """Find the customers who wait for these cars; each hears of a car once.

        :return: the new matches
        """
        free = vehicles.filtered_domain(self._get_vehicle_domain())
        if not free:
            return self.env["dealer.wish.match"]
        domain = self._get_open_domain() & (
            Domain("brand_id", "in", free.brand_id.ids)
            | Domain("series_id", "in", free.series_id.ids)
            | Domain("model_id", "in", free.model_id.ids)
        )
        wishes = self.search(domain)
        known = {
            (match.wish_id.id, match.vehicle_id.id)
            for match in self.env["dealer.wish.match"].search(
                [("wish_id", "in", wishes.ids), ("vehicle_id", "in", free.ids)]
            )
        }
        matches = self.env["dealer.wish.match"].create(
            [
                {"wish_id": wish.id, "vehicle_id": vehicle.id, "price": vehicle.list_price}
                for wish in wishes
                for vehicle in free
                if wish._fits(vehicle) and (wish.id, vehicle.id) not in known
            ]
        )
        matches._tell_owners()
        return matches

    @api.model
    def _get_vehicle_domain(self):
        return (
            Domain("status", "=", "in_stock")
            & Domain("for_sale", "=", True)
            & Domain("blocked", "=", False)
        )

    @api.model
    def _prepare_commands(self, vals_list):
        """Commands that add wishes to a lead; for imports and forms of other channels."""
        return [Command.create(vals) for vals in vals_list]
