from odoo import Command, models

from . import dealer_demo_data as data

# Orders that wait for a car: customer, trim code, seller, days ago, colour wishes, priority
WAITING = [
    (4, "CY-YH-15S", "sales", 6, ["星河蓝", "极光白"], "0"),
    (5, "CY-YH-15L", "sales", 5, ["熔岩红"], "0"),
    (8, "XL-E3-420", "sales2", 4, ["松针绿", "云山灰", "极光白"], "1"),
    (9, "XL-M7-PH", "sales2", 3, [], "0"),
    (3, "CY-YH-15S", "sales", 2, ["曜石黑"], "0"),
    (7, "XL-E3-510", "sales", 1, ["极光白", "星河蓝"], "0"),
]
# Cars held: quoted deals of the demo (customer), days since; the second customer waits for it
HELD = [10, 11]


class DealerDemo(models.AbstractModel):
    """Orders without car and cars that are held, for the allocation board."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        self._make_waiting_orders()
        self._make_holds()
        return res

    def _demo_customer(self, number):
        return self.env["res.partner"].search([("name", "=", data.CUSTOMERS[number][0])], limit=1)

    def _make_waiting_orders(self):
        colors = {
            color.name: color
            for color in self.env["product.attribute.value"].search(
                self.env["sale.order.line"]._dealer_color_domain()
            )
        }
        for customer, code, login, days_ago, wishes, priority in WAITING:
            seller = self.env.ref(f"dealer_vehicle.demo_user_{login}")
            trim = self.env["fleet.vehicle.model"].search([("dealer_code", "=", code)], limit=1)
            order = self.env["sale.order"].create(
                {
                    "partner_id": self._demo_customer(customer).id,
                    "user_id": seller.id,
                    "warehouse_id": seller.property_warehouse_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": trim._dealer_get_or_create_product().id,
                                "dealer_allocation_priority": priority,
                                **{
                                    f"dealer_color_wish_{number}_id": colors[name].id
                                    for number, name in enumerate(wishes, 1)
                                },
                            }
                        )
                    ],
                }
            )
            order.action_confirm()
            order.date_order = self._moment(days_ago)

    def _make_holds(self):
        for number in HELD:
            order = self.env["sale.order"].search(
                [("partner_id", "=", self._demo_customer(number).id), ("state", "=", "draft")],
                limit=1,
            )
            order.with_user(order.user_id).action_dealer_hold_cars()
