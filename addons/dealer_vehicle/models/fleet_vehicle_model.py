from odoo import api, fields, models
from odoo.tools import SQL


class FleetVehicleModel(models.Model):
    """A trim of the catalogue (车型): what a car technically is."""

    _inherit = "fleet.vehicle.model"

    dealer_series_id = fields.Many2one(
        "dealer.vehicle.series", string="Series", index="btree_not_null", ondelete="restrict"
    )
    dealer_code = fields.Char(string="Model Code", index="btree_not_null")
    dealer_displacement_ml = fields.Integer(string="Displacement (ml)")
    dealer_product_id = fields.Many2one(
        "product.product",
        string="Traded As",
        index="btree_not_null",
        ondelete="restrict",
        help="Product under which new cars of this trim are bought and sold.",
    )
    dealer_guide_price_ids = fields.One2many(
        "dealer.guide.price", "model_id", string="Guide Prices"
    )
    dealer_currency_id = fields.Many2one("res.currency", compute="_compute_guide_price")
    guide_price = fields.Monetary(
        compute="_compute_guide_price", currency_field="dealer_currency_id"
    )
    dealer_vehicle_ids = fields.One2many("dealer.vehicle", "model_id", string="Cars")
    dealer_vehicle_count = fields.Integer(
        string="Number of Cars", compute="_compute_dealer_vehicle_count"
    )

    _dealer_code_unique = models.UniqueIndex(
        "(dealer_code) WHERE dealer_code IS NOT NULL",
        "Another trim has this model code already.",
    )

    @api.depends("dealer_guide_price_ids.price", "dealer_guide_price_ids.date_from")
    @api.depends_context("company", "dealer_price_date")
    def _compute_guide_price(self):
        """Price in force today; the company's own price goes before the general one."""
        self.env["dealer.guide.price"].flush_model()
        today = self.env.context.get("dealer_price_date") or fields.Date.context_today(self)
        company = self.env.company
        rows = {}
        if self.ids:
            rows = {
                model_id: (price, currency_id)
                for model_id, price, currency_id in self.env.execute_query(
                    SQL(
                        """
                        SELECT DISTINCT ON (model_id) model_id, price, currency_id
                          FROM dealer_guide_price
                         WHERE model_id IN %s AND date_from <= %s
                           AND (company_id IS NULL OR company_id = %s)
                      ORDER BY model_id, company_id NULLS LAST, date_from DESC
                        """,
                        tuple(self.ids),
                        today,
                        company.id,
                    )
                )
            }
        for model in self:
            price, currency_id = rows.get(model.id, (0.0, company.currency_id.id))
            model.guide_price = price
            model.dealer_currency_id = currency_id

    def _dealer_get_guide_price(self, currency):
        """Guide price in force, in ``currency``; importers publish some in their own money."""
        return self.dealer_currency_id._convert(
            self.guide_price, currency, self.env.company, fields.Date.context_today(self)
        )

    def _compute_dealer_vehicle_count(self):
        counts = dict(
            self.env["dealer.vehicle"]._read_group(
                [("model_id", "in", self.ids)], ["model_id"], ["__count"]
            )
        )
        for model in self:
            model.dealer_vehicle_count = counts.get(model, 0)

    # === PRODUCT ===
    def _dealer_get_or_create_product(self):
        """Product under which every new car of this trim is traded."""
        self.ensure_one()
        if not self.dealer_product_id:
            self.lock_for_update()  # two first cars of a trim at once must not make two products
            self.dealer_product_id = self.env["product.product"].create(
                self._dealer_prepare_product_vals("shared")
            )
        return self.dealer_product_id

    def _dealer_full_name(self):
        """Brand, series and trim; catalogues often repeat the former in the latter."""
        self.ensure_one()
        full = self.name
        for prefix in (self.dealer_series_id.name, self.brand_id.name):
            if prefix and prefix not in full:
                full = f"{prefix} {full}"
        return full

    def _dealer_prepare_product_vals(self, policy):
        """Values of a product for cars of this trim under a policy."""
        self.ensure_one()
        xmlid = {"shared": "new", "own": "used", "consigned": "consigned"}[policy]
        category = self.env.ref(f"dealer_vehicle.product_category_{xmlid}_car")
        return {
            "name": self._dealer_full_name(),
            "default_code": self.dealer_code if policy == "shared" else False,
            "categ_id": category.id,
            "type": "consu",
            "is_storable": True,
            "tracking": "serial",
            "lot_valuated": policy == "shared",
            "invoice_policy": "order",
            "purchase_method": "purchase",
            "list_price": self._dealer_price_without_tax(
                self._dealer_get_guide_price(self.env.company.currency_id)
            ),
        }

    def _dealer_price_without_tax(self, price):
        """What a product must cost for its customer to pay ``price``, tax included."""
        tax = self.env.company._dealer_get_car_tax() or self.env.company.account_sale_tax_id
        if not price or not tax or tax.price_include:
            return price
        return tax._get_tax_details(
            price, quantity=1, rounding_method="round_globally", special_mode="total_included"
        )["total_excluded"]
