import base64
from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import call_kw
from odoo.tests import Form, new_test_user, tagged

from .store_case import StoreCase

# Linked to cars or stores and open to all stores of the company, each for a reason
OPEN_MODELS = {
    "dealer.vehicle": "free stock of the whole company is for sale everywhere",
    "dealer.vehicle.owner": "whose car this is: customers are known to all stores",
    "dealer.vehicle.odometer": "a reading of the car, wherever it stands",
    "dealer.vehicle.photo": "a picture of the car, wherever it stands",
    "dealer.vehicle.damage": "what happened to a car is told to its buyer by any store",
    "dealer.custody": "key or paper that travels with its car",
    "dealer.custody.move": "key or paper that travels with its car",
    "dealer.part.store.stock": "look-up of what other stores have, for who may ask them for it",
    "dealer.recall.line": "the maker's list; no store may deliver such a car",
    "dealer.stock.turnover": "sums of the own stores, its query asks for them",
}


@tagged("post_install", "-at_install")
class TestStoreRules(StoreCase):
    """Nobody opens what belongs to a store in which he does not work."""

    # === RECORDS ===
    def _records(self, order):
        """One record of every model that keeps to its store, by model name."""
        env, line = self.env(su=True), order.sudo().order_line[:1]
        car, store = line.dealer_vehicle_id, order.sudo().warehouse_id
        today = fields.Date.today()
        vals = {
            "dealer.age.decision": {
                "vehicle_id": car.id,
                "company_id": self.company.id,
                "warehouse_id": store.id,
                "date_in": today,
                "band": "180",
                "date": today,
                "deadline": today,
            },
            "dealer.collection.line": {"order_id": order.id, "due_date": today, "amount": 1},
            "dealer.contract.document": {
                "order_id": order.id,
                "file": base64.b64encode(b"contract"),
                "filename": "contract.pdf",
                "signed_by": "Li Ming",
            },
            "dealer.deal.scenario": {"order_id": order.id, "name": "Cash"},
            "dealer.delivery": {"sale_line_id": line.id},
            "dealer.delivery.bay": {"name": "Hall 9", "warehouse_id": store.id},
            "dealer.delivery.release": {"sale_line_id": line.id, "reason": "known customer"},
            "dealer.demo.period": {
                "vehicle_id": car.id,
                "company_id": self.company.id,
                "date_from": today,
            },
            "dealer.deposit": {"order_id": order.id, "kind": "earnest", "amount": 1000},
            "dealer.deviation": {
                "order_id": order.id,
                "warehouse_id": store.id,
                "kind": "discount",
                "date": today,
                "level": "1",
                "company_id": self.company.id,
            },
            "dealer.disclosure": {
                "line_id": line.id,
                "order_id": order.id,
                "vehicle_id": car.id,
                "partner_id": order.partner_id.id,
                "company_id": self.company.id,
            },
            "dealer.factory.order": {
                "name": f"F-{store.code}",
                "partner_id": self.maker.id,
                "model_id": self.trim.id,
                "warehouse_id": store.id,
            },
            "dealer.factory.plan": {
                "model_id": self.trim.id,
                "quantity": 2,
                "warehouse_id": store.id,
            },
            "dealer.fitment": {
                "vehicle_id": car.id,
                "order_id": order.id,
                "line_ids": [Command.create({"product_id": self.freight.id})],
            },
            "dealer.jacket.paper": {
                "order_id": order.id,
                "document_type_id": self.env["dealer.document.type"].search([], limit=1).id,
            },
            "dealer.price.rule": {"name": "Store", "amount": 100000, "warehouse_id": store.id},
            "dealer.refund.request": {
                "order_id": order.id,
                "reason": "agreement",
                "note": "has changed his mind",
            },
            "dealer.registration": {
                "sale_line_id": line.id,
                "ctpl_date_from": today,
                "ctpl_date_to": today + timedelta(days=364),
                "temporary_plate_ids": [
                    Command.create({"number": f"沪T{store.id}", "date_to": today})
                ],
            },
            "dealer.sales.target": {"warehouse_id": store.id, "quantity": 9},
            "dealer.stock.norm": {
                "warehouse_id": store.id,
                "min_quantity": 1,
                "brand_id": self.brand.id,
                "model_id": self.trim.id,
            },
            "dealer.stocktake": {"warehouse_id": store.id},
            "dealer.trade.in": {"order_id": order.id, "name": "Old car"},
            "dealer.vehicle.hold": {
                "vehicle_id": self._create_vehicle().id,
                "partner_id": order.partner_id.id,
                "user_id": order.user_id.id,
                "company_id": self.company.id,
            },
        }
        found = {"sale.order": order.sudo(), "sale.order.line": line}
        for model, values in vals.items():
            found[model] = env[model].create(values)
        found["dealer.stock.alert"] = env["dealer.stock.alert"].create(
            {
                "norm_id": found["dealer.stock.norm"].id,
                "kind": "below_min",
                "user_id": self.env.uid,
            }
        )
        found["dealer.stocktake.line"] = env["dealer.stocktake.line"].create(
            {"stocktake_id": found["dealer.stocktake"].id, "vehicle_id": car.id}
        )
        found["dealer.fitment.line"] = found["dealer.fitment"].line_ids[:1]
        found["dealer.registration.task"] = found["dealer.registration"].task_ids[:1]
        found["dealer.temporary.plate"] = found["dealer.registration"].temporary_plate_ids[:1]
        found["dealer.order.version"] = env["dealer.order.version"].create(
            {"order_id": order.id, "number": 99, "kind": "approved", "date": fields.Datetime.now()}
        )
        purchase = car.purchase_line_id.order_id
        found["purchase.order"] = purchase
        found["purchase.order.line"] = purchase.order_line[:1]
        env.flush_all()
        return found

    def _ruled_models(self):
        rules = self.env["ir.rule"].search([("domain_force", "like", "user._dealer_")])
        return set(rules.model_id.mapped("model"))

    def test_every_record_keeps_to_its_store(self):
        deal_a, deal_b = self._deals()
        self.company.dealer_gate_money = "paid"
        ours, theirs = self._records(deal_a), self._records(deal_b)
        for model, record in theirs.items():
            own = ours[model]
            self.assertTrue(record and own, model)
            for user in (self.max, self.sara):
                with self.subTest(model=model, user=user.name):
                    seen = self._as(user, record)
                    for operation in ("read", "write", "unlink"):
                        self.assertFalse(seen.has_access(operation), operation)
                    with self.assertRaises(AccessError):
                        seen.read(["id", "display_name", "create_uid"])
                    with self.assertRaises(UserError):  # some are written by nobody
                        seen.write({"write_uid": user.id})
                    Model = seen.browse()
                    if not Model.has_access("read"):
                        continue  # not for this role in any store
                    found = Model.search([("id", "in", (own | record).ids)])
                    self.assertLessEqual(found, own)
                    if user == self.max:
                        self.assertEqual(found, own)
            with self.subTest(model=model, user="Greta"):
                both = self._as(self.greta, own | record)
                self.assertEqual(both.search([("id", "in", both.ids)]), both)
                both.read(["display_name"])

    def test_remote_call_by_id_is_refused(self):
        _deal_a, deal_b = self._deals()
        car = deal_b.sudo().order_line.dealer_vehicle_id
        for user in (self.max, self.sara):
            env = self.env(user=user)
            for model, record in {
                "sale.order": deal_b,
                "sale.order.line": deal_b.order_line,
                "purchase.order": car.sudo().purchase_line_id.order_id,
            }.items():
                for method, args in {
                    "read": [["display_name"]],
                    "web_read": [{"display_name": {}}],
                    "write": [{"name": "mine"}],
                    "unlink": [],
                }.items():
                    with self.subTest(model=model, method=method, user=user.name):
                        with self.assertRaises(AccessError):
                            call_kw(env[model], method, [record.ids, *args], {})

    def test_records_without_a_store_are_everybody_s(self):
        Rule = self.env["dealer.price.rule"]
        rule = Rule.create({"name": "Everywhere", "amount": 100000})
        target = self.env["dealer.sales.target"].create({"quantity": 5})
        for user in (self.max, self.bella, self.greta):
            self.assertTrue(self._as(user, rule).has_access("read"))
            self.assertTrue(self._as(user, target).has_access("read"))

    def test_reports_add_up_the_own_store_only(self):
        deal_a, deal_b = self._deals()
        for deal in (deal_a, deal_b):
            self._deliver(deal)
            self._invoice(deal)
        self.env.flush_all()
        for model, path in {
            "sale.report": "warehouse_id",
            "dealer.vehicle.margin.report": "warehouse_id",
            "purchase.report": "picking_type_id",
        }.items():
            for user, stores in {
                self.max: self.store_a,
                self.bella: self.store_b,
                self.greta: self.store_a | self.store_b,
            }.items():
                with self.subTest(model=model, user=user.name):
                    groups = self._as(user, self.env[model])._read_group([], [path])
                    found = self.env["stock.warehouse"].union(*(group[0] for group in groups))
                    self.assertEqual(found & (self.store_a | self.store_b), stores)

    def test_every_model_of_a_store_has_a_rule_or_a_reason(self):
        """A new model with a link to a store must say which people open it."""
        ruled = self._ruled_models()
        links = {"stock.warehouse", "sale.order", "sale.order.line", "dealer.vehicle"}
        for name in self.env.registry:
            Model = self.env[name]
            if not name.startswith("dealer.") or Model._abstract or Model._transient:
                continue
            if not any(
                field.type == "many2one" and field.comodel_name in links
                for field in Model._fields.values()
            ):
                continue
            with self.subTest(model=name):
                self.assertNotEqual(name in ruled, name in OPEN_MODELS)
        for name in OPEN_MODELS:
            self.assertIn(name, self.env.registry)

    # === STORES OF A PERSON ===
    def test_rules_follow_the_stores_of_a_person_at_once(self):
        _deal_a, deal_b = self._deals()
        seen = self._as(self.max, deal_b)
        self.assertFalse(seen.has_access("read"))
        self.max.dealer_store_ids = self.store_a | self.store_b
        self.assertTrue(seen.has_access("read"))
        self.max.dealer_store_ids = [Command.unlink(self.store_b.id)]
        self.assertFalse(seen.has_access("read"))
        self.max.dealer_store_ids = False
        self.assertTrue(seen.has_access("read"))

    def test_closed_store_opens_no_other(self):
        """A person whose only store is archived has not become one of all stores."""
        deal_a, _deal_b = self._deals()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_warehouse SET active = false WHERE id = %s", [self.store_b.id]
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        self.assertEqual(self.bella.dealer_store_ids, self.store_b)
        self.assertFalse(self._as(self.bella, deal_a).has_access("read"))

    def test_stores_of_other_companies_open_nothing_here(self):
        deal_a, _deal_b = self._deals()
        foreign = self.env["stock.warehouse"].search(
            [("company_id", "=", self.other_company.id)], limit=1
        )
        self.bella.company_ids = [Command.link(self.other_company.id)]
        self.bella.dealer_store_ids = foreign
        self._as(self.bella, self.bella).read(["dealer_store_ids"])
        self.assertFalse(self._as(self.bella, deal_a).has_access("read"))

    def test_nobody_but_administrators_gives_stores(self):
        for user in (self.max, self.sara, self.greta):
            with self.assertRaises(AccessError):
                self._as(user, user).write({"dealer_store_ids": [Command.clear()]})
            with self.assertRaises(AccessError):
                self._as(user, self.ben).write({"dealer_store_ids": [Command.clear()]})
        admin = self._create_person("adam", "admin")
        with Form(self.ben.with_user(admin), view="base.view_users_form") as form:
            form.dealer_store_ids.add(self.store_a)
        self.assertEqual(self.ben.dealer_store_ids, self.store_a | self.store_b)

    # === WORK GOES ON ===
    def test_documents_begin_in_an_own_store(self):
        """The default of Odoo is the first store of the company, for everybody."""
        car = self._create_vehicle()
        self.assertEqual(self._buy(car, user=self.bella).picking_type_id, self.store_b.in_type_id)
        quote = self._quote(car, user=self.ben)
        self.assertEqual(quote.warehouse_id, self.store_b)
        # looked after by Sara, of store A
        self.customer.user_id = self.sara
        quote = self._quote(self._create_vehicle(), user=self.bella)
        self.assertRecordValues(quote, [{"warehouse_id": self.store_b.id}])
        self.assertEqual(self._quote(self._create_vehicle(), user=self.greta).user_id, self.sara)

    def test_car_of_another_store_is_found_held_sold_and_brought(self):
        """The stock of the company is for sale in every store of it."""
        car = self._stock(user=self.bella)
        found = self._as(self.sara, self.env["dealer.vehicle"]).search([("vin", "=", car.vin)])
        self.assertEqual(found, car)
        Form(self._as(self.sara, car))
        hold = self._as(self.sara, self.env["dealer.vehicle.hold"]).create(
            {"vehicle_id": car.id, "partner_id": self.customer.id}
        )
        self.assertEqual(hold.warehouse_id, self.store_a)
        self.assertFalse(self._as(self.bella, hold).has_access("read"))
        self.assertEqual(self._as(self.bella, car).held_by_id, self.sara)
        order = self._sell(car, user=self.sara)
        self.assertEqual(order.warehouse_id, self.store_a)
        Form(self._as(self.bella, car))
        self.ken.dealer_store_ids = self.store_b
        transfers = self._as(self.ken, car)._transfer(self.store_a.lot_stock_id)
        self.ken.dealer_store_ids = self.store_a
        self._validate(self._as(self.ken, transfers[-1]))
        self.assertEqual(car.warehouse_id, self.store_a)
        self._deliver(order)
        self.assertEqual(car.status, "sold")

    def test_customers_keep_their_orders_in_the_portal(self):
        deal_a, _deal_b = self._deals()
        portal = new_test_user(
            self.env,
            login="dealer_li_ming",
            groups="base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        deal_a.sudo().message_subscribe(portal.partner_id.ids)
        deal_a.sudo().partner_id = portal.partner_id
        self.assertEqual(
            self._as(portal, self.env["sale.order"]).search([("id", "=", deal_a.id)]), deal_a
        )

    def test_nobody_is_asked_about_a_deal_of_another_store(self):
        """The engine asks everybody of the role, by name and by mail."""
        self.company.dealer_price_without_rule = "list"
        order = self._quote(self._stock(user=self.bella), 118000, user=self.ben)
        order.dealer_deviation_reason_id = self.env["dealer.deviation.reason"].search([], limit=1)
        reviewers = order.request_validation().sudo().reviewer_ids
        self.assertIn(self.bella, reviewers)
        self.assertNotIn(self.max, reviewers)
        with self.assertRaises(AccessError):
            self._as(self.max, order)._dealer_decide(True)

    def test_cars_of_a_store_are_asked_about_there(self):
        self.assertEqual(self.store_a._dealer_get_stock_user(), self.max)
        self.assertEqual(self.store_b._dealer_get_stock_user(), self.bella)
