from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import DealerCrmCommon


class TestPersonFile(DealerCrmCommon):
    """One person, one file."""

    def test_one_key_for_every_spelling_of_a_number(self):
        people = [
            self._create_customer(phone=phone)
            for phone in (
                "13800138000",
                "+86 138-0013-8000",
                "138 0013 8000",
                "１３８００１３８０００",
            )
        ]
        self.assertEqual({p.dealer_phone_key for p in people}, {"8613800138000"})

    def test_a_person_is_found_by_telephone_and_the_same_name_goes_first(self):
        Partner = self.env["res.partner"]
        self._create_customer("Li Wei", phone="13900000001")
        wife = self._create_customer("Wang Li", phone="13900000001")
        self.assertEqual(Partner._dealer_find_person(phone="139 0000 0001", name="Wang Li"), wife)
        self.assertFalse(Partner._dealer_find_person(phone="13900000002"))
        self.assertFalse(Partner._dealer_find_person())

    def test_a_person_is_found_by_id_number_before_the_telephone(self):
        person = self._create_customer("Li Wei", dealer_id_number="11010519491231002x")
        self._create_customer("Zhao Yi", phone="13900000001")
        found = self.env["res.partner"]._dealer_find_person(
            phone="13900000001", id_number="11010519491231002X"
        )
        self.assertEqual(found, person)
        self.assertEqual(person.dealer_id_number, "11010519491231002X")

    def test_many_people_are_found_with_one_query(self):
        people = [self._create_customer(phone=f"1390000{i:04d}") for i in range(20)]
        keys = [p.dealer_phone_key for p in people]
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            found = self.env["res.partner"]._dealer_find_people(keys)
        self.assertEqual(len(found), 20)

    def test_id_number_gives_sex_and_birthday_and_is_checked(self):
        person = self._create_customer(dealer_id_number="320102198505120016")
        self.assertRecordValues(
            person, [{"dealer_sex": "male", "dealer_birthday": person.dealer_birthday}]
        )
        self.assertEqual(str(person.dealer_birthday), "1985-05-12")
        with self.assertRaises(ValidationError):
            person.dealer_id_number = "320102198505120017"

    def test_second_file_with_a_known_number_is_warned_about(self):
        known = self._create_customer(phone="13900000001", user=self.tom)
        form = Form(self._as(self.sara, self.env["res.partner"]))
        form.name = "Zhang San"
        form.phone = "13900000001"
        with self.assertRaisesRegex(UserError, "Tom looks after") as caught:
            form.save()
        self.assertNotIn(known.name, str(caught.exception))
        copy = self._create_customer(phone="13900000001", user=self.sara)
        copy = self._as(self.sara, copy)
        self.assertEqual(copy.dealer_duplicate_count, 1)
        self.assertIn("Tom", copy._dealer_describe_duplicates())
        self.assertNotIn(known.name, copy._dealer_describe_duplicates())

    def test_people_with_a_salesperson_are_customers_and_companies_are_not(self):
        Partner = self.env["res.partner"]
        person, company, supplier = Partner.create(
            [
                {"name": "A person", "user_id": self.sara.id},
                {"name": "A company", "user_id": self.sara.id, "is_company": True},
                {"name": "A vendor", "user_id": self.sara.id, "supplier_rank": 1},
            ]
        )
        self.assertTrue(person.dealer_is_customer)
        self.assertFalse(company.dealer_is_customer)
        self.assertFalse(supplier.dealer_is_customer)
        self.assertFalse(self.tom.partner_id.dealer_is_customer)

    def test_file_shows_what_happened(self):
        customer = self._create_customer(user=self.sara)
        self._create_lead("Wants a Lark", user=self.sara, partner_id=customer.id)
        vehicle = self._create_vehicle()
        self.env["dealer.vehicle.owner"].create(
            {"vehicle_id": vehicle.id, "partner_id": customer.id, "date_from": "2026-01-05"}
        )
        page = self._as(self.sara, customer).dealer_timeline
        self.assertIn("Wants a Lark", page)
        self.assertIn("2026-01-05", page)

    def test_everybody_who_reads_customers_opens_the_page(self):
        """Also who reads no leads, no orders or no calls."""
        customer = self._create_customer(user=self.sara, phone="13900001234")
        self._create_lead(user=self.sara, partner_id=customer.id)
        self._quote(self._create_vehicle(), partner=customer)
        for user in (self.sara, self.max, self.ken, self.fred, self.cara, self.mark, self.ursula):
            with self.subTest(user.name), Form(self._as(user, customer)):
                pass

    def test_nobody_refers_himself(self):
        one, other = self._create_customer("One"), self._create_customer("Other")
        other.dealer_referrer_id = one
        for referrer in (one, other):
            with self.assertRaisesRegex(ValidationError, "referred by himself"):
                one.dealer_referrer_id = referrer
