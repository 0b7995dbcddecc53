from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.phone import phone_key


class ResPartner(models.Model):
    """Storage only: what the law keeps of a person is used for nothing else (PIPL Art. 47)."""

    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _dealer_find_restricted(self, phones=(), ids=()):
        """People whose data are only stored, as superuser.

        :param phones: telephone numbers as somebody typed them
        :param ids: ids of partners
        """
        country = self.env.company.country_id.code
        keys = {phone_key(phone, country) for phone in phones if phone} - {""}
        ids = [partner_id for partner_id in ids if partner_id]
        if not keys and not ids:
            return self.sudo().browse()  # sudo: as below
        # sudo: whoever looks after the person; nothing of the person is shown
        people = self.sudo().with_context(active_test=False)
        return people.search(
            Domain("dealer_restricted", "=", True)
            & (Domain("id", "in", ids) | Domain("dealer_phone_key", "in", list(keys)))
        )

    @api.model
    def _dealer_check_usable(self, phones=(), ids=()):
        """Nobody works with data that are only stored.

        :raise UserError: says so, and nothing of the person
        """
        if self._dealer_find_restricted(phones, ids):
            raise UserError(self._dealer_get_restricted_text())

    @api.model
    def _dealer_get_restricted_text(self):
        return self.env._(
            "This person asked for erasure. The data are only stored because a law demands it,"
            " and used for nothing else: no inquiry, no visit, no care, no message."
        )

    def _dealer_get_opened_ids(self):
        """OVERRIDE dealer_crm: nobody but those who handle personal data, not even the owner."""
        # sudo: only whether the data are stored and nothing else
        restricted = self.sudo().filtered("dealer_restricted")
        return super()._dealer_get_opened_ids() - set(restricted._origin.ids)

    def _dealer_end_follow_up(self):
        """Nobody calls or writes any more: open leads without an order and care tasks end."""
        leads = self._dealer_get_all_leads().filtered(
            lambda lead: "sale" not in lead.order_ids.mapped("state")
        )
        leads._dealer_end_follow_up()
        tasks = self.env["dealer.care.task"].search([("partner_id", "in", self.ids)])
        tasks._close("skipped", skip_reason="consent")
