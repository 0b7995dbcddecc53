from collections import defaultdict
from datetime import datetime, time, timedelta

from odoo import Command, api, fields, models

from odoo.addons.dealer_base.tools.identifiers import vin_check_digit

from . import dealer_demo_data as data
from . import dealer_demo_images as images

YEAR_LETTERS = {2020: "L", 2021: "M", 2022: "N", 2023: "P", 2024: "R", 2025: "S", 2026: "T"}


class DealerDemo(models.AbstractModel):
    """Makes the demo dealership through the same orders, receipts and bills that people use.

    `_load` does nothing when the dealership is there already, so it may run at every start.
    """

    _name = "dealer.demo"
    _description = "Demo Dealership"

    def _register_hook(self):
        super()._register_hook()
        parameters = self.env["ir.config_parameter"]
        if parameters.get_param("dealer_vehicle.demo_requested"):
            parameters.set_param("dealer_vehicle.demo_requested", False)
            self._load()

    @api.model
    def _request(self):
        """Load when all modules are there.

        Demo data of a module are loaded while later modules (and the company's chart of
        accounts) are still missing, which is too early for orders and bills.
        """
        self.env["ir.config_parameter"].set_param("dealer_vehicle.demo_requested", "1")

    @api.model
    def _load(self):
        """Make the demo dealership once.

        :return: its company
        """
        company = self.env.ref("dealer_vehicle.demo_company", raise_if_not_found=False)
        if company:
            return company
        lang = "zh_CN" if self.env["res.lang"]._get_data(code="zh_CN") else self.env.lang
        company = self._make_company()
        demo = self.with_company(company).with_context(
            lang=lang,
            tz="Asia/Shanghai",
            allowed_company_ids=company.ids,
            tracking_disable=True,
            mail_create_nolog=True,
            mail_notrack=True,
            no_reset_password=True,
        )
        demo._make_dealership(company, lang)
        demo._assign_stores()
        return company

    def _make_dealership(self, company, lang):
        stores = self._make_stores(company)
        people = self._make_people(company, stores, lang)
        customers, suppliers = self._make_partners(lang, people)
        trims, colors = self._make_catalogue()
        cars = self._make_arrivals(stores, suppliers, trims, colors)
        self._make_orders_on_the_way(stores, suppliers, trims, colors)
        self._make_deals(cars, customers, suppliers, people)
        self._make_used_cars(stores, customers, trims, colors)
        self._make_customer_cars(customers, trims, colors)
        self._make_decisions(cars)
        self._make_photos(cars)

    @api.model
    def _assign_stores(self):
        """Managers and salespeople of a store keep to it, as soon as all documents are made."""
        for login in data.STORE_PEOPLE:
            user = self.env.ref(f"dealer_vehicle.demo_user_{login}")
            user.dealer_store_ids = user.property_warehouse_id

    # === HELPERS ===
    @api.model
    def _name_record(self, name, record):
        """Give a record an external id, so that it is found again."""
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": f"dealer_vehicle.{name}", "record": record, "noupdate": True}]
        )
        return record

    @api.model
    def _day(self, days_ago):
        return fields.Date.context_today(self) - timedelta(days=days_ago)

    @api.model
    def _moment(self, days_ago):
        return datetime.combine(self._day(days_ago), time(2, 30))

    @api.model
    def _vin(self, brand, year, number):
        """A VIN with the right check digit."""
        wmi = data.BRANDS[brand][0]
        head, tail = f"{wmi}AU218", f"{YEAR_LETTERS[year]}2{number:06d}"
        return head + vin_check_digit(f"{head}0{tail}") + tail

    # === ORGANISATION ===
    @api.model
    def _make_company(self):
        """The first company, or one of its own beside the demo data of other addons."""
        main = self.env.ref("base.main_company")
        in_use = self.env["account.move"].search_count([("company_id", "=", main.id)], limit=1)
        vals = dict(
            data.COMPANY,
            country_id=self.env.ref("base.cn").id,
            state_id=self.env.ref("base.state_cn_JS", raise_if_not_found=False).id,
            logo=images.company_logo(data.COMPANY["primary_color"]),
            external_report_layout_id=self.env.ref("dealer_base.external_layout_dealer").id,
            layout_background="Blank",
        )
        if in_use:
            company = self.env["res.company"].create(
                dict(vals, currency_id=self.env.ref("base.CNY").id)
            )
        else:
            company = main
            company.write(dict(vals, currency_id=self.env.ref("base.CNY").id))
        if company.chart_template != "cn":
            self.env["account.chart.template"].try_loading(
                "cn", company=company, install_demo=False
            )
        for name in ("stock_text_confirmation", "stock_move_email_validation"):
            if name in company._fields:
                company[name] = False  # nothing is sent to the invented customers
        users = self.env.ref("base.user_admin") | self.env.ref("base.user_root")
        users.write({"company_ids": [Command.link(company.id)]})
        users.write({"company_id": company.id, "tz": "Asia/Shanghai"})
        return self._name_record("demo_company", company)

    def _make_stores(self, company):
        Warehouse = self.env["stock.warehouse"]
        stores = Warehouse.search([("company_id", "=", company.id)], limit=1)
        if stores:
            stores.write(dict(zip(("name", "code"), data.STORES[0], strict=True)))
        for name, code in data.STORES[len(stores) :]:
            stores |= Warehouse.create({"name": name, "code": code, "company_id": company.id})
        for store in stores:
            store._dealer_create_places()
            for place_type, name in data.PLACES.items():
                store._dealer_place(place_type).name = name
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "stock.group_stock_multi_warehouses"
        )
        return stores

    def _make_people(self, company, stores, lang):
        created = self.env["res.users"].create(
            [
                {
                    "name": name,
                    "login": login,
                    "password": login,
                    "email": f"{login}@yunfan.example.com",
                    "lang": lang,
                    "tz": "Asia/Shanghai",
                    "company_id": company.id,
                    "company_ids": [Command.set(company.ids)],
                    "group_ids": [Command.set(self.env.ref(f"dealer_base.group_{group}").ids)],
                    "property_warehouse_id": stores[store].id,
                }
                for login, name, group, store in data.PEOPLE
            ]
        )
        users = {user.login: user for user in created}
        for login, user in users.items():
            self._name_record(f"demo_user_{login}", user)
        admin = self.env.ref("base.user_admin")
        roles = ("sales_manager", "usedcar_manager", "stock_keeper", "finance_manager", "admin")
        admin.group_ids += self.env["res.groups"].union(
            *(self.env.ref(f"dealer_base.group_{role}") for role in roles)
        )
        return users

    def _make_partners(self, lang, people):
        Partner = self.env["res.partner"]
        address = {"city": "海州市", "country_id": self.env.ref("base.cn").id, "lang": lang}
        customers = Partner.create(
            [
                dict(
                    address,
                    name=name,
                    phone=phone,
                    street=f"云台路 {number * 7} 号",
                    user_id=people["sales"].id,
                )
                for number, (name, phone) in enumerate(data.CUSTOMERS, 1)
            ]
        )
        suppliers = Partner.create(
            [dict(address, name=name, is_company=True, supplier_rank=1) for name in data.SUPPLIERS]
        )
        self.env["res.users"].create(
            {
                "login": "customer",
                "password": "customer",
                "partner_id": customers[data.PORTAL_CUSTOMER].id,
                "lang": lang,
                "tz": "Asia/Shanghai",
                "company_id": self.env.company.id,
                "company_ids": [Command.set(self.env.company.ids)],
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        return customers, suppliers

    # === CATALOGUE ===
    def _make_catalogue(self):
        brands = {
            name: self.env["fleet.vehicle.model.brand"].create(
                {"name": name, "image_128": images.logo(color, initial)}
            )
            for name, (_wmi, color, initial) in data.BRANDS.items()
        }
        series = {}
        trims = self.env["fleet.vehicle.model"]
        for brand, series_name, name, code, fuel, seats, price in data.TRIMS:
            if series_name not in series:
                series[series_name] = self.env["dealer.vehicle.series"].create(
                    {"name": series_name, "brand_id": brands[brand].id, "maker": f"{brand}汽车"}
                )
            trims |= self.env["fleet.vehicle.model"].create(
                {
                    "name": name,
                    "brand_id": brands[brand].id,
                    "dealer_series_id": series[series_name].id,
                    "dealer_code": code,
                    "default_fuel_type": fuel,
                    "seats": seats,
                    "dealer_guide_price_ids": [
                        Command.create({"price": price, "date_from": self._day(300)}),
                    ]
                    if price
                    else [],
                }
            )
        colors = {
            side: self.env["product.attribute.value"].create(
                [
                    {
                        "name": name,
                        "html_color": html,
                        "attribute_id": self.env["dealer.vehicle"]._dealer_color_attribute(side).id,
                    }
                    for name, html in values
                ]
            )
            for side, values in data.COLORS.items()
        }
        return trims, colors

    def _car_vals(self, trim, colors, number, built=True):
        """Values of a new car; a car that is not built yet has no numbers."""
        exterior, interior = colors["exterior"], colors["interior"]
        vals = {
            "model_id": trim.id,
            "kind": "new",
            "exterior_color_id": exterior[number % len(exterior)].id,
            "interior_color_id": interior[number % len(interior)].id,
            "model_year": 2026,
        }
        if built:
            electric = trim.default_fuel_type == "electric"
            vals.update(
                vin=self._vin(trim.brand_id.name, 2026, 183200 + number * 7),
                certificate_number=f"YW{31000000 + number * 137}",
                key_number=f"K{1000 + number}",
                **{"motor_number" if electric else "engine_number": f"EA{700300 + number * 11}"},
            )
        return vals

    # === PURCHASE ===
    def _buy(self, store, supplier, cars, prices, days_ago):
        """Confirmed purchase order of some cars, dated in the past."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": supplier.id,
                "user_id": self.env.ref("dealer_vehicle.demo_user_manager").id,
                "picking_type_id": store.in_type_id.id,
                "date_order": self._moment(days_ago),
                "order_line": [
                    Command.create({"dealer_vehicle_id": car.id, "price_unit": price})
                    for car, price in zip(cars, prices, strict=True)
                ],
            }
        )
        order.button_confirm()
        order.write({"date_approve": self._moment(days_ago)})
        return order

    def _receive(self, order, places, days_ago):
        """Receive the cars of an order into their places, in the order of the lines."""
        store = order.picking_type_id.warehouse_id
        picking = order.picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        moves = picking.move_ids.sorted(lambda move: move.purchase_line_id.id)
        for move, place in zip(moves, places, strict=True):
            move.move_line_ids.location_dest_id = store._dealer_place(place)
        self._finish(picking, days_ago)

    def _finish(self, picking, days_ago):
        """Post a transfer and date it."""
        picking.move_ids.picked = True
        picking._action_done()
        moment = self._moment(days_ago)
        picking.write({"date_done": moment})
        picking.move_ids.write({"date": moment})
        picking.move_ids.move_line_ids.write({"date": moment})
        picking.move_line_ids.lot_id.dealer_vehicle_ids._dealer_facts_changed()

    def _bill(self, order, days_ago):
        """Post the vendor's bill."""
        order.action_create_invoice()
        bill = order.invoice_ids.filtered(lambda move: move.state == "draft")
        bill.write({"invoice_date": self._day(days_ago), "ref": f"INV-{order.name}"})
        bill.action_post()
        return bill

    def _make_arrivals(self, stores, suppliers, trims, colors):
        """Cars that came from the makers, in the order of their arrival."""
        cars = self.env["dealer.vehicle"]
        for days_ago, store, supplier, arrivals in data.ARRIVALS:
            batch = self.env["dealer.vehicle"].create(
                [
                    dict(
                        self._car_vals(trims[trim], colors, len(cars) + number),
                        production_date=self._day(days_ago + 20),
                        kind="demo" if place == "demo" else "new",
                    )
                    for number, (trim, place) in enumerate(arrivals)
                ]
            )
            prices = [round(car.list_price * 0.92 / 1.13, 2) for car in batch]
            order = self._buy(stores[store], suppliers[supplier], batch, prices, days_ago + 14)
            self._receive(order, [place for _trim, place in arrivals], days_ago)
            if days_ago > 20:  # the maker's bill of the youngest batch is still to come
                self._bill(order, days_ago - 2)
            cars += batch
        return cars

    def _make_orders_on_the_way(self, stores, suppliers, trims, colors):
        number = 500
        for days_ago, store, supplier, built, wanted in data.ORDERED:
            number += 20
            cars = self.env["dealer.vehicle"].create(
                [
                    self._car_vals(trims[trim], colors, number + index, built)
                    for index, trim in enumerate(wanted)
                ]
            )
            prices = [round(car.list_price * 0.92 / 1.13, 2) for car in cars]
            self._buy(stores[store], suppliers[supplier], cars, prices, days_ago)

    def _add_landed_cost(self, car, supplier, amount, days_ago):
        """Freight that belongs to one car."""
        freight = self.env.ref("dealer_vehicle.demo_product_freight", raise_if_not_found=False)
        if not freight:
            freight = self.env["product.product"].create(
                {"name": "商品车运费", "type": "service", "landed_cost_ok": True}
            )
            self._name_record("demo_product_freight", freight)
        cost = self.env["stock.landed.cost"].create(
            {
                "date": self._day(days_ago),
                "target_model": "vehicle",
                "dealer_vehicle_ids": [Command.set(car.ids)],
                "cost_lines": [
                    Command.create(
                        {
                            "product_id": freight.id,
                            "name": f"运费 {supplier.name}",
                            "price_unit": amount,
                            "split_method": "equal",
                        }
                    )
                ],
            }
        )
        cost.button_validate()
        return cost

    # === SALE ===
    def _quote(self, car, customer, days_ago, seller, discount=0):
        return self.env["sale.order"].create(
            {
                "partner_id": customer.id,
                "user_id": seller.id,
                "warehouse_id": (car.warehouse_id or seller.property_warehouse_id).id,
                "date_order": self._moment(days_ago),
                "dealer_deviation_reason_id": discount
                and self.env.ref("dealer_vehicle.dealer_deviation_reason_competitor").id,
                "order_line": [
                    Command.create(
                        {
                            "dealer_vehicle_id": car.id,
                            "price_unit": car.list_price - discount,  # tax included
                        }
                    )
                ],
            }
        )

    def _sell(self, car, customer, days_ago, seller, discount=0):
        order = self._quote(car, customer, days_ago, seller, discount)
        order.action_confirm()
        order.date_order = self._moment(days_ago)
        return order

    def _make_deals(self, cars, customers, suppliers, people):
        for index, (car, customer, days_ago, plate, discount, freight) in enumerate(data.SOLD):
            vehicle, seller = cars[car], self._get_seller(cars[car], people)
            if freight:
                self._add_landed_cost(vehicle, suppliers[2], freight, days_ago + 3)
            order = self._sell(vehicle, customers[customer], days_ago + 2, seller, discount)
            self._finish(order.picking_ids, days_ago)
            vehicle.license_plate = plate
            vehicle.first_registration_date = self._day(days_ago)
            vehicle.owner_ids.write({"date_from": self._day(days_ago)})
            invoice = order._create_invoices()
            invoice.invoice_date = self._day(days_ago)
            invoice.action_post()
            if index < 5:  # the last customer still has to pay
                self._collect(invoice, days_ago)
        for car, customer, days_ago in data.RESERVED:
            seller = self._get_seller(cars[car], people)
            self._sell(cars[car], customers[customer], days_ago, seller, 1500)
        for car, customer, days_ago in data.QUOTED:
            seller = self._get_seller(cars[car], people)
            self._quote(cars[car], customers[customer], days_ago, seller, 1000)

    def _get_seller(self, car, people):
        """The consultant of the store in which the car stands."""
        sellers = (people["sales"], people["sales2"])
        here = (user for user in sellers if user.property_warehouse_id == car.warehouse_id)
        return next(here, sellers[0])

    def _collect(self, invoice, days_ago):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": self._day(days_ago)}).action_create_payments()

    # === OTHER CARS ===
    def _make_used_cars(self, stores, customers, trims, colors):
        store = stores[0]
        used_trim = trims[len(trims) - 1]
        for number, row in enumerate(data.USED):
            plate, color, km, year, days_ago, seller, price, asking, place = row
            car = self._make_used_car(
                used_trim, colors, plate, color, km, year, 900 + number, customers[seller]
            )
            car.asking_price = asking
            order = self._buy(store, customers[seller], car, [price], days_ago)
            self._receive(order, [place], days_ago)
            self._bill(order, days_ago)
        plate, color, km, year, owner, asking = data.CONSIGNED
        car = self._make_used_car(used_trim, colors, plate, color, km, year, 950, customers[owner])
        car.asking_price = asking
        picking = car._receive_consigned(store, customers[owner], store._dealer_place("yard"))
        self._finish(picking, 8)

    def _make_used_car(self, trim, colors, plate, color, km, year, number, owner):
        return self.env["dealer.vehicle"].create(
            {
                "model_id": trim.id,
                "kind": "used",
                "vin": self._vin(trim.brand_id.name, year, 283200 + number * 7),
                "license_plate": plate,
                "exterior_color_id": colors["exterior"][color].id,
                "interior_color_id": colors["interior"][0].id,
                "engine_number": f"EB{410000 + number * 13}",
                "registration_certificate_number": f"32{10000000000 + number * 7919}",
                "model_year": year,
                "first_registration_date": f"{year}-06-18",
                "odometer_ids": [Command.create({"value": km, "source": "appraisal"})],
                "owner_ids": [
                    Command.create({"partner_id": owner.id, "date_from": f"{year}-06-18"})
                ],
            }
        )

    def _make_customer_cars(self, customers, trims, colors):
        for number, (customer, plate, trim, km, year) in enumerate(data.FOREIGN):
            car = self._make_used_car(
                trims[trim], colors, plate, number % 6, km, year, 970 + number, customers[customer]
            )
            car.write({"kind": "customer", "for_sale": False})

    def _make_decisions(self, cars):
        blocked = cars[len(cars) - 1]
        blocked.write({"blocked": True, "block_reason": "前保险杠运输划伤，等待承运方定损"})
        old = cars[0]
        old.asking_price = old.list_price - 12000

    def _make_photos(self, cars):
        """Photos of the cars in the showroom; one car lacks some, so that the warning is seen."""
        slots = {slot.code: slot for slot in self.env["dealer.photo.slot"].search([])}
        pictures = defaultdict(dict)
        vals_list = []
        shown = cars.filtered(lambda car: car.location_id.dealer_place_type == "showroom")
        for number, car in enumerate(shown):
            color = car.exterior_color_id.html_color
            codes = ["front_45", "rear_45", "vin_plate", "odometer"]
            for code in codes[: 2 if number == 0 else 4]:
                if code not in pictures[color]:
                    pictures[color][code] = images.car_photo(color, code)
                vals_list.append(
                    {
                        "vehicle_id": car.id,
                        "slot_id": slots[code].id,
                        "name": slots[code].name,
                        "image_1920": pictures[color][code],
                    }
                )
        self.env["dealer.vehicle.photo"].create(vals_list)
