import datetime
import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from odoo.addons.dealer_base.tools.identifiers import check_vin, normalize_vin
from odoo.addons.dealer_base.tools.table_reader import Column

from .car_columns import get_car_columns
from .dealer_catalogue_import import name_key

ENGINE_NUMBER = re.compile(r"[A-Z0-9*/\-]{4,30}")
OURS = ("in_stock", "reserved")


class DealerArrivalImport(models.TransientModel):
    """Import of an arrival list: cars with VIN, trim, colours, price and place.

    Makes the cars, one purchase order for each vendor with one line for each car, and, when the
    order is confirmed, its receipt with VINs and places filled in. A car that was ours before
    (buy-back) is taken up again, never made a second time.
    """

    _name = "dealer.arrival.import"
    _inherit = "dealer.import.wizard"
    _description = "Import Arrival List"
    _max_rows = 5_000

    line_ids = fields.One2many("dealer.arrival.import.line", "wizard_id", readonly=True)
    bad_line_ids = fields.One2many(
        "dealer.arrival.import.line",
        "wizard_id",
        domain=[("status", "!=", "ok")],
        readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, required=True, readonly=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Vendor",
        help="Vendor of the cars whose line names none.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse",
        string="Store",
        compute="_compute_warehouse_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('company_id', '=', company_id)]",
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        compute="_compute_location_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        domain="[('usage', '=', 'internal'), ('warehouse_id', '=', warehouse_id)]",
        help="Place of the cars whose line names none.",
    )
    date_planned = fields.Date(
        string="Expected On", default=fields.Date.context_today, required=True
    )
    kind = fields.Selection(
        selection=[("new", "New cars"), ("used", "Used cars")],
        string="Cars Are",
        default="new",
        required=True,
    )
    confirm_orders = fields.Boolean(
        string="Confirm the Purchase Order",
        default=True,
        help="Confirms the order and prepares the receipt with VINs and places. An order beyond"
        " your limit waits for its approval instead; confirm it afterwards.",
    )

    @api.depends("company_id")
    def _compute_warehouse_id(self):
        for wizard in self:
            wizard.warehouse_id = self.env["stock.warehouse"].search(
                [("company_id", "=", wizard.company_id.id)], limit=1
            )

    @api.depends("warehouse_id")
    def _compute_location_id(self):
        for wizard in self:
            wizard.location_id = (
                wizard.warehouse_id._dealer_place("yard") if wizard.warehouse_id else False
            )

    # === COLUMNS ===

    def _get_columns(self):
        car = get_car_columns(self.env)
        return [
            car["vin"]._replace(required=True, example="LSVAM4187C2184847"),
            car["model_code"],
            car["brand"],
            car["series"],
            car["trim"],
            car["exterior_color"],
            car["interior_color"],
            Column(
                "engine_number",
                self.env._("Engine Number"),
                ("发动机号", "发动机号码", "发动机编号", "engine no"),
                example="HR16-123456",
            ),
            Column(
                "motor_number",
                self.env._("Motor Number"),
                ("电机号", "驱动电机号", "电机编号", "motor no"),
            ),
            Column(
                "certificate_number",
                self.env._("Certificate Number"),
                ("合格证编号", "合格证号", "合格证", "certificate no"),
                example="WBF092024000001",
            ),
            Column(
                "price",
                self.env._("Purchase Price"),
                (
                    "采购价",
                    "采购价格",
                    "进价",
                    "进货价",
                    "提车价",
                    "结算价",
                    "采购价(元)",
                    "进价(元)",
                    "不含税采购价",
                    "不含税进价",
                    "不含税价",
                    "unit price",
                    "cost",
                    "price",
                ),
                kind="number",
                example=105000,
            ),
            Column(
                "price_with_tax",
                self.env._("Purchase Price with Tax"),
                ("含税采购价", "含税进价", "含税价", "价税合计", "含税采购价(元)", "含税进价(元)"),
                kind="number",
            ),
            Column(
                "place",
                self.env._("Place"),
                ("库位", "车场", "仓位", "存放地点", "库存地点", "location", "yard"),
                example=self.location_id.name or "",
            ),
            Column("vendor", self.env._("Vendor"), ("供应商", "供货商", "供应商名称", "supplier")),
            Column(
                "production_date",
                self.env._("Production Date"),
                ("生产日期", "制造日期", "出厂日期", "制造年月"),
                kind="date",
                example=datetime.date(2024, 3, 1),
            ),
            Column("key_number", self.env._("Key Number"), ("钥匙号", "钥匙编号", "key no")),
        ]

    def _get_template_filename(self):
        return self.env._("arrival list.xlsx")

    def _get_template_notes(self):
        return [
            self.env._("The trim is found by its model code, or else by its name."),
            self.env._("An empty place or vendor is taken from the import window."),
            self.env._("One of the two prices is needed: before tax, or with tax."),
        ]

    def _check_table(self, table):
        if not {"model_code", "trim"} & set(table.mapping):
            raise UserError(
                self.env._(
                    "The file has neither a column for the model code nor one for the trim. "
                    "The template shows the columns that are understood."
                )
            )
        if not {"price", "price_with_tax"} & set(table.mapping):
            raise UserError(
                self.env._(
                    "The file has no column for the purchase price. "
                    "The template shows the columns that are understood."
                )
            )

    # === CHECKING ===

    def _check_rows(self, rows):
        for row in rows:
            row.values["vin"] = normalize_vin(row.values["vin"] or "")
            for name in ("engine_number", "motor_number", "certificate_number"):
                row.values[name] = re.sub(r"\s", "", row.values[name] or "").upper()
            self._check_price(row)
            self._check_vin(row)
            self._check_production_date(row)
        self._check_repeated_vins(rows)
        self._match_models(rows)
        self._match_vehicles(rows)
        self._match_places(rows)
        self._match_vendors(rows)
        self._check_colors(rows)
        self._check_engine_numbers(rows)

    def _check_price(self, row):
        values = row.values
        prices = [values[name] for name in ("price", "price_with_tax") if values[name] is not None]
        if any(price <= 0 for price in prices):
            row.errors.append(self.env._("The purchase price must be greater than zero."))
        elif not prices and not row.errors:
            row.errors.append(self.env._("The purchase price is empty."))

    def _check_vin(self, row):
        vin = row.values["vin"]
        for problem in check_vin(vin) if vin else ():
            text = self.env._(
                "VIN %(vin)s: %(problem)s",
                vin=vin,
                problem=self.env["dealer.vehicle"]._get_vin_problem_text(problem),
            )
            (row.errors if problem.level == "error" else row.warnings).append(text)

    def _check_production_date(self, row):
        date = row.values["production_date"]
        if date and date > fields.Date.context_today(self):
            row.warnings.append(self.env._("The production date lies in the future."))

    def _check_repeated_vins(self, rows):
        """A VIN may be in the file once: the first line counts, all lines are named."""
        for vin, same in self._group_rows(rows, "vin").items():
            if len(same) > 1:
                text = self.env._(
                    "The VIN %(vin)s stands in lines %(lines)s.",
                    vin=vin,
                    lines=", ".join(str(row.number) for row in same),
                )
                same[0].warnings.append(text)
                for row in same[1:]:
                    row.errors.append(text)

    def _group_rows(self, rows, name):
        """Return ``{value: rows}`` of one column, empty values left out."""
        groups = defaultdict(list)
        for row in rows:
            if row.values[name]:
                groups[row.values[name]].append(row)
        return groups

    def _match_models(self, rows):
        """Put the trim into ``values["model"]``: found by its code, else by its name."""
        Model = self.env["fleet.vehicle.model"]
        codes = list(self._group_rows(rows, "model_code"))
        names = {
            name
            for row in rows
            if not row.values["model_code"]
            for name in self._get_trim_names(row.values)
        }
        models = Model.search_fetch(
            Domain("dealer_code", "in", codes) | Domain("name", "in", list(names)),
            ["name", "brand_id", "dealer_series_id", "dealer_code"],
        )
        by_code = {model.dealer_code: model for model in models}
        by_name = models.grouped(lambda model: name_key(model.name))
        for row in rows:
            values = row.values
            values["model"] = Model
            if values["model_code"]:
                values["model"] = by_code.get(values["model_code"], Model)
                if not values["model"]:
                    row.errors.append(
                        self.env._(
                            "The model code %(code)s is not in the catalogue.",
                            code=values["model_code"],
                        )
                    )
            else:
                self._match_model_by_name(row, by_name)

    def _get_trim_names(self, values):
        trim = values["trim"]
        if not trim:
            return []
        return [trim, f"{values['series']} {trim}"] if values["series"] else [trim]

    def _match_model_by_name(self, row, by_name):
        values = row.values
        Model = self.env["fleet.vehicle.model"]
        if not values["trim"]:
            row.errors.append(self.env._("Model code and trim are empty."))
            return
        found = Model.union(
            *(by_name.get(name_key(name), Model) for name in self._get_trim_names(values))
        )
        if values["brand"]:
            found = found.filtered(lambda m: name_key(m.brand_id.name) == name_key(values["brand"]))
        if values["series"]:
            found = found.filtered(
                lambda m: name_key(m.dealer_series_id.name) == name_key(values["series"])
            )
        if len(found) == 1:
            values["model"] = found
        elif found:
            row.errors.append(
                self.env._(
                    "%(count)s trims are named %(trim)s. Please add the model code.",
                    count=len(found),
                    trim=values["trim"],
                )
            )
        else:
            row.errors.append(
                self.env._("The trim %(trim)s is not in the catalogue.", trim=values["trim"])
            )

    def _match_vehicles(self, rows):
        """Put the known car into ``values["vehicle"]``; it must not be ours or on its way."""
        # sudo: a VIN is unique across companies, a car of another company must be seen, too
        Vehicle = self.env["dealer.vehicle"].sudo().with_context(active_test=False)
        vehicles = Vehicle.search_fetch(
            [("vin", "in", list(self._group_rows(rows, "vin")))],
            ["vin", "status", "model_id", "lot_id", "location_id", "kind"],
        )
        by_vin = {vehicle.vin: vehicle for vehicle in vehicles}
        orders = self._get_open_orders(vehicles)
        for row in rows:
            vehicle = by_vin.get(row.values["vin"], Vehicle)
            row.values["vehicle"] = vehicle.sudo(False)
            if not vehicle:
                continue
            if vehicle.status in OURS:
                row.errors.append(
                    self.env._(
                        "The car is in stock already (%(place)s).",
                        place=vehicle.location_id.display_name,
                    )
                )
            elif vehicle in orders:
                row.errors.append(
                    self.env._(
                        "The car is on purchase order %(order)s already.", order=orders[vehicle]
                    )
                )
            elif vehicle.lot_id and row.values["model"] and vehicle.model_id != row.values["model"]:
                row.errors.append(
                    self.env._("The car is known as %(trim)s.", trim=vehicle.model_id.display_name)
                )
            else:
                row.warnings.append(self.env._("The car is known: it is bought back."))

    def _get_open_orders(self, vehicles):
        """Return ``{vehicle: order name}`` of the cars that are on a purchase not yet received."""
        # sudo: see _match_vehicles
        lines = (
            self.env["purchase.order.line"]
            .sudo()
            .search_fetch(
                [
                    ("dealer_vehicle_id", "in", vehicles.ids),
                    "|",
                    ("dealer_vehicle_expected", "=", True),
                    ("state", "in", ("draft", "sent", "to approve")),
                ],
                ["dealer_vehicle_id", "order_id"],
            )
        )
        return {line.dealer_vehicle_id: line.order_id.name for line in lines}

    def _match_places(self, rows):
        """Put the destination into ``values["location"]``: a place of the store, by its name."""
        Location = self.env["stock.location"]
        places = Location.search_fetch(
            [
                ("usage", "=", "internal"),
                ("location_id", "child_of", self.warehouse_id.lot_stock_id.id),
            ],
            ["name", "complete_name", "barcode", "dealer_place_type"],
            order="parent_path",
        )
        type_labels = dict(Location._fields["dealer_place_type"]._description_selection(self.env))
        by_name = {}
        for get_name in (
            lambda place: place.name,
            lambda place: place.complete_name,
            lambda place: place.display_name,
            lambda place: place.barcode,
            lambda place: type_labels.get(place.dealer_place_type),
        ):
            for place in places:
                by_name.setdefault(name_key(get_name(place) or ""), place)
        for row in rows:
            name = row.values["place"]
            place = by_name.get(name_key(name), Location) if name else self.location_id
            row.values["location"] = place
            if not place:
                row.errors.append(
                    self.env._(
                        "%(store)s has no place named %(place)s.",
                        store=self.warehouse_id.name,
                        place=name,
                    )
                )

    def _match_vendors(self, rows):
        """Put the vendor into ``values["partner"]``: named in the row, else in the window."""
        groups = self._group_rows(rows, "vendor")
        partners = self.env["res.partner"].search_fetch(
            Domain("parent_id", "=", False)
            & (Domain("name", "in", list(groups)) | Domain("ref", "in", list(groups))),
            ["name", "ref"],
        )
        for row in rows:
            vendor = row.values["vendor"]
            found = partners.filtered(lambda p, name=vendor: name in (p.name, p.ref))
            row.values["partner"] = found if vendor else self.partner_id
            if not vendor and not self.partner_id:
                row.errors.append(
                    self.env._("The vendor is missing: name it in the row or in the window.")
                )
            elif vendor and len(found) != 1:
                row.errors.append(
                    self.env._("The vendor %(vendor)s is unknown.", vendor=vendor)
                    if not found
                    else self.env._("Several contacts are named %(vendor)s.", vendor=vendor)
                )

    def _check_colors(self, rows):
        """Colours that are new to us are made by the import: say so once, it may be a slip."""
        for side in ("exterior", "interior"):
            known = set(self._get_colors(side))
            for row in rows:
                name = row.values[f"{side}_color"]
                if name and name_key(name) not in known:
                    known.add(name_key(name))
                    row.warnings.append(
                        self.env._("The color %(color)s is new, it will be added.", color=name)
                    )

    def _get_colors(self, side):
        """Return ``{name key: colour}``, found by the user's words and by the English ones."""
        attribute = self.env["dealer.vehicle"]._dealer_color_attribute(side)
        colors = {}
        for lang in ("en_US", self.env.lang or "en_US"):
            for value in attribute.with_context(lang=lang).value_ids:
                colors[name_key(value.name)] = value.with_context(lang=self.env.lang)
        return colors

    def _check_engine_numbers(self, rows):
        for row in rows:
            number = row.values["engine_number"]
            if number and not ENGINE_NUMBER.fullmatch(number):
                row.warnings.append(
                    self.env._("The engine number %(number)s looks odd.", number=number)
                )
        for number, same in self._group_rows(rows, "engine_number").items():
            if len(same) > 1:
                lines = ", ".join(str(row.number) for row in same)
                for row in same:
                    row.warnings.append(
                        self.env._(
                            "The engine number %(number)s stands in lines %(lines)s.",
                            number=number,
                            lines=lines,
                        )
                    )

    def _prepare_line_vals(self, row):
        values = row.values
        return {
            **super()._prepare_line_vals(row),
            "vin": values["vin"],
            "trim": values["model"].display_name or values["trim"] or values["model_code"],
            "exterior_color": values["exterior_color"],
            "interior_color": values["interior_color"],
            "engine_number": values["engine_number"],
            "certificate_number": values["certificate_number"],
            "price": float(values["price"] or values["price_with_tax"] or 0.0),
            "place": values["location"].name or values["place"],
            "vendor": values["partner"][:1].name or values["vendor"],
        }

    # === IMPORTING ===

    def _import_rows(self, rows):
        """Create the cars and their purchase orders.

        :return: the purchase orders
        """
        # A batch of cars needs no message that each of them was created.
        wizard = self.with_context(tracking_disable=True)
        wizard._import_vehicles(rows)
        by_partner = defaultdict(list)
        for row in rows:
            by_partner[row.values["partner"]].append(row)
        orders = (
            wizard.env["purchase.order"]
            .with_company(self.company_id)
            .create(
                [
                    wizard._prepare_order_vals(partner, partner_rows)
                    for partner, partner_rows in by_partner.items()
                ]
            )
        )
        if self.confirm_orders:
            orders._dealer_confirm_or_ask()
        for order in orders:
            order._message_log(
                body=self.env._(
                    "%(count)s cars imported from the arrival list %(file)s.",
                    count=len(order.order_line),
                    file=self.filename or "",
                )
            )
        return orders.with_env(self.env)

    def _import_vehicles(self, rows):
        """Fill ``values["vehicle"]`` of all rows, with the product it is traded as."""
        colors = {side: self._import_colors(rows, side) for side in ("exterior", "interior")}
        pending = []
        for row in rows:
            vals = self._prepare_vehicle_vals(row, colors)
            vehicle = row.values["vehicle"].with_env(self.env)
            if vehicle:
                vehicle.write(self._prepare_known_vehicle_vals(vehicle, vals))
                row.values["vehicle"] = vehicle
            else:
                pending.append((row, vals))
        vehicles = self.env["dealer.vehicle"].create([vals for _row, vals in pending])
        for (row, _vals), vehicle in zip(pending, vehicles, strict=True):
            row.values["vehicle"] = vehicle
        vehicles = vehicles.union(*(row.values["vehicle"] for row in rows))
        self._create_shared_products(vehicles)
        for vehicle in vehicles:
            vehicle._get_or_create_product()

    def _create_shared_products(self, vehicles):
        """Make the products of trims that we never traded as one batch: five times as fast."""
        new_cars = vehicles.filtered(
            lambda vehicle: not vehicle.product_id and vehicle._get_default_policy() == "shared"
        )
        # sudo: buyers may not create products
        models = new_cars.model_id.sudo().filtered(lambda model: not model.dealer_product_id)
        models.lock_for_update()  # two lists at once must not make two products of a trim
        products = models.env["product.product"].create(
            [model._dealer_prepare_product_vals("shared") for model in models]
        )
        for model, product in zip(models, products, strict=True):
            model.dealer_product_id = product

    def _import_colors(self, rows, side):
        """Return ``{name key: colour}`` with the colours that are new to us made."""
        colors = self._get_colors(side)
        names = {name_key(row.values[f"{side}_color"]): row.values[f"{side}_color"] for row in rows}
        missing = {key: name for key, name in names.items() if key and key not in colors}
        if missing:
            attribute = self.env["dealer.vehicle"]._dealer_color_attribute(side)
            # sudo: colours are product data, which only product managers may add otherwise
            created = (
                self.env["product.attribute.value"]
                .sudo()
                .create([{"name": name, "attribute_id": attribute.id} for name in missing.values()])
            )
            colors.update(zip(missing, created.sudo(False), strict=True))
        return colors

    def _prepare_vehicle_vals(self, row, colors):
        """Return the values of a car that is new to us."""
        values = row.values
        exterior = colors["exterior"].get(name_key(values["exterior_color"]))
        interior = colors["interior"].get(name_key(values["interior_color"]))
        return {
            "vin": values["vin"],
            "model_id": values["model"].id,
            "kind": self.kind,
            "exterior_color_id": exterior and exterior.id,
            "interior_color_id": interior and interior.id,
            "engine_number": values["engine_number"],
            "motor_number": values["motor_number"],
            "certificate_number": values["certificate_number"],
            "production_date": values["production_date"],
            "key_number": values["key_number"],
        }

    def _prepare_known_vehicle_vals(self, vehicle, vals):
        """Return what changes on a car that we know: a car bought back is a used car."""
        vals = {name: value for name, value in vals.items() if value and name != "vin"}
        vals["kind"] = "used" if vehicle.lot_id else self.kind
        if not vehicle.active:
            vals["active"] = True
        return vals

    def _prepare_order_vals(self, partner, rows):
        """Return the values of the purchase order of one vendor."""
        return {
            "partner_id": partner.id,
            "company_id": self.company_id.id,
            "picking_type_id": self.warehouse_id.in_type_id.id,
            "origin": self.filename,
            "order_line": [Command.create(self._prepare_order_line_vals(row)) for row in rows],
        }

    def _prepare_order_line_vals(self, row):
        """Return the values of the purchase line of one car."""
        vehicle = row.values["vehicle"]
        return {
            "product_id": vehicle.product_id.id,
            "product_qty": 1.0,
            "price_unit": self._get_price_unit(row),
            # noon in China, and the same day in most of the world
            "date_planned": datetime.datetime.combine(self.date_planned, datetime.time(4)),
            "dealer_vehicle_id": vehicle.id,
            "location_final_id": row.values["location"].id,
        }

    def _get_price_unit(self, row):
        """Return the price for the order line: before tax, unless the tax is part of prices."""
        if row.values["price"] is not None:
            return float(row.values["price"])
        price = float(row.values["price_with_tax"])
        partner = row.values["partner"]
        product = row.values["vehicle"].product_id
        taxes = product.supplier_taxes_id._filter_taxes_by_company(self.company_id)
        position = self.env["account.fiscal.position"].with_company(self.company_id)
        taxes = position._get_fiscal_position(partner).map_tax(taxes)
        if any(tax.price_include for tax in taxes):
            return price
        amounts = taxes.with_context(force_price_include=True).compute_all(
            price, product=product, partner=partner
        )
        return amounts["total_excluded"]

    def _get_result_action(self, result):
        """Show the purchase order, or the list of them."""
        return result._get_records_action(name=self.env._("Imported Purchase Orders"))
