"""The cast of the price policy: Grace and Gus manage the store, Mia is a second sales manager."""

from odoo import Command

from .common import DealerVehicleCommon


class DealerPriceCommon(DealerVehicleCommon):
    """A trim of 159,800 with a floor of 147,800, in a store that has a price policy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"dealer_price_without_rule": "list", "dealer_price_guard_cost": True})
        cls.grace = cls._create_person("grace", "general_manager")
        cls.gus = cls._create_person("gus", "general_manager")
        cls.mia = cls._create_person("mia", "sales_manager")
        cls.oscar = cls._create_person("oscar", "sales_consultant")
        cls.trim = cls._create_trim("Lark 1.5T Premium", 159800)
        cls.floor = cls._create_rule(name="Floor", amount=147800, model_id=cls.trim.id)

    @classmethod
    def _create_rule(cls, approve=True, **vals):
        """A rule that Max enters and Grace puts in force."""
        rule = cls._as(cls.max, cls.env["dealer.price.rule"]).create(
            {"date_from": "2026-01-01", "company_id": cls.company.id, **vals}
        )
        if approve:
            cls._as(cls.grace, rule).action_approve()
        return rule

    @classmethod
    def _create_color(cls, name):
        return cls.env["product.attribute.value"].create(
            {
                "name": name,
                "attribute_id": cls.env["dealer.vehicle"]._dealer_color_attribute("exterior").id,
            }
        )

    def _car_line(self, order):
        return order.order_line.filtered("dealer_vehicle_id")[:1]

    def _quote_trim(self, price=None, user=None, partner=None):
        """A quotation for the trim without a car."""
        product = self.trim._dealer_get_or_create_product()
        vals = {"product_id": product.id, "tax_ids": [Command.clear()]}
        if price is not None:
            vals["price_unit"] = price
        return self._as(user or self.sara, self.env["sale.order"]).create(
            {
                "partner_id": (partner or self.customer).id,
                "dealer_deviation_reason_id": self.price_reason.id,
                "order_line": [Command.create(vals)],
            }
        )
