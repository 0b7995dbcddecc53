from markupsafe import Markup

from odoo.tests import HttpCase, tagged

from .common import DealerCrmCommon


@tagged("post_install", "-at_install")
class TestWebsite(DealerCrmCommon, HttpCase):
    """The pages on which customers sign say whose they are."""

    def test_pages_are_those_of_the_dealership(self):
        website = self.env.ref("website.default_website")
        company = website.company_id
        company.write({"name": "Kunlun Cars (fictional)", "phone": "0512 5550 1234"})
        self.assertEqual(website.name, "Kunlun Cars (fictional)")
        order = self._quote(self._stock(), 110000)
        for url in (order.get_portal_url(), "/contactus"):
            page = self.url_open(url).text
            self.assertIn("0512 5550 1234", page)
            for sample in ("555-555", "yourcompany.example", "disruptive", "Company name"):
                self.assertNotIn(sample, page, url)

    def test_the_live_chat_goes_by_the_name_of_the_dealership(self):
        website = self.env.ref("website.default_website")
        chat = self.env.ref("im_livechat.im_livechat_channel_data")
        chat.name = "YourWebsite.com"
        website.channel_id = chat
        website.company_id.name = "Kunlun Cars (fictional)"
        self.assertEqual(chat.name, "Kunlun Cars (fictional)")
        chat.name = "Ask Dora"
        website.company_id.name = "Kunlun Motors (fictional)"
        self.assertEqual(chat.name, "Ask Dora")

    def _chat(self, phone):
        """Let a bot ask a visitor for the number and make the lead.

        :return: lead that the script step gives back
        """
        script = self.env["chatbot.script"].create({"title": "Asks for the number"})
        ask, make = self.env["chatbot.script.step"].create(
            [
                {"chatbot_script_id": script.id, "step_type": step, "message": step, "sequence": n}
                for n, step in enumerate(("question_phone", "create_lead"))
            ]
        )
        chat = self.env["discuss.channel"].create(
            {"name": "Visitor", "channel_type": "livechat", "chatbot_current_step_id": ask.id}
            | {"livechat_operator_id": script.operator_partner_id.id}
        )
        answer = chat.message_post(body=phone, message_type="comment")
        self.env["chatbot.message"].create(
            {
                "mail_message_id": answer.id,
                "discuss_channel_id": chat.id,
                "script_step_id": ask.id,
                "user_raw_answer": phone,
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()  # the next request reads the messages
        public = self.env.ref("base.public_user")
        return (
            make.with_user(public).sudo()._process_step_create_lead(chat.with_user(public).sudo())
        )

    def test_who_chats_is_found_again_too(self):
        first = self._chat("13700000124")
        self.assertEqual(first.dealer_channel_id.code, "live_chat")
        again = self._chat("137 0000 0124")
        self.assertEqual(again, first)
        self.assertEqual(len(first.dealer_touch_ids), 2)
        self.assertEqual(first.dealer_last_channel_id.code, "live_chat")
        self.assertIn("0124", first.dealer_touch_ids[:1].text)

    def test_a_name_of_its_own_stays(self):
        website = self.env.ref("website.default_website")
        website.name = "Cars of the East"
        website.company_id.name = "Kunlun Cars (fictional)"
        self.assertEqual(website.name, "Cars of the East")

    def _ask(self, phone="13700000123", **vals):
        """What the form of the contact page sends."""
        answer = self.url_open(
            "/website/form/crm.lead",
            data={
                "contact_name": "Tang Asks",
                "phone": phone,
                "name": "Lark 1.5T",
                "description": "In white?",
                "dealer_consent": "1",
                **vals,
            },
        )
        return answer.json()

    def test_who_asks_on_the_website_is_a_lead(self):
        page = self.url_open("/contactus").text
        self.assertIn('data-model_name="crm.lead"', page)
        lead = self.env["crm.lead"].browse(self._ask()["id"])
        self.assertEqual(lead.dealer_phone_key, "8613700000123")
        self.assertEqual(lead.dealer_channel_id.code, "website")
        self.assertEqual(lead.description, Markup("<p>In white?</p>"))
        website = self.env.ref("website.default_website")
        self.assertNotEqual(lead.user_id, website.crm_default_team_id.user_id)

    def test_the_tick_is_a_consent_with_the_text_that_was_shown(self):
        notice = self.env["dealer.consent.notice"].create(
            {
                "name": "2.0",
                "purpose": "inquiry",
                "date_from": "2026-01-01",
                "body": "<span>You may call me about this.</span>",
            }
        )
        page = self.url_open("/contactus").text
        self.assertIn("You may call me about this.", page)
        self.assertNotIn("Agrees to be called", page)
        lead = self.env["crm.lead"].browse(self._ask()["id"])
        self.assertRecordValues(
            lead.dealer_consent_ids,
            [
                {"purpose": "inquiry", "state": "given", "way": "web"}
                | {"notice_id": notice.id, "partner_id": False}
            ],
        )
        self.assertTrue(lead.dealer_consent_ids.date)
        self._ask("+86 137 0000 0123")
        self.assertEqual(len(lead.dealer_consent_ids), 2)
        # nobody is advertised to who only asked
        person = self._create_customer("Tang Asks")
        lead.partner_id = person
        self.assertEqual(lead.dealer_consent_ids.partner_id, person)
        self.assertFalse(person._dealer_has_consent("marketing_call"))
        consents = lead.dealer_consent_ids
        lead.unlink()
        self.assertEqual(consents.exists().partner_id, person)

    def test_a_form_without_the_tick_makes_no_consent(self):
        lead = self.env["crm.lead"].browse(self._ask(dealer_consent="")["id"])
        self.assertFalse(lead.dealer_consent_ids)

    def test_a_colleague_does_not_read_what_somebody_without_file_said(self):
        lead = self.env["crm.lead"].browse(self._ask()["id"])
        lead.write({"company_id": self.company.id, "user_id": self.sara.id})
        consent = lead.dealer_consent_ids
        self.assertTrue(consent.with_user(self.sara).has_access("read"))
        self.assertFalse(consent.with_user(self.tom).has_access("read"))

    def test_who_asks_again_is_found_again(self):
        lead = self.env["crm.lead"].browse(self._ask()["id"])
        lead.user_id = admin = self.env.ref("base.user_admin")
        again = self._ask("+86 137 0000 0123", description="And when?")
        self.assertEqual(again["id"], lead.id)
        self.assertEqual(len(lead.dealer_touch_ids), 2)
        self.assertIn("And when?", lead.dealer_touch_ids[:1].text)
        self.assertIn(admin.partner_id, lead.message_ids[:1].notified_partner_ids)

    def test_nobody_can_be_called_back_under_nonsense(self):
        count = self.env["crm.lead"].search_count([])
        self.assertTrue(self._ask("12345")["error"])
        self.assertEqual(self.env["crm.lead"].search_count([]), count)
