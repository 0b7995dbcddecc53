"""Parts with a past, and the verbs of those who order them."""

from freezegun import freeze_time

from odoo import Command, fields

from odoo.addons.dealer_parts.tests.care_case import PartCareCase

TODAY = "2026-09-16"


class ReplenishmentCase(PartCareCase):
    """It is the middle of September 2026; the supplier delivers within a week."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        freezer = freeze_time(f"{TODAY} 08:00:00")
        freezer.start()
        cls.addClassCleanup(freezer.stop)
        cls.env.cr.execute("SELECT 1")
        cls.supplier = cls.env["res.partner"].create({"name": "Parts Wholesale"})
        cls.other_supplier = cls.env["res.partner"].create({"name": "Other Wholesale"})
        cls.Demand = cls.env["dealer.part.demand"]
        cls.Policy = cls.env["dealer.part.policy"]
        cls.Proposal = cls.env["dealer.order.proposal"]

    @classmethod
    def _sold_by(cls, part, supplier=None, minimum=0, package=0, delay=7, **vals):
        return cls.env["product.supplierinfo"].create(
            {
                "partner_id": (supplier or cls.supplier).id,
                "product_tmpl_id": part.product_tmpl_id.id,
                "min_qty": minimum,
                "dealer_package_quantity": package,
                "delay": delay,
                "price": 10,
                **vals,
            }
        )

    @classmethod
    def _part_with_past(cls, number, hits=12, stock=0, cost=10, quantity=1, **seller):
        """A part that was issued so many times, evenly over the year before this month."""
        part = cls._part(number, cost=cost)
        cls._sold_by(part, **seller)
        total = hits * quantity + stock
        cls._receive_part(part, total, date="2025-08-15 02:00:00", price=cost)
        start = fields.Datetime.to_datetime("2025-09-10 02:00:00")
        for hit in range(hits):
            date = fields.Datetime.add(start, days=int(hit * 355 / max(hits, 1)))
            cls._issue_part(part, quantity, date=date)
        return part

    @classmethod
    def _compute(cls):
        """The night's work for the store."""
        cls.Demand._rebuild()
        cls.Policy._update(cls.warehouse)
        return cls.Proposal._propose(cls.warehouse)

    def _policy(self, part):
        return self.Policy.search(
            [("product_id", "=", part.id), ("warehouse_id", "=", self.warehouse.id)]
        )

    def _month(self, part, date):
        return self.Demand.search([("product_id", "=", part.id), ("date", "=", date)])

    @classmethod
    def _promise(cls, part, quantity):
        """A confirmed issue that waits for the part."""
        move = cls.env["stock.move"].create(
            {
                "product_id": part.id,
                "product_uom_qty": quantity,
                "location_id": cls.stock.id,
                "location_dest_id": cls.env.ref("stock.stock_location_customers").id,
                "company_id": cls.company.id,
            }
        )
        move._action_confirm()
        return move

    @classmethod
    def _buy(cls, part, quantity, order_type="stock", confirm=True):
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.supplier.id,
                "company_id": cls.company.id,
                "picking_type_id": cls.warehouse.in_type_id.id,
                "dealer_order_type": order_type,
                "order_line": [Command.create({"product_id": part.id, "product_qty": quantity})],
            }
        )
        if confirm:
            order.button_confirm()
        return order

    def _line(self, proposal, part, order_type="stock"):
        return proposal.line_ids.filtered(
            lambda line: line.product_id == part and line.order_type == order_type
        )
