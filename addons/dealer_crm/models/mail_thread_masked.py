from odoo import models
from odoo.exceptions import UserError

from .dealer_masked_mixin import STARS, mask_email


class MailThread(models.AbstractModel):
    """Letters to addresses that their writer sees with stars."""

    _inherit = "mail.thread"

    def _partner_find_from_emails(self, records_emails, *args, **kwargs):
        """OVERRIDE mail: an address with stars, as the screen got it, is the one behind them."""
        if any(STARS in email for emails in records_emails.values() for email in emails if email):
            records_emails = {
                record: record._dealer_reveal_emails(emails)
                for record, emails in records_emails.items()
            }
        return super()._partner_find_from_emails(records_emails, *args, **kwargs)

    def _dealer_reveal_emails(self, emails):
        """The addresses behind the stars.

        :raise UserError: nobody or more than one person is meant; no contact is made of stars
        """
        known = self._dealer_get_addresses() if self.id else set()
        result = []
        for email in emails:
            meant = [email]
            if email and STARS in email:
                meant = [address for address in known if mask_email(address) == mask_email(email)]
            if len(meant) != 1:
                raise UserError(
                    self.env._("Open the number first, or enter the new one completely.")
                )
            result += meant
        return result

    def _dealer_get_addresses(self):
        # sudo: nothing of it is shown
        rows = self.sudo()._message_get_suggested_recipients_batch(reply_discussion=True)
        return {row["email"] for row in rows[self.id] if row["email"]}
