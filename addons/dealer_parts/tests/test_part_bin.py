"""Bins: made in ranges, for one part each, scanned by their labels; lots that grow old."""

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .care_case import PartCareCase


@tagged("post_install", "-at_install")
class TestBins(PartCareCase):
    def _generate(self, user=None, **vals):
        form = Form(self._as(user or self.petra, self.env["dealer.bin.generate"]))
        for name, value in {"zone": "b", "rack_to": 2, "level_to": 2, "position_to": 3}.items():
            form[name] = vals.pop(name, value)
        for name, value in vals.items():
            form[name] = value
        wizard = form.save()
        wizard.action_generate()
        return wizard

    def _bins(self, zone="B"):
        return self.env["stock.location"].search(
            [("dealer_bin_zone", "=", zone), ("warehouse_id", "=", self.warehouse.id)]
        )

    def test_a_zone_of_bins_is_made_in_ranges(self):
        wizard = self._generate()
        bins = self._bins()
        self.assertEqual((wizard.bin_count, len(bins)), (12, 12))
        self.assertIn("B-02-1-03", bins.mapped("name"))
        self.assertEqual(bins.location_id.name, "B")
        self.assertEqual(bins.location_id.location_id, self.stock)
        self.assertEqual(bins[0].barcode, f"{self.warehouse.code}-{bins[0].name}")
        self._generate(position_to=4)
        self.assertEqual(len(self._bins()), 16, "those that exist stay")

    def test_ranges_are_checked(self):
        for vals in ({"rack_to": 0}, {"zone": "7"}, {"rack_to": 99, "position_to": 99}):
            with self.assertRaises(UserError):
                self._generate(**vals)
        with self.assertRaises(AccessError):
            self._generate(user=self.pat)

    def test_a_strange_name_is_said(self):
        self.assertTrue(self.bin.dealer_is_bin)
        self.assertFalse(self.bin.dealer_bin_warning)
        self.bin.name = "Shelf by the door"
        self.assertIn("A-03-2-05", self.bin.dealer_bin_warning)
        self.env["ir.config_parameter"].set_param("dealer_parts.bin_pattern", "^Shelf .*$")
        self.bin.invalidate_recordset()
        self.assertFalse(self.bin.dealer_bin_warning)
        self.assertTrue(self._bin("A-03-2-05").dealer_is_bin)
        self.assertFalse(self._bin("Yard").dealer_is_bin)

    def test_a_bin_is_for_one_part(self):
        one, other = self._part("ONE"), self._part("TWO")
        self.bin.dealer_is_mixed = False
        self._receive_part(one, 1)
        self._receive_part(one, 1)
        with self.assertRaisesRegex(UserError, "for one part"):
            self._receive_part(other, 1)
        self.bin.dealer_is_mixed = True
        self._receive_part(other, 1)

    def test_putaway_passes_a_bin_with_another_part(self):
        one, other = self._part("ONE"), self._part("TWO")
        self.bin.dealer_is_mixed = False
        self._receive_part(one, 1)
        self.assertFalse(self.bin._check_can_be_used(other))
        self.assertTrue(self.bin._check_can_be_used(one))

    def test_the_default_bin_is_a_putaway_rule(self):
        part = self._part("HOME")
        self._as(self.pat, part)._dealer_set_bin(self.warehouse, self.bin)
        self._as(self.pat, part)._dealer_set_bin(self.warehouse, self.other_bin)
        self.assertEqual(
            self.env["product.product"]._dealer_get_bins(part, self.warehouse),
            {part: self.other_bin},
        )
        self.assertEqual(self.stock._get_putaway_strategy(part), self.other_bin)
        yard = self.env.ref("stock.stock_location_customers")
        with self.assertRaises(UserError):
            part._dealer_set_bin(self.warehouse, yard)

    def test_labels_show_name_and_code(self):
        self._generate()
        place = self._bins()[:1]
        render = self.env["ir.qweb"]._render
        html = render("dealer_parts.report_bin_label", {"docs": place})
        self.assertIn(place.name, html)
        self.assertIn("img", html)
        part = self._part("04465-0K290", barcode="6901234567892")
        html = render("dealer_parts.report_part_label", {"docs": part})
        self.assertIn("04465-0K290", html)
        self.assertIn("6901234567892", html)


@tagged("post_install", "-at_install")
class TestExpiry(PartCareCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paint = cls._part(
            "PAINT", categ=cls.env.ref("dealer_parts.product_category_paint"), is_storable=True
        )

    def _lot(self, name, days):
        """A lot that expires in so many days, five of them in the bin."""
        lot = self.env["stock.lot"].create(
            {
                "name": name,
                "product_id": self.paint.id,
                "expiration_date": fields.Datetime.add(fields.Datetime.now(), days=days),
            }
        )
        self._receive_part(self.paint, 5, lot=lot)
        return lot

    def test_a_class_says_how_its_parts_are_kept(self):
        self.assertRecordValues(
            self.paint,
            [{"tracking": "lot", "use_expiration_date": True, "expiration_time": 730}],
        )
        self.assertEqual(self._part("PADS").tracking, "none")
        self.assertEqual(self.paint.categ_id.removal_strategy_id.method, "fefo")

    def test_what_expires_first_is_issued_first(self):
        late, early = self._lot("LATE", 300), self._lot("EARLY", 200)
        move = self.env["stock.move"].create(
            {
                "product_id": self.paint.id,
                "product_uom_qty": 6,
                "product_uom": self.paint.uom_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "company_id": self.company.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        self.assertEqual(
            {line.lot_id: line.quantity for line in move.move_line_ids}, {early: 5, late: 1}
        )

    def test_what_expires_is_said(self):
        soon, past = self._lot("SOON", 20), self._lot("PAST", -2)
        self._lot("FINE", 400)
        self.env["dealer.part.alert"]._cron_update_alerts()
        alerts = self.env["dealer.part.alert"].search([("product_id", "=", self.paint.id)])
        self.assertEqual(
            {(alert.lot_id, alert.kind) for alert in alerts},
            {(soon, "expiring"), (past, "expired")},
        )
        self.assertTrue((soon | past).activity_ids)

    def test_lots_are_counted_one_by_one(self):
        lot, other = self._lot("L1", 100), self._lot("L2", 200)
        count = self._as(self.pat, self.env["dealer.part.count"]).create({"kind": "full"})
        count.action_start()
        self.assertEqual(count.line_ids.lot_id, lot | other)
        found = count.scan("PAINT", self.bin.id)
        self.assertEqual(found["status"], "choose")
        found = count.scan("L2", self.bin.id)
        self.assertEqual(found["line"]["lot"], "L2")
        count.count_line(found["line"]["id"], 4)
        count.count_line(count.scan("L1", self.bin.id)["line"]["id"], 5)
        count.action_finish()
        count.count_line(count.scan("L2", self.bin.id)["line"]["id"], 4)
        count.action_finish()
        count.difference_ids.reason_id = self.env.ref(
            "dealer_parts.dealer_part_count_reason_damage"
        )
        count.action_submit()
        self._as(self.petra, count).action_approve()
        self.assertEqual(count.state, "done")
        self.assertEqual(
            sum(other.quant_ids.filtered("location_id.dealer_is_bin").mapped("quantity")), 4
        )
