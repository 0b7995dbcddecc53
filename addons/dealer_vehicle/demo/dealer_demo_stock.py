from datetime import timedelta

from odoo import fields, models

from . import dealer_demo_data as data
from . import dealer_demo_images as images

# Norms of the first store: position of the trim, minimum, maximum
NORMS = [(0, 2, 8), (1, 3, 6), (2, 1, 3), (3, 6, 12)]
# Factory orders: number, position of the trim, colour, state, days until the arrival, delay
FACTORY_ORDERS = [
    ("D2607-0031", 0, 0, "confirmed", 24, 0),
    ("D2607-0032", 0, 1, "scheduled", 18, 0),
    ("D2607-0033", 1, 2, "built", 9, 3),
    ("D2607-0034", 1, 0, "shipped", 3, 0),
    ("D2607-0035", 2, 3, "shipped", -2, 6),
    ("D2607-0036", 2, 1, "cancelled", 30, 0),
]


class DealerDemo(models.AbstractModel):
    """What keeps the stock in order: a count, norms, old cars, factory orders, demo cars."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        stores = self.env["stock.warehouse"].search([("company_id", "=", company.id)], order="id")
        for store, login in zip(stores, ("manager", "manager2"), strict=True):
            store.dealer_stock_user_id = self.env.ref(f"dealer_vehicle.demo_user_{login}")
        store = stores[:1]
        trims = self.env["fleet.vehicle.model"].search(
            [("dealer_product_id", "!=", False), ("dealer_guide_price_ids", "!=", False)],
            order="id",
        )
        self._make_norms(store, trims)
        self._make_age_decisions(company)
        self._make_factory_orders(store, trims)
        self._make_demo_periods(company)
        self._make_stocktake(store)
        return res

    def _make_norms(self, store, trims):
        norms = self.env["dealer.stock.norm"].create(
            [
                {
                    "warehouse_id": store.id,
                    "model_id": trims[position].id,
                    "min_quantity": minimum,
                    "max_quantity": maximum,
                }
                for position, minimum, maximum in NORMS
                if position < len(trims)
            ]
        )
        norms._check()

    def _make_age_decisions(self, company):
        """Questions about the old cars; the manager has answered one."""
        manager = self.env.ref("dealer_vehicle.demo_user_manager")
        decisions = self.env["dealer.age.decision"]._ask(company).sorted("date_in")
        decisions[1:3].write({"deadline": self._day(2)})
        decided = decisions[:1].with_user(manager)
        if decided:
            price = decided.asking_price - 8000
            decided.write({"decision": "price", "new_price": price, "due": fields.Date.today()})
            decided.action_decide()

    def _make_factory_orders(self, store, trims):
        colors = self.env["dealer.vehicle"]._dealer_color_attribute("exterior").value_ids
        maker = self.env["res.partner"].search([("name", "=", data.SUPPLIERS[0])], limit=1)
        month = fields.Date.start_of(fields.Date.context_today(self), "month")
        for number, trim, color, state, days, delay in FACTORY_ORDERS:
            promised = fields.Date.context_today(self) + timedelta(days=days - delay)
            order = self.env["dealer.factory.order"].create(
                {
                    "name": number,
                    "partner_id": maker.id,
                    "warehouse_id": store.id,
                    "model_id": trims[trim % len(trims)].id,
                    "exterior_color_id": colors[color % len(colors)].id,
                    "month": month,
                    "eta": promised,
                    "reported_state": state,
                }
            )
            if delay:
                order.eta = promised + timedelta(days=delay)
        self.env["dealer.factory.plan"]._propose(fields.Date.add(month, months=1), store)

    def _make_demo_periods(self, company):
        seller = self.env.ref("dealer_vehicle.demo_user_sales")
        cars = self.env["dealer.vehicle"].search(
            [("company_id", "=", company.id), ("kind", "=", "demo"), ("status", "=", "in_stock")]
        )
        for number, car in enumerate(cars):
            self.env["dealer.demo.period"].create(
                {
                    "vehicle_id": car.id,
                    "company_id": company.id,
                    "purpose": "test_drive",
                    "user_id": seller.id,
                    "date_from": car.date_in,
                    "odometer_start": 6,
                    "kind_before": "new",
                }
            )
            car.odometer = 380 + number * 210

    def _make_stocktake(self, store):
        """A count of the showroom: one car missing, misplaced and unknown; the group decides."""
        keeper = self.env.ref("dealer_vehicle.demo_user_stock")
        manager = self.env.ref("dealer_vehicle.demo_user_group")
        showroom = store._dealer_place("showroom")
        stocktake = (
            self.env["dealer.stocktake"]
            .with_user(keeper)
            .create(
                {
                    "warehouse_id": store.id,
                    "location_ids": showroom.ids,
                    "user_id": keeper.id,
                    "approver_id": manager.id,
                }
            )
        )
        stocktake.action_start()
        for line in stocktake.line_ids[1:]:
            stocktake.scan(line.vehicle_id.vin, showroom.id)
        elsewhere = self.env["dealer.vehicle"].search(
            [
                ("location_id", "=", store._dealer_place("yard").id),
                ("vin", "!=", False),
                ("kind", "=", "new"),
            ],
            limit=1,
        )
        if elsewhere:
            stocktake.scan(elsewhere.vin, showroom.id)
        stocktake.scan(self._vin(data.TRIMS[0][0], 2026, 990017), showroom.id)
        stocktake.action_finish()
        unknown = stocktake.difference_ids.filtered(lambda line: line.result == "unknown")
        unknown.write(
            {
                "proposal": "keep",
                "reason": "厂家试驾活动车辆，活动结束后由厂家取回",
                "image": images.car_photo("#808080", "vin_plate"),
            }
        )
        stocktake.action_submit()
