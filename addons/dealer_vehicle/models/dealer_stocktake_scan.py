import re

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.dealer_base.tools.identifiers import check_vin, normalize_plate, normalize_vin

VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
# characters at the end of a VIN that suffice to look for it
MIN_TAIL = 4
RECENT = 8


class DealerStocktake(models.Model):
    """Scanning: what a telephone, a wedge scanner or a finger sends, and what it is told.

    Several people scan at once. Each scan writes the line of its car and no other, so people do
    not wait for each other; two scans of one car meet on its row, and the second, tried again by
    the web layer, is told that the first was there.
    """

    _inherit = "dealer.stocktake"  # pylint: disable=consider-merging-classes-inherited

    def get_scan_data(self):
        """What the scanning screen shows: places, numbers and the latest scans."""
        self.ensure_one()
        self.check_access("read")
        recent = self.env["dealer.stocktake.line"].search(
            [("stocktake_id", "=", self.id), ("counted_on", "!=", False)],
            order="counted_on desc, id desc",
            limit=RECENT,
        )
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "places": [
                {"id": place.id, "name": place.name}
                # sudo: only names of places of this count
                for place in self.sudo().location_ids.sorted("complete_name")
            ],
            "counts": {
                name: self[f"{name}_count"]
                for name in ("expected", "found", "misplaced", "missing", "unknown")
            },
            "recent": [line._get_scan_line() for line in recent],
        }

    def scan(self, code, location_id, vehicle_id=None):
        """Count one car at one place.

        :param code: what the scanner read: a VIN, a text that contains one, the end of a VIN, or
            a number plate
        :param location_id: place where the person stands; one of the places of the count
        :param vehicle_id: the car that the person chose when the code fits several
        :return: dict with ``status`` (found, misplaced, unknown, again, choose), ``message``, the
            ``line``, ``candidates`` for choose, and the ``data`` of ``get_scan_data``
        :raise UserError: nothing can be counted, saying why
        """
        self.ensure_one()
        self.check_access("write")
        place = self._get_scan_place(location_id)
        number = self._parse_code(code)
        vehicles = self._find_scanned(number)
        if vehicle_id:
            vehicles = vehicles.filtered(lambda car: car.id == vehicle_id)
        if len(vehicles) > 1:
            return {
                "status": "choose",
                "message": self.env._("Several cars fit. Which one is it?"),
                "candidates": [
                    {"id": car.id, "name": car.display_name, "vin": car.vin or ""}
                    for car in vehicles[:20]
                ],
            }
        if not vehicles and not VIN.fullmatch(number):
            raise UserError(
                self.env._(
                    "No car of ours has the number %(number)s. Scan or type the whole VIN.",
                    number=number,
                )
            )
        self._lock_for_scan(number, vehicles)
        status, message, line = self._count(number, vehicles, place)
        return {
            "status": status,
            "message": message,
            "line": line._get_scan_line(),
            "data": self.get_scan_data(),
        }

    def set_photo(self, line_id, image):
        """Keep the photo that proves where a car was seen (base64)."""
        self.ensure_one()
        line = self.line_ids.filtered(lambda item: item.id == line_id)
        line.image = image
        return line._get_scan_line()

    # === STEPS OF A SCAN ===
    def _get_scan_place(self, location_id):
        place = self.location_ids.filtered(lambda item: item.id == location_id)
        if not place:
            raise UserError(self.env._("Say first where you are: choose the place."))
        return place

    def _parse_code(self, code):
        """The VIN in what was scanned, else the number as typed.

        VIN labels are Code 39 that may begin with a control character "I" (no VIN has an I);
        square codes often hold a text or an address around the VIN.
        """
        text = normalize_vin(code or "")
        found = VIN.search(text)
        if found:
            return found.group()
        if len(text) < MIN_TAIL:
            raise UserError(
                self.env._(
                    "“%(code)s” is too short: scan the VIN, or type its last %(count)s or more"
                    " characters.",
                    code=code or "",
                    count=MIN_TAIL,
                )
            )
        return text

    def _find_scanned(self, number):
        """Cars that fit: by the whole VIN any car, by its end or by plate those of this company."""
        Vehicle = self.env["dealer.vehicle"].with_context(active_test=False)
        if VIN.fullmatch(number):
            # sudo: the car may stand in the books of a sister company
            return Vehicle.sudo().search([("vin", "=", number)], limit=1).sudo(False)
        inside = [
            ("company_id", "=", self.company_id.id),
            ("status", "in", ("in_stock", "reserved", "on_order")),
        ]
        return Vehicle.search([*inside, ("vin", "=ilike", f"%{number}")]) or Vehicle.search(
            [*inside, ("license_plate", "=", normalize_plate(number))]
        )

    def _get_line(self, number, vehicle):
        """Line of the car in this count, if any."""
        domain = [("stocktake_id", "=", self.id)]
        domain.append(("vehicle_id", "=", vehicle.id) if vehicle else ("vin", "=", number))
        return self.env["dealer.stocktake.line"].search(domain)

    def _lock_for_scan(self, number, vehicle):
        """Let nobody end the count, or list the same car, before this scan is written.

        A scan shares the row of the count with other scans; only the first scan of a car that is
        not listed takes it for itself. When somebody ended the count, or listed the car, since our
        transaction began, PostgreSQL refuses and Odoo runs the request again.
        """
        listed = bool(self._get_line(number, vehicle))
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT state FROM dealer_stocktake WHERE id = %s %s",
                self.id,
                SQL("FOR SHARE") if listed else SQL("FOR NO KEY UPDATE"),
            )
        )
        self._check_counting()
        if not listed:
            # sudo: a fact, see the field
            self.sudo().extra_scans += 1

    def _count(self, number, vehicle, place):
        """Write the scan; return status, message and line."""
        line = self._get_line(number, vehicle)
        if line and line.found_location_id == place:
            return (
                "again",
                self.env._(
                    "Counted already, by %(person)s at %(place)s.",
                    person=line.counted_by_id.name,
                    place=place.name,
                ),
                line,
            )
        before = line.found_location_id
        car = vehicle.sudo()  # sudo: it may stand in the books of a sister company
        expected = self._get_book_place(car)
        vals = {
            "expected_location_id": expected.id,
            "found_location_id": place.id,
            "counted_by_id": self.env.uid,
            "counted_on": fields.Datetime.now(),
        }
        if line:
            line.sudo().write(vals)  # sudo: lines are written by scans only
        else:
            line = self.env["dealer.stocktake.line"].sudo()  # sudo: as above
            line = line.create(
                dict(
                    vals,
                    stocktake_id=self.id,
                    vehicle_id=vehicle.id,
                    vin=car.vin or number,
                    remark=not expected and self._get_remark(number, car),
                )
            ).sudo(False)
        return line.result, line._get_scan_message(before), line

    def _get_book_place(self, vehicle):
        """Where our books have the car; nowhere when it is in no stock of this company."""
        if vehicle and vehicle.status in ("in_stock", "reserved"):
            if vehicle.location_id.company_id == self.company_id:
                return vehicle.location_id
        return self.env["stock.location"]

    def _get_remark(self, number, vehicle):
        """What our records say about a car that is not in the stock of this company."""
        if not vehicle:
            problems = [
                vehicle._get_vin_problem_text(problem)
                for problem in check_vin(number)
                if problem.level == "error"
            ]
            return " ".join([self.env._("Nobody knows this VIN."), *map(str, problems)])
        if vehicle.status == "on_order":
            return self.env._(
                "Expected on %(order)s: receive it there.",
                order=vehicle.purchase_line_id.order_id.name,
            )
        if vehicle.location_id:
            return self.env._(
                "Stands in the books of %(company)s.", company=vehicle.company_id.name
            )
        if vehicle.status == "sold":
            return self.env._(
                "Delivered on %(order)s: left here, or brought back.",
                order=vehicle.sale_line_id.order_id.name or "-",
            )
        if vehicle.status == "left":
            return self.env._("Left our stock on %(date)s.", date=vehicle.date_out or "-")
        return self.env._("Not ours.")


