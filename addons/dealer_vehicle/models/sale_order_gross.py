from odoo import api, fields, models

COST = "dealer_base.group_vehicle_cost"


class SaleOrder(models.Model):
    """What we earn on a deal while it can still be changed; for managers' eyes only.

    All amounts are without VAT, in the currency of the order.
    """

    _inherit = "sale.order"  # pylint: disable=consider-merging-classes-inherited

    dealer_expected_rebate = fields.Monetary(
        string="Expected Rebate",
        groups=COST,
        copy=False,
        help="Rebates of the manufacturer for the cars of the deal, without VAT.",
    )
    dealer_expected_finance_income = fields.Monetary(
        string="Expected Finance Commission",
        groups=COST,
        copy=False,
        help="What the bank pays for the loan, without VAT.",
    )
    dealer_expected_insurance_income = fields.Monetary(
        string="Expected Insurance Commission",
        groups=COST,
        copy=False,
        help="What the insurer pays for the policies, without VAT.",
    )
    dealer_front_gross = fields.Monetary(
        string="Front Gross",
        compute="_compute_dealer_gross",
        compute_sudo=True,
        groups=COST,
        help="Price of the cars without VAT less their cost.",
    )
    dealer_back_gross = fields.Monetary(
        string="Back Gross",
        compute="_compute_dealer_gross",
        compute_sudo=True,
        groups=COST,
        help="Accessories and services less their cost, with the expected commissions.",
    )
    dealer_rebate_gross = fields.Monetary(
        string="From the Manufacturer",
        compute="_compute_dealer_gross",
        compute_sudo=True,
        groups=COST,
        help="Expected rebate and the manufacturer's part of trade-in subsidies.",
    )
    dealer_gift_gross = fields.Monetary(
        string="Gifts of the Store",
        compute="_compute_dealer_gross",
        compute_sudo=True,
        groups=COST,
        help="Cost of what the store gives away. Gifts that others pay cost nothing.",
    )
    dealer_trade_gross = fields.Monetary(
        string="Over-Allowance",
        compute="_compute_dealer_gross",
        compute_sudo=True,
        groups=COST,
        help="What is paid for old cars above their value.",
    )
    dealer_gross_total = fields.Monetary(
        string="Gross of the Deal", compute="_compute_dealer_gross", compute_sudo=True, groups=COST
    )

    @api.depends(
        "order_line.price_subtotal",
        "order_line.purchase_price",
        "order_line.product_uom_qty",
        "order_line.dealer_deal_type",
        "order_line.dealer_is_agency",
        "order_line.dealer_gift_cost",
        "order_line.dealer_gift_bearer",
        "dealer_trade_in_ids.over_allowance",
        "dealer_trade_in_ids.maker_subsidy",
        "dealer_expected_rebate",
        "dealer_expected_finance_income",
        "dealer_expected_insurance_income",
    )
    def _compute_dealer_gross(self):
        for order in self:
            lines = order.order_line.filtered(
                lambda line: not line.display_type and not line.dealer_is_agency
            )
            gifts = order.order_line.filtered(lambda line: line.dealer_gift_bearer == "store")
            cars = lines.filtered(lambda line: line.dealer_deal_type == "car")
            around = lines.filtered(lambda line: line.dealer_deal_type not in ("car", "gift"))
            order.dealer_front_gross = cars._dealer_sum_gross()
            order.dealer_back_gross = (
                around._dealer_sum_gross()
                + order.dealer_expected_finance_income
                + order.dealer_expected_insurance_income
            )
            order.dealer_rebate_gross = (
                order.dealer_expected_rebate + order._dealer_get_net_maker_subsidy()
            )
            order.dealer_gift_gross = -sum(gifts.mapped("dealer_gift_cost"))
            order.dealer_trade_gross = -sum(order.dealer_trade_in_ids.mapped("over_allowance"))
            order.dealer_gross_total = (
                order.dealer_front_gross
                + order.dealer_back_gross
                + order.dealer_rebate_gross
                + order.dealer_gift_gross
                + order.dealer_trade_gross
            )

    def _dealer_get_net_maker_subsidy(self):
        """What the manufacturer gives back of a subsidy that our price has paid, without VAT."""
        self.ensure_one()
        subsidy = sum(self.dealer_trade_in_ids.mapped("maker_subsidy"))
        tax = self.company_id._dealer_get_car_tax().sudo()  # sudo: sellers read no taxes
        if not subsidy or not tax:
            return subsidy
        return tax.compute_all(subsidy, currency=self.currency_id)["total_excluded"]
