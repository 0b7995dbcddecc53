import logging
from time import perf_counter

from odoo.tests import tagged
from odoo.tools import SQL

from .replenishment_case import ReplenishmentCase

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestOrderProposalSpeed(ReplenishmentCase):
    """The night takes a fixed number of statements, whatever the number of parts."""

    def test_two_thousand_parts_take_as_many_statements_as_two(self):
        self._plant(2)
        few, _seconds = self._count()
        self._plant(2000)
        self._analyze()
        many, seconds = self._count()
        _logger.info("Proposal of 2,000 parts: %s statements, %.2f s", many, seconds)
        self.assertEqual(many, few)
        lines = self.env["dealer.order.proposal.line"].search_count([])
        self.assertGreaterEqual(lines, 2000)

    def _analyze(self):
        """What the autovacuum of a server in use does by itself: plans know the sizes."""
        for model in ("stock.move", "product.product", "product.template", "product.supplierinfo"):
            table = SQL.identifier(self.env[model]._table)
            self.env.cr.execute(SQL("ANALYZE %s", table))

    def _count(self):
        # a plan that looks at everything for each part must fail, not last
        self.env.cr.execute(SQL("SET LOCAL statement_timeout TO '60s'"))
        self._compute()  # caches are warm
        self.env.flush_all()
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, perf_counter()
        self._compute()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before, perf_counter() - start

    def _plant(self, count):
        """Parts with a supplier and three issues; SQL makes them, for that is not timed."""
        parts = self.env["product.product"].create(
            [
                {
                    "name": f"Part {number}",
                    "default_code": f"S-{count}-{number}",
                    "type": "consu",
                    "is_storable": True,
                    "categ_id": self.category.id,
                    "seller_ids": [
                        (0, 0, {"partner_id": self.supplier.id, "price": 5, "min_qty": 1})
                    ],
                }
                for number in range(count)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO stock_move (
                    product_id, product_uom, product_uom_qty, product_qty, quantity, company_id,
                    location_id, location_dest_id, state, is_in, is_out, value, date,
                    procure_method, reference)
                SELECT product.id, template.uom_id, 2, 2, 2, %(company)s,
                       CASE WHEN way.is_in THEN %(vendors)s ELSE %(stock)s END,
                       CASE WHEN way.is_in THEN %(stock)s ELSE %(customers)s END,
                       'done', way.is_in, NOT way.is_in, 10,
                       '2026-05-01'::timestamp + month * interval '1 month',
                       'make_to_stock', 'S'
                  FROM product_product product
                  JOIN product_template template ON template.id = product.product_tmpl_id
            CROSS JOIN generate_series(0, 3) month
            CROSS JOIN LATERAL (SELECT month = 0 AS is_in) way
                 WHERE product.id IN %(parts)s
                """,
                company=self.company.id,
                vendors=self.env.ref("stock.stock_location_suppliers").id,
                customers=self.env.ref("stock.stock_location_customers").id,
                stock=self.bin.id,
                parts=tuple(parts.ids),
            )
        )
