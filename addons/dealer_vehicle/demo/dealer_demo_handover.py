from datetime import timedelta

from odoo import Command, fields, models

# Reserved deals in the order of their numbers; the last one is about to be cancelled.
BLOCKED, LATE, READY = range(3)
# Appointments: deal, days from today, hour (UTC), note
APPOINTMENTS = [
    (READY, 1, 2, "准备鲜花和合影道具，客户一家三口到店"),
    (LATE, 1, 6, "尾款到账后再确认交车时间"),
    (BLOCKED, 3, 3, "左后门补漆复检合格后交车"),
]


class DealerDemo(models.AbstractModel):
    """What comes before the hand-over: bays, inspections, papers, plates and accessories."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_stores(self, company):
        stores = super()._make_stores(company)
        for store in stores:
            store.dealer_delivery_bay_ids[:1].name = "交车厅 1 号位"
        self.env["dealer.delivery.bay"].create(
            {"name": "交车厅 2 号位", "warehouse_id": stores[0].id}
        )
        return stores

    def _make_dealership(self, company, lang):
        result = super()._make_dealership(company, lang)
        self.env["mail.activity.plan.template"]._dealer_translate_followup(lang)
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("order_line.dealer_vehicle_held", "=", True),
            ],
            order="id",
            limit=3,
        )
        self._make_inspections(orders)
        self._make_appointments(orders)
        self._make_jacket(orders[READY])
        self._make_registrations(orders)
        self._make_fitments(orders[LATE])
        return result

    def _make_inspections(self, orders):
        """One car passed, one is being inspected, one failed and has its damage."""
        cars = orders.order_line.dealer_vehicle_id
        inspector = self.env.ref("dealer_vehicle.demo_user_inspector")
        for car in cars:
            action = car.with_user(inspector).action_start_pdi()
            checklist = self.env["dealer.checklist"].with_user(inspector).browse(action["res_id"])
            lines = checklist.line_ids
            if car == cars[LATE]:
                lines = lines[: len(lines) // 2]
            self._answer(lines)
            if car == cars[BLOCKED]:
                paint = lines.filtered(lambda line: "漆" in line.name)[:1] or lines[:1]
                paint.write({"result": "not_ok", "note": "左后门补漆色差明显"})
                paint.action_record_damage()
            if car != cars[LATE]:
                checklist.action_done()

    def _answer(self, lines):
        """Everything is as it should be."""
        lines.filtered(lambda line: not line.needs_measurement).write({"result": "ok"})
        for line in lines.filtered("needs_measurement"):
            value = line.measure_min or line.measure_max
            line.write({"measured_text": f"{value:g}", "result": "ok"})
        for line in lines.filtered("needs_attachment"):
            line.attachment_ids = self._make_file(line, line.name)

    def _make_file(self, record, title):
        return (
            self.env["ir.attachment"]
            .with_user(record.env.user)
            .create(
                {
                    "name": f"{title}.txt",
                    "raw": f"演示资料：{title}".encode(),
                    "res_model": record._name,
                    "res_id": record.id,
                }
            )
        )

    def _make_appointments(self, orders):
        start_of_day = fields.Datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        for deal, days, hour, note in APPOINTMENTS:
            order = orders[deal].with_user(orders[deal].user_id)
            order.action_plan_delivery()
            delivery = order.dealer_delivery_ids
            delivery.write(
                {
                    "date_start": start_of_day + timedelta(days=days, hours=hour),
                    "bay_id": order.warehouse_id.dealer_delivery_bay_ids[:1].id,
                    "note": note,
                }
            )
            if deal != BLOCKED:
                delivery.action_plan()

    def _make_jacket(self, order):
        """Every paper of the deal is there."""
        for paper in order.with_user(order.user_id).dealer_paper_ids:
            title = f"{paper.document_type_id.name} {order.name}"
            paper.attachment_ids = self._make_file(paper, title)

    def _make_registrations(self, orders):
        """One is insured and taxed and has its temporary plate; another has just begun."""
        clerk = self.env.ref("dealer_vehicle.demo_user_fni")
        for deal in (READY, LATE):
            orders[deal].with_user(clerk).action_open_registration()
        registration = orders[READY].with_user(clerk).dealer_registration_ids
        today = self._day(0)
        registration.write(
            {
                "ctpl_number": "PDZA202632070000012345",
                "ctpl_date_from": today,
                "ctpl_date_to": fields.Date.add(today, years=1, days=-1),
            }
        )
        tasks = {task.kind: task for task in registration.task_ids}
        tasks["ctpl"].write({"amount": 950})
        tasks["purchase_tax"].write({"reference": "320726110012345678"})
        (tasks["ctpl"] | tasks["purchase_tax"]).action_done()
        self.env["dealer.temporary.plate"].with_user(clerk).create(
            {
                "registration_id": registration.id,
                "number": "苏G·临 A1287",
                "date_from": today,
                "date_to": fields.Date.add(today, days=14),
            }
        )

    def _make_fitments(self, order):
        """Film for a customer, and mats for a car of the showroom on our own account."""
        film, mats = self.env["product.product"].create(
            [
                {
                    "name": name,
                    "type": "consu",
                    "dealer_deal_type": "accessory",
                    "list_price": price,
                    "standard_price": round(price * 0.45, 2),
                }
                for name, price in (("全车隔热膜", 2680), ("全包围脚垫", 680))
            ]
        )
        shown = self.env["dealer.vehicle"].search(
            [
                ("status", "=", "in_stock"),
                ("location_id.dealer_place_type", "=", "showroom"),
                ("company_id", "=", order.company_id.id),
            ],
            order="id",
            limit=1,
        )
        technician = self.env.ref("dealer_vehicle.demo_user_technician")
        self.env["dealer.fitment"].create(
            [
                {
                    "vehicle_id": car.id,
                    "order_id": deal.id,
                    "company_id": order.company_id.id,
                    "user_id": technician.id,
                    "date_planned": self._day(days_ago),
                    "line_ids": [Command.create({"product_id": product.id})],
                }
                for car, deal, product, days_ago in (
                    (order.order_line.dealer_vehicle_id, order, film, -1),
                    (shown, self.env["sale.order"], mats, -2),
                )
            ]
        )
