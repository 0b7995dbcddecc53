import datetime
import re
import unicodedata
from collections import Counter, defaultdict

from odoo import fields, models
from odoo.tools import format_date, split_every

from odoo.addons.dealer_base.tools.table_reader import Column

from .car_columns import get_car_columns

# The models are made in batches: one batch of a whole catalogue would hold everything in memory.
BATCH_SIZE = 1_000
# A trim's full name such as "轩逸 2023款 1.6L CVT舒享版": series, model year, version.
FULL_NAME = re.compile(r"^(?P<series>\S.*?)\s+(?P<year>(?:19|20)\d\d)\s*款")
YEAR = re.compile(r"(?:19|20)\d\d")
HORSEPOWER = re.compile(r"(\d{2,4})\s*(?:马力|ps|hp)", re.IGNORECASE)
# Words of the energy column, the more special ones first: "汽油+48V轻混系统" is a petrol car for
# the tax office and the plate, "增程式" and "插电" are plug-in hybrids.
FUEL_WORDS = [
    ("plug_in_hybrid_diesel", ("柴油插电", "plug-in hybrid diesel")),
    ("plug_in_hybrid_gasoline", ("插电", "增程", "plug-in", "plugin", "phev", "erev", "reev")),
    ("gasoline", ("轻混", "mild hybrid", "mhev")),
    ("full_hybrid", ("油电混合", "混动", "混合动力", "电驱", "hybrid", "hev")),
    ("hydrogen", ("氢", "燃料电池", "hydrogen", "fuel cell", "fcev")),
    ("electric", ("纯电", "电动", "electric", "bev")),
    ("cng", ("cng", "天然气")),
    ("lpg", ("lpg", "液化石油气")),
    ("diesel", ("柴油", "diesel")),
    ("gasoline", ("汽油", "gasoline", "petrol")),
]
DRIVE_WORDS = [
    ("awd", ("四驱", "awd", "4wd", "all-wheel")),
    ("fwd", ("前驱", "fwd", "front-wheel")),
    ("rwd", ("后驱", "rwd", "rear-wheel")),
]
TRANSMISSION_WORDS = [
    ("manual", ("手动", "manual", "(mt)")),
    (
        "automatic",
        (
            "自动",
            "手自一体",
            "双离合",
            "无级",
            "固定齿比",
            "电驱",
            "dht",
            "cvt",
            "automatic",
            "auto",
        ),
    ),
]


def name_key(name):
    """Reduce a name to what makes it different: width, case and spaces do not.

    >>> name_key("ＡＩＯＮ  s Plus") == name_key("Aion S Plus")
    True
    """
    return " ".join(unicodedata.normalize("NFKC", name or "").casefold().split())


def find_word(text, words):
    """Return the first value of ``words`` one of whose words is part of the text, else False.

    >>> find_word("汽油+48V轻混系统", FUEL_WORDS), find_word("纯电动", FUEL_WORDS)
    ('gasoline', 'electric')
    """
    text = name_key(text)
    return next((value for value, hints in words if any(hint in text for hint in hints)), False)


