from collections import namedtuple
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

#: Figures of the new cars of a period: average and closing stock, deliveries, days that have passed
Turnover = namedtuple("Turnover", "average closing delivered days")


class DealerVehicle(models.Model):
    """Key figures of stock against sales, over the new cars that stood here in a period.

    A car counts for each evening on which it was in stock: in on the day of its arrival, out on
    the day of its delivery. A period that has not ended counts until today. The record of a car
    knows its latest stay only, so a car that came back counts from its return on.
    """

    _inherit = "dealer.vehicle"  # pylint: disable=consider-merging-classes-inherited

    # === ROWS ===
    @api.model
    def _dealer_kpi_turnover_domain(self, scope):
        """New cars that were in stock on some evening of the period or left in it."""
        domain = (
            Domain("kind", "=", "new")
            & Domain("date_in", "!=", False)
            & Domain("date_in", "<=", scope.date_to)
            & (Domain("date_out", "=", False) | Domain("date_out", ">=", scope.date_from))
        )
        if scope.store_id:
            sold = Domain("status", "=", "sold") & Domain(
                "sale_line_id.order_id.warehouse_id", "=", scope.store_id
            )
            domain &= Domain("warehouse_id", "=", scope.store_id) | sold
        return domain

    @api.model
    def _dealer_kpi_turnover_end(self, scope):
        """Last day that counts: a period in progress ends today."""
        return min(scope.date_to, fields.Date.context_today(self))

    @api.model
    def _dealer_kpi_turnover_figures(self, scope):
        """The figures of the period in one statement; the rules of the reader apply."""
        domain = self._dealer_kpi_turnover_domain(scope)
        end = self._dealer_kpi_turnover_end(scope)
        days = (end - scope.date_from).days + 1
        self.flush_model(["date_in", "date_out", "status", "kind"])
        [(evenings, closing, delivered)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(GREATEST(
                           LEAST(COALESCE(date_out, %(after)s), %(after)s)
                           - GREATEST(date_in, %(first)s), 0)), 0),
                       COUNT(*) FILTER (WHERE date_in <= %(last)s
                                          AND (date_out IS NULL OR date_out > %(last)s)),
                       COUNT(*) FILTER (WHERE status = 'sold'
                                          AND date_out BETWEEN %(first)s AND %(last)s)
                  FROM dealer_vehicle
                 WHERE id IN %(ids)s
                """,
                first=scope.date_from,
                last=end,
                after=end + timedelta(days=1),
                ids=self._search(domain).subselect(),
            )
        )
        average = evenings / days if days > 0 else 0
        return Turnover(average, closing, delivered, days), domain

    def _dealer_kpi_turnover_from_rows(self, scope):
        """The same from the cars one by one, for the test of all figures."""
        end = self._dealer_kpi_turnover_end(scope)
        after = end + timedelta(days=1)
        days = (after - scope.date_from).days
        evenings = closing = delivered = 0
        for car in self:
            left = min(car.date_out or after, after)
            evenings += max((left - max(car.date_in, scope.date_from)).days, 0)
            closing += car.date_in <= end and not (car.date_out and car.date_out <= end)
            delivered += bool(
                car.status == "sold" and car.date_out and scope.date_from <= car.date_out <= end
            )
        return Turnover(evenings / days if days > 0 else 0, closing, delivered, days)

    # === FIGURES ===
    @api.model
    def _dealer_turnover_days(self, figures):
        """Days in which the average stock is sold once: average / (deliveries / days)."""
        return figures.average * figures.days / figures.delivered if figures.delivered else None

    @api.model
    def _dealer_stock_sales_ratio(self, figures):
        """Cars in stock at the end for each car delivered in the period."""
        return figures.closing / figures.delivered if figures.delivered else None

    @api.model
    def _dealer_days_supply(self, figures):
        """Days for which the closing stock lasts at the pace of the period."""
        return figures.closing * figures.days / figures.delivered if figures.delivered else None

    @api.model
    def _dealer_turns(self, figures):
        """How often the average stock is sold in a year of 360 days."""
        if not figures.average or figures.days <= 0:
            return None
        return figures.delivered / figures.average * 360 / figures.days

    @api.model
    def _dealer_kpi_turnover_days(self, scope):
        """Turnover in days (周转天数)."""
        figures, domain = self._dealer_kpi_turnover_figures(scope)
        return self._dealer_turnover_days(figures), domain

    @api.model
    def _dealer_kpi_turnover_days_rows(self, rows, scope):
        """The same from the cars."""
        return self._dealer_turnover_days(rows._dealer_kpi_turnover_from_rows(scope))

    @api.model
    def _dealer_kpi_stock_sales(self, scope):
        """Stock/sales ratio (存销比)."""
        figures, domain = self._dealer_kpi_turnover_figures(scope)
        return self._dealer_stock_sales_ratio(figures), domain

    @api.model
    def _dealer_kpi_stock_sales_rows(self, rows, scope):
        """The same from the cars."""
        return self._dealer_stock_sales_ratio(rows._dealer_kpi_turnover_from_rows(scope))

    @api.model
    def _dealer_kpi_days_supply(self, scope):
        """Days of supply (可供应天数)."""
        figures, domain = self._dealer_kpi_turnover_figures(scope)
        return self._dealer_days_supply(figures), domain

    @api.model
    def _dealer_kpi_days_supply_rows(self, rows, scope):
        """The same from the cars."""
        return self._dealer_days_supply(rows._dealer_kpi_turnover_from_rows(scope))

    @api.model
    def _dealer_kpi_turns(self, scope):
        """Turns a year (年周转次数)."""
        figures, domain = self._dealer_kpi_turnover_figures(scope)
        return self._dealer_turns(figures), domain

    @api.model
    def _dealer_kpi_turns_rows(self, rows, scope):
        """The same from the cars."""
        return self._dealer_turns(rows._dealer_kpi_turnover_from_rows(scope))

    # === RETURN ON STOCK ===
    @api.model
    def _dealer_kpi_gmroi(self, scope):
        """Gross a year for each yuan in stock; only for people who may see costs, of their stores.

        Posted front gross of these cars in the period, times 365 / days, divided by the average
        cost of the stock: the cost of each car times its evenings, divided by the days.
        """
        domain = self._dealer_kpi_turnover_domain(scope) & self._dealer_get_cost_domain()
        return self._dealer_kpi_gmroi_rows(self.search(domain), scope), domain

    @api.model
    def _dealer_kpi_gmroi_rows(self, rows, scope):
        """The same from the cars."""
        end = self._dealer_kpi_turnover_end(scope)
        after = end + timedelta(days=1)
        cost = sum(
            car.unit_cost
            * max(
                (min(car.date_out or after, after) - max(car.date_in, scope.date_from)).days,
                0,
            )
            for car in rows
        )
        [(gross,)] = self.env["dealer.vehicle.margin.report"]._read_group(
            [
                ("vehicle_id", "in", rows.ids),
                ("date", ">=", scope.date_from),
                ("date", "<=", end),
            ],
            aggregates=["margin:sum"],
        )
        return (gross or 0) * 365 / cost if cost else None
