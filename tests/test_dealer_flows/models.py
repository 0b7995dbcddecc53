from odoo import models

NAMES = ("Golden Cars", "Silver Cars")


class TestDealerCompanies(models.AbstractModel):
    """Companies that the tests borrow: making one with its chart of accounts costs two seconds.

    Every test class would make two of them again. They are made once, in the template of the test
    databases; what a test does to them is rolled back with it.
    """

    _name = "test.dealer.companies"
    _description = "Companies for the tests"

    def _register_hook(self):
        """Charts of accounts want all modules, so that a hook at installation comes too early."""
        super()._register_hook()
        for name in NAMES:
            xml_id = f"test_dealer_flows.{name.replace(' ', '_').lower()}"
            if not self.env.ref(xml_id, raise_if_not_found=False):
                self._make_company(name, xml_id)

    def _make_company(self, name, xml_id):
        company = self.env["res.company"].create(
            {
                "name": name,
                "country_id": self.env.ref("base.cn").id,
                "currency_id": self.env.ref("base.CNY").id,
            }
        )
        self.env["stock.warehouse"].create({"company_id": company.id})
        chart = self.env["account.chart.template"]
        chart.try_loading("cn", company=company, install_demo=False)
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": xml_id, "record": company, "noupdate": True}]
        )
