from odoo import api, fields, models


class MailFollowers(models.Model):
    """Followers are read by everybody: the address of a customer only by who reads the customer."""

    _inherit = "mail.followers"

    # asked for each time: as a related field it would show what another read left in the cache
    email = fields.Char(compute="_compute_dealer_email", related=None)

    @api.depends_context("uid")
    @api.depends("partner_id.email")
    def _compute_dealer_email(self):
        """The mail of followers whose contact the user may read."""
        readable = self.partner_id._filtered_access("read")
        for follower in self:
            partner = follower.partner_id
            follower.email = partner.email if partner in readable else False

    def _to_store_defaults(self, target):
        """OVERRIDE mail: chatter shows the followers by name; their mail would need their file."""
        return [name for name in super()._to_store_defaults(target) if name != "email"]
