from odoo import api, models
from odoo.fields import Domain


class UtmSource(models.Model):
    """Links name sources in Latin letters; people read what the channel is called here."""

    _inherit = "utm.source"

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """OVERRIDE utm: the name of the channel of a source, in the language of the reader."""
        result = super()._compute_display_name()
        channels = self.env["dealer.channel"].search(Domain("source_id", "in", self.ids))
        names = {channel.source_id.id: channel.name for channel in reversed(channels)}
        for source in self:
            source.display_name = names.get(source._origin.id) or source.display_name
        return result

    @api.model
    def _search_display_name(self, operator, value):
        """OVERRIDE utm: found by either name."""
        domain = Domain(super()._search_display_name(operator, value))
        if operator not in ("=", "in", "ilike", "=ilike", "like") or not value:
            return domain
        channels = self.env["dealer.channel"].search(Domain("name", operator, value))
        return domain | Domain("id", "in", channels.source_id.ids)
