from odoo import fields, models
from odoo.tools import SQL


class DealerVehicleMarginReport(models.Model):
    """Composite gross (综合毛利) of each car: what the margin is made of.

    Front gross, then with rebates, then with everything around the car, at last after the
    interest of the stock; the last one is the margin. Amounts are without VAT, because only
    income and expense of posted entries count.
    """

    _inherit = "dealer.vehicle.margin.report"

    front_gross = fields.Monetary(readonly=True, help="Price of the car less its cost.")
    rebate = fields.Monetary(readonly=True, help="Rebates of the manufacturer for the car.")
    gross_with_rebate = fields.Monetary(string="Gross with Rebate", readonly=True)
    accessory_gross = fields.Monetary(string="Accessories", readonly=True)
    service_gross = fields.Monetary(string="Services", readonly=True)
    finance_income = fields.Monetary(string="Finance Commission", readonly=True)
    insurance_income = fields.Monetary(string="Insurance Commission", readonly=True)
    gift_cost = fields.Monetary(string="Gifts", readonly=True)
    other_cost = fields.Monetary(
        string="Unassigned Cost",
        readonly=True,
        help="Entries on the car whose product says nothing about the gross, transport that is"
        " billed late for instance.",
    )
    composite_gross = fields.Monetary(
        readonly=True, help="Everything the car has brought, before the interest of the stock."
    )
    stock_interest = fields.Monetary(readonly=True)

    def _select_fields(self):
        columns = super()._select_fields()
        columns.update(
            front_gross=self._sum_part("front"),
            rebate=self._sum_part("rebate"),
            gross_with_rebate=self._sum_part("front", "rebate"),
            accessory_gross=self._sum_part("accessory"),
            service_gross=self._sum_part("service"),
            finance_income=self._sum_part("finance"),
            insurance_income=self._sum_part("insurance"),
            gift_cost=self._sum_part("gift", sign=1),
            other_cost=self._sum_part("other", sign=1),
            composite_gross=self._sum(SQL("%s <> 'interest'", self._get_part()), sign=-1),
            stock_interest=self._sum_part("interest", sign=1),
        )
        return columns

    def _get_part(self):
        """Part of the gross of an item: a gift is one whatever is given, else the product says."""
        return SQL(
            """
            CASE WHEN gift.is_gift THEN 'gift'
                 WHEN template.dealer_gross_part IS NOT NULL THEN template.dealer_gross_part
                 WHEN item.product_id = vehicle.product_id THEN 'front'
                 WHEN starts_with(account.account_type, 'income') THEN 'service'
                 ELSE 'other' END
            """
        )

    def _sum_part(self, *parts, sign=-1):
        return self._sum(SQL("%s IN %s", self._get_part(), parts), sign=sign)

    def _from(self):
        return SQL(
            """
            %s
            LEFT JOIN LATERAL (
                SELECT TRUE AS is_gift
                  FROM sale_order_line_invoice_rel rel
                  JOIN sale_order_line given ON given.id = rel.order_line_id
                 WHERE rel.invoice_line_id = COALESCE(item.cogs_origin_id, item.id)
                   AND given.dealer_gift_bearer IS NOT NULL
                 LIMIT 1
            ) gift ON TRUE
            LEFT JOIN product_product product ON product.id = item.product_id
            LEFT JOIN product_template template ON template.id = product.product_tmpl_id
            """,
            super()._from(),
        )
