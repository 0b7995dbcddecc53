from odoo import api, models
from odoo.fields import Domain


class DealerDefeat(models.Model):
    """How many of the cards in hand are lost."""

    _inherit = "dealer.defeat"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_kpi_defeat_rate(self, scope):
        """Agreed defeats, divided by them and the cards carried in, with the defeats."""
        start, end = self.env["crm.lead"]._dealer_kpi_bounds(scope)
        domain = (
            Domain("state", "in", ("agreed", "revived"))
            & Domain("reviewed_on", ">=", start)
            & Domain("reviewed_on", "<", end)
        )
        if scope.store_id:
            domain &= Domain("store_id", "=", scope.store_id)
        if scope.person_id:
            domain &= Domain("user_id", "=", scope.person_id)
        return self._dealer_kpi_defeat_share(self.search_count(domain), scope), domain

    @api.model
    def _dealer_kpi_defeat_rate_rows(self, rows, scope):
        """The same from the defeats one by one."""
        return self._dealer_kpi_defeat_share(len(rows), scope)

    @api.model
    def _dealer_kpi_defeat_share(self, defeats, scope):
        Lead = self.env["crm.lead"]
        start = Lead._dealer_kpi_bounds(scope)[0]
        _count, cards = Lead._dealer_kpi_cards(scope)
        base = defeats + Lead.search_count(cards & Domain("dealer_carded_on", "<", start))
        return defeats / base * 100 if base else None
