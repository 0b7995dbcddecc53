from odoo import api, fields, models


class DealerPartFitment(models.Model):
    """A car that a part fits: a brand, a series or a trim, within years and for an engine."""

    _name = "dealer.part.fitment"
    _description = "Fitment of a Part"
    _order = "brand_id, series_id, model_id, year_from, id"

    product_tmpl_id = fields.Many2one(
        "product.template", string="Part", required=True, index=True, ondelete="cascade"
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        string="Car Brand",
        compute="_compute_brand_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        index=True,
        ondelete="cascade",
    )
    series_id = fields.Many2one(
        "dealer.vehicle.series",
        compute="_compute_series_id",
        store=True,
        readonly=False,
        precompute=True,
        index="btree_not_null",
        ondelete="cascade",
        domain="[('brand_id', '=?', brand_id)]",
        help="Empty: all series of the brand.",
    )
    model_id = fields.Many2one(
        "fleet.vehicle.model",
        string="Trim",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('dealer_series_id', '=?', series_id)]",
        help="Empty: all trims of the series.",
    )
    year_from = fields.Integer(string="From Model Year", aggregator=None)
    year_to = fields.Integer(string="To Model Year", aggregator=None)
    engine = fields.Char(help="Type of engine, as EA888. Empty: all engines.")
    note = fields.Char(help="As: front left, with adaptive suspension only.")

    _years_in_order = models.Constraint(
        "CHECK (COALESCE(year_to, 0) = 0 OR year_to >= COALESCE(year_from, 0))",
        "The last model year is before the first one.",
    )
    _fitment_unique = models.UniqueIndex(
        "(product_tmpl_id, brand_id, COALESCE(series_id, 0), COALESCE(model_id, 0),"
        " COALESCE(year_from, 0), COALESCE(engine, ''), COALESCE(note, ''))",
        "This fitment is listed already.",
    )

    @api.depends("model_id")
    def _compute_series_id(self):
        for row in self:
            row.series_id = row.model_id.dealer_series_id or row.series_id

    @api.depends("series_id", "model_id")
    def _compute_brand_id(self):
        for row in self:
            row.brand_id = row.series_id.brand_id or row.model_id.brand_id or row.brand_id

    @api.depends("brand_id", "series_id", "model_id", "year_from", "year_to", "engine")
    def _compute_display_name(self):
        for row in self:
            car = row.model_id.name or row.series_id.name or ""
            years = "-".join(str(year) for year in (row.year_from, row.year_to) if year)
            words = (row.brand_id.name, car, years, row.engine)
            row.display_name = " ".join(word for word in words if word)

    @api.model
    def _get_domain(self, model, year=0, engine=""):
        """Rows that fit a car of this trim.

        :param model: ``fleet.vehicle.model`` record
        :param int year: model year; 0 when it is not known
        """
        series, brand = model.dealer_series_id, model.brand_id
        domain = fields.Domain("brand_id", "=", brand.id)
        domain &= fields.Domain("series_id", "in", [False, series.id])
        domain &= fields.Domain("model_id", "in", [False, model.id])
        if year:
            domain &= fields.Domain("year_from", "in", [False, 0]) | fields.Domain(
                "year_from", "<=", year
            )
            domain &= fields.Domain("year_to", "in", [False, 0]) | fields.Domain(
                "year_to", ">=", year
            )
        if engine:
            domain &= fields.Domain("engine", "in", [False, ""]) | fields.Domain(
                "engine", "=ilike", engine
            )
        return domain
