from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..tools.part_number import normalise

RECENT = 8
CHOICES = 20


class DealerPartCount(models.Model):
    """Counting on a telephone: scan the bin, scan the part, say how many.

    Nothing that is sent to the screen tells what the books say.
    """

    _inherit = "dealer.part.count"

    def get_scan_data(self):
        """What the counting screen shows: bins, numbers and the latest lines."""
        self.ensure_one()
        self.check_access("read")
        Line = self.env["dealer.part.count.line"]
        recent = Line.search(
            [("count_id", "=", self.id), ("is_counted", "=", True)],
            order="counted_on desc, id desc",
            limit=RECENT,
        )
        groups = Line._read_group(
            [("count_id", "=", self.id)], ["location_id"], ["__count"], order="location_id"
        )
        open_lines = dict(
            Line._read_group(
                [("count_id", "=", self.id), ("is_counted", "=", False)],
                ["location_id"],
                ["__count"],
            )
        )
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "round": self.round,
            "places": [
                {
                    "id": place.id,
                    "name": place.name,
                    "barcode": place.barcode or "",
                    "open": open_lines.get(place, 0),
                }
                for place, _count in groups
            ],
            "counts": {"lines": self.line_count, "counted": self.counted_count},
            "recent": [line._get_scan_line() for line in recent],
        }

    def get_bin_lines(self, location_id):
        """What is still to be counted in a bin; without quantities, of course."""
        self.ensure_one()
        self.check_access("read")
        lines = self.env["dealer.part.count.line"].search(
            [
                ("count_id", "=", self.id),
                ("location_id", "=", location_id),
                ("is_counted", "=", False),
            ]
        )
        return [line._get_scan_line() for line in lines]

    def scan(self, code, location_id, line_id=None):
        """Find what a scanned or typed code means at this bin.

        :return: dict with ``status``: ``place`` (a bin was scanned, ``place_id``), ``line`` (one
            ``line`` to be counted), ``choose`` (several ``candidates``)
        :raise UserError: nothing fits, saying why
        """
        self.ensure_one()
        self.check_access("write")
        self._check_counting()
        place = self._find_place(code)
        if place:
            return {"status": "place", "place_id": place.id, "data": self.get_scan_data()}
        place = self._get_scan_place(location_id)
        lines = self._find_lines(code, place)
        if line_id:
            lines = lines.filtered(lambda line: line.id == line_id)
        if not lines:
            lines = self._add_line(code, place)
        if len(lines) > 1:
            return {
                "status": "choose",
                "message": self.env._("Several parts fit. Which one is it?"),
                "candidates": [line._get_scan_line() for line in lines[:CHOICES]],
            }
        return {"status": "line", "line": lines._get_scan_line()}

    def count_line(self, line_id, quantity):
        """Say how many of a part lie in the bin."""
        self.ensure_one()
        self.check_access("write")
        line = self.env["dealer.part.count.line"].search(
            [("count_id", "=", self.id), ("id", "=", line_id)]
        )
        if not line:
            raise UserError(self.env._("This line belongs to another count."))
        if quantity is None or quantity < 0:
            raise UserError(self.env._("Say how many there are: 0 or more."))
        line._count({line: quantity})
        return {"line": line._get_scan_line(), "data": self.get_scan_data()}

    # === STEPS OF A SCAN ===
    def _find_place(self, code):
        """The bin with this barcode or name, if the code means one."""
        text = (code or "").strip()
        if not text:
            raise UserError(self.env._("Scan a bin or a part, or type its number."))
        return self.env["stock.location"].search(
            Domain("id", "child_of", self._get_places().ids)
            & Domain("usage", "=", "internal")
            & (Domain("barcode", "=", text) | Domain("name", "=ilike", text)),
            limit=1,
        )

    def _get_scan_place(self, location_id):
        place = self.env["stock.location"].search(
            [("id", "=", location_id), ("id", "child_of", self._get_places().ids)]
        )
        if not place:
            raise UserError(self.env._("Say first where you are: scan or choose the bin."))
        return place

    def _find_lines(self, code, place):
        """Lines of the bin that fit: by barcode or part number, or by the lot."""
        domain = Domain("count_id", "=", self.id) & Domain("location_id", "=", place.id)
        Line = self.env["dealer.part.count.line"]
        text = code.strip()
        lines = Line.search(domain & Domain("lot_id.name", "=", text))
        return lines or Line.search(domain & Domain("product_id", "in", self._find_parts(text).ids))

    def _find_parts(self, text):
        """Parts with this barcode or part number; several brands may use one number."""
        key = normalise(text)
        number = Domain("barcode", "=", text)
        if key:
            number |= Domain("dealer_part_key", "=", key) | Domain("dealer_maker_key", "=", key)
        return self.env["product.product"].search(
            Domain("dealer_is_part", "=", True) & number, limit=CHOICES
        )

    def _add_line(self, code, place):
        """A part that the books do not have in this bin."""
        parts = self._find_parts(code.strip())
        if not parts:
            raise UserError(
                self.env._("“%(code)s” is neither a bin of this count nor a part.", code=code)
            )
        if self.kind in ("cycle", "spot") and self.product_ids:
            parts &= self.product_ids
        if len(parts) != 1:
            raise UserError(
                self.env._(
                    "Several parts have the number %(code)s, and none is listed in %(bin)s. Scan"
                    " the barcode of the part.",
                    code=code,
                    bin=place.name,
                )
            )
        if self.round > 1:
            raise UserError(
                self.env._("Only lines that differ are counted now. Note the find on a new count.")
            )
        if parts.tracking != "none":
            raise UserError(
                self.env._(
                    "%(part)s is kept by lots, and none is listed in %(bin)s. Relocate the lot"
                    " first, or receive it.",
                    part=parts.display_name,
                    bin=place.name,
                )
            )
        line = self._create_lines([(parts.id, place.id, None, 0)])
        line.is_extra = True
        return line.sudo(False)


class DealerPartCountLine(models.Model):
    """What the counting screen shows of a line: never what the books say."""

    _inherit = "dealer.part.count.line"

    def _get_scan_line(self):
        self.ensure_one()
        # sudo: only names
        line = self.sudo()
        return {
            "id": line.id,
            "number": line.product_id.default_code or "",
            "name": line.product_id.name,
            "lot": line.lot_id.name or "",
            "place": line.location_id.name,
            "uom": line.uom_id.name,
            "is_counted": line.is_counted,
            "quantity": line.counted_quantity if line.is_counted else False,
            "again": line.to_recount,
            "person": line.counted_by_id.name or "",
            "time": fields.Datetime.to_string(line.counted_on) if line.counted_on else "",
        }
