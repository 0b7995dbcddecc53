from odoo import models


class SmsComposer(models.TransientModel):
    """No short message to people whose data are only stored."""

    _inherit = "sms.composer"  # pylint: disable=consider-merging-classes-inherited

    def _action_send_sms(self):
        """OVERRIDE sms: refuse what somebody writes by hand.

        :raise UserError: one of the people is storage only; a mass message leaves them out
        """
        if self.composition_mode != "mass":
            records = self._get_records()
            self.env["res.partner"]._dealer_check_usable(
                phones=[
                    *(self.sanitized_numbers or "").split(","),
                    self.recipient_single_number_itf,
                ],
                ids=self._dealer_get_people(records).ids,
            )
        return super()._action_send_sms()

    def _filter_out_and_handle_revoked_sms_values(self, sms_values_all):
        """OVERRIDE sms: leave people out whose data are only stored."""
        values = super()._filter_out_and_handle_revoked_sms_values(sms_values_all)
        records = self.env[self.res_model].browse(values)
        restricted = self.env["res.partner"]._dealer_find_restricted(
            ids=self._dealer_get_people(records).ids
        )
        return {
            record.id: values[record.id]
            for record in records
            if not self._dealer_get_people(record) & restricted
        }

    def _dealer_get_people(self, records):
        """The people behind documents, as superuser: only whether they may be written to."""
        people = self.env["res.partner"].sudo()  # sudo: see above
        if not records or "res.partner" == records._name:
            return people.browse(records.ids if records else [])
        if not isinstance(records, self.pool["mail.thread"]):
            return people
        # sudo: as above
        found = records.sudo()._mail_get_partners()
        return people.union(*found.values())
