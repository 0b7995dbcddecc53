from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestAddress(TransactionCase):
    """Chinese addresses on paper and screen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.china = cls.env.ref("base.cn")
        cls.china.address_format = (
            "%(country_name)s, %(zip)s\n%(state_name)s %(city)s %(street)s %(street2)s"
        )
        cls.env.company.country_id = cls.china
        cls.partner = cls.env["res.partner"].create(
            {
                "name": "赵一凡",
                "country_id": cls.china.id,
                "state_id": cls.env.ref("base.state_cn_JS").id,
                "city": "海州市",
                "street": "云帆路 8 号",
            }
        )
        cls.state = cls.partner.state_id.name

    def _print(self, partner):
        return str(
            self.env["ir.qweb.field.contact"].value_to_html(
                partner, {"fields": ["name", "address"], "no_marker": True}
            )
        )

    def test_from_the_large_to_the_small_without_hanging_comma(self):
        self.assertEqual(self.partner.contact_address.strip(), f"{self.state}海州市云帆路 8 号")
        self.assertNotIn(", ", self._print(self.partner))
        self.partner.zip = "222000"
        self.assertEqual(
            self.partner.contact_address.split("\n"), [f"{self.state}海州市云帆路 8 号", "222000"]
        )

    def test_empty_address_prints_nothing(self):
        self.partner.write({"state_id": False, "city": False, "street": False})
        self.assertEqual(self.partner.contact_address.strip(), "")
        self.assertNotIn(",", self._print(self.partner))

    def test_municipality_stands_once(self):
        beijing = self.env.ref("base.state_cn_BJ")
        self.partner.write({"state_id": beijing.id, "city": beijing.name, "street": "长街 1 号"})
        self.assertEqual(self.partner.contact_address, f"{beijing.name}长街 1 号")

    def test_latin_letters_keep_their_blanks(self):
        self.partner.write({"state_id": False, "city": "Haizhou", "street": "8 Yunfan Road"})
        self.assertEqual(self.partner.contact_address, "Haizhou 8 Yunfan Road")

    def test_abroad_the_country_is_written(self):
        self.env.company.country_id = self.env.ref("base.de")
        self.assertEqual(self.partner.contact_address.split("\n")[-1], self.china.name)

    def test_company_of_a_contact_stays_first(self):
        company = self.env["res.partner"].create({"name": "滨城云帆", "is_company": True})
        self.partner.parent_id = company
        self.partner.write({"city": "海州市", "street": "云帆路 8 号"})
        self.assertEqual(self.partner.contact_address.split("\n")[0], "滨城云帆")

    def test_form_of_the_user_and_other_countries_are_kept(self):
        self.china.address_format = "%(zip)s %(city)s"
        self.partner.zip = "222000"
        self.assertEqual(self.partner.contact_address, "222000 海州市")
        self.partner.country_id = self.env.ref("base.de")
        self.assertIn("222000 海州市", self.partner.contact_address)
