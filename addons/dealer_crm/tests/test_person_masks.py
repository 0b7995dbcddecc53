from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.mail.tools.discuss import Store

from .common import DealerCrmCommon

PHONE = "138 0013 8000"
MAIL = "zhang.san@example.com"


class MaskCase(DealerCrmCommon):
    """A customer of Sara whom the marketing, the cash desk and the workshop know by stars."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cash = cls._create_person("cash", "cashier")
        cls.ada = cls._create_person("ada", "service_advisor")
        cls.masked_people = (cls.mark, cls.cash, cls.ada)
        cls.person = cls._create_customer("Zhang San", cls.sara, phone=PHONE, email=MAIL)

    def _open(self, user, record):
        wizard = self._as(user, self.env["dealer.unmask"]).create(
            {"res_model": record._name, "res_id": record.id, "reason_kind": "call"}
        )
        wizard.action_show()
        self.env.invalidate_all()

    def flush_tracking(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def _model(self, user, name):
        return self._as(user, self.env[name])

    def assertHidden(self, text):
        for secret in (PHONE, PHONE.replace(" ", ""), MAIL):
            self.assertNotIn(secret, str(text))


class TestPersonMasks(MaskCase):
    """The ways round the stars are closed, and the work goes on."""

    # === OTHER MODELS ===

    def test_path_from_another_model_does_not_list_telephones(self):
        self._quote(self._stock(), 110000)
        paths = (
            (self.mark, "res.users", "partner_id.phone"),
            (self.mark, "res.users", "phone"),
            (self.tom, "crm.lead", "partner_id.email"),
            (self.cash, "sale.order", "partner_id.phone"),
            (self.cash, "sale.order", "partner_id.commercial_partner_id.email_normalized"),
        )
        for user, model, path in paths:
            Model = self._model(user, model)
            with self.subTest(model=model, path=path):
                for call in (
                    lambda m=Model, p=path: m.formatted_read_group([], [p], ["__count"]),
                    lambda m=Model, p=path: m.formatted_read_grouping_sets([], [[p]], ["__count"]),
                    lambda m=Model, p=path: m.web_read_group([], [p], ["__count"]),
                    lambda m=Model, p=path: m.read_progress_bar(
                        [], p, {"field": "active", "colors": {}}
                    ),
                ):
                    with self.assertRaises(AccessError):
                        call()
        Partners = self._model(self.mark, "res.partner")
        for name in ("phone", "email:array_agg"):
            with self.assertRaises(AccessError):
                Partners.read_group([], [name], ["phone"])
        for kwargs in ({"having": [("phone:max", ">", "138")]}, {"order": "phone:max"}):
            with self.assertRaises(AccessError):
                Partners.formatted_read_group([], ["user_id"], ["__count"], **kwargs)
        # who sees everybody's data groups as before
        self._model(self.cara, "res.partner").formatted_read_group([], ["phone"], ["__count"])
        self._model(self.max, "sale.order").formatted_read_group([], ["partner_id.phone"])
        self._model(self.cash, "sale.order").formatted_read_group([], ["partner_id.name"])

    def test_export_through_another_model_is_refused(self):
        order = self._quote(self._stock(), 110000)
        self.cash.group_ids += self.env.ref("base.group_allow_export")
        order = self._as(self.cash, order)
        self.assertTrue(order.export_data(["partner_id/name"])["datas"])
        for path in ("partner_id/phone", "partner_id/email", "user_id/phone"):
            with self.assertRaises(AccessError):
                order.export_data([path])

    def test_records_of_other_models_carry_masked_data(self):
        order = self._quote(self._stock(), 110000, partner=self.person)
        rows = self._as(self.cash, order).web_read(
            {"partner_id": {"fields": {"phone": {}, "email": {}, "display_name": {}}}}
        )
        self.assertHidden(rows)
        self.assertEqual(rows[0]["partner_id"]["phone"], "138****8000")

    def test_customer_with_a_login_is_masked_as_user_too(self):
        login = self.env["res.users"].create(
            {
                "login": "zhang",
                "partner_id": self.person.id,
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        note = login._get_portal_access_update_body(access_granted=True)
        self.assertIn("z****@example.com", note)
        self.assertHidden(note)
        self.sara.phone = "13700000001"
        names = ["phone", "phone_sanitized", "dealer_phone_key", "email", "email_formatted"]
        for user in self.masked_people:
            self.assertHidden(self._as(user, login).read(names))
            self.assertEqual(self._as(user, login).read(["phone"])[0]["phone"], "138****8000")
            # colleagues call each other
            self.assertEqual(self._as(user, self.sara).read(["phone"])[0]["phone"], "13700000001")
        for user in (self.sara, self.cara):
            self.assertEqual(self._as(user, login).read(["phone"])[0]["phone"], PHONE)

    def test_meeting_and_key_account_repeat_the_stars(self):
        event = self.env["calendar.event"].create(
            {
                "name": "Test drive",
                "start": "2026-12-01 10:00:00",
                "stop": "2026-12-01 11:00:00",
                "partner_ids": [Command.set(self.person.ids)],
            }
        )
        for user in self.masked_people:
            rows = self._as(user, event.attendee_ids).read(["email", "phone", "common_name"])
            self.assertHidden(rows)
            self.assertEqual(rows[0]["phone"], "138****8000")
        rows = self._as(self.cara, event.attendee_ids).read(["phone"])
        self.assertEqual(rows[0]["phone"], PHONE)

    def test_chatter_tells_of_changes_with_stars(self):
        self.flush_tracking()  # of the making of the person, which is not tracked
        person = self.person.with_context(tracking_disable=False)
        person.phone = "13700001111"
        person.email = "zhang.new@example.com"
        self.flush_tracking()
        messages = person.message_ids
        for user in self.masked_people:
            shown = str(Store().add(self._as(user, messages)).get_result()) + str(
                self._as(user, messages).read(["account_audit_log_preview", "body", "preview"])
            )
            self.assertIn("137****1111", shown)
            for secret in ("13700001111", "zhang.new", PHONE, "13800138000", MAIL):
                self.assertNotIn(secret, shown)
            found = self._as(user, self.env["mail.message"])._message_fetch(
                None, thread=self._as(user, person), search_term="13700001"
            )
            self.assertFalse(found["messages"])
        shown = str(Store().add(self._as(self.cara, messages)).get_result())
        self.assertIn("13700001111", shown)

    def test_letters_and_text_messages_name_stars(self):
        message = self.person.message_post(
            body="Please call me",
            author_id=self.person.id,
            email_from=self.person.email_formatted,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.person._message_sms("Your car is ready")
        notices = self.person.message_ids.notification_ids.filtered("sms_number")
        self.assertTrue(notices)
        for user in self.masked_people:
            self.assertHidden(self._as(user, message).read(["email_from", "reply_to"]))
            self.assertHidden(Store().add(self._as(user, message)).get_result())
            rows = (
                self._as(user, self.env["mail.notification"])
                .browse(notices.ids)
                .read(["sms_number", "sms_id"])
            )
            self.assertHidden(rows)
            self.assertFalse(
                self._as(user, self.env["mail.message"]).search(
                    [("id", "=", message.id), ("email_from", "ilike", "zhang.s")]
                )
            )
        self.assertIn(MAIL, str(self._as(self.cara, message).read(["email_from"])))

    # === NAMES AND CARDS ===

    def test_mail_behind_the_name_has_stars(self):
        for user in self.masked_people:
            for context in ({"show_email": True}, {"show_email": True, "show_address": True}):
                person = self._as(user, self.person).with_context(**context)
                with self.subTest(user=user.login, **context):
                    self.assertIn("<z****@example.com>", person.display_name)
                    self.assertHidden(person.read(["display_name", "email_formatted"]))
                    self.assertHidden(person.with_context(formatted_display_name=True).display_name)
                    self.assertHidden(person.name_search("Zhang San"))
                    self.assertHidden(person.sudo().display_name)
        for user in (self.sara, self.cara):
            person = self._as(user, self.person).with_context(show_email=True)
            self.assertIn(f"<{MAIL}>", person.display_name)

    # === SEARCH ===

    def _count(self, user, *condition, model="res.partner"):
        return self._model(user, model).search_count([condition, ("name", "=", "Zhang San")])

    def test_number_is_not_guessed_digit_by_digit(self):
        conditions = (
            ("phone", "like", "138 00"),
            ("phone", "=like", "138%"),
            ("phone", "=ilike", "138%"),
            ("phone", "not like", "139 00"),
            ("phone", ">", "138"),
            ("phone_sanitized", "like", "86138"),
            ("dealer_phone_key", "=like", "86138%"),
            ("phone_mobile_search", "like", "13800138"),
            ("phone_mobile_search", "=like", "138%"),
            ("email", "ilike", "zhang.sa"),
            ("email_normalized", ">=", "zhang.s"),
            ("display_name", "ilike", "zhang.sa"),
            ("child_ids.parent_id.phone", "like", "138 00"),
            ("child_ids", "any", [("parent_id", "any", [("phone", "like", "138 00")])]),
        )
        self.person.child_ids = self._create_customer("Child")
        for condition in conditions:
            with self.subTest(condition=condition):
                self.assertEqual(self._count(self.cara, *condition), 1)
                self.assertEqual(self._count(self.sara, *condition), 1)  # she looks after him
                negative = condition[1].startswith("not")
                self.assertEqual(self._count(self.mark, *condition), int(negative))
        # whether the answer is yes or no, it tells nothing
        self.assertEqual(self._count(self.mark, "phone", "not like", "138"), 1)
        self.assertEqual(self._count(self.cara, "phone", "not like", "138"), 0)
        self._open(self.mark, self.person)
        self.assertEqual(self._count(self.mark, "phone", "like", "138 00"), 1)

    def test_complete_number_and_address_and_name_find_the_customer(self):
        for condition in (
            ("phone", "=", PHONE),
            ("phone", "ilike", "13800138000"),
            ("phone", "ilike", "+86 138-0013-8000"),
            ("phone", "!=", False),
            ("phone_mobile_search", "ilike", "13800138000"),
            ("phone_mobile_search", "=", "13800138000"),
            ("email", "ilike", MAIL.upper()),
            ("email", "!=", False),
            ("display_name", "ilike", "hang Sa"),
            ("display_name", "ilike", MAIL),
            ("display_name", "not ilike", "Nobody"),
            ("name", "ilike", "hang"),
        ):
            with self.subTest(condition=condition):
                self.assertEqual(self._count(self.mark, *condition), 1)
        self.assertFalse(self._count(self.mark, "phone", "ilike", "13800138001"))
        self.assertFalse(self._count(self.mark, "display_name", "not ilike", "Zhang"))
        names = self._model(self.mark, "res.partner").name_search("zhang s")
        self.assertIn("Zhang San", dict(names).values())

    def test_guessing_through_other_models_fails_too(self):
        order = self._quote(self._stock(), 110000, partner=self.person)
        lead = self._create_lead("Wish", phone="13811112222", email_from="zhang.w@example.com")
        Orders = self._model(self.cash, "sale.order").with_context(active_test=False)
        for condition in (
            ("partner_id.phone", "like", "138"),
            ("partner_id", "any", [("phone", "like", "138")]),
            ("partner_id", "ilike", "zhang.sa"),
            ("order_line.order_id.partner_id.email", "ilike", "zhang"),
        ):
            with self.subTest(condition=condition):
                self.assertNotIn(order, Orders.search([condition]))
                self.assertIn(order, order.search([condition]))
        self.assertIn(order, Orders.search([("partner_id", "ilike", "Zhang S")]))
        self.assertIn(order, Orders.search([("partner_id.phone", "ilike", "13800138000")]))
        Leads = self._model(self.tom, "crm.lead")
        for condition in (
            ("dealer_phone_key", "like", "13811"),
            ("email_from", "ilike", "zhang.w"),
        ):
            self.assertNotIn(lead, Leads.search([condition]))
            self.assertIn(lead, lead.search([condition]))
        self.assertIn(lead, Leads.search([("phone", "ilike", "138-1111-2222")]))
        self.person.user_ids = self.env["res.users"].create(
            {"login": "zhang", "partner_id": self.person.id, "share": True}
        )
        user = self.person.user_ids
        Users = self._model(self.mark, "res.users")
        self.assertFalse(Users.search([("id", "=", user.id), ("phone", "like", "138")]))
        self.assertFalse(Users.search([("id", "=", user.id), ("email", "ilike", "zhang.s")]))

    def test_order_of_a_list_tells_nothing_of_the_number(self):
        people = self._create_customer("A", phone="13900000009", comment="Order") | (
            self._create_customer("B", phone="13900000001", comment="Order")
        )
        domain = [("comment", "ilike", "Order"), ("id", "in", people.ids)]
        for order in ("phone, name", "phone desc, name"):
            found = self._model(self.mark, "res.partner").search(domain, order=order)
            self.assertEqual(found.mapped("name"), ["A", "B"])
        found = self._model(self.cara, "res.partner").search(domain, order="phone, name")
        self.assertEqual(found.mapped("name"), ["B", "A"])

    def test_search_asks_once_however_many_records(self):
        Partners = self._model(self.mark, "res.partner")
        Partners.search([("phone", "like", "138")])
        self.env.flush_all()
        with self.assertQueryCount(2):  # what is opened, and the search
            Partners.search([("phone", "like", "138")])
        Partners = self._model(self.cara, "res.partner")
        Partners.search([("phone", "like", "138")])
        with self.assertQueryCount(1):
            Partners.search([("phone", "like", "138")])

    # === TEXT MESSAGES ===

    def _write_sms(self, user, record, **vals):
        return (
            self._model(user, "sms.composer")
            .with_context(
                default_res_model=record._name,
                default_res_id=record.id,
                default_composition_mode="comment",
            )
            .create({"body": "Your car is ready", **vals})
        )

    def test_text_message_shows_stars_and_reaches_the_number(self):
        order = self._quote(self._stock(), 110000, partner=self.person)
        for user, record in (
            *((user, self.person) for user in self.masked_people),
            (self.cash, order),
        ):
            with self.subTest(user=user.login, model=record._name):
                composer = self._write_sms(user, record)
                shown = composer.read()[0]
                self.assertHidden(shown)
                self.assertNotIn("13800138000", str(shown))
                self.assertEqual(composer.recipient_single_number_itf, "138****8000")
                self.assertTrue(composer.recipient_single_valid)
                composer.action_send_sms()
                sms = self.env["sms.sms"].search([], order="id desc", limit=1)
                self.assertEqual(sms.number, "+8613800138000")
                self.assertEqual(sms.body, "Your car is ready")
                self.assertEqual(self.person.phone, PHONE)
        form = Form(
            self._model(self.mark, "sms.composer").with_context(
                default_res_model="res.partner",
                default_res_id=self.person.id,
                default_composition_mode="comment",
            )
        )
        self.assertEqual(form.recipient_single_number_itf, "138****8000")

    def test_who_sees_the_number_writes_to_it_as_before(self):
        composer = self._write_sms(self.sara, self.person)
        self.assertEqual(composer.recipient_single_number_itf, "+8613800138000")
        self._open(self.mark, self.person)
        composer = self._write_sms(self.mark, self.person)
        self.assertEqual(composer.recipient_single_number_itf, "+8613800138000")


@tagged("post_install", "-at_install")
class TestPersonMasksHttp(MaskCase, HttpCase):
    """What leaves the server over its own addresses."""

    def _card(self, user):
        self.authenticate(user.login, user.login)
        return self.url_open(f"/web/partner/vcard?partner_ids={self.person.id}").text

    def test_card_to_take_along_has_stars(self):
        for user in self.masked_people:
            card = self._card(user)
            self.assertIn("Zhang San", card)
            self.assertIn("138****8000", card)
            self.assertIn("z****@example.com", card)
            self.assertHidden(card)
        self.assertIn(MAIL, self._card(self.cara))
        self._open(self.mark, self.person)
        self.assertIn(MAIL, self._card(self.mark))

    def _post(self, user, path, **params):
        self.authenticate(user.login, user.login)
        return self.make_jsonrpc_request(path, params)

    def test_chatter_suggests_stars_and_writes_to_the_address(self):
        place = {"thread_model": "res.partner", "thread_id": self.person.id}
        for user in self.masked_people:
            rows = self._post(user, "/mail/thread/recipients", **place)
            self.assertIn("z****@example.com", [row["email"] for row in rows])
            self.assertHidden(rows)
            rows = self._post(user, "/mail/thread/recipients/get_suggested_recipients", **place)
            self.assertHidden(rows)
            data = self._post(
                user,
                "/mail/data",
                fetch_params=[
                    [
                        "mail.thread",
                        {**place, "request_list": ["followers", "suggestedRecipients"]},
                    ]
                ],
            )
            self.assertHidden(data)
        rows = self._post(self.cara, "/mail/thread/recipients", **place)
        self.assertIn(MAIL, [row["email"] for row in rows])

    def test_letter_to_an_address_with_stars_reaches_the_person_behind(self):
        self.tom.group_ids += self.env.ref("base.group_partner_manager")
        lead = self._create_lead(email_from="li.si@example.com", phone="13900139000")
        place = {"thread_model": "crm.lead", "thread_id": lead.id}
        data = self._post(self.tom, "/mail/thread/recipients/get_suggested_recipients", **place)
        self.assertEqual([row["email"] for row in data], ["l****@example.com"])
        self.assertNotIn("li.si", str(data))
        self.assertNotIn("13900139000", str(data))
        self._post(
            self.tom,
            "/mail/message/post",
            **place,
            post_data={
                "body": "Hello",
                "message_type": "comment",
                "subtype_xmlid": "mail.mt_comment",
                "partner_emails": ["l****@example.com"],
            },
        )
        message = lead.message_ids.filtered(lambda m: "Hello" in m.body)
        self.assertEqual(message.partner_ids.mapped("email"), ["li.si@example.com"])
        self.assertFalse(self.env["res.partner"].search([("email", "like", "***")]))


@tagged("post_install", "-at_install")
class TestMaskOfUsers(MaskCase):
    def test_a_form_fills_in_stars(self):
        """Stars that are saved are dropped: the lead has the true number all the same."""
        filled = {"phone": PHONE, "email_from": MAIL, "name": "Wish"}
        self._model(self.ada, "crm.lead")._dealer_mask_filled_in(filled, {"phone": False})
        self.assertHidden(filled)
        self.assertEqual(filled["name"], "Wish")
        filled = {"phone": "+86 138 0013 8000"}
        self._model(self.ada, "crm.lead")._dealer_mask_filled_in(filled, {"phone": PHONE})
        self.assertEqual(filled["phone"], "+86 138 0013 8000", "what was typed stays")

    def test_data_of_colleagues_come_from_their_contacts(self):
        member = self.env["crm.team.member"].create(
            {
                "crm_team_id": self.env["crm.team"].create({"name": "Showroom"}).id,
                "user_id": self.sara.id,
            }
        )
        for user in (self.tom, *self.masked_people):
            if self._model(user, "crm.team.member").has_access("read"):
                row = self._as(user, member).read(["name", "email", "phone"])[0]
                self.assertEqual(row["email"], self.sara.email, user.name)

    def test_the_file_of_a_meeting_names_no_address_of_a_customer(self):
        customer = self._create_customer("Qiu Secret", self.sara, email="qiu.secret@example.com")
        meeting = self.env["calendar.event"].create(
            {
                "name": "Talk",
                "start": "2030-01-01 02:00:00",
                "stop": "2030-01-01 03:00:00",
                "partner_ids": [Command.set((customer | self.tom.partner_id).ids)],
            }
        )
        content = meeting._get_ics_file()[meeting.id].decode().replace("\r\n ", "")
        self.assertIn("Qiu Secret", content)
        self.assertNotIn("qiu.secret", content)
        self.assertIn("MAILTO:", content)
