from odoo import models

#: What Odoo calls a website that nobody has named.
UNNAMED = "My Website"


class Website(models.Model):
    """Customers read on each page of the portal whose website it is."""

    _inherit = "website"

    def _dealer_present_company(self, old_names=()):
        """Name websites that nobody has named after their company, without Odoo's sample logo.

        :param old_names: names that the company had until now
        """
        for website in self:
            if website.name == UNNAMED:
                website.logo = False
            if website.name in (UNNAMED, *old_names):
                website.name = website.company_id.name
            if "channel_id" in website._fields:  # of the addon that puts chats on websites
                website.channel_id._dealer_present_company(website.company_id, old_names)
