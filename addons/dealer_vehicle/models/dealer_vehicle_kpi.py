from odoo import api, fields, models
from odoo.fields import Domain


class DealerVehicle(models.Model):
    """Key figures of the stock that are no plain sum of a stored field."""

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_kpi_stock_domain(self, scope):
        """Cars in stock now, in one store when asked."""
        domain = Domain("status", "in", ("in_stock", "reserved"))
        if scope.store_id:
            domain &= Domain("warehouse_id", "=", scope.store_id)
        return domain

    @api.model
    def _dealer_kpi_stock_age(self, scope):
        """Average days in stock, from the number of cars that came in on each day."""
        domain = self._dealer_kpi_stock_domain(scope) & Domain("date_in", "!=", False)
        today = fields.Date.context_today(self)
        days = units = 0
        for arrival, count in self._read_group(domain, ["date_in:day"], ["__count"]):
            days += (today - arrival).days * count
            units += count
        return (days / units if units else None), domain

    @api.model
    def _dealer_kpi_stock_age_rows(self, rows, scope):
        """The same from the cars one by one."""
        return sum(rows.mapped("days_in_stock")) / len(rows) if rows else None

    @api.model
    def _dealer_kpi_stock_value(self, scope):
        """Cost of the cars in stock; only for people who may see costs, of their stores."""
        domain = self._dealer_kpi_stock_domain(scope) & self._dealer_get_cost_domain()
        return sum(self.search(domain).mapped("unit_cost")), domain

    @api.model
    def _dealer_kpi_stock_value_rows(self, rows, scope):
        """The same from the cost sources of the cars one by one."""
        # sudo: who may see the figure need not read the purchases and costs behind it
        return sum(
            source["value"]
            for vehicle in rows.sudo()
            for source in vehicle._get_cost_sources()
            if source["kind"] != "late"
        )
