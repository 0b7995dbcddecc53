from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

#: Field of the company by what the account is for.
DESK_ACCOUNT_FIELDS = {
    "agency": "dealer_agency_account_id",
    "deposit": "dealer_deposit_account_id",
    "forfeit_income": "dealer_forfeit_income_account_id",
    "penalty_expense": "dealer_penalty_expense_account_id",
}
#: Accounts of the Chinese charts by what they are for, one id for each chart. Codes are no way
#: to find them: the charts lengthen them to six digits and companies may renumber them.
CHART_ACCOUNTS = {
    "deposit": ("l10n_cn_common_account_2203",),
    "forfeit_income": ("l10n_cn_account_5301", "l10n_cn_large_bis_account_6301"),
    "penalty_expense": ("l10n_cn_account_5711", "l10n_cn_large_bis_account_6711"),
}
CHART_OTHER_PAYABLES = "l10n_cn_common_account_2241"


class ResCompany(models.Model):
    """Where a dealership books the money of the desk, and the taxes that its prices include."""

    _inherit = "res.company"  # pylint: disable=consider-merging-classes-inherited

    dealer_agency_account_id = fields.Many2one(
        "account.account",
        string="Agency Money Account",
        check_company=True,
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", True)],
        help="Money collected for others (代收代付): purchase tax, insurance premiums, plate fees."
        " It comes and goes without income and without VAT; each deal must end at zero.",
    )
    dealer_deposit_account_id = fields.Many2one(
        "account.account",
        string="Customer Deposit Account",
        check_company=True,
        domain=[("account_type", "=", "liability_current"), ("reconcile", "=", True)],
        help="Deposits of customers (预收账款) until they are applied to an invoice or given back.",
    )
    dealer_forfeit_income_account_id = fields.Many2one(
        "account.account",
        string="Forfeited Deposit Account",
        check_company=True,
        domain=[("internal_group", "=", "income")],
        help="Earnest money that stays with the dealership when the customer breaks the deal.",
    )
    dealer_penalty_expense_account_id = fields.Many2one(
        "account.account",
        string="Deposit Penalty Account",
        check_company=True,
        domain=[("internal_group", "=", "expense")],
        help="What is paid on top when earnest money has to be given back double.",
    )
    dealer_car_tax_id = fields.Many2one(
        "account.tax",
        string="Sales Tax of Cars and Goods",
        check_company=True,
        domain=[("type_tax_use", "=", "sale"), ("price_include", "=", True)],
        help="Included in the price: a customer is quoted what he pays, to the cent.",
    )
    dealer_service_tax_id = fields.Many2one(
        "account.tax",
        string="Sales Tax of Services",
        check_company=True,
        domain=[("type_tax_use", "=", "sale"), ("price_include", "=", True)],
        help="Included in the price of plate service, finance service and agency work (6 %).",
    )

    # === LOOKUP ===
    def _dealer_get_account(self, role):
        """Account of the desk in the books of this company, those of its head office included.

        :param role: ``agency``, ``deposit``, ``forfeit_income`` or ``penalty_expense``
        :raise UserError: nobody has chosen the account yet
        """
        name = DESK_ACCOUNT_FIELDS[role]
        account = self._dealer_get_own_or_head(name)
        if not account:
            raise UserError(
                self.env._(
                    "%(company)s has no “%(account)s” yet. Ask the administrator to choose it"
                    " under Dealership → Configuration → Settings.",
                    company=self.name,
                    account=self._fields[name]._description_string(self.env),
                )
            )
        return account.with_company(self)

    def _dealer_find_agency_account(self):
        """Agency account of this company, empty while nobody has chosen one."""
        return self._dealer_get_own_or_head("dealer_agency_account_id")

    def _dealer_get_car_tax(self):
        """Tax that the price of a car or an accessory includes; empty when there is none."""
        return self._dealer_get_own_or_head("dealer_car_tax_id")

    def _dealer_get_own_or_head(self, name):
        """What is set here, else at the head office: a branch keeps its books with it."""
        self.ensure_one()
        # sudo: whoever takes money at the desk may read neither accounts nor the head office
        company = self.sudo()
        return (company[name] or company.root_id[name]).sudo(False)

    # === SET UP ===
    @api.model
    def _dealer_setup_all_desks(self):
        """Give every company that has a chart of accounts what its desk books on."""
        # sudo: installing is nobody's job in particular
        companies = self.sudo().with_context(active_test=False)
        companies.search([("parent_id", "=", False)])._dealer_setup_desk()

    def _dealer_setup_desk(self):
        """Choose or make what is not chosen yet; a decision of the company is never changed."""
        for company in self.filtered(lambda company: company.root_id == company):
            here = company.with_company(company)
            if not here.chart_template:
                continue
            here._dealer_setup_accounts()
            is_first = not here.dealer_car_tax_id
            here._dealer_setup_taxes()
            here._dealer_setup_cash()
            here._dealer_setup_product_taxes(is_first)

    def _dealer_setup_accounts(self):
        """Accounts of the Chinese charts; other charts are for the accountant to match."""
        self.ensure_one()
        chart = self.env["account.chart.template"]
        for role, xmlids in CHART_ACCOUNTS.items():
            if self[DESK_ACCOUNT_FIELDS[role]]:
                continue
            for xmlid in xmlids:
                account = chart.ref(xmlid, raise_if_not_found=False)
                if account:
                    self[DESK_ACCOUNT_FIELDS[role]] = account
        # a deposit is matched with the invoice that it pays
        deposit = self.dealer_deposit_account_id
        if deposit and not deposit.reconcile:
            deposit.reconcile = True
        payables = chart.ref(CHART_OTHER_PAYABLES, raise_if_not_found=False)
        if payables and not self.dealer_agency_account_id:
            self.dealer_agency_account_id = self._dealer_create_agency_account(payables)

    def _dealer_create_agency_account(self, payables):
        """Sub-account of other payables (其他应付款) for money collected for others."""
        Account = self.env["account.account"]
        account = Account.create(
            {
                "name": "Agency Money",
                "code": Account._search_new_account_code(payables.code),
                "account_type": "liability_current",
                "reconcile": True,
                "company_ids": [Command.set(self.ids)],
            }
        )
        for lang, _name in self.env["res.lang"].get_installed():
            local = account.with_context(lang=lang)
            local.name = local.env._("Agency Money")
        return account

    def _dealer_setup_cash(self):
        """Notes and coins are in the box at once, which is counted every evening (现金日记账)."""
        self.ensure_one()
        self.env["account.journal"].search(
            [*self.env["account.journal"]._check_company_domain(self), ("type", "=", "cash")]
        )._dealer_book_cash_at_once()

    def _dealer_setup_taxes(self):
        """Price-included twins of the 13 % and 6 % taxes; the Chinese charts have none."""
        self.ensure_one()
        if not self.dealer_car_tax_id and self.account_sale_tax_id:
            self.dealer_car_tax_id = self._dealer_get_included_tax(self.account_sale_tax_id)
        if not self.dealer_service_tax_id:
            chart = self.env["account.chart.template"]
            for xmlid in ("l10n_cn_sales_excluded_6", "l10n_cn_tax_large_bis_sales_excluded_6"):
                tax = chart.ref(xmlid, raise_if_not_found=False)
                if tax:
                    self.dealer_service_tax_id = self._dealer_get_included_tax(tax)

    def _dealer_get_included_tax(self, tax):
        """The same tax for prices that include it; made when the company has none."""
        self.ensure_one()
        if tax.price_include:
            return tax
        twins = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(self),
                ("type_tax_use", "=", tax.type_tax_use),
                ("amount_type", "=", tax.amount_type),
                ("amount", "=", tax.amount),
                ("tax_group_id", "=", tax.tax_group_id.id),
                ("price_include_override", "=", "tax_included"),
            ],
            limit=1,
        )
        if twins:
            return twins
        included = tax.copy(
            {"price_include_override": "tax_included", "name": f"{tax.name} (incl.)"}
        )
        for lang, _name in self.env["res.lang"].get_installed():
            local = included.with_context(lang=lang)
            local.name = local.env._("%(tax)s included", tax=tax.with_context(lang=lang).name)
        return included

    def _dealer_setup_product_taxes(self, is_first):
        """Cars and what goes with them get the taxes that their prices include.

        Products that carry the plain default tax of the company, or only taxes of others, follow;
        any other tax is a decision.

        :param is_first: products without any tax follow too, because the company has only now got
            its chart of accounts
        """
        self.ensure_one()
        Product = self.env["product.template"].sudo()  # sudo: see _dealer_setup_all_desks
        products = Product.with_context(active_test=False).search(
            [
                ("dealer_deal_type", "!=", False),
                ("dealer_is_agency", "=", False),
                ("company_id", "in", (False, self.id)),
            ]
        )
        for product in products:
            tax = self[Product._dealer_get_tax_field(product.dealer_deal_type)]
            mine = product.taxes_id.filtered(lambda tax: tax.company_id == self)
            is_free = not mine and (is_first or product.taxes_id)
            if tax and (is_free or (mine == self.account_sale_tax_id and mine != tax)):
                product._dealer_set_included_tax(mine, tax)
