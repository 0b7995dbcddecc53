from odoo import fields, models
from odoo.tools import SQL


class DealerMarketShare(models.Model):
    """Share of each brand in each month, to be drawn over time."""

    _name = "dealer.market.share"
    _description = "Market Share"
    _auto = False
    _order = "month desc, units desc"
    _rec_name = "brand"

    month = fields.Date(readonly=True)
    source = fields.Char(readonly=True)
    region = fields.Char(readonly=True)
    brand = fields.Char(readonly=True)
    brand_id = fields.Many2one("fleet.vehicle.model.brand", "Brand in Our Catalogue", readonly=True)
    units = fields.Integer(readonly=True)
    total = fields.Integer("Market", readonly=True, aggregator="max")
    share = fields.Float("Share (%)", readonly=True, digits=(6, 2), aggregator="avg")

    @property
    def _table_query(self):
        return SQL(
            """
            WITH month AS (
                SELECT month, source, region,
                       COALESCE(SUM(units) FILTER (WHERE kind = 'market'), SUM(units)) AS total
                  FROM dealer_market_figure
              GROUP BY month, source, region)
            SELECT MIN(figure.id) AS id, figure.month, figure.source, figure.region, figure.brand,
                   MIN(figure.brand_id) AS brand_id, SUM(figure.units) AS units, month.total,
                   100.0 * SUM(figure.units) / NULLIF(month.total, 0) AS share
              FROM dealer_market_figure figure
              JOIN month USING (month, source, region)
             WHERE figure.kind = 'series'
          GROUP BY figure.month, figure.source, figure.region, figure.brand, month.total
            """
        )
