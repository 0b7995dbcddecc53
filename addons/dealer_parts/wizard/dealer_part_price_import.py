from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.dealer_base.tools.table_reader import Column

from ..models.product_template import ORIGIN_CLASSES
from ..tools.part_number import normalise
from ..tools.supersession import find_cycle

#: Parts that Odoo makes at once: more take memory, fewer take time
BATCH = 2_000
ORIGIN_WORDS = {
    "原厂": "oem",
    "原厂件": "oem",
    "品牌": "brand",
    "品牌件": "brand",
    "副厂": "after",
    "副厂件": "after",
    "再制造": "reman",
    "再制造件": "reman",
    "拆车": "used",
    "拆车件": "used",
}


class DealerPartPriceImport(models.TransientModel):
    """Import of a price file of a maker or wholesaler, valid from a date on (P-11).

    It makes parts that are new, lists their prices by class from the date on, sets the price of
    the supplier and links numbers that are replaced. A file may come again: what is the same
    already is left alone. Nothing is asked of the database row by row.
    """

    _name = "dealer.part.price.import"
    _inherit = "dealer.import.wizard"
    _description = "Import Price File"
    _max_rows = 100_000

    line_ids = fields.One2many("dealer.part.price.import.line", "wizard_id", readonly=True)
    row_policy = fields.Selection(default="good")
    date_from = fields.Date(
        string="Valid From",
        default=fields.Date.context_today,
        required=True,
        help="Of rows without a date of their own.",
    )
    brand_id = fields.Many2one("product.brand", help="Brand of the rows that name none.")
    categ_id = fields.Many2one(
        "product.category",
        string="Class",
        required=True,
        domain=[("dealer_is_part", "=", True)],
        default=lambda self: self.env.ref("dealer_parts.product_category_part", False),
        help="Class of new parts whose row names none.",
    )
    make_parts = fields.Boolean(
        string="Make New Parts",
        default=True,
        help="Rows with unknown numbers become parts. Else they are reported as errors.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Supplier", help="Whose purchase prices the file has."
    )
    has_vat = fields.Boolean(
        string="Prices with VAT", default=True, help="Else VAT is added to the sales prices."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        help="Of the prices in the file. Sales prices are converted at the rate of the date.",
    )

    # === COLUMNS ===

    def _get_columns(self):
        currency = (self.currency_id.name or "").lower()
        return [
            Column(
                "number",
                self.env._("Part Number"),
                (
                    "配件编码",
                    "配件编号",
                    "配件号",
                    "零件号",
                    "零件编号",
                    "OE号",
                    "part no",
                    "part_number",
                    "number",
                ),
                required=True,
                example="04465-0K290",
            ),
            Column(
                "name",
                self.env._("Part Name"),
                ("配件名称", "零件名称", "名称", "品名", "name", "name_ru"),
                example="前刹车片",
            ),
            Column("brand", self.env._("Brand"), ("品牌", "厂牌", "brand"), example="Toyota"),
            Column(
                "maker_number",
                self.env._("Maker's Number"),
                ("厂家编号", "厂家号", "品牌编号", "maker no"),
            ),
            Column(
                "categ",
                self.env._("Class"),
                ("配件类别", "类别", "分类", "category"),
            ),
            Column(
                "origin",
                self.env._("Origin"),
                ("产地属性", "配件性质", "配件属性", "origin"),
                example="原厂",
            ),
            *(self._get_price_column(price_class, currency) for price_class in self._get_classes()),
            Column(
                "purchase",
                self.env._("Purchase Price without VAT"),
                ("采购价", "进价", "不含税进价", "purchase price", "dealer price", "cost"),
                kind="number",
                example=180,
            ),
            Column(
                "minimum",
                self.env._("Smallest Order"),
                ("最小订购量", "最小起订量", "起订量", "moq"),
                kind="number",
            ),
            Column(
                "successor",
                self.env._("Replaced By"),
                ("替代件号", "新件号", "替代号", "替换为", "superseded by", "replaced by"),
            ),
            Column(
                "date",
                self.env._("Valid From"),
                ("生效日期", "执行日期", "effective date"),
                kind="date",
            ),
        ]

    def _get_classes(self):
        return self.env["dealer.price.class"].search([("active", "=", True)])

    def _get_price_column(self, price_class, currency):
        aliases = {
            "retail": ("零售价", "销售价", "建议零售价", "指导价", "价格", "retail price", "price"),
            "wholesale": ("批发价", "wholesale price"),
            "warranty": ("索赔价", "三包价", "保修价", "warranty price"),
            "internal": ("内部价", "internal price"),
        }.get(price_class.code, ())
        if price_class.code == "retail" and currency:
            aliases = (*aliases, f"price_{currency}")
        return Column(
            f"price_{price_class.id}",
            self.env._("Price: %s", price_class.name),
            (price_class.name, price_class.code, *aliases),
            kind="number",
            example=298 if price_class.code == "retail" else "",
        )

    def _get_template_filename(self):
        return self.env._("price file.xlsx")

    def _get_template_notes(self):
        return [
            self.env._("Numbers are compared without hyphens, blanks and small letters."),
            self.env._("A number that several brands have needs its brand."),
            self.env._("“Replaced by” names a number of the file or of the catalogue."),
        ]

    def _check_table(self, table):
        known = set(table.mapping)
        useful = {"successor", "purchase", "name", *(name for name, _class in self._get_prices())}
        if not known & useful:
            raise UserError(
                self.env._(
                    "The file has neither a price nor a name. "
                    "The template shows the columns that are understood."
                )
            )

    def _get_prices(self):
        return [(f"price_{price_class.id}", price_class) for price_class in self._get_classes()]

    # === CHECKING ===

    def _check_rate(self):
        """A currency without a rate would be taken one to one."""
        currency, company = self.currency_id, self.env.company
        if currency == company.currency_id:
            return
        # sudo: who imports prices need not read rates
        known = (
            self.env["res.currency.rate"]
            .sudo()
            .search_count(
                [
                    ("currency_id", "=", currency.id),
                    ("company_id", "in", (company.root_id.id, False)),
                    ("name", "<=", self.date_from),
                ],
                limit=1,
            )
        )
        if not known:
            raise UserError(
                self.env._(
                    "%(currency)s has no exchange rate on %(date)s. Let accounting enter one"
                    " first.",
                    currency=currency.name,
                    date=self.date_from,
                )
            )

    def _check_rows(self, rows):
        self._check_rate()
        self._check_values(rows)
        self._match_classes(rows)
        self._match_parts(rows)
        self._match_successors(rows)

    def _check_values(self, rows):
        names = [*(name for name, _class in self._get_prices()), "purchase", "minimum"]
        origins = {**ORIGIN_WORDS, **{code: code for code, _label in ORIGIN_CLASSES}}
        for row in rows:
            values = row.values
            values["key"] = normalise(values["number"])
            values["template"] = None
            values["result"] = False
            if values["number"] and not values["key"]:
                row.errors.append(self.env._("“%s” has no letter and no digit.", values["number"]))
            for name in names:
                if values[name] is not None and values[name] < 0:
                    row.errors.append(self.env._("A price or quantity cannot be negative."))
            if values["origin"]:
                word = values["origin"].strip().lower()
                if word not in origins:
                    row.warnings.append(
                        self.env._("The origin “%s” is unknown: left out.", values["origin"])
                    )
                values["origin"] = origins.get(word)

    def _match_classes(self, rows):
        categories = self.env["product.category"].search([("dealer_is_part", "=", True)])
        by_name = {}
        for categ in categories:
            by_name.setdefault(categ.name.casefold(), categ)
            by_name[categ.complete_name.casefold()] = categ
        for row in rows:
            name = row.values["categ"]
            row.values["categ_record"] = by_name.get((name or "").casefold(), self.categ_id)
            if name and name.casefold() not in by_name:
                row.warnings.append(
                    self.env._("The class “%s” is unknown: the one chosen here is taken.", name)
                )

    def _match_parts(self, rows):
        """Find the parts of the rows; a number twice in the file is an error of the later row."""
        known = self._find_parts({row.values["key"] for row in rows})
        seen = {}
        for row in rows:
            values = row.values
            key, brand = values["key"], self._get_brand_name(row)
            if not key:
                continue
            first = seen.setdefault((key, brand), row)
            if first is not row:
                row.errors.append(self.env._("This part is in line %s already.", first.number))
                continue
            parts = known.get(key, {})
            if brand and None in parts and brand not in parts:
                parts = {brand: parts[None]}  # we did not know its brand
            if brand:
                values["template"] = parts.get(brand)
            elif len(parts) > 1:
                row.errors.append(self.env._("Several brands have this number: name the brand."))
            else:
                values["template"] = next(iter(parts.values()), None)
            if not values["template"] and not self.make_parts:
                row.errors.append(self.env._("Nobody knows this number."))
            values["result"] = "known" if values["template"] else "new"

    def _get_brand_name(self, row):
        return (row.values["brand"] or self.brand_id.name or "").casefold() or None

    def _find_parts(self, keys):
        """Ids of the parts with these keys: ``{key: {brand in small letters or None: id}}``."""
        found = defaultdict(dict)
        groups = self.env["product.template"].search_fetch(
            [("dealer_part_key", "in", [key for key in keys if key])],
            ["dealer_part_key", "product_brand_id"],
        )
        for part in groups:
            brand = part.product_brand_id.name
            found[part.dealer_part_key][brand.casefold() if brand else None] = part.id
        return found

    def _match_successors(self, rows):
        """Check that the replacing numbers are known, and that no chain comes back to itself."""
        named = [row for row in rows if row.values["successor"]]
        in_file = {(row.values["key"], self._get_brand_name(row)): row for row in rows}
        keys = {normalise(row.values["successor"]) for row in named}
        known = self._find_parts(keys)
        for row in named:
            key, brand = normalise(row.values["successor"]), self._get_brand_name(row)
            row.values["successor_key"] = key
            if key == row.values["key"]:
                row.errors.append(self.env._("A part cannot replace itself."))
            target = in_file.get((key, brand))
            parts = known.get(key, {})
            row.values["successor_id"] = parts.get(brand) or (
                next(iter(parts.values())) if len(parts) == 1 else None
            )
            if target is None and not row.values["successor_id"]:
                row.errors.append(
                    self.env._(
                        "The replacing number %s is neither in the file nor in the catalogue.",
                        row.values["successor"],
                    )
                )
        self._check_loops([row for row in named if not row.errors])
        self._check_successor_rows(named, in_file)

    def _check_successor_rows(self, named, in_file):
        """A number whose successor is not loaded is not loaded either, along the whole chain."""
        waiting, changed = [row for row in named if not row.values["successor_id"]], True
        while changed:
            changed = False
            for row in waiting:
                target = in_file.get((row.values["successor_key"], self._get_brand_name(row)))
                if not row.errors and target is not None and target.errors:
                    row.errors.append(
                        self.env._("The replacing number has an error in line %s.", target.number)
                    )
                    changed = True

    def _check_loops(self, named):
        """Take the last row of each loop out, until none is left."""
        products = self.env["product.template"].browse(
            {row.values["template"] for row in named if row.values["template"]}
            | {row.values["successor_id"] for row in named if row.values["successor_id"]}
        )
        known = self.env["dealer.part.supersession"]._get_rows(products.product_variant_id)
        pairs = [
            (r.old_product_id.dealer_part_key, r.new_product_id.dealer_part_key, r.kind)
            for r in known
        ]
        same = [pair[:2] for pair in pairs if pair[2] == "two_way"]
        fixed = [pair[:2] for pair in pairs if pair[2] != "two_way"]
        arrows = {(row.values["key"], row.values["successor_key"]): row for row in named}
        while loop := find_cycle([*fixed, *arrows], same):
            steps = [step for step in zip(loop, loop[1:], strict=False) if step in arrows]
            if not steps:
                break
            row = arrows.pop(max(steps, key=lambda step: arrows[step].number))
            row.errors.append(
                self.env._(
                    "These parts would replace each other in a circle: %s.", " → ".join(loop)
                )
            )

    def _prepare_line_vals(self, row):
        values = row.values
        retail = self.env["dealer.price.class"]._get_retail()
        return {
            **super()._prepare_line_vals(row),
            "number": values["number"],
            "name": values["name"],
            "brand": values["brand"],
            "price": values.get(f"price_{retail.id}"),
            "purchase": values["purchase"],
            "successor": values["successor"],
            "result": values["result"],
        }

    # === IMPORT ===

    def _import_rows(self, rows):
        """Make parts, list prices, link numbers; each kind as batches.

        :return: the ids of the parts of the file
        """
        self._make_parts([row for row in rows if not row.values["template"]])
        self._complete_parts([row for row in rows if row.values["result"] == "known"])
        for name, price_class in self._get_prices():
            self._list_prices(rows, name, price_class)
        self._list_purchase_prices(rows)
        self._link_successors(rows)
        return [row.values["template"] for row in rows]

    def _make_parts(self, rows):
        brands = self._make_brands(rows)
        Template = self.env["product.template"].with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        # what Odoo would look up for each part; taxes and stock are of the class
        common = Template.default_get(
            [name for name in Template._fields if name not in ("taxes_id", "is_storable")]
        )
        for start in range(0, len(rows), BATCH):
            batch = rows[start : start + BATCH]
            parts = Template.create(
                [{**common, **self._prepare_part_vals(row, brands)} for row in batch]
            )
            for row, part_id in zip(batch, parts.ids, strict=True):
                row.values["template"] = part_id
            self.env.flush_all()
            self.env.invalidate_all()  # else each batch is slower than the one before

    def _make_brands(self, rows):
        """Brands by their names in small letters; those that are new are made."""
        # sudo: brands are shared words
        Brand = self.env["product.brand"].sudo()
        found = {brand.name.casefold(): brand.id for brand in Brand.search([])}
        names = {}
        for row in rows:
            name = row.values["brand"]
            if name and name.casefold() not in found:
                names.setdefault(name.casefold(), name)
        created = Brand.create([{"name": name} for name in names.values()])
        found.update(zip(names, created.ids, strict=True))
        return found

    def _prepare_part_vals(self, row, brands):
        values = row.values
        return {
            "name": values["name"] or values["number"],
            "default_code": values["number"],
            "categ_id": values["categ_record"].id,
            "product_brand_id": brands.get(self._get_brand_name(row)),
            "dealer_maker_number": values["maker_number"],
            "dealer_origin_class": values["origin"],
            "list_price": 0.0,
        }

    def _complete_parts(self, rows):
        """Fill what the catalogue did not know of its parts."""
        brands = self._make_brands(rows)
        parts = self.env["product.template"].browse([row.values["template"] for row in rows])
        parts = parts.with_context(tracking_disable=True)
        for row, part in zip(rows, parts, strict=True):
            values = row.values
            news = {
                "dealer_maker_number": values["maker_number"],
                "dealer_origin_class": values["origin"],
                "product_brand_id": brands.get(self._get_brand_name(row)),
            }
            news = {name: value for name, value in news.items() if value and not part[name]}
            if news:
                part.write(news)

    def _list_prices(self, rows, name, price_class):
        """List the prices of a class that differ from those in force on their day."""
        by_date = defaultdict(list)
        for row in rows:
            if row.values.get(name) is not None:
                by_date[row.values["date"] or self.date_from].append(row)
        for date, same_day in by_date.items():
            self._list_prices_of_day(date, same_day, name, price_class)

    def _list_prices_of_day(self, date, rows, name, price_class):
        """Prices that begin on one day; a past one that was wrong is corrected from today on."""
        currency, today = self.env.company.currency_id, fields.Date.context_today(self)
        Price = self.env["dealer.part.price"]
        parts = self.env["product.template"].browse([row.values["template"] for row in rows])
        now = Price._get_prices(parts, price_class, date, self.env["res.company"])
        exact = Price.search(
            [
                ("product_tmpl_id", "in", parts.ids),
                ("class_id", "=", price_class.id),
                ("date_from", "=", date),
                ("company_id", "=", False),
            ]
        ).grouped("product_tmpl_id")
        vals_list, late = [], []
        for row, part in zip(rows, parts, strict=True):
            price = self._get_sales_price(row.values[name], date)
            if part in exact:
                if currency.compare_amounts(exact[part].price, price):
                    if date < today:
                        late.append(row)
                    else:
                        exact[part].write({"price": price, "source": self.filename})
            elif part.id not in now or currency.compare_amounts(now[part.id], price):
                vals_list.append(
                    {
                        "product_tmpl_id": part.id,
                        "class_id": price_class.id,
                        "date_from": date,
                        "price": price,
                        "source": self.filename,
                    }
                )
        for start in range(0, len(vals_list), BATCH):
            Price.create(vals_list[start : start + BATCH])
            self.env.flush_all()
            self.env.invalidate_all()
        if late:
            self._list_prices_of_day(today, late, name, price_class)

    def _get_sales_price(self, price, date):
        company = self.env.company
        price = self.currency_id._convert(float(price), company.currency_id, company, date)
        if not self.has_vat:
            # sudo: who imports prices need not read taxes
            rate = company.sudo().dealer_car_tax_id.amount
            price = company.currency_id.round(price * (1 + rate / 100))
        return price

    def _list_purchase_prices(self, rows):
        """List the prices of the supplier from the date on; his old ones end the day before."""
        rows = [row for row in rows if row.values["purchase"] is not None]
        if not rows or not self.partner_id:
            return
        Info = self.env["product.supplierinfo"]
        parts = [row.values["template"] for row in rows]
        open_ones = Info.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("product_tmpl_id", "in", parts),
                ("date_end", "=", False),
            ]
        ).grouped(lambda info: info.product_tmpl_id.id)
        vals_list, ended = [], defaultdict(Info.browse)
        for row in rows:
            values = row.values
            date = values["date"] or self.date_from
            price, minimum = float(values["purchase"]), float(values["minimum"] or 0)
            old = open_ones.get(values["template"], Info)
            same = old.filtered(
                lambda info, price=price, minimum=minimum: (
                    info.currency_id == self.currency_id
                    and not info.currency_id.compare_amounts(info.price, price)
                    and info.min_qty == minimum
                )
            )
            if same:
                continue
            ended[date] |= old
            vals_list.append(
                {
                    "partner_id": self.partner_id.id,
                    "product_tmpl_id": values["template"],
                    "product_code": values["number"],
                    "currency_id": self.currency_id.id,
                    "price": price,
                    "min_qty": minimum,
                    "date_start": date,
                }
            )
        for date, infos in ended.items():
            same_day = infos.filtered(lambda info, date=date: info.date_start == date)
            same_day.unlink()
            (infos - same_day).write({"date_end": fields.Date.subtract(date, days=1)})
        for start in range(0, len(vals_list), BATCH):
            Info.create(vals_list[start : start + BATCH])
            self.env.flush_all()

    def _link_successors(self, rows):
        named = [row for row in rows if row.values["successor"]]
        if not named:
            return
        by_key = {
            (row.values["key"], self._get_brand_name(row)): row.values["template"] for row in rows
        }
        Template = self.env["product.template"]
        wanted = {}
        for row in named:
            key = (row.values["successor_key"], self._get_brand_name(row))
            new = by_key.get(key) or row.values["successor_id"]
            wanted[Template.browse(row.values["template"])] = (Template.browse(new), row)
        Supersession = self.env["dealer.part.supersession"]
        olds = Template.browse([part.id for part in wanted])
        known = Supersession.search(
            [("old_product_id", "in", olds.product_variant_id.ids), ("kind", "!=", "two_way")]
        )
        replaced = {row.old_product_id.product_tmpl_id for row in known}
        Supersession.create(
            [
                {
                    "old_product_id": old.product_variant_id.id,
                    "new_product_id": new.product_variant_id.id,
                    "date_from": row.values["date"] or self.date_from,
                    "note": self.filename,
                }
                for old, (new, row) in wanted.items()
                if old not in replaced
            ]
        )

    def _get_result_action(self, result):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "dealer_parts.dealer_parts_action_part"
            ),
            "name": self.env._("Parts of the File"),
            "domain": [("id", "in", result)],
        }
