from odoo import models
from odoo.tools import html2plaintext

from ..tools.phone import phone_key


class ChatbotScriptStep(models.Model):
    """Who asks in the chat is found again by the telephone, as on the web form."""

    _inherit = "chatbot.script.step"

    def _chatbot_crm_prepare_lead_values(self, discuss_channel, description):
        """OVERRIDE crm_livechat: each bot has a source of its own, and all are one channel."""
        vals = super()._chatbot_crm_prepare_lead_values(discuss_channel, description)
        channel = self.env.ref("dealer_crm.dealer_channel_live_chat", raise_if_not_found=False)
        return {**vals, "dealer_channel_id": channel and channel.id}

    def _process_step_create_lead(self, discuss_channel):
        """OVERRIDE crm_livechat: one person, one open lead."""
        company = self.crm_team_id.company_id or self.env.company
        answers = discuss_channel._chatbot_find_customer_values_in_messages(
            {"question_phone": "phone"}
        )
        key = phone_key(answers.get("phone"), company.country_id.code)
        known = self.env["crm.lead"]._dealer_find_open([key], company).get(key) if key else None
        if not known:
            return super()._process_step_create_lead(discuss_channel)
        # sudo: a visitor reads neither the lead nor the channels
        known.sudo()._dealer_add_touch(
            text=html2plaintext(discuss_channel.sudo()._get_channel_history()),
            channel=self.env.ref("dealer_crm.dealer_channel_live_chat").sudo(),
        )
        return known
