from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import DealerVehicleCommon


@tagged("post_install", "-at_install")
class TestDeskSheetCompany(DealerVehicleCommon):
    """Each company knows where it books the money of its desk."""

    def test_the_small_chart_brings_its_accounts(self):
        self._assert_accounts(self.company, ("224101", "220300", "530100", "571100"))

    def test_the_large_chart_brings_its_accounts(self):
        company = self.env["res.company"].create(
            {"name": "Copper Cars", "country_id": self.env.ref("base.cn").id}
        )
        self.env.user.company_ids |= company
        self.env["account.chart.template"].try_loading("cn_large_bis", company, install_demo=False)
        self._assert_accounts(company, ("224101", "220300", "630100", "671100"))
        self.assertEqual(company.dealer_car_tax_id.amount, 13)
        self.assertEqual(company.dealer_service_tax_id.amount, 6)

    def _assert_accounts(self, company, codes):
        roles = ("agency", "deposit", "forfeit_income", "penalty_expense")
        self.assertEqual(tuple(company._dealer_get_account(role).code for role in roles), codes)

    def test_deposits_and_agency_money_can_be_matched(self):
        self.assertRecordValues(
            self.company._dealer_get_account("agency")
            + self.company._dealer_get_account("deposit"),
            [{"reconcile": True, "account_type": "liability_current"}] * 2,
        )

    def test_prices_include_their_taxes_on_the_same_accounts(self):
        car, service = self.company.dealer_car_tax_id, self.company.dealer_service_tax_id
        self.assertRecordValues(
            car + service,
            [{"amount": 13, "price_include": True}, {"amount": 6, "price_include": True}],
        )
        for tax in (car, service):
            account = tax.invoice_repartition_line_ids.account_id
            self.assertEqual(account.with_company(self.company).code, "222100")

    def test_a_second_set_up_changes_nothing(self):
        before = self.company.read(["dealer_agency_account_id", "dealer_car_tax_id"])
        self.company._dealer_setup_desk()
        self.assertEqual(
            self.company.read(["dealer_agency_account_id", "dealer_car_tax_id"]), before
        )

    def test_a_decision_of_the_company_stays(self):
        other = self._account("2202").copy({"account_type": "liability_current"})
        self.company.dealer_deposit_account_id = other
        self.company._dealer_setup_desk()
        self.assertEqual(self.company._dealer_get_account("deposit"), other)

    def test_a_missing_account_says_who_can_choose_it(self):
        self.company.dealer_agency_account_id = False
        with self.assertRaisesRegex(UserError, "Agency Money Account.*administrator"):
            self._as(self.sara, self.company)._dealer_get_account("agency")

    def test_a_branch_books_with_its_head_office(self):
        branch = self.env["res.company"].create({"name": "East", "parent_id": self.company.id})
        self.assertEqual(
            branch._dealer_get_account("agency"), self.company._dealer_get_account("agency")
        )
        self.assertEqual(branch._dealer_get_car_tax(), self.company.dealer_car_tax_id)

    def test_the_administrator_changes_an_account_in_the_settings(self):
        other = self._account("2203").copy({"code": "220399"})
        settings = self.env["res.config.settings"].with_company(self.company)
        with Form(settings) as form:
            form.dealer_deposit_account_id = other
        form.record.execute()
        self.assertEqual(self.company._dealer_get_account("deposit"), other)
