from odoo import api, models

from ..models.dealer_masked_mixin import mask_phone


class SmsComposer(models.TransientModel):
    """A text message reaches the customer although its writer sees stars."""

    _inherit = "sms.composer"

    def _compute_recipient_single_stored(self):
        """OVERRIDE sms: stars instead of the number."""
        result = super()._compute_recipient_single_stored()
        for composer in self:
            number = composer._dealer_get_hidden_number()
            if number and composer.recipient_single_number_itf == number:
                composer.recipient_single_number_itf = mask_phone(number)
        return result

    @api.depends_context("uid")
    def _compute_recipient_single_non_stored(self):
        """OVERRIDE sms: see ``_compute_recipient_single_stored``."""
        result = super()._compute_recipient_single_non_stored()
        for composer in self:
            number = composer._dealer_get_hidden_number()
            if number:
                composer.recipient_single_number = mask_phone(number)
        return result

    def _compute_recipient_single_valid(self):
        """OVERRIDE sms: the number behind the stars counts."""
        result = super()._compute_recipient_single_valid()
        for composer in self:
            number = composer._dealer_get_hidden_number()
            if number and composer._dealer_keeps_number(number):
                valid = composer._get_records()._phone_format(number=number)
                composer.recipient_single_valid = bool(valid)
        return result

    def _action_send_sms_comment_single(self, records=None):
        """OVERRIDE sms: who leaves the stars alone writes to the number behind them."""
        number = self._dealer_get_hidden_number()
        if number and self._dealer_keeps_number(number):
            return self._action_send_sms_comment(records)
        return super()._action_send_sms_comment_single(records)

    def _action_send_sms_numbers(self):
        """OVERRIDE sms: the same for a record without a chatter."""
        number = self._dealer_get_hidden_number()
        if number and not self.sanitized_numbers and self._dealer_keeps_number(number):
            self.numbers = number
            messages = super()._action_send_sms_numbers()
            self.numbers = False
            return messages
        return super()._action_send_sms_numbers()

    def _dealer_keeps_number(self, number):
        """Whether the user has not entered another number."""
        return self.recipient_single_number_itf in (False, "", mask_phone(number))

    def _dealer_get_hidden_number(self):
        """The number of the one recipient when the user sees it with stars, or an empty text."""
        if not self._dealer_needs_mask() or not self.comment_single_recipient:
            return ""
        record = self._get_records()
        if not record:
            return ""
        info = record._sms_get_recipients_info(force_field=self.number_field_name)[record.id]
        holder = info["partner"] if info["partner_store"] else record
        if not holder or not isinstance(holder, self.pool["dealer.masked.mixin"]):
            return ""
        is_open = holder.id in holder._dealer_get_opened_ids()
        return "" if is_open else info["sanitized"] or info["number"] or ""
