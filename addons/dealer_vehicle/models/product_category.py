from odoo import api, fields, models


class ProductCategory(models.Model):
    _inherit = "product.category"

    dealer_product_policy = fields.Selection(
        [
            ("shared", "Shared: one product per trim, cost by VIN"),
            ("own", "Own: one product per car"),
            ("consigned", "Consigned: one product per car, owned by somebody else"),
        ],
        string="Vehicle Product Policy",
        help="How cars of this category become products. Empty: not a category of cars.",
    )

    @api.model
    def _dealer_categories(self):
        """The shipped categories of cars and the cost method that each policy needs."""
        return {
            self.env.ref("dealer_vehicle.product_category_new_car"): "fifo",
            self.env.ref("dealer_vehicle.product_category_used_car"): "fifo",
            self.env.ref("dealer_vehicle.product_category_consigned_car"): "average",
        }

    @api.model
    def _dealer_setup_valuation(self, companies):
        """Value the shipped categories perpetually in the given companies.

        Costing methods and accounts are company-dependent, so every company needs its own.
        """
        for company in companies:
            here = self.with_company(company)
            for category, cost_method in here._dealer_categories().items():
                vals = {"property_cost_method": cost_method, "property_valuation": "real_time"}
                vals.update(here._dealer_stock_account_vals(company))
                category.write(vals)

    @api.model
    def _dealer_stock_account_vals(self, company):
        """Account that carries the value of cars, where the company's chart has a better one.

        Chinese charts value stock on 1403 raw materials; cars are merchandise (1405 库存商品).
        """
        account = (
            self.env["account.chart.template"]
            .with_company(company)
            .ref("l10n_cn_common_account_1405", raise_if_not_found=False)
        )
        if not account:
            return {}
        if company.expense_account_id and not account.account_stock_variation_id:
            account.account_stock_variation_id = company.expense_account_id
        return {"property_stock_valuation_account_id": account.id}