class DealerCatalogueImport(models.TransientModel):
    """Import of a model catalogue: brand, series, trim, guide price.

    Importing a file twice changes nothing; a guide price that differs is added from a date on.
    """

    _name = "dealer.catalogue.import"
    _inherit = "dealer.import.wizard"
    _description = "Import Model Catalogue"

    line_ids = fields.One2many("dealer.catalogue.import.line", "wizard_id", readonly=True)
    bad_line_ids = fields.One2many(
        "dealer.catalogue.import.line",
        "wizard_id",
        domain=[("status", "!=", "ok")],
        readonly=True,
    )
    price_date = fields.Date(
        string="Prices From",
        default=fields.Date.context_today,
        required=True,
        help="Day from which changed guide prices hold, unless the file has a column for it.",
    )

    # === COLUMNS ===

    def _get_columns(self):
        trim = get_car_columns(self.env)
        code = trim["model_code"]
        return [
            trim["brand"]._replace(example="日产"),
            Column(
                "maker", self.env._("Manufacturer"), ("厂商", "厂家", "制造商"), example="东风日产"
            ),
            trim["series"]._replace(example="轩逸"),
            trim["trim"]._replace(required=True, example="轩逸 2023款 1.6L CVT舒享版"),
            code._replace(aliases=(*code.aliases, "source_id", "trim_id")),
            Column(
                "model_year", self.env._("Model Year"), ("年款", "年份", "year"), example="2023"
            ),
            Column(
                "energy",
                self.env._("Energy Type"),
                ("能源类型", "能源", "燃料类型", "燃油类型", "fuel", "fuel type"),
                example="汽油",
            ),
            Column(
                "displacement_ml",
                self.env._("Displacement (ml)"),
                ("排量(ml)", "排量(毫升)", "displacement_ml"),
                kind="number",
                example=1598,
            ),
            Column(
                "displacement_l",
                self.env._("Displacement (l)"),
                ("排量", "排量(L)", "排量(升)", "displacement"),
                kind="number",
            ),
            Column("seats", self.env._("Seats"), ("座位数", "座位"), kind="integer", example=5),
            Column(
                "guide_price",
                self.env._("Guide Price"),
                ("指导价", "厂商指导价", "官方指导价", "指导价(元)", "厂商指导价(元)", "msrp"),
                kind="number",
                example=119000,
            ),
            Column(
                "guide_price_wan",
                self.env._("Guide Price (10,000)"),
                (
                    "指导价(万元)",
                    "指导价(万)",
                    "厂商指导价(万元)",
                    "厂商指导价(万)",
                    "guide_price_wan_cny",
                    "guide_price_est_wan_cny",
                ),
                kind="number",
            ),
            Column(
                "date_from",
                self.env._("Price From"),
                ("价格日期", "生效日期", "执行日期"),
                kind="date",
                example=datetime.date(2024, 3, 1),
            ),
            Column("launch_date", self.env._("Launch Date"), ("上市时间", "上市日期"), kind="date"),
            Column("launch_year", self.env._("Launch Year"), ("上市年份",), kind="integer"),
            Column("launch_month", self.env._("Launch Month"), ("上市月份",), kind="integer"),
            Column(
                "segment",
                self.env._("Segment"),
                ("级别", "车型级别", "车辆级别", "category"),
                example="紧凑型车",
            ),
            Column("gearbox", self.env._("Gearbox"), ("变速箱", "变速器", "transmission")),
            Column("drive", self.env._("Drive"), ("驱动", "驱动方式", "驱动形式")),
            Column(
                "power_kw",
                self.env._("Power (kW)"),
                ("最大功率", "最大功率(kW)", "max_power_kw"),
                kind="number",
            ),
            Column(
                "power_ps",
                self.env._("Horsepower"),
                ("马力", "最大马力", "max_power_ps"),
                kind="number",
            ),
            Column("engine", self.env._("Engine"), ("发动机",)),
        ]

    def _get_template_filename(self):
        return self.env._("model catalogue.xlsx")

    def _get_template_notes(self):
        return [
            self.env._("A trim is known by its model code, or else by brand, series and name."),
            self.env._("A guide price that differs from the present one is added, never changed."),
        ]

    # === CHECKING ===

    def _check_rows(self, rows):
        for row in rows:
            self._complete_row(row)
        self._complete_brands(rows)
        for row in rows:
            self._check_row(row)
        self._check_duplicates(rows)
        self._match_rows(rows)

    def _complete_row(self, row):
        """Fill what other columns tell: series and year from the name, price from 10,000s."""
        values = row.values
        trim = " ".join((values["trim"] or "").split())
        full = FULL_NAME.match(trim)
        head = full["series"] if full else ""
        series = " ".join((values["series"] or "").split())
        if head and (not series or series.endswith(f"-{head}")):
            series = head  # "大众-速腾" is the series 速腾 in a list that puts the brand before it
        if series and not full and not name_key(trim).startswith(name_key(series)):
            trim = f"{series} {trim}"
        year = YEAR.search(values["model_year"] or "") or (full and YEAR.search(full["year"]))
        if values["guide_price"] is None and values["guide_price_wan"] is not None:
            values["guide_price"] = values["guide_price_wan"] * 10_000
        if values["displacement_ml"] is None and values["displacement_l"] is not None:
            values["displacement_ml"] = round(values["displacement_l"] * 1_000)
        if values["power_ps"] is None and (found := HORSEPOWER.search(values["engine"] or "")):
            values["power_ps"] = int(found[1])
        values.update(trim=trim, series=series, model_year=year[0] if year else False)
        if not values["launch_date"] and values["launch_year"]:
            month = values["launch_month"] or 1
            if 1 <= month <= 12 and 1900 < values["launch_year"] < 2200:
                values["launch_date"] = datetime.date(values["launch_year"], month, 1)

    def _complete_brands(self, rows):
        """Where only the manufacturer is given, take the brand that he is known to build."""
        without = [row for row in rows if not row.values["brand"] and row.values["maker"]]
        if not without:
            return
        by_maker = defaultdict(list)
        for series in self.env["dealer.vehicle.series"].search_fetch(
            [("maker", "!=", False)], ["maker", "name", "brand_id"]
        ):
            by_maker[name_key(series.maker)].append((series.brand_id.name, series.name))
        for row in rows:
            if row.values["brand"] and row.values["maker"]:
                known = (row.values["brand"], row.values["series"])
                by_maker[name_key(row.values["maker"])].append(known)
        favourites = {
            maker: Counter(brand for brand, _series in known).most_common(1)[0][0]
            for maker, known in by_maker.items()
        }
        by_series = {
            (maker, name_key(series)): brand
            for maker, known in by_maker.items()
            for brand, series in known
        }
        for row in without:
            maker = name_key(row.values["maker"])
            row.values["brand"] = (
                by_series.get((maker, name_key(row.values["series"])))
                or favourites.get(maker)
                or row.values["maker"]
            )

    def _check_row(self, row):
        values = row.values
        if not values["brand"]:
            row.errors.append(self.env._("The brand is missing."))
        if values["trim"] and not values["series"]:
            row.errors.append(self.env._("The series is missing."))
        price = values["guide_price"]
        if price is not None and price <= 0:
            row.errors.append(self.env._("The guide price must be greater than zero."))
        if values["seats"] is not None and not 1 <= values["seats"] <= 99:
            row.errors.append(self.env._("%(seats)s seats cannot be.", seats=values["seats"]))
        if values["energy"] and not find_word(values["energy"], FUEL_WORDS):
            row.warnings.append(
                self.env._("The energy type “%(energy)s” is unknown.", energy=values["energy"])
            )

    def _check_duplicates(self, rows):
        """A trim may be in the file once: the first line counts, all lines are named."""
        by_key = defaultdict(list)
        for row in rows:
            if row.values["trim"]:
                by_key[self._get_row_key(row)].append(row)
        for same in by_key.values():
            if len(same) > 1:
                text = self.env._(
                    "The same trim stands in lines %(lines)s.",
                    lines=", ".join(str(row.number) for row in same),
                )
                same[0].warnings.append(text)
                for row in same[1:]:
                    row.errors.append(text)

    def _get_row_key(self, row):
        values = row.values
        if values["model_code"]:
            return values["model_code"]
        return (
            name_key(values["brand"]),
            name_key(values["series"]),
            name_key(values["trim"]),
        )

    def _match_rows(self, rows):
        """Put the known trim into ``values["model"]``: found by code, else by its names."""
        by_code, by_name = self._get_known_models(rows)
        for row in rows:
            code = row.values["model_code"]
            model = by_code.get(code) if code else None
            if not model:
                names = (row.values["brand"], row.values["series"], row.values["trim"])
                named = by_name.get(tuple(name_key(name) for name in names), [])
                if code:
                    named = [model for model in named if not model.dealer_code]
                if len(named) > 1:
                    row.errors.append(
                        self.env._(
                            "%(count)s trims have this name. Please add the model code.",
                            count=len(named),
                        )
                    )
                model = named[0] if named else None
            row.values["model"] = model or self.env["fleet.vehicle.model"]

    def _get_known_models(self, rows):
        """Return the trims in the catalogue by code and by names, archived ones included."""
        Model = self.env["fleet.vehicle.model"].with_context(active_test=False)
        names = {name_key(row.values["brand"]) for row in rows}
        brands = self._get_known_brands()
        brand_ids = [brand.id for key, brand in brands.items() if key in names]
        codes = list({row.values["model_code"] for row in rows if row.values["model_code"]})
        models = Model.search_fetch(
            ["|", ("brand_id", "in", brand_ids), ("dealer_code", "in", codes)],
            ["name", "brand_id", "dealer_series_id", "dealer_code"],
        )
        by_code, by_name = {}, defaultdict(list)
        for model in models:
            if model.dealer_code:
                by_code[model.dealer_code] = model
            names = (model.brand_id.name, model.dealer_series_id.name, model.name)
            by_name[tuple(name_key(name) for name in names)].append(model)
        return by_code, by_name

    def _get_known_brands(self):
        brands = self.env["fleet.vehicle.model.brand"].with_context(active_test=False)
        found = brands.search_fetch([], ["name"], order="id desc")
        return {name_key(brand.name): brand for brand in found}  # the oldest of a name wins

    def _prepare_line_vals(self, row):
        values = row.values
        return {
            **super()._prepare_line_vals(row),
            "brand": values["brand"],
            "series": values["series"],
            "trim": values["trim"],
            "model_code": values["model_code"],
            "model_year": values["model_year"],
            "guide_price": float(values["guide_price"] or 0.0),
            "model_id": values["model"].id,
        }

    # === IMPORTING ===

    def _import_rows(self, rows):
        """Create or update brands, series, trims and prices.

        :return: numbers of new trims, changed trims and new prices
        """
        # Tracking each of 30,000 trims would write more messages than trims.
        wizard = self.with_context(tracking_disable=True, mail_create_nosubscribe=True)
        series_by_row = wizard._import_series(rows, wizard._import_brands(rows))
        categories = wizard._import_categories(rows)
        pending, changed_count = [], 0
        for row in rows:
            vals = wizard._prepare_model_vals(row, series_by_row[row.number], categories)
            if row.values["model"]:
                changed_count += wizard._update_model(row.values["model"], vals)
            else:
                pending.append((row, vals))
        for batch in split_every(BATCH_SIZE, pending, list):
            models = wizard.env["fleet.vehicle.model"].create([vals for _row, vals in batch])
            for (row, _vals), model in zip(batch, models, strict=True):
                row.values["model"] = model
        price_count = wizard._import_prices(rows)
        return {"new": len(pending), "changed": changed_count, "prices": price_count}

    def _import_brands(self, rows):
        brands = self._get_known_brands()
        names = {name_key(row.values["brand"]): row.values["brand"] for row in rows}
        missing = {key: name for key, name in names.items() if key not in brands}
        created = self.env["fleet.vehicle.model.brand"].create(
            [{"name": name} for name in missing.values()]
        )
        return brands | dict(zip(missing, created, strict=True))

    def _import_series(self, rows, brands):
        """Return the series of each row by line number; missing ones are created."""
        Series = self.env["dealer.vehicle.series"].with_context(active_test=False)
        known = {
            (series.brand_id.id, name_key(series.name)): series
            for series in Series.search_fetch([], ["name", "brand_id", "maker"])
        }
        wanted, keys = {}, {}
        for row in rows:
            brand = brands[name_key(row.values["brand"])]
            keys[row.number] = key = (brand.id, name_key(row.values["series"]))
            if key not in known:
                vals = {"name": row.values["series"], "brand_id": brand.id}
                wanted.setdefault(key, vals | {"maker": row.values["maker"]})
            elif row.values["maker"] and not known[key].maker:
                known[key].maker = row.values["maker"]
        known.update(zip(wanted, Series.create(list(wanted.values())), strict=True))
        return {number: known[key] for number, key in keys.items()}

    def _import_categories(self, rows):
        Category = self.env["fleet.vehicle.model.category"]
        known = {name_key(category.name): category for category in Category.search([])}
        names = {name_key(row.values["segment"]): row.values["segment"] for row in rows}
        missing = {key: name for key, name in names.items() if key and key not in known}
        created = Category.create([{"name": name} for name in missing.values()])
        return known | dict(zip(missing, created, strict=True))

    def _prepare_model_vals(self, row, series, categories):
        """Return the values of the trim; what the file leaves empty is not among them."""
        values = row.values
        years = dict(self.env["fleet.vehicle.model"]._get_year_selection())
        category = categories.get(name_key(values["segment"]))
        vals = {
            "dealer_code": values["model_code"],
            "model_year": values["model_year"] if values["model_year"] in years else False,
            "default_fuel_type": find_word(values["energy"], FUEL_WORDS),
            "dealer_displacement_ml": int(values["displacement_ml"] or 0),
            "seats": values["seats"],
            "category_id": category and category.id,
            "transmission": find_word(values["gearbox"], TRANSMISSION_WORDS),
            "drive_type": find_word(values["drive"], DRIVE_WORDS),
            "power": float(values["power_kw"] or 0.0),
            "horsepower": float(values["power_ps"] or 0.0),
        }
        vals = {name: value for name, value in vals.items() if value}
        vals |= {
            "name": values["trim"],
            "brand_id": series.brand_id.id,
            "dealer_series_id": series.id,
        }
        if not values["model"]:
            # Core takes every new model for an electric car.
            vals.setdefault("default_fuel_type", False)
        return vals

    def _update_model(self, model, vals):
        """Write what differs; return whether anything did."""
        present = model._convert_to_write({name: model[name] for name in vals})
        changes = {name: value for name, value in vals.items() if present[name] != value}
        if changes:
            model.write(changes)
        return bool(changes)

    def _import_prices(self, rows):
        """Add the guide prices that differ from the price in force; return how many."""
        Price = self.env["dealer.guide.price"]
        priced = [row for row in rows if row.values["guide_price"] is not None]
        known = defaultdict(list)
        models = self.env["fleet.vehicle.model"].union(*(row.values["model"] for row in priced))
        for price in Price.search_fetch(
            [("model_id", "in", models.ids), ("company_id", "=", False)],
            ["model_id", "date_from", "price"],
            order="date_from, id",
        ):
            known[price.model_id.id].append(price)
        pending, changed_count = [], 0
        for row in priced:
            vals = self._prepare_price_vals(row, known[row.values["model"].id])
            same_day = [
                price
                for price in known[row.values["model"].id]
                if vals and price.date_from == vals["date_from"]
            ]
            if same_day:
                same_day[0].price = vals["price"]
                changed_count += 1
            elif vals:
                pending.append(vals)
        for batch in split_every(BATCH_SIZE, pending, list):
            Price.create(batch)
        return len(pending) + changed_count

    def _prepare_price_vals(self, row, known_prices):
        """Return the values of the new price row, or nothing when the price is already in force.

        The first price of a trim holds from its launch, a changed one from the day of the import.
        """
        date_from = row.values["date_from"] or self.price_date
        if not known_prices and not row.values["date_from"]:
            date_from = row.values["launch_date"] or date_from
        price = float(row.values["guide_price"])
        # A trim launched later than today has a first price, too.
        in_force = [known for known in known_prices if known.date_from <= date_from]
        in_force = in_force or known_prices[:1]
        currency = self.env.company.currency_id
        if in_force and not currency.compare_amounts(in_force[-1].price, price):
            return None
        return {
            "model_id": row.values["model"].id,
            "date_from": date_from,
            "price": price,
            "currency_id": currency.id,
        }

    def _get_result_action(self, result):
        """Show the catalogue, and say what the import did to it."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_vehicle.dealer_fleet_vehicle_model_action"
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Catalogue imported"),
                "message": self.env._(
                    "%(new)s new trims, %(changed)s changed, %(prices)s guide prices from "
                    "%(date)s or their launch.",
                    date=format_date(self.env, self.price_date),
                    **result,
                ),
                "next": action,
            },
        }