class DealerStocktakeLine(models.Model):
    """What the scanning screen shows of a line."""

    _inherit = "dealer.stocktake.line"  # pylint: disable=consider-merging-classes-inherited

    def _get_scan_line(self):
        self.ensure_one()
        # sudo: only names, also of a car of a sister company
        line = self.sudo()
        return {
            "id": line.id,
            "name": line.vehicle_id.display_name or line.vin,
            "vin": line.vin or line.vehicle_id.vin or "",
            "color": line.vehicle_id.exterior_color_id.name or "",
            "result": line.result,
            "expected": line.expected_location_id.name or "",
            "place": line.found_location_id.name or "",
            "person": line.counted_by_id.name or "",
            "remark": line.remark or "",
            "has_photo": line.has_photo,
        }

    def _get_scan_message(self, before):
        """One sentence for the person who has just scanned.

        :param before: place where the car was counted before, if it was
        """
        self.ensure_one()
        if before:
            return self.env._("Was counted at %(place)s before; now here.", place=before.name)
        if self.result == "found":
            return self.env._("In place.")
        if self.result == "misplaced":
            # sudo: the name of the place only
            place = self.sudo().expected_location_id
            return self.env._("Should be at %(place)s.", place=place.display_name)
        return self.remark or self.env._("Not in our stock.")
