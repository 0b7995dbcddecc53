from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import DealerCrmCommon

SECRET_PHONE = "13912345678"
SECRET_MAIL = "secret.person@example.com"
SECRETS = (SECRET_PHONE, "139 1234 5678", "8613912345678", SECRET_MAIL, "Hidden Lane 7")


class TestPersonSharing(DealerCrmCommon):
    """A consultant reads own, shared and free customers, and nobody else's, by no way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._create_customer(
            "Qiu Secret",
            cls.sara,
            phone=SECRET_PHONE,
            email=SECRET_MAIL,
            street="Hidden Lane 7",
            customer_rank=1,
        )
        cls.lead = cls._create_lead(
            "Secret wish", cls.sara, partner_id=cls.person.id, phone=SECRET_PHONE
        )
        cls.Partners = cls._as(cls.tom, cls.env["res.partner"])

    def _share(self, user=None, by=None, **vals):
        return self._as(by or self.sara, self.env["dealer.customer.share"]).create(
            {
                "partner_id": self.person.id,
                "user_id": (user or self.tom).id,
                "reason": "covers my holiday",
                **vals,
            }
        )

    def test_the_end_of_a_share_is_not_written_by_hand(self):
        share = self._share()
        for vals in ({"revoked_on": "2020-01-01"}, {"revoked_on": False, "revoked_by_id": False}):
            with self.assertRaisesRegex(UserError, "cannot be changed"):
                share.write(vals)
        share.action_revoke()
        self.assertTrue(share.revoked_on)
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            share.revoked_on = False

    def test_who_may_only_look_makes_no_lead_of_the_customer(self):
        """A lead shows his number, and stays when the share has ended."""
        self._share(mode="view")
        Lead = self._as(self.tom, self.env["crm.lead"])
        self.assertTrue(self._as(self.tom, self.person).has_access("read"))
        with self.assertRaises(AccessError), self.cr.savepoint():
            Lead.create({"name": "Taken", "partner_id": self.person.id})
        with self.assertRaises(AccessError):
            Lead.onchange({"partner_id": self.person.id}, ["partner_id"], {"phone": {}})

    # === FORMS ===
    def test_no_form_fills_in_the_customer_of_a_colleague(self):
        spec = {"phone": {}, "contact_name": {}, "street": {}}
        typed = {"partner_id": self.person.id}
        for model, values, names, fields_spec in (
            ("crm.lead", typed, ["partner_id"], spec),
            ("crm.lead", typed, ["name"], spec),
            ("sale.order", typed, ["partner_id"], {"partner_invoice_id": {}}),
            (
                "res.partner",
                {"opportunity_ids": [[0, "virtual_1", typed]]},
                ["opportunity_ids"],
                {"opportunity_ids": {"fields": spec}},
            ),
        ):
            records = self._as(self.tom, self.env[model])
            with self.subTest(model), self.assertRaises(AccessError):
                records.onchange(values, names, fields_spec)
        with self.assertRaises(AccessError):
            records = self._as(self.tom, self.env["crm.lead"])
            records.with_context(default_partner_id=self.person.id).onchange({}, [], spec)
        mine = self._as(self.sara, self.env["crm.lead"]).onchange(typed, ["partner_id"], spec)
        self.assertEqual(mine["value"]["contact_name"], "Qiu Secret")

    def test_nobody_calls_on_the_lead_of_a_colleague(self):
        before = self.lead.dealer_last_contact_date
        Call = self._as(self.tom, self.env["crm.phonecall"])
        vals = {"name": "x", "state": "done"}
        with self.assertRaises(AccessError), self.cr.savepoint():
            Call.create({**vals, "opportunity_id": self.lead.id})
        call = Call.create(vals)
        with self.assertRaises(AccessError), self.cr.savepoint():
            call.opportunity_id = self.lead.id
        self.assertEqual(self.lead.dealer_last_contact_date, before)

    # === ONE PERSON, ONE FILE ===
    def test_a_known_person_gets_no_second_file(self):
        with self.assertRaisesRegex(UserError, "Sara looks after"):
            self.Partners.create({"name": "Qiu Again", "phone": "+86 139-1234-5678"})
        mine = self._as(self.sara, self.env["res.partner"])
        with self.assertRaisesRegex(UserError, "Qiu Secret has this telephone"):
            mine.create({"name": "Qiu Again", "phone": SECRET_PHONE})
        wife = self._as(self.max, self.env["res.partner"]).create(
            {"name": "Mrs Qiu", "phone": SECRET_PHONE}
        )
        merge = self._as(self.max, self.env["base.partner.merge.automatic.wizard"])
        self.assertTrue(merge.create({"partner_ids": [Command.set((self.person | wife).ids)]}))

    def test_what_steps_keep_is_not_written_by_hand(self):
        person = self._as(self.sara, self.person)
        for name, value in (
            ("dealer_restricted", True),
            ("dealer_protected_until", "2030-01-01 00:00:00"),
        ):
            with self.assertRaisesRegex(UserError, "by the steps"):
                person[name] = value
        with self.assertRaisesRegex(AccessError, "A manager takes"):
            person.dealer_is_customer = False

    # === WHERE CUSTOMERS ARE EVERYBODY'S ===
    def test_small_firm_has_no_fences(self):
        """The switch holds at once: the rules are cached."""
        self.assertFalse(self.Partners.search([("id", "=", self.person.id)]))
        self.company.dealer_customers_owned = False
        found = self.Partners.search([("id", "=", self.person.id)])
        self.assertEqual(found, self.person)
        self._as(self.tom, self.person).street = "New Lane 8"
        order = self._as(self.tom, self.env["sale.order"]).create({"partner_id": self.person.id})
        self.assertEqual(order.partner_id, self.person)
        self.company.dealer_customers_owned = True
        self.assertFalse(self.Partners.search([("id", "=", self.person.id)]))

    # === EVERY WAY TO READ ===

    def test_colleague_is_hidden_from_lists_and_searches(self):
        by_id = [("id", "=", self.person.id)]
        self.assertFalse(self.Partners.search(by_id))
        self.assertFalse(self.Partners.search_count(by_id))
        self.assertFalse(self.Partners.with_context(active_test=False).search(by_id))
        self.assertFalse(self.Partners.search([("phone", "ilike", SECRET_PHONE)]))
        self.assertFalse(self.Partners.search([("phone_mobile_search", "ilike", SECRET_PHONE)]))
        self.assertFalse(self.Partners.search_read(by_id, ["phone"]))
        self.assertFalse(self.Partners.web_search_read(by_id, {"phone": {}})["records"])
        self.assertFalse(self.Partners.formatted_read_group(by_id, ["user_id"], ["__count"]))
        self.assertFalse(self.Partners.name_search("Qiu Secret"))
        self.assertFalse(self.Partners.name_search(SECRET_MAIL))
        found = self.Partners.get_mention_suggestions("Qiu Secret")
        self.assertNotIn("Qiu Secret", str(found))
        self.assertNotIn(SECRET_MAIL, str(self.Partners.search_for_channel_invite("Qiu Secret")))
        self.assertFalse(self._as(self.tom, self.lead).search([("id", "=", self.lead.id)]))

    def test_colleague_cannot_read_by_id(self):
        person = self._as(self.tom, self.person)
        for read in (
            lambda: person.read(["phone"]),
            lambda: person.web_read({"phone": {}}),
            lambda: person.export_data(["phone"]),
            lambda: person.web_read({"name": {}}),
            lambda: person.read(["name"]),
            lambda: person.phone,
            lambda: person.copy(),
            lambda: person.message_post(body="?"),
            lambda: self._as(self.tom, self.lead).read(["phone"]),
            lambda: self._as(self.tom, self.lead).web_read(
                {"partner_id": {"fields": {"phone": {}}}}
            ),
        ):
            with self.subTest(read), mute_logger("odoo.addons.base.models.ir_rule"):
                person.invalidate_recordset()
                # AccessError, or the export's own UserError
                with self.assertRaises(UserError):
                    read()

    def test_colleague_cannot_write_or_take_over(self):
        person = self._as(self.tom, self.person)
        for vals in ({"comment": "mine"}, {"user_id": self.tom.id}, {"dealer_is_customer": False}):
            with self.assertRaises(AccessError):
                person.write(vals)
        with self.assertRaises(AccessError):
            self.Partners.create({"name": "For Sara", "user_id": self.sara.id})

    def test_colleague_makes_no_document_for_the_customer(self):
        with self.assertRaises(AccessError):
            self._quote(self._stock(), partner=self.person, user=self.tom)
        order = self._quote(self._stock(), partner=self.customer, user=self.tom)
        with self.assertRaises(AccessError):
            order.partner_id = self.person
        with self.assertRaises(AccessError):
            self._as(self.tom, self.env["crm.lead"]).create(
                {"name": "Mine", "partner_id": self.person.id}
            )
        with self.assertRaises(AccessError):
            self._as(self.tom, self.env["calendar.event"]).create(
                {
                    "name": "Meet",
                    "start": "2026-03-02 02:00:00",
                    "stop": "2026-03-02 03:00:00",
                    "partner_ids": [(4, self.person.id)],
                }
            )

    def test_messages_and_files_follow_the_customer(self):
        message = self.person.message_post(body="He can pay cash")
        file = self.env["ir.attachment"].create(
            {"name": "id.txt", "raw": b"x", "res_model": "res.partner", "res_id": self.person.id}
        )
        self.person.activity_schedule("mail.mail_activity_data_todo", user_id=self.sara.id)
        self.assertFalse(self._as(self.tom, message).search([("id", "=", message.id)]))
        self.assertFalse(self._as(self.tom, file).search([("id", "=", file.id)]))
        activity = self.person.activity_ids
        self.assertFalse(self._as(self.tom, activity).search([("id", "=", activity.id)]))
        for record in (message, file):
            with self.assertRaises(AccessError):
                self._as(self.tom, record).read()

    def test_nothing_that_the_colleague_may_read_shows_telephone_mail_or_address(self):
        """Read every model that a consultant may read: names may stand on documents, no more."""
        vehicle = self._create_vehicle()
        self.env["dealer.vehicle.owner"].create(
            {"vehicle_id": vehicle.id, "partner_id": self.person.id}
        )
        self.env["crm.phonecall"].create(
            {
                "name": "Call",
                "partner_id": self.person.id,
                "partner_phone": SECRET_PHONE,
                "user_id": self.sara.id,
            }
        )
        self.env["res.partner.bank"].create(
            {"partner_id": self.person.id, "acc_number": "6222021234567894"}
        )
        self.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2026-03-02 02:00:00",
                "stop": "2026-03-02 03:00:00",
                "user_id": self.sara.id,
                "partner_ids": [(4, self.person.id), (4, self.sara.partner_id.id)],
            }
        )
        order = self._quote(self._stock(), partner=self.person)
        order.message_subscribe(self.person.ids)
        self.env.flush_all()
        leaks = []
        for name in sorted(self.env.registry):
            leaks += self._find_leaks(self._as(self.tom, self.env[name]))
        self.assertFalse(leaks)

    def _find_leaks(self, model):
        if model._abstract or model._transient or not model._auto:
            return []
        if not model.has_access("read") or model._name.startswith("ir."):
            return []
        names = [
            name
            for name, field in model._fields.items()
            if field.type in ("char", "text", "html")
            and (field.store or field.related)
            and model._has_field_access(field, "read")
        ]
        self.env.invalidate_all()  # what the test has read is no answer
        rows = model.with_context(active_test=False).search([], order="id desc", limit=200)
        leaks = []
        for row in rows:
            for name in names:
                try:
                    text = str(row[name])
                except AccessError:
                    continue
                if any(secret in text for secret in (*SECRETS, "6222021234567894")):
                    leaks.append((model._name, name))
        return leaks

    # === WHAT STAYS READABLE ===

    def test_everybody_else_stays_readable(self):
        people = (
            self.tom.partner_id
            | self.sara.partner_id
            | self.company.partner_id
            | self.maker
            | self._create_customer("Pool Person")
            | self._create_customer("Own Person", self.tom)
            | self.env["res.partner"].create(
                {"name": "Fleet Ltd", "is_company": True, "user_id": self.sara.id}
            )
        )
        self.assertEqual(self.Partners.search([("id", "in", people.ids)]), people.sorted())
        self._as(self.tom, people).read(["name", "phone"])

    def test_manager_and_those_who_serve_read_all(self):
        for user in (self.max, self.fred, self.ken, self.cara, self.mark):
            self.assertEqual(self._as(user, self.person).name, "Qiu Secret")
        with self.assertRaises(AccessError):
            self._as(self.dora, self.person).read(["name"])

    def test_invitation_desk_reads_leads_of_its_channels(self):
        channel = self.env.ref("dealer_crm.dealer_channel_autohome")
        lead = self._create_lead(user=self.sara, dealer_channel_id=channel.id)
        self.assertEqual(self._as(self.dora, lead).name, lead.name)
        with self.assertRaises(AccessError):
            self._as(self.dora, self.lead).read(["name"])
        with self.assertRaises(AccessError):
            self._as(self.tom, lead).read(["name"])

    def test_portal_customer_reads_the_own_contact(self):
        login = self.env["res.users"].create(
            {
                "name": "Qiu Secret",
                "login": "qiu",
                "partner_id": self.person.id,
                "group_ids": [(6, 0, self.env.ref("base.group_portal").ids)],
            }
        )
        self.assertEqual(self.person.with_user(login).name, "Qiu Secret")
        self.assertFalse(self._as(self.tom, login).search([("id", "=", login.id)]))

    def test_document_with_a_customer_of_a_colleague_shows_the_name_only(self):
        """A customer is handed over, the order stays: its form opens and works."""
        person = self._create_customer("Handed Over", self.tom, phone="13900001111")
        order = self._quote(self._stock(), partner=person, user=self.tom)
        self._as(self.max, person).user_id = self.sara
        self.env.invalidate_all()
        order = self._as(self.tom, order)
        with Form(order) as form:
            form.client_order_ref = "X"
        row = order.web_read({"partner_id": {"fields": {"display_name": {}}}, "order_line": {}})
        self.assertEqual(row[0]["partner_id"]["display_name"], "Handed Over")
        order.action_confirm()
        self.env.invalidate_all()
        with Form(order):
            pass
        order.message_post(body="Ready")
        with self.assertRaises(AccessError):
            self._as(self.tom, person).read(["phone"])

    # === SHARING ===

    def test_sharing_for_view_shows_and_does_not_let_change(self):
        self._share()
        self.assertEqual(self._as(self.tom, self.person).name, "Qiu Secret")
        self.assertEqual(self._as(self.tom, self.lead).name, "Secret wish")
        with self.assertRaises(AccessError):
            self._as(self.tom, self.person).comment = "mine"
        with self.assertRaises(AccessError):
            self._as(self.tom, self.lead).name = "mine"

    def test_sharing_for_edit_lets_change_but_not_take_over(self):
        self._share(mode="edit")
        self._as(self.tom, self.person).comment = "called"
        self._as(self.tom, self.lead).description = "called"
        with self.assertRaises(AccessError):
            self._as(self.tom, self.person).user_id = self.tom
        with self.assertRaises(AccessError):
            self._share(user=self.dora, by=self.tom)

    def test_who_may_only_look_moves_no_clock_with_a_call(self):
        self._share(mode="view")
        self._as(self.tom, self.env["crm.phonecall"]).create(
            {"name": "Talk", "opportunity_id": self.lead.id, "state": "done"}
        )
        self.assertFalse(self.lead.sudo().dealer_last_contact_date)

    def test_a_test_drive_names_no_customer_of_a_colleague(self):
        Drive = self._as(self.tom, self.env["dealer.test.drive"])
        for vals in ({"partner_id": self.person.id}, {"lead_id": self.lead.id}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                Drive.create({**vals, "date_start": "2030-01-07 02:00:00"})

    def test_share_ends_by_its_day_and_by_hand_and_both_are_logged(self):
        day = fields.Date.today() + timedelta(days=1)
        share = self._share(date_until=day)
        self.assertTrue(self._as(self.tom, self.person).has_access("read"))
        self.env.cr.execute(
            "UPDATE dealer_customer_share SET date_until = %s, create_date = %s WHERE id = %s",
            [day - timedelta(days=3), day - timedelta(days=9), share.id],
        )
        self.env.invalidate_all()
        self.assertFalse(self._as(self.tom, self.person).has_access("read"))
        again = self._share()
        self.assertTrue(self._as(self.tom, self.person).has_access("read"))
        again.action_revoke()
        self.env.invalidate_all()
        self.assertFalse(self._as(self.tom, self.person).has_access("read"))
        log = " ".join(self.person.message_ids.mapped("body"))
        self.assertIn("covers my holiday", log)
        self.assertIn("No longer shared with Tom", log)
        with self.assertRaises(UserError):
            again.mode = "edit"

    def test_only_owner_and_manager_share(self):
        with self.assertRaises(AccessError):
            self._share(by=self.tom)
        self._share(by=self.max)

    # === OWNERSHIP ===

    def test_consultant_owns_whom_he_enters_and_takes_who_is_nobodys(self):
        person = self.Partners.create({"name": "New Person", "phone": "13900002222"})
        self.assertEqual(person.user_id, self.tom)
        free = self._create_customer("Free")
        self._as(self.tom, free).user_id = self.tom
        self.assertEqual(free.user_id, self.tom)
        with self.assertRaises(AccessError):
            self._as(self.tom, free).user_id = self.sara
        self._as(self.max, free).user_id = self.sara
        self.assertFalse(self._as(self.tom, free).has_access("read"))

    def test_consultants_may_not_export(self):
        for user in (self.sara, self.tom, self.dora):
            self.assertFalse(user.has_group("base.group_allow_export"))
            with self.assertRaises(UserError):
                self._as(user, self.Partners.browse()).export_data(["name"])

    # === COST ===

    def test_rule_costs_no_query_for_each_row(self):
        for index in range(30):
            self._create_customer(f"Person {index}", self.sara if index % 2 else self.tom)
        domain = [("name", "=like", "Person %")]
        counts = []
        for limit in (3, 30):
            self.Partners.search_read(domain, ["name"], limit=limit)
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Partners.search_read(domain, ["name"], limit=limit)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_a_lead_of_a_shared_customer_opens_no_number(self):
        self._share(mode="edit")
        self.lead.sudo().active = False
        Lead = self._as(self.tom, self.env["crm.lead"])
        lead = Lead.create({"name": "Mine", "partner_id": self.person.id, "user_id": self.tom.id})
        self.assertEqual(lead.sudo().phone, SECRET_PHONE)
        shown = lead.read(["phone", "email_from"])[0]
        self.assertEqual(shown["phone"], "139****5678")
        self.assertNotIn("secret.person", shown["email_from"])
        self.assertFalse(Lead.search([("phone", "=like", "1391%"), ("id", "=", lead.id)]))
        for partner in (False, self._create_customer("Own", self.tom).id):
            with self.assertRaisesRegex(UserError, "a customer of"):
                lead.partner_id = partner
        self.env["dealer.unmask.log"].with_user(self.tom)._dealer_open(lead, "call")
        self.assertEqual(lead.read(["phone"])[0]["phone"], SECRET_PHONE)
        self.assertTrue(Lead.search([("phone", "=like", "1391%"), ("id", "=", lead.id)]))

    def test_a_call_to_a_shared_customer_opens_no_number(self):
        self._share(mode="edit")
        call = self.env["crm.phonecall"].create(
            {
                "name": "Call",
                "partner_id": self.person.id,
                "partner_phone": SECRET_PHONE,
                "user_id": self.tom.id,
            }
        )
        self.assertEqual(
            self._as(self.tom, call).read(["partner_phone"])[0]["partner_phone"], "139****5678"
        )
        call.user_id = self.sara
        shown = self._as(self.sara, call).read(["partner_phone"])[0]["partner_phone"]
        self.assertEqual(shown, SECRET_PHONE)

    # === MEETINGS ===

    def _meet(self, user, **vals):
        return self._as(user, self.env["calendar.event"]).create(
            {
                "name": "Talk with Qiu Secret",
                "start": "2030-05-06 02:00:00",
                "stop": "2030-05-06 03:00:00",
                **vals,
            }
        )

    def test_a_meeting_names_its_customer_to_nobody_else(self):
        guests = [Command.link(self.sara.partner_id.id), Command.link(self.person.id)]
        for vals in ({"opportunity_id": self.lead.id}, {"partner_ids": guests}):
            meeting = self._meet(self.sara, **vals)
            self.env["ir.attachment"].create(
                {
                    "name": "invitation.ics",
                    "raw": b"Qiu Secret",
                    "res_model": "calendar.event",
                    "res_id": meeting.id,
                }
            )
            self.env.flush_all()
            tina = self._create_person("tina" + str(meeting.id), "technician")
            for user, is_seen in (
                (self.sara, True),
                (self.max, True),
                (self.tom, False),
                (tina, False),
            ):
                for model, domain in (
                    ("calendar.event", [("id", "=", meeting.id)]),
                    ("calendar.attendee", [("event_id", "=", meeting.id)]),
                    (
                        "ir.attachment",
                        [("res_model", "=", "calendar.event"), ("res_id", "=", meeting.id)],
                    ),
                ):
                    if meeting.attendee_ids or model != "calendar.attendee":
                        found = self._as(user, self.env[model]).search(domain)
                        self.assertEqual(bool(found), is_seen, (user.name, model, vals))

    def test_a_meeting_of_colleagues_is_everybodys(self):
        meeting = self._meet(self.sara, partner_ids=[Command.link(self.sara.partner_id.id)])
        self.assertEqual(self._as(self.tom, meeting).name, "Talk with Qiu Secret")
        invited = self._meet(
            self.sara,
            opportunity_id=self.lead.id,
            partner_ids=[Command.link(self.tom.partner_id.id)],
        )
        self.assertTrue(self._as(self.tom, invited).name)
