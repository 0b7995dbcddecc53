from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError

from odoo.addons.dealer_vehicle.tests.store_case import StoreCase

from .common import DealerCrmCommon


class TestPersonStores(StoreCase, DealerCrmCommon):
    """Customers, leads and visits of a store are closed to the people of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tom.dealer_store_ids = cls.store_a
        cls.ours = cls._records(cls.store_a, cls.sara, "13900000001")
        cls.theirs = cls._records(cls.store_b, cls.ben, "13900000002")

    @classmethod
    def _records(cls, store, seller, phone):
        """One record of each model of a store, by model name."""
        env, today = cls.env(su=True), fields.Date.today()
        person = cls._create_customer(f"Qian of {store.name}", seller, phone=phone)
        lead = cls._create_lead(
            f"Wish at {store.name}", seller, partner_id=person.id, dealer_store_id=store.id
        )
        wish = env["dealer.lead.wish"].create({"lead_id": lead.id, "model_id": cls.trim.id})
        car = cls._create_vehicle()
        route = env["dealer.test.drive.route"].create(
            {"name": f"Round {store.name}", "warehouse_id": store.id, "company_id": cls.company.id}
        )
        vals = {
            "dealer.assignment.rule": {
                "name": store.name,
                "store_id": store.id,
                "company_id": cls.company.id,
            },
            "dealer.competitor.quote": {"lead_id": lead.id, "model": "S5"},
            "dealer.customer.purchase": {
                "partner_id": person.id,
                "date": today,
                "amount": 100,
                "company_id": cls.company.id,
            },
            "dealer.lead.contact": {"lead_id": lead.id, "kind": "call"},
            "dealer.lead.event": {"lead_id": lead.id, "kind": "pooled"},
            "dealer.lead.party": {"lead_id": lead.id, "partner_id": person.id},
            "dealer.level.log": {"lead_id": lead.id, "level_to_id": lead.dealer_level_id.id},
            "dealer.tender": {
                "name": "Taxis",
                "lead_id": lead.id,
                "partner_id": person.id,
                "date_deadline": fields.Datetime.now() + timedelta(days=9),
                "user_id": seller.id,
                "company_id": cls.company.id,
            },
            "dealer.visit": {"warehouse_id": store.id, "kind": "first", "user_id": seller.id},
            "dealer.wish.match": {"wish_id": wish.id, "vehicle_id": car.id},
            "crm.phonecall": {"name": "Call", "partner_id": person.id, "user_id": seller.id},
        }
        found = {
            "res.partner": person,
            "crm.lead": lead,
            "dealer.lead.wish": wish,
            "dealer.lead.touch": lead.dealer_touch_ids,
            "dealer.test.drive.route": route,
        }
        for model, values in vals.items():
            found[model] = env[model].create(values)
        env.flush_all()
        return found

    def test_every_record_keeps_to_its_store(self):
        for model, record in self.theirs.items():
            own = self.ours[model]
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
                    self.assertEqual(found, own)
            with self.subTest(model=model, user="Greta"):
                both = self._as(self.greta, own | record)
                self.assertEqual(both.search([("id", "in", both.ids)]), both)

    def test_leads_of_nobody_are_free_for_their_store_only(self):
        lead = self._create_lead("Free", dealer_store_id=self.store_b.id)
        anywhere = self._create_lead("Anywhere")
        for user, mine in {self.sara: False, self.max: False, self.ben: True}.items():
            with self.subTest(user.name):
                self.assertEqual(self._as(user, lead).has_access("read"), mine)
                self.assertTrue(self._as(user, anywhere).has_access("read"))

    def test_who_was_given_a_customer_of_another_store_opens_the_lead(self):
        lead, person = self.theirs["crm.lead"], self.theirs["res.partner"]
        for user in (self.sara, self.max):
            self._as(self.ben, self.env["dealer.customer.share"]).create(
                {"partner_id": person.id, "user_id": user.id, "reason": "covers my holiday"}
            )
            self.assertTrue(self._as(user, person).has_access("read"))
            self.assertTrue(self._as(user, lead).has_access("read"))
            self.assertFalse(self._as(user, lead).has_access("write"))

    def test_own_lead_stays_open_whatever_store_it_names(self):
        lead = self._create_lead("Moves", self.sara, dealer_store_id=self.store_b.id)
        self.assertTrue(self._as(self.sara, lead).has_access("write"))

    def test_test_drives_keep_to_the_store_of_the_car(self):
        start = fields.Datetime.now() + timedelta(days=3)
        drives = self.env["dealer.test.drive"]
        for user, store in ((self.max, self.store_a), (self.bella, self.store_b)):
            car = self._stock(user=user)
            self.env["dealer.demo.period"].create(
                {
                    "vehicle_id": car.id,
                    "company_id": self.company.id,
                    "date_from": fields.Date.today(),
                }
            )
            drives |= self.env["dealer.test.drive"].create(
                {
                    "vehicle_id": car.id,
                    "warehouse_id": store.id,
                    "partner_id": self.customer.id,
                    "user_id": (self.sara if store == self.store_a else self.ben).id,
                    "date_start": start,
                }
            )
        self.assertEqual(drives.mapped("warehouse_id"), self.store_a | self.store_b)
        for user in (self.max, self.sara, self.tom):
            Drive = self._as(user, self.env["dealer.test.drive"])
            self.assertEqual(Drive.search([("id", "in", drives.ids)]), drives[0])

    def test_the_door_receives_in_the_own_stores_only(self):
        data = self._as(self.sara, self.env["dealer.visit"]).get_reception_data()
        self.assertEqual([store["id"] for store in data["stores"]], self.store_a.ids)
        with self.assertRaises(AccessError):
            self._as(self.sara, self.env["dealer.visit"]).receive(self.store_b.id, "first", 1)
        with self.assertRaises(UserError):
            self._as(self.sara, self.env["dealer.visit"]).set_left(self.theirs["dealer.visit"].id)

    def test_figures_add_up_the_own_store_only(self):
        for user, store in {self.max: self.store_a, self.bella: self.store_b}.items():
            groups = self._as(user, self.env["dealer.traffic.report"])._read_group(
                [("parties", ">", 0)], ["warehouse_id"]
            )
            found = self.env["stock.warehouse"].union(*(group[0] for group in groups))
            self.assertEqual(found & (self.store_a | self.store_b), store)

    def test_nobody_writes_what_follows_from_other_fields(self):
        lead, person = self.ours["crm.lead"], self.ours["res.partner"]
        for record, values in (
            (lead, {"dealer_phone_key": "8613900000002"}),
            (lead, {"dealer_carded_on": "2020-01-01 00:00:00"}),
            (lead, {"dealer_pool_date": "2099-01-01 00:00:00"}),
            (person, {"dealer_phone_key": "8613900000002"}),
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self._as(self.sara, record).write(values)
