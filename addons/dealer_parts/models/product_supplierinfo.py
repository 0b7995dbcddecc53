from collections import namedtuple

from odoo import api, fields, models
from odoo.tools import SQL

#: The supplier a part is ordered from; quantities in the unit of the part.
Seller = namedtuple("Seller", "partner_id delay minimum package")
#: Receipts of a supplier below which its own word is taken for the lead time.
LEAST_RECEIPTS = 5


class ProductSupplierinfo(models.Model):
    """How a supplier packs a part."""

    _inherit = "product.supplierinfo"

    dealer_package_quantity = fields.Float(
        string="Package",
        digits="Product Unit",
        help="Orders are whole multiples of this quantity, in the unit of the supplier. Zero: any"
        " quantity from the minimum on.",
    )

    _dealer_package_not_negative = models.Constraint(
        "CHECK (dealer_package_quantity IS NULL OR dealer_package_quantity >= 0)",
        "A package cannot hold less than nothing.",
    )

    @api.model
    def _dealer_get_sellers(self, company):
        """First supplier of each part in force today: one statement for all parts.

        :return: dict of product id to ``Seller``
        """
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (product.id)
                       product.id, seller.partner_id, seller.delay,
                       COALESCE(seller.min_qty, 0) * ratio.value,
                       CASE WHEN COALESCE(seller.dealer_package_quantity, 0) > 0
                            THEN seller.dealer_package_quantity * ratio.value
                            WHEN ratio.value > 1 THEN ratio.value
                            ELSE 0 END
                  FROM product_supplierinfo seller
                  JOIN product_template template ON template.id = seller.product_tmpl_id
                  JOIN product_product product ON product.product_tmpl_id = template.id
                  JOIN res_partner supplier ON supplier.id = seller.partner_id
                  JOIN uom_uom unit ON unit.id = template.uom_id
             LEFT JOIN uom_uom bought ON bought.id = seller.product_uom_id
            CROSS JOIN LATERAL (
                       SELECT (COALESCE(bought.factor, unit.factor) / unit.factor)::float AS value
                       ) ratio
                 WHERE template.dealer_is_part AND product.active AND supplier.active
                   AND (seller.product_id IS NULL OR seller.product_id = product.id)
                   AND (seller.company_id IS NULL OR seller.company_id = %(company)s)
                   AND (seller.date_start IS NULL OR seller.date_start <= %(today)s)
                   AND (seller.date_end IS NULL OR seller.date_end >= %(today)s)
              ORDER BY product.id, seller.product_id NULLS LAST, seller.sequence,
                       seller.min_qty, seller.price, seller.id
                """,
                company=company.id,
                today=fields.Date.context_today(self),
            )
        )
        return {row[0]: Seller(*row[1:]) for row in rows}

    @api.model
    def _dealer_get_lead_times(self, company):
        """Days from order to receipt as measured over a year, of suppliers with some receipts.

        :return: dict of supplier id to (mean, standard deviation)
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT buy.partner_id, AVG(span.days)::float, STDDEV_POP(span.days)::float
                  FROM stock_move move
                  JOIN purchase_order_line line ON line.id = move.purchase_line_id
                  JOIN purchase_order buy ON buy.id = line.order_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
            CROSS JOIN LATERAL (SELECT GREATEST(EXTRACT(EPOCH FROM move.date - buy.date_approve)
                                                / 86400, 0) AS days) span
                 WHERE move.state = 'done' AND move.is_in AND template.dealer_is_part
                   AND buy.company_id = %s AND buy.dealer_order_type = 'stock'
                   AND buy.date_approve >= %s
              GROUP BY buy.partner_id
                HAVING COUNT(*) >= %s
                """,
                company.id,
                fields.Date.subtract(fields.Date.context_today(self), months=12),
                LEAST_RECEIPTS,
            )
        )
        return {partner: (mean, sigma) for partner, mean, sigma in rows}
