from odoo import api, fields, models


class DealerMarketFigure(models.Model):
    """Cars that a series sold in a month, ours and those of others, as a source published them."""

    _name = "dealer.market.figure"
    _description = "Market Figure"
    _inherit = ["dealer.derived.mixin"]
    _order = "month desc, units desc, id"
    _rec_name = "series"

    month = fields.Date(required=True, index=True, help="The first day of the month.")
    region = fields.Char(default="CN", required=True, help="Country or place of the figures.")
    source = fields.Char(required=True, index=True)
    kind = fields.Selection(
        [("series", "Series"), ("market", "Whole market")], required=True, default="series"
    )
    brand = fields.Char(required=True, index=True)
    series = fields.Char()
    units = fields.Integer(required=True)
    share = fields.Float(
        "Share (%)",
        compute="_compute_share",
        digits=(6, 2),
        aggregator=None,
        help="Of the whole market of the month where the source states it, else of all series that"
        " the source lists.",
    )
    brand_id = fields.Many2one(
        "fleet.vehicle.model.brand",
        "Brand in Our Catalogue",
        compute="_compute_brand_id",
        store=True,
        index="btree_not_null",
    )

    _figure_once = models.UniqueIndex(
        "(source, region, month, kind, brand, COALESCE(series, ''))",
        "This figure of the month is there already.",
    )
    _month_first_day = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A month is written as its first day."
    )
    _units_not_negative = models.Constraint("CHECK (units >= 0)", "Units may not be negative.")

    @api.depends("brand")
    def _compute_brand_id(self):
        brands = self.env["fleet.vehicle.model.brand"].search(
            [("name", "in", self.mapped("brand"))]
        )
        by_name = {brand.name: brand for brand in brands}
        for figure in self:
            figure.brand_id = by_name.get(figure.brand, False)

    @api.depends("units", "month", "source", "region", "kind")
    def _compute_share(self):
        """One query for the totals of all months that are shown."""
        self.flush_model(["units", "month", "source", "region", "kind"])
        totals = self._get_totals(
            [("month", "in", self.mapped("month")), ("source", "in", self.mapped("source"))]
        )
        for figure in self:
            total = totals.get((figure.source, figure.region, figure.month))
            figure.share = 100.0 * figure.units / total if total else 0

    @api.model
    def _get_totals(self, domain):
        """Units of the market by source, region and month: the stated total, else the sum."""
        totals = {}
        for source, region, month, kind, units in self._read_group(
            domain, ["source", "region", "month:day", "kind"], ["units:sum"]
        ):
            key = (source, region, month)
            if kind == "market" or key not in totals:
                totals[key] = units
        return totals

    @api.model
    def _get_brand_shares(self, month, source, region="CN"):
        """Share of each brand in a month, in per cent, the largest first.

        :return: list of ``(brand, units, share)``
        """
        domain = [("month", "=", month), ("source", "=", source), ("region", "=", region)]
        total = self._get_totals(domain).get((source, region, fields.Date.to_date(month)))
        rows = self._read_group(
            [*domain, ("kind", "=", "series")], ["brand"], ["units:sum"], order="units:sum desc"
        )
        return [(brand, units, 100.0 * units / total) for brand, units in rows if total]
