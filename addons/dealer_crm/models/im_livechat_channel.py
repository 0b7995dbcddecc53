from odoo import models

#: What Odoo calls a live chat that nobody has named.
UNNAMED = "YourWebsite.com"


class ImLivechatChannel(models.Model):
    """Visitors read with whom they chat."""

    _inherit = "im_livechat.channel"

    def _dealer_present_company(self, company, old_names=()):
        """Name live chats that nobody has named after their company.

        :param old_names: names that the company had until now
        """
        self.filtered(lambda chat: chat.name in (UNNAMED, *old_names)).name = company.name
