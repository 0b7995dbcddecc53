import base64
import io
from datetime import datetime, time, timedelta

from PIL import Image, ImageDraw

from odoo import fields, models

from odoo.addons.dealer_vehicle.demo import dealer_demo_images as images

#: Visitors: days ago, time in UTC, kind, name and number of a card, persons, invited, result
VISITS = [
    (9, (1, 40), "first", ("龚晓岚", "13800001001"), 2, False, "quoted"),
    (8, (6, 5), "first", None, 1, False, "lost"),
    (7, (2, 15), "first", ("霍文轩", "13800001002"), 3, True, "presented"),
    (6, (7, 30), "no_intent", None, 1, False, False),
    (5, (3, 0), "first", ("简思涵", "13800001003"), 2, False, "ordered"),
    (4, (8, 20), "first", None, 2, False, "presented"),
    (3, (2, 40), "first", ("康宏远", "13800001004"), 1, True, "again"),
    (2, (5, 50), "first", ("黎雨桐", "13800001005"), 4, False, "quoted"),
    (1, (6, 30), "first", ("毛俊杰", "13800001006"), 2, False, "presented"),
]
#: Who came back: position above, days ago
AGAIN = [(0, 3), (2, 1)]
ROUTES = [
    (
        "城市路线（青云路—滨海大道）",
        8.5,
        25,
        "青云路左转—滨海大道—会展环岛掉头—原路返回；示范自动跟车、泊车。",
    ),
    (
        "快速路路线（绕城高架）",
        16,
        40,
        "青云路—绕城高架入口—海州东出口—返回；示范加速、静谧性、车道保持。",
    ),
]


def signature():
    """A line as somebody writes on a telephone."""
    image = Image.new("RGBA", (300, 110), (255, 255, 255, 0))
    points = [(30, 70), (60, 25), (80, 85), (110, 35), (130, 80), (170, 40), (200, 75), (270, 30)]
    ImageDraw.Draw(image).line(points, fill="#1f2a44", width=4, joint="curve")
    output = io.BytesIO()
    image.save(output, "PNG")
    return base64.b64encode(output.getvalue())


class DealerDemo(models.AbstractModel):
    """Ten days in the showroom: visits, cards, test drives with their agreements."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        store = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], order="id", limit=1
        )
        sellers = self.env["dealer.visit"]._get_consultants(store)
        visits = self._make_visits(store, sellers)
        self._make_visits_of_today(store, sellers)
        self._make_test_drives(company, store, sellers, visits)
        return res

    def _at(self, days_ago, hour, minute):
        return datetime.combine(self._day(days_ago), time(hour, minute))

    def _make_visits(self, store, sellers):
        Visit = self.env["dealer.visit"]
        series = self.env["dealer.vehicle.series"].search([("model_ids", "!=", False)], order="id")
        visits = Visit
        for number, (days, (hour, minute), kind, who, size, invited, result) in enumerate(VISITS):
            arrived = self._at(days, hour, minute)
            visit = Visit.create(
                {
                    "warehouse_id": store.id,
                    "arrived_on": arrived,
                    "left_on": arrived + timedelta(minutes=25 + 7 * number),
                    "kind": kind,
                    "purpose": "service" if kind == "no_intent" else False,
                    "party_size": size,
                    "is_invited": invited,
                    "user_id": sellers[number % len(sellers)].id,
                    "series_id": series[number % len(series)].id if kind == "first" else False,
                    "result": result,
                }
            )
            visits |= visit
            if who:
                visit._make_card(*who)
            elif kind == "first":
                visit.action_no_card()
        for position, days in AGAIN:
            first = visits[position]
            arrived = self._at(days, 7, 10)
            visits |= Visit.create(
                {
                    "warehouse_id": store.id,
                    "arrived_on": arrived,
                    "left_on": arrived + timedelta(minutes=50),
                    "kind": "repeat",
                    "is_invited": True,
                    "lead_id": first.lead_id.id,
                    "user_id": first.user_id.id,
                    "series_id": first.series_id.id,
                    "result": "quoted",
                }
            )
        return visits

    def _make_visits_of_today(self, store, sellers):
        """Two parties are here; one line waits to be completed."""
        now = fields.Datetime.now()
        self.env["dealer.visit"].create(
            [
                {
                    "warehouse_id": store.id,
                    "arrived_on": now - timedelta(minutes=minutes),
                    "left_on": left and now - timedelta(minutes=left),
                    "kind": kind,
                    "party_size": size,
                    "user_id": seller.id,
                }
                for minutes, left, kind, size, seller in (
                    (75, 30, "first", 2, sellers[:1]),
                    (35, False, "first", 3, sellers[:1]),
                    (12, False, "no_intent", 1, sellers[:0]),
                )
            ]
        )

    def _make_test_drives(self, company, store, sellers, visits):
        routes = self.env["dealer.test.drive.route"].create(
            [
                {
                    "name": name,
                    "warehouse_id": store.id,
                    "company_id": company.id,
                    "distance": distance,
                    "duration": minutes,
                    "description": text,
                }
                for name, distance, minutes, text in ROUTES
            ]
        )
        Drive = self.env["dealer.test.drive"]
        cars = Drive._get_demo_cars()
        if not cars:
            return
        carded = visits.filtered("lead_id")
        for number, (days, satisfaction, result) in enumerate(
            ((5, "5", "ordered"), (2, "4", "liked"), (-1, False, False), (-2, False, False))
        ):
            visit = carded[number % len(carded)]
            car = cars[number % len(cars)]
            drive = Drive.create(
                {
                    "vehicle_id": car.id,
                    "date_start": self._at(days, 2 + number, 0),
                    "route_id": routes[number % len(routes)].id,
                    "lead_id": visit.lead_id.id,
                    "visit_id": visit.id,
                    "user_id": visit.user_id.id,
                }
            )
            if satisfaction:
                self._make_driven(drive, satisfaction, result)

    def _make_driven(self, drive, satisfaction, result):
        """Licence, signature, out and back."""
        agreement = self.env["dealer.test.drive.agreement"].create(
            {
                "drive_id": drive.id,
                "driver_name": drive.lead_id.contact_name,
                "licence_number": "11010519491231002X",  # the example of the standard
                "licence_class": "C1",
                "is_permanent": True,
                "licence_photo": images.car_photo("#3a4a6b", "vin_plate"),
                "is_sober": True,
                "signature": signature(),
            }
        )
        agreement.action_sign()
        drive.odometer_out = drive.vehicle_id.odometer
        drive.action_start()
        drive.write(
            {
                "odometer_in": drive.odometer_out + round(drive.route_id.distance),
                "satisfaction": satisfaction,
                "result": result,
                "note": "喜欢智能驾驶辅助和后排空间，拿同级车型对比油耗。",
            }
        )
        drive.action_return()
        # sudo: the demo drives on past days
        drive.sudo().write({"out_on": drive.date_start, "in_on": drive.date_stop})
