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
# Bank that keeps the certificates of financed cars, and which of the free cars these are
BANK = "海州银行滨江支行"
PLEDGED = range(0, 40, 4)
# Campaign number, defect and trim of a recall
RECALL = ("ZH-2026-0318", "制动软管接头可能渗漏", "CY-SY-20F")
# Cars held: customers of quoted deals
HELD = [10, 11]


class DealerDemo(models.AbstractModel):
    """Orders without car and cars that are held, for the allocation board."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        people = {
            login: self.env.ref(f"dealer_vehicle.demo_user_{login}")
            for login in ("accountant", "sales", "service", "stock")
        }
        self._make_waiting_orders()
        self._make_holds()
        self._make_keys_and_papers(people)
        self._make_recall(people)
        self._make_repair(people)
        return res

    def _demo_customer(self, number):
        return self.env["res.partner"].search([("name", "=", data.CUSTOMERS[number][0])], limit=1)

    def _make_waiting_orders(self):
        colors = {
            color.name: color
            for color in self.env["product.attribute.value"].search(
                self.env["dealer.vehicle"]._dealer_color_domain("exterior")
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

    def _make_keys_and_papers(self, people):
        """Certificates with us or with the bank; one key is out too long."""
        cars = self.env["dealer.vehicle"].search(
            [("kind", "in", ("new", "demo")), ("status", "in", ("in_stock", "reserved"))],
            order="date_in, id",
        )
        bank = self.env["res.partner"].create({"name": BANK, "is_company": True})
        Custody = self.env["dealer.custody"].with_user(people["stock"])
        things = Custody._register_standard_set(cars)
        keys = things.filtered(lambda thing: thing.kind == "key")
        keys._move("in_hand", place="钥匙柜 A")
        certificates = things - keys
        free = cars.filtered(lambda car: car.status == "in_stock")
        pledged = certificates.filtered(
            lambda thing: (
                thing.vehicle_id in free and free.ids.index(thing.vehicle_id.id) in PLEDGED
            )
        )
        pledged.with_user(people["accountant"])._move("pledged", holder_id=bank.id)
        (certificates - pledged)._move("in_hand", place="财务保险柜")
        keys[:1]._move(
            "in_hand",
            holder_id=people["sales"].partner_id.id,
            date_back=self._day(1),
            note="试乘试驾",
        )
        Custody._cron_remind()

    def _make_recall(self, people):
        """A recall in force for some cars of one trim."""
        code, name, trim_code = RECALL
        trim = self.env["fleet.vehicle.model"].search([("dealer_code", "=", trim_code)], limit=1)
        cars = self.env["dealer.vehicle"].search(
            [("model_id", "=", trim.id), ("status", "=", "in_stock")], limit=2
        )
        recall = (
            self.env["dealer.recall"]
            .with_user(people["service"])
            .create(
                {
                    "code": code,
                    "name": name,
                    "brand_id": trim.brand_id.id,
                    "date": self._day(2),
                    "measure": "更换左前制动软管总成，工时 0.6 小时，厂家承担费用。",
                    "line_ids": [Command.create({"vehicle_id": car.id}) for car in cars],
                }
            )
        )
        recall.action_open()

    def _make_repair(self, people):
        """A reserved car whose transport damage was repaired: its buyer has to sign."""
        car = self.env["dealer.vehicle"].search(
            [("kind", "=", "new"), ("status", "=", "reserved")], order="id", limit=1
        )
        damage = (
            self.env["dealer.vehicle.damage"]
            .with_user(people["stock"])
            .create(
                {
                    "vehicle_id": car.id,
                    "date": self._day(6),
                    "description": "运输途中左后门划伤，长约 12 厘米",
                    "repair_note": "左后门外侧钣金修复并重新喷漆",
                    "estimate": 800,
                }
            )
        )
        damage.action_repaired()
