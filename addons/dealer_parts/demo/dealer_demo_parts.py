from odoo import Command, models

from ..hooks import name_categories

# Class, number, name, brand, origin, retail price with VAT, wholesale price, cost, pieces, bin
PARTS = [
    ("maintenance", "YH-15208-01", "机油滤清器", "驰域", "oem", 48, 38, 21, 60, "A-01-1-01"),
    ("maintenance", "YH-16546-02", "空气滤清器", "驰域", "oem", 86, 70, 39, 24, "A-01-1-02"),
    ("maintenance", "YH-27277-01", "空调滤清器", "驰域", "oem", 98, 80, 42, 24, "A-01-1-03"),
    ("maintenance", "YH-22401-03", "火花塞", "驰域", "oem", 65, 52, 28, 48, "A-01-2-01"),
    ("maintenance", "04465-0K240", "前刹车片", "驰域", "oem", 318, 0, 142, 4, "A-02-1-01"),
    ("maintenance", "04465-0K260", "前刹车片", "驰域", "oem", 326, 0, 146, 0, ""),
    ("maintenance", "04465-0K290", "前刹车片", "驰域", "oem", 338, 275, 151, 6, "A-02-1-02"),
    ("maintenance", "NB-F1290", "前刹车片（陶瓷）", "耐驰", "brand", 268, 215, 108, 8, "A-02-1-03"),
    ("maintenance", "NB-F1290E", "前刹车片（经济）", "路安", "after", 158, 120, 62, 5, "A-02-1-04"),
    ("oil", "YF-5W30-4L", "全合成机油 5W-30 4L", "驰域", "oem", 398, 330, 205, 40, "C-01-1-01"),
    ("oil", "YF-DOT4-1L", "制动液 DOT4 1L", "驰域", "oem", 68, 55, 27, 12, "C-01-1-02"),
    ("oil", "YF-ATF-1L", "自动变速箱油 1L", "驰域", "oem", 128, 105, 58, 18, "C-01-1-03"),
    ("battery", "YH-24410-60", "蓄电池 12V 60Ah", "驰域", "oem", 620, 520, 345, 4, "C-02-1-01"),
    ("tyre", "LT-2255018", "轮胎 225/50 R18", "路驰", "brand", 760, 640, 455, 8, "D-01-1-01"),
    ("body", "YH-62022-A1", "前保险杠皮", "驰域", "oem", 1180, 980, 640, 1, "D-02-1-01"),
    ("body", "YH-26010-L1", "左前大灯总成", "驰域", "oem", 2360, 1980, 1420, 1, "D-02-1-02"),
    ("accessory", "JP-DASH-4K", "4K 行车记录仪", "智行", "brand", 799, 650, 380, 6, "B-01-1-01"),
    ("accessory", "JP-MAT-YH", "远航专用脚垫", "驰域", "oem", 398, 320, 150, 10, "B-01-1-02"),
]  # fmt: skip
CHAIN = ("04465-0K240", "04465-0K260", "04465-0K290")
ALTERNATIVES = [("04465-0K290", "NB-F1290", 1), ("04465-0K290", "NB-F1290E", 2)]
# Number, least and most pieces that the manager wants on the shelf
LIMITS = [("YH-15208-01", 60, 120), ("YH-16546-02", 30, 60), ("YF-5W30-4L", 45, 90)]
FITS = ("YH-15208-01", "YH-16546-02", "YH-27277-01", "04465-0K290", "JP-MAT-YH")


