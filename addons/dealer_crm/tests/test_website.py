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

    def test_a_name_of_its_own_stays(self):
        website = self.env.ref("website.default_website")
        website.name = "Cars of the East"
        website.company_id.name = "Kunlun Cars (fictional)"
        self.assertEqual(website.name, "Cars of the East")

    def test_who_asks_on_the_website_is_a_lead(self):
        page = self.url_open("/contactus").text
        self.assertIn('data-model_name="crm.lead"', page)
        answer = self.url_open(
            "/website/form/crm.lead",
            data={
                "contact_name": "Tang Asks",
                "phone": "13700000123",
                "name": "Lark 1.5T",
                "description": "In white?",
                "Agrees to be called": "Yes",
            },
        )
        lead = self.env["crm.lead"].browse(answer.json()["id"])
        self.assertEqual(lead.dealer_phone_key, "8613700000123")
        self.assertEqual(lead.dealer_channel_id.code, "website")
        self.assertIn("Agrees to be called", lead.description)
