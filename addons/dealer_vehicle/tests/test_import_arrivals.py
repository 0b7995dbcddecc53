import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from odoo.addons.dealer_base.tools import table_reader

from .import_case import ImportCase, make_csv


@tagged("post_install", "-at_install")
class TestImportArrivals(ImportCase):
    # === THE WHOLE LIST ===

    def _broken_arrivals(self):
        """Return 500 rows, 7 of them wrong in 7 ways, and ``{line: part of the reason}``."""
        rows = self._arrivals(500)
        on_order = self._import_arrivals(self._arrivals(1))
        in_stock = self._import_arrivals(self._arrivals(1))
        in_stock.picking_ids.button_validate()
        rows[9]["车架号"] = rows[9]["车架号"][:16]
        rows[49]["车架号"] = rows[3]["车架号"]
        rows[99]["车架号"] = in_stock.order_line.dealer_vehicle_id.vin
        rows[199]["车架号"] = on_order.order_line.dealer_vehicle_id.vin
        rows[299]["车型代码"] = "CMT-9"
        rows[399]["库位"] = "Nowhere"
        rows[499]["采购价"] = "-1"
        return rows, {
            11: rows[9]["车架号"],
            51: "stands in lines 5, 51",
            101: "in stock already",
            201: f"on purchase order {on_order.name}",
            301: "CMT-9",
            401: "Nowhere",
            501: "greater than zero",
        }

    def test_receipt_of_many_cars_asks_little_for_each(self):
        """A request may last two minutes: 500 cars, and more, must come in within it."""
        statements = []
        for count in (5, 25):
            order = self._import_arrivals(self._arrivals(count))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.picking_ids.button_validate()
            self.env.flush_all()
            statements.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((statements[1] - statements[0]) / 20, 16)

    def test_500_arrivals_with_7_broken_rows(self):
        rows, reasons = self._broken_arrivals()
        before = self.env["dealer.vehicle"].search_count([])
        wizard = self._arrival_wizard(rows, row_policy="good")
        self.assertRecordValues(wizard, [{"row_count": 500, "error_count": 7}])
        self.assertEqual(wizard.ok_count + wizard.warning_count, 493)
        found = self._reasons(wizard)
        self.assertEqual(list(found), list(reasons))
        for line, reason in reasons.items():
            if line != 11:
                self.assertIn(reason, found[line])
        action = wizard.action_import()
        order = self.env["purchase.order"].browse(action["res_id"])
        self.assertRecordValues(
            order, [{"state": "purchase", "partner_id": self.vendor.id, "origin": "file.csv"}]
        )
        self.assertEqual(len(order.order_line), 493)
        self.assertEqual(set(order.order_line.mapped("product_qty")), {1.0})
        self.assertEqual(self.env["dealer.vehicle"].search_count([]), before + 493)
        good = [row for index, row in enumerate(rows, 2) if index not in reasons]
        self._assert_cars(order, good)
        self._assert_receipt(order, good)
        self.assertIn("493 cars imported", order.message_ids[:1].body)
        errors = self._error_rows(wizard)
        self.assertEqual([row.cells[0] for row in errors.rows], list(reasons))

    def _assert_cars(self, order, rows):
        trims = {trim.dealer_code: trim.id for trim in self.trims}
        self.assertRecordValues(
            order.order_line,
            [{"price_unit": row["采购价"], "date_planned": order.date_planned} for row in rows],
        )
        self.assertRecordValues(
            order.order_line.dealer_vehicle_id,
            [
                {
                    "vin": row["车架号"],
                    "model_id": trims[row["车型代码"]],
                    "engine_number": row["发动机号"],
                    "certificate_number": row["合格证编号"],
                    "key_number": row["钥匙号"],
                    "kind": "new",
                    "status": "on_order",
                }
                for row in rows
            ],
        )
        colors = order.order_line.dealer_vehicle_id.exterior_color_id
        self.assertEqual(set(colors.mapped("name")), {"珍珠白", "碳晶黑"})

    def _assert_receipt(self, order, rows):
        receipt = order.picking_ids
        self.assertRecordValues(receipt, [{"state": "assigned"}])
        expected = {row["车架号"]: row["库位"] for row in rows}
        prepared = {line.lot_name: line.location_dest_id.name for line in receipt.move_line_ids}
        self.assertEqual(prepared, expected)
        self.assertFalse(receipt.move_line_ids.lot_id, "Serial numbers are made at the receipt.")

    def test_all_or_nothing_imports_nothing(self):
        rows, reasons = self._broken_arrivals()
        vehicles = self.env["dealer.vehicle"].search_count([])
        orders = self.env["purchase.order"].search_count([])
        wizard = self._arrival_wizard(rows, row_policy="all")
        with self.assertRaisesRegex(UserError, "7 of 500 rows") as caught:
            wizard.action_import()
        for line in reasons:
            self.assertIn(f"Line {line}:", str(caught.exception))
        self.assertEqual(self.env["dealer.vehicle"].search_count([]), vehicles)
        self.assertEqual(self.env["purchase.order"].search_count([]), orders)

    def test_receipt_puts_cars_on_their_places(self):
        rows = self._arrivals(3)
        for row, place in zip(rows, ("Yard", "Showroom", ""), strict=True):
            row["库位"] = place
        order = self._import_arrivals(rows)
        order.picking_ids.button_validate()
        self.assertRecordValues(
            order.order_line.dealer_vehicle_id,
            [
                {"status": "in_stock", "location_id": place.id, "unit_cost": row["采购价"]}
                for row, place in zip(rows, self.yard + self.showroom + self.yard, strict=True)
            ],
        )

    def test_correcting_the_downloaded_rows_and_importing_them(self):
        rows = self._arrivals(3)
        rows[1]["车型代码"] = "CMT-9"
        wizard = self._arrival_wizard(rows, row_policy="good")
        wizard.action_import()
        table = self._error_rows(wizard)
        (row,) = table.rows
        row.cells[table.header.index("车型代码")] = "CMT-1"
        corrected = table_reader.write_xlsx(table.header, [row.cells])
        order = self._import_arrivals(corrected)
        self.assertEqual(order.order_line.dealer_vehicle_id.vin, rows[1]["车架号"])

    def test_importing_the_same_list_twice_is_refused(self):
        rows = self._arrivals(2)
        for confirm in (False, True):
            with self.subTest(confirm=confirm):
                order = self._import_arrivals(rows, confirm_orders=confirm)
                self.assertEqual(order.state, "purchase" if confirm else "draft")
                wizard = self._arrival_wizard(rows)
                self.assertEqual(wizard.error_count, 2)
                self.assertIn(order.name, wizard.line_ids[0].reason)
                order.button_cancel()

    def test_one_order_for_each_vendor(self):
        other = self.env["res.partner"].create({"name": "Second Example Factory"})
        rows = self._arrivals(4)
        for row, vendor in zip(rows, ("", other.name, "", other.name), strict=True):
            row["供应商"] = vendor
        orders = self._import_arrivals(rows).sorted(lambda order: order.partner_id.id)
        self.assertRecordValues(
            orders,
            [
                {"partner_id": self.vendor.id, "dealer_vehicle_count": 2},
                {"partner_id": other.id, "dealer_vehicle_count": 2},
            ],
        )

    def test_car_that_was_sold_is_bought_back(self):
        rows = self._arrivals(1)
        order = self._import_arrivals(rows)
        order.picking_ids.button_validate()
        car = order.order_line.dealer_vehicle_id
        sale = self.env["sale.order"].create({"partner_id": self.vendor.id})
        self.env["sale.order.line"].create({"order_id": sale.id, "dealer_vehicle_id": car.id})
        sale.action_confirm()
        sale.picking_ids.move_ids.picked = True
        sale.picking_ids.button_validate()
        self.assertEqual(car.status, "sold")
        rows[0]["采购价"] = 70_000
        wizard = self._arrival_wizard(rows)
        self.assertIn("bought back", self._reasons(wizard, "warning")[2])
        back = self.env["purchase.order"].browse(wizard.action_import()["res_id"])
        self.assertEqual(back.order_line.dealer_vehicle_id, car)
        self.assertRecordValues(
            back.picking_ids.move_line_ids,
            [
                {
                    "lot_id": car.lot_id.id,
                    "location_id": self.env.ref("stock.stock_location_customers").id,
                }
            ],
        )
        back.picking_ids.button_validate()
        self.assertRecordValues(car, [{"status": "in_stock", "kind": "used"}])

    # === CHECKS OF SINGLE ROWS ===

    def _reason(self, status="error", **values):
        """Return the reason of one row with these values changed."""
        (row,) = self._arrivals(1, **values)
        wizard = self._arrival_wizard([row])
        return self._reasons(wizard, status).get(2)

    def test_empty_mandatory_cells_are_named(self):
        self.assertIn("VIN", self._reason(车架号=""))
        self.assertIn("purchase price is empty", self._reason(采购价=""))
        self.assertIn("Model code and trim", self._reason(车型代码=""))

    def test_price_that_is_no_number(self):
        self.assertIn("面议", self._reason(采购价="面议"))
        self.assertIn("greater than zero", self._reason(采购价="0"))

    def test_price_with_tax_is_taken_apart(self):
        self.env.company.account_purchase_tax_id = self.env["account.tax"].create(
            {
                "name": "Example VAT",
                "amount": 13,
                "type_tax_use": "purchase",
                "price_include_override": "tax_excluded",
            }
        )
        order = self._import_arrivals(self._arrivals(2, 采购价="", 含税采购价="113000"))
        self.assertRecordValues(
            order.order_line, [{"price_unit": 100_000, "price_total": 113_000}] * 2
        )

    def test_several_reasons_are_told_at_once(self):
        reason = self._reason(采购价="0", 库位="Nowhere")
        self.assertIn("greater than zero", reason)
        self.assertIn("Nowhere", reason)

    def test_vin_is_normalised(self):
        vin = self._vin()
        order = self._import_arrivals(self._arrivals(1, 车架号=f" {vin[:8].lower()} {vin[8:]} "))
        self.assertEqual(order.order_line.dealer_vehicle_id.vin, vin)

    def test_vin_cases(self):
        """What the identifiers call an error is one here, a warning does not stop a car."""
        cases = self._read_csv("vin_cases.csv")
        rows = [self._arrivals(1, 车架号=case["vin"])[0] for case in cases]
        wizard = self._arrival_wizard(rows)
        errors = self._reasons(wizard)
        for line, case in enumerate(cases, 2):
            if case["status"] in ("bad_character", "bad_length"):
                self.assertIn(line, errors)
            elif case["status"] == "valid":
                self.assertNotIn(line, errors)

    def test_trim_is_found_by_its_name(self):
        rows = self._arrivals(1, 车型代码="", 品牌="EXAMPLIA", 车系="Comet")
        rows[0]["车型"] = "2024款 1.5T 舒适版"
        order = self._import_arrivals(rows)
        self.assertEqual(order.order_line.dealer_vehicle_id.model_id, self.trims[0])

    def test_trim_name_that_several_trims_have(self):
        self.trims[1].name = self.trims[0].name
        self.assertIn("2 trims", self._reason(车型代码="", 车型=self.trims[0].name))

    def test_unknown_vendor(self):
        self.assertIn("Nobody Ltd", self._reason(供应商="Nobody Ltd"))

    def test_vendor_is_needed_somewhere(self):
        wizard = self._arrival_wizard(self._arrivals(1), partner_id=False)
        self.assertIn("vendor", wizard.line_ids.reason)

    def test_odd_engine_number_is_a_warning(self):
        self.assertIn("looks odd", self._reason("warning", 发动机号="?"))

    def test_file_without_trim_columns_is_refused(self):
        with self.assertRaisesRegex(UserError, "neither a column for the model code"):
            self._arrival_wizard([{"VIN": self._vin(), "进价": 1}])

    def test_missing_columns_are_named(self):
        with self.assertRaisesRegex(UserError, "VIN"):
            self._arrival_wizard([{"进价": 1, "车型代码": "CMT-1"}])
        with self.assertRaisesRegex(UserError, "purchase price"):
            self._arrival_wizard([{"VIN": self._vin(), "车型代码": "CMT-1"}])

    def test_unreadable_file(self):
        with self.assertRaisesRegex(UserError, "neither an XLSX workbook nor CSV"):
            self._arrival_wizard(b"\x89PNG\r\n\x1a\n\0\0\0")

    # === FAILURE, SPEED, RIGHTS ===

    def test_failure_leaves_nothing_and_names_the_line(self):
        """What the checks cannot foresee stops the whole import at its line."""
        rows = self._arrivals(20)
        wizard = self._arrival_wizard(rows)
        vehicles = self.env["dealer.vehicle"].search_count([])
        vin = rows[12]["车架号"]

        reason = "This car is refused."

        def refuse(self, vals_list):
            if any(vals.get("vin") == vin for vals in vals_list):
                raise UserError(reason)
            return create(self, vals_list)

        create = type(self.env["dealer.vehicle"]).create
        self.patch(type(self.env["dealer.vehicle"]), "create", refuse)
        with self.assertRaisesRegex(UserError, "line 14: This car is refused"):
            wizard.action_import()
        self.assertEqual(self.env["dealer.vehicle"].search_count([]), vehicles)
        self.assertFalse(self.env["purchase.order"].search([("origin", "=", "file.csv")]))

    def test_statements_grow_slowly_with_the_rows(self):
        """Each row costs core two statements (move, reordering rule); ours cost none."""
        self._import_arrivals(self._arrivals(10))  # products, colours, caches
        statements = []
        for count in (100, 200):
            wizard = self._arrival_wizard(self._arrivals(count))
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            statements.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((statements[1] - statements[0]) / 100, 3.0)

    def test_who_may_not_import(self):
        keeper = new_test_user(
            self.env, "wanda_import", groups="dealer_base.group_sales_consultant"
        )
        with self.assertRaises(AccessError):
            self._arrival_wizard(self._arrivals(1), user=keeper)

    def test_window_from_upload_to_order(self):
        wizard_model = self.env["dealer.arrival.import"].with_user(self.max)
        form = Form(wizard_model)
        self.assertEqual(form.warehouse_id, self.warehouse)
        self.assertEqual(form.location_id, self.yard)
        form.data_file = base64.b64encode(make_csv(self._arrivals(2), "gb18030"))
        form.partner_id = self.vendor
        wizard = form.save()
        action = wizard.action_read_file()
        self.assertEqual((action["res_id"], wizard.state), (wizard.id, "preview"))
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "purchase.order")
        wizard.action_back()
        self.assertRecordValues(wizard, [{"state": "upload", "data_file": False}])
        self.assertFalse(wizard.line_ids)

    def test_failure_of_no_single_line_is_told_too(self):
        """Two cars that only fail together: the reason is told without a line."""
        rows = self._arrivals(4)
        wizard = self._arrival_wizard(rows)
        reason = "Too many cars."

        def refuse(self, vals_list):
            if len(vals_list) > 3:
                raise UserError(reason)
            return create(self, vals_list)

        create = type(self.env["dealer.vehicle"]).create
        self.patch(type(self.env["dealer.vehicle"]), "create", refuse)
        with self.assertRaisesRegex(UserError, "Nothing was imported: Too many cars"):
            wizard.action_import()

    def test_template_can_be_imported(self):
        self.trims[0].dealer_code = "SYL-16-CVT-SX"
        template = self.env["dealer.arrival.import"].with_user(self.max).new().template_file
        wizard = self._arrival_wizard(base64.b64decode(template))
        self.assertRecordValues(wizard, [{"row_count": 1, "error_count": 0}])
        self.assertIn("arrival", wizard.action_download_template()["url"])


@tagged("post_install", "-at_install")
class TestImportDownload(HttpCase, ImportCase):
    """The files that the window offers can really be fetched, by their owner only."""

    def _download(self, action):
        response = self.url_open(action["url"])
        self.assertEqual(response.status_code, 200)
        return response.content

    def test_template_and_rows_to_correct(self):
        rows = self._arrivals(2)
        rows[0]["车型代码"] = "CMT-9"
        wizard = self._arrival_wizard(rows)
        self.authenticate("max_import", "max_import")
        columns = wizard._get_known_columns()
        template = self._download(wizard.action_download_template())
        self.assertEqual(len(table_reader.read_table(template, columns).rows), 1)
        bad_rows = self._download(wizard.action_download_errors())
        self.assertEqual(
            [row.cells[0] for row in table_reader.read_table(bad_rows, columns).rows], [2]
        )

    def test_nobody_else_can_fetch_them(self):
        rows = self._arrivals(1, 车型代码="CMT-9")
        wizard = self._arrival_wizard(rows)
        new_test_user(self.env, "moritz_import", groups="dealer_base.group_sales_manager")
        self.authenticate("moritz_import", "moritz_import")
        response = self.url_open(wizard.action_download_errors()["url"])
        self.assertEqual(response.status_code, 404)