class DealerDemo(models.AbstractModel):
    """The parts store: a catalogue with prices, stock in bins, counter sales, what was lost."""

    _inherit = "dealer.demo"  # pylint: disable=consider-merging-classes-inherited

    def _make_dealership(self, company, lang):
        res = super()._make_dealership(company, lang)
        store = self.env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
        parts = self._make_parts(store)
        self._make_catalogue_links(parts)
        self._stock_parts(parts, store)
        self._sell_parts(parts, store)
        self._plan_parts(parts, store)
        self._request_parts(parts, store)
        return res

    def _make_parts(self, store):
        """Parts by their numbers, with prices since last spring."""
        name_categories(self.env)
        names = dict.fromkeys(brand for _c, _n, _name, brand, *_rest in PARTS)
        brands = dict(
            zip(names, self.env["product.brand"].create([{"name": n} for n in names]), strict=True)
        )
        parts = {
            number: self.env["product.product"].create(
                {
                    "name": name,
                    "default_code": number,
                    "categ_id": self.env.ref(f"dealer_parts.product_category_{categ}").id,
                    "product_brand_id": brands[brand].id,
                    "dealer_origin_class": origin,
                    "list_price": retail,
                    "tracking": "none",  # lots of oil and batteries are for stores that want them
                }
            )
            for categ, number, name, brand, origin, retail, *_rest in PARTS
        }
        classes = {
            code: self.env.ref(f"dealer_parts.price_class_{code}")
            for code in ("retail", "wholesale")
        }
        self.env["dealer.part.price"].create(
            [
                {
                    "product_tmpl_id": parts[row[1]].product_tmpl_id.id,
                    "class_id": classes[code].id,
                    "price": price,
                    "date_from": self._day(200),
                }
                for row in PARTS
                for code, price in (("retail", row[5]), ("wholesale", row[6]))
                if price
            ]
        )
        self.env["dealer.price.matrix"].create(
            {
                "name": "批发：无批发价的配件",
                "class_id": classes["wholesale"].id,
                "has_floor": True,
                "floor_percent": 8,
                "line_ids": [
                    Command.create({"cost_from": 0, "percent": 20}),
                    Command.create({"cost_from": 500, "percent": 15}),
                ],
            }
        )
        return parts

    def _make_catalogue_links(self, parts):
        for old, new in zip(CHAIN, CHAIN[1:], strict=False):
            self.env["dealer.part.supersession"].create(
                {
                    "old_product_id": parts[old].id,
                    "new_product_id": parts[new].id,
                    "date_from": self._day(90),
                }
            )
        self.env["dealer.part.alternative"].create(
            [
                {
                    "product_tmpl_id": parts[number].product_tmpl_id.id,
                    "alternative_id": parts[other].id,
                    "rank": rank,
                }
                for number, other, rank in ALTERNATIVES
            ]
        )
        series = self.env["dealer.vehicle.series"].search([("brand_id.name", "=", "驰域")], limit=1)
        self.env["dealer.part.fitment"].create(
            [
                {
                    "product_tmpl_id": parts[number].product_tmpl_id.id,
                    "series_id": series.id,
                    "year_from": 2021,
                }
                for number in FITS
            ]
        )

    def _stock_parts(self, parts, store):
        """Buy, receive and bill what is on the shelves."""
        bins = {
            name: self.env["stock.location"].create(
                {"name": name, "location_id": store.lot_stock_id.id, "usage": "internal"}
            )
            for name in sorted({row[-1] for row in PARTS if row[-1]})
        }
        supplier = self.env["res.partner"].create(
            {"name": "海州通汇汽配有限公司", "is_company": True, "supplier_rank": 1}
        )
        stocked = [row for row in PARTS if row[-1]]
        self.env["product.supplierinfo"].create(
            [
                {
                    "partner_id": supplier.id,
                    "product_tmpl_id": parts[row[1]].product_tmpl_id.id,
                    "product_code": row[1],
                    "price": row[7],
                    "delay": 5,
                }
                for row in PARTS
            ]
        )
        for row in stocked:
            parts[row[1]]._dealer_set_bin(store, bins[row[-1]])
        order = self.env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "picking_type_id": store.in_type_id.id,
                "date_order": self._moment(20),
                "order_line": [
                    Command.create(
                        {
                            "product_id": parts[row[1]].id,
                            "product_qty": row[8],
                            "price_unit": row[7],
                            "date_planned": self._moment(0),
                        }
                    )
                    for row in stocked
                ],
            }
        )
        order.button_confirm()
        for move in order.picking_ids.move_ids:
            move.quantity = move.product_uom_qty
            move.picked = True
        order.picking_ids.button_validate()
        order.action_create_invoice()
        bill = order.invoice_ids
        bill.invoice_date = self._day(14)
        bill.action_post()

    def _sell_parts(self, parts, store):
        """A retail and a wholesale sale, an open quote, a special order and a lost sale."""
        garage = self.env["res.partner"].create(
            {
                "name": "海州老街汽修厂",
                "is_company": True,
                "phone": "0518-5550-0188",
                "dealer_price_class_id": self.env.ref("dealer_parts.price_class_wholesale").id,
            }
        )
        customer = self.env["res.partner"].search([("name", "=", "李思远")], limit=1)
        self._counter_sale(customer, store, "retail", parts, {"YH-15208-01": 1, "YF-5W30-4L": 1})
        self._counter_sale(garage, store, "wholesale", parts, {"YH-15208-01": 10, "YH-22401-03": 8})
        self._counter_sale(customer, store, "retail", parts, {"04465-0K240": 1}, sell=False)
        quote = self._counter_sale(customer, store, "retail", parts, {"YH-26010-L1": 2}, sell=False)
        self.env["dealer.special.order"].create(
            {
                "order_id": quote.id,
                "product_id": parts["YH-26010-L1"].id,
                "quantity": 1,
                "user_id": quote.user_id.id,
            }
        )
        self.env["dealer.lost.sale"]._dealer_capture(
            parts["YH-62022-A1"], 2, store, "search", partner=garage
        )

    def _plan_parts(self, parts, store):
        """Limits set by hand for what a new store sells every day, and the first proposal."""
        self.env["dealer.part.policy"].create(
            [
                {
                    "product_id": parts[number].id,
                    "warehouse_id": store.id,
                    "is_manual": True,
                    "manual_min": least,
                    "manual_max": most,
                }
                for number, least, most in LIMITS
            ]
        )
        self.env["dealer.order.proposal"]._propose(store)

    def _request_parts(self, parts, store):
        """The technician waits for the oil of the workshop and for a headlamp."""
        technician = self.env.ref("dealer_vehicle.demo_user_technician", False) or self.env.user
        request = self.env["dealer.part.request"].create(
            {
                "usage": "supplies",
                "origin": "车间日常用料",
                "warehouse_id": store.id,
                "technician_id": technician.id,
                "line_ids": [
                    Command.create({"product_id": parts[number].id, "quantity": quantity})
                    for number, quantity in (("YF-DOT4-1L", 2), ("YH-26010-L1", 2))
                ],
            }
        )
        request.action_request()

    def _counter_sale(self, partner, store, counter_class, parts, quantities, sell=True):
        keeper = self.env.ref("dealer_vehicle.demo_user_partskeeper", False) or self.env.user
        order = self.env["sale.order"].create(
            {
                "partner_id": partner.id,
                "warehouse_id": store.id,
                "dealer_counter_class": counter_class,
                "user_id": keeper.id,
                "order_line": [
                    Command.create({"product_id": parts[number].id, "product_uom_qty": quantity})
                    for number, quantity in quantities.items()
                ],
            }
        )
        if sell:
            order.action_dealer_sell()
        return order
