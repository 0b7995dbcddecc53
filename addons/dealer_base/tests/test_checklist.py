import doctest

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import Form, TransactionCase, freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.dealer_base.tools import measure

from .checklist_tester import DealerChecklistTester

TESTER = "dealer.checklist.tester"


class ChecklistCommon(TransactionCase):
    """A made-up kind of record, an inspection template for it, and the people of the house."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        add_to_registry(cls.registry, DealerChecklistTester)
        cls.registry._setup_models__(cls.env.cr, [TESTER])
        cls.registry.init_models(cls.env.cr, [TESTER], {"models_to_check": True})
        cls.addClassCleanup(cls._forget_tester)
        cls.env["ir.model.access"].create(
            {
                "name": "tester",
                "model_id": cls.env["ir.model"]._get_id(TESTER),
                "group_id": cls.env.ref("dealer_base.group_employee").id,
                "perm_read": True,
                "perm_write": True,
                "perm_create": True,
                "perm_unlink": True,
            }
        )
        cls.tara = cls._new_user("tara", "technician")
        cls.sara = cls._new_user("sara", "sales_consultant")
        cls.max = cls._new_user("max", "sales_manager")
        cls.adam = cls._new_user("adam", "admin")
        cls.edith = cls._new_user("edith", "employee")
        cls.other_company = cls.env["res.company"].create({"name": "Harbour Cars"})
        cls.charlie = cls._new_user(
            "charlie",
            "sales_manager",
            company_id=cls.other_company.id,
            company_ids=[Command.set(cls.other_company.ids)],
        )
        cls.template = cls._create_template()
        cls.record = cls.env[TESTER].create({"name": "Car 1"})

    @classmethod
    def _forget_tester(cls):
        del cls.registry[TESTER]
        cls.registry["dealer.checklist.mixin"]._inherit_children.discard(TESTER)

    @classmethod
    def _new_user(cls, login, role, **vals):
        # The prefix keeps the cast apart from people of a demo dealership
        return new_test_user(cls.env, f"test_{login}", f"dealer_base.group_{role}", **vals)

    @classmethod
    def _create_template(cls, **vals):
        lines = [
            {"section": "Body", "name": "Paint", "is_required": True, "needs_attachment": True},
            {
                "section": "Power",
                "name": "Battery",
                "needs_measurement": True,
                "measure_unit": "V",
                "measure_limit": "range",
                "measure_min": 12.4,
                "measure_max": 14.8,
            },
            {"section": "Papers", "name": "Keys", "is_required": True},
            {"section": "Papers", "name": "Floor mats", "is_required": False},
        ]
        return cls.env["dealer.checklist.template"].create(
            {
                "name": "Inspection",
                "model": TESTER,
                "line_ids": [
                    Command.create({"sequence": number, **line})
                    for number, line in enumerate(lines)
                ],
                **vals,
            }
        )

    def _start(self, user=None, record=None):
        """Return a new checklist of ``record``, as ``user``, with an empty cache of its own."""
        record = (record or self.record).with_user(user or self.tara)
        return record._start_checklist(self.template.with_user(user or self.tara))

    def _add_photo(self, line):
        line.attachment_ids = [
            Command.create(
                {"name": "photo.png", "raw": b"x", "res_model": line._name, "res_id": line.id}
            )
        ]

    def _answer(self, checklist):
        """Answer every item of ``checklist`` well."""
        paint, battery, keys, mats = checklist.line_ids
        self._add_photo(paint)
        paint.action_set_ok()
        battery.write({"measured_text": "12.6", "result": "ok"})
        keys.action_set_ok()
        mats.action_set_not_applicable()
        return checklist

    def _finish(self, user=None, record=None):
        checklist = self._answer(self._start(user, record))
        checklist.action_done()
        return checklist


@tagged("post_install", "-at_install")
class TestChecklistTemplate(ChecklistCommon):
    """Who writes templates, and what they may say."""

    def test_texts_and_units_are_copied_in_the_language_of_the_person(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        battery = self.template.line_ids.filtered(lambda line: line.name == "Battery")
        battery.with_context(lang="zh_CN").write({"name": "蓄电池", "measure_unit": "伏"})
        self.tara.lang = "zh_CN"
        record = self.record.with_user(self.tara).with_context(lang="zh_CN")
        checklist = record._start_checklist(self.template.with_context(lang="zh_CN"))
        line = checklist.line_ids.filtered("needs_measurement")
        self.assertRecordValues(line, [{"name": "蓄电池", "measure_unit": "伏"}])
        self.assertIn("伏", line.limit_text)
        battery.with_context(lang="en_US").measure_unit = "volt"
        self.assertEqual(battery.with_context(lang="zh_CN").measure_unit, "伏")

    def test_manager_writes_a_template_in_the_form(self):
        with Form(self.env["dealer.checklist.template"].with_user(self.max)) as form:
            form.name = "Handover"
            form.model = TESTER
            with form.line_ids.new() as line:
                line.section = "Papers"
                line.name = "Odometer"
                line.needs_measurement = True
                line.measure_unit = "km"
                line.measure_limit = "max"
                line.measure_max = 50
        self.assertRecordValues(
            form.record.line_ids,
            [{"name": "Odometer", "is_required": True, "measure_limit": "max", "measure_max": 50}],
        )

    def test_administrator_edits_templates_but_answers_nothing(self):
        self.template.with_user(self.adam).name = "Inspection 2"
        checklist = self._start()
        with self.assertRaises(AccessError):
            checklist.line_ids[2].with_user(self.adam).action_set_ok()

    def test_employee_reads_templates_only(self):
        template = self.template.with_user(self.edith)
        self.assertEqual(template.name, "Inspection")
        with self.assertRaises(AccessError):
            template.name = "Mine"

    def test_technician_writes_no_template(self):
        with self.assertRaises(AccessError):
            self.template.line_ids.with_user(self.tara).is_required = False

    def test_range_upside_down_is_refused(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.template.line_ids[1].write({"measure_min": 15, "measure_max": 14})
            self.env.flush_all()

    def test_only_models_that_carry_checklists_are_offered(self):
        models = dict(self.env["dealer.checklist.template"]._selection_model())
        self.assertEqual(models[TESTER], "Checklist Tester")
        self.assertNotIn("res.country", models)
        self.assertNotIn("dealer.checklist.mixin", models)

    def test_template_of_another_company_is_hidden(self):
        self.template.company_id = self.other_company
        found = self.env["dealer.checklist.template"].with_user(self.max).search([])
        self.assertNotIn(self.template, found)
        lines = self.env["dealer.checklist.template.line"].with_user(self.max).search([])
        self.assertFalse(lines & self.template.line_ids)


@tagged("post_install", "-at_install")
class TestChecklistStart(ChecklistCommon):
    """A checklist is a copy of its template."""

    def test_started_checklist_copies_items_and_limits(self):
        checklist = self._start()
        self.assertRecordValues(
            checklist,
            [{"name": "Inspection", "state": "open", "progress": 0, "record_name": "Car 1"}],
        )
        self.assertRecordValues(
            checklist.line_ids,
            [
                {"section": "Body", "name": "Paint", "needs_attachment": True, "limit_text": ""},
                {
                    "section": "Power",
                    "name": "Battery",
                    "needs_attachment": False,
                    "limit_text": "12.4 – 14.8 V",
                },
                {"section": "Papers", "name": "Keys", "needs_attachment": False, "limit_text": ""},
                {
                    "section": "Papers",
                    "name": "Floor mats",
                    "needs_attachment": False,
                    "limit_text": "",
                },
            ],
        )

    def test_later_edit_of_the_template_changes_nothing(self):
        checklist = self._start()
        self.template.line_ids[0].unlink()
        self.template.line_ids[0].write({"name": "Cell", "measure_max": 99})
        self.assertEqual(checklist.line_ids.mapped("name")[:2], ["Paint", "Battery"])
        self.assertEqual(checklist.line_ids[1].measure_max, 14.8)

    def test_open_checklist_is_not_started_twice(self):
        checklist = self._start()
        self.assertEqual(self._start(self.sara), checklist)

    def test_finished_checklist_does_not_prevent_another(self):
        checklist = self._finish()
        self.assertNotEqual(self._start(), checklist)

    def test_started_from_the_form(self):
        action = self.record.with_user(self.tara).action_view_checklists()
        form = Form(
            self.env["dealer.checklist"].with_user(self.tara).with_context(**action["context"])
        )
        form.template_id = self.template
        checklist = form.save()
        self.assertEqual(len(checklist.line_ids), 4)
        self.assertEqual(self.record.checklist_ids, checklist)

    def test_template_of_another_kind_of_record_is_refused(self):
        checklist_vals = {
            "template_id": self.template.id,
            "res_model": "res.partner",
            "res_id": self.env.user.partner_id.id,
        }
        with self.assertRaises(UserError):
            self.env["dealer.checklist"].create(checklist_vals)

    def test_nobody_starts_a_finished_checklist(self):
        checklist = (
            self.env["dealer.checklist"]
            .with_user(self.tara)
            .create(
                {
                    "template_id": self.template.id,
                    "res_model": TESTER,
                    "res_id": self.record.id,
                    "state": "done",
                    "done_by_id": self.max.id,
                    "line_ids": [],
                }
            )
        )
        self.assertRecordValues(checklist, [{"state": "open", "done_by_id": False}])
        self.assertEqual(len(checklist.line_ids), 4)

    def test_checklists_go_with_their_record(self):
        checklist = self._finish()
        self.record.with_user(self.max).unlink()
        self.assertFalse(checklist.exists())


@tagged("post_install", "-at_install")
class TestChecklistAnswer(ChecklistCommon):
    """What an answer is, and who gave it when."""

    def test_docstring_examples_of_measured_values_hold(self):
        self.assertEqual(doctest.testmod(measure).failed, 0)

    def test_result_records_who_and_when(self):
        line = self._start().line_ids[2]
        with freeze_time("2026-03-02 09:30:00"):
            line.action_set_not_ok()
        self.assertEqual(line.checked_by_id, self.tara)
        self.assertEqual(str(line.checked_on), "2026-03-02 09:30:00")
        line.with_user(self.sara).action_set_ok()
        self.assertEqual(line.checked_by_id, self.sara)

    def test_withdrawn_result_leaves_no_name(self):
        line = self._start().line_ids[2]
        line.action_set_ok()
        line.result = False
        self.assertRecordValues(line, [{"checked_by_id": False, "checked_on": False}])

    def test_progress_counts_every_result(self):
        checklist = self._start()
        checklist.line_ids[0].action_set_not_ok()
        checklist.line_ids[2].action_set_ok()
        self.assertRecordValues(checklist, [{"progress": 50, "not_ok_count": 1, "line_count": 4}])

    def test_value_outside_the_limit_is_not_ok(self):
        battery = self._start().line_ids[1]
        battery.measured_text = "11.9"
        self.assertRecordValues(
            battery, [{"result": "not_ok", "measured_value": 11.9, "checked_by_id": self.tara.id}]
        )

    def test_limits_are_included(self):
        battery = self._start().line_ids[1]
        for text in ("12.4", "14.8"):
            battery.measured_text = text
            self.assertFalse(battery.result)

    def test_form_marks_the_fault_while_typing(self):
        battery = self._start().line_ids[1]
        with Form(battery, view="dealer_base.dealer_checklist_line_view_form") as form:
            form.result = "ok"
            form.measured_text = "15"
            self.assertEqual(form.result, "not_ok")

    def test_fault_is_accepted_only_with_a_note(self):
        battery = self._start().line_ids[1]
        battery.measured_text = "11.9"
        with self.assertRaises(ValidationError):
            battery.action_set_ok()
        battery.write({"result": "ok", "note": "Charged, 12.7 V after an hour"})
        self.assertEqual(battery.result, "ok")
        with self.assertRaises(ValidationError):
            battery.note = False

    def test_corrected_value_keeps_the_accepted_result(self):
        battery = self._start().line_ids[1]
        battery.write({"measured_text": "11.9", "result": "ok", "note": "Charged"})
        battery.measured_text = "12.0"
        self.assertEqual(battery.result, "ok")

    def test_zero_is_a_measured_value(self):
        battery = self._start().line_ids[1]
        battery.measured_value = 0
        self.assertRecordValues(battery, [{"measured_text": "0", "result": "not_ok"}])

    def test_words_are_no_measured_value(self):
        with self.assertRaises(ValidationError):
            self._start().line_ids[1].measured_text = "full"

    def test_items_and_names_cannot_be_written(self):
        line = self._start().line_ids[2]
        for vals in ({"is_required": False}, {"checked_by_id": self.sara.id}, {"name": "Nothing"}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                line.write(vals)

    def test_items_cannot_be_added(self):
        checklist = self._start()
        with self.assertRaises(AccessError):
            checklist.line_ids.create({"checklist_id": checklist.id, "name": "More"})


@tagged("post_install", "-at_install")
class TestChecklistDone(ChecklistCommon):
    """Done means complete, and closed."""

    def test_done_records_who_and_when(self):
        with freeze_time("2026-03-02 17:00:00"):
            checklist = self._finish()
        self.assertRecordValues(
            checklist, [{"state": "done", "progress": 100, "done_by_id": self.tara.id}]
        )
        self.assertEqual(str(checklist.done_on), "2026-03-02 17:00:00")

    def test_done_names_everything_that_is_missing(self):
        checklist = self._start()
        checklist.line_ids[:2].action_set_ok()
        with self.assertRaises(UserError) as caught:
            checklist.action_done()
        self.assertEqual(
            str(caught.exception).splitlines()[1:],
            [
                "Inspection: Body / Paint (no photo or document)",
                "Inspection: Power / Battery (no measured value)",
                "Inspection: Papers / Keys (no result)",
            ],
        )

    def test_item_that_does_not_apply_needs_no_evidence(self):
        checklist = self._start()
        checklist.line_ids.action_set_not_applicable()
        checklist.action_done()
        self.assertEqual(checklist.state, "done")

    def test_done_checklist_is_read_only(self):
        checklist = self._finish()
        with self.assertRaisesRegex(AccessError, "is done"):
            checklist.line_ids[2].action_set_not_ok()
        with self.assertRaises(AccessError):
            checklist.line_ids[0].attachment_ids.unlink()
        with self.assertRaisesRegex(AccessError, "is done"):
            checklist.with_user(self.max).unlink()

    def test_photos_of_a_done_checklist_are_kept_wherever_they_were_uploaded(self):
        checklist = self._start()
        photo = self.env["ir.attachment"].with_user(self.tara).create({"name": "p", "raw": b"x"})
        self._answer(checklist)
        checklist.line_ids[0].attachment_ids = photo
        photo.raw = b"a better one"
        checklist.action_done()
        for change in (lambda: photo.write({"raw": b"another car"}), photo.unlink):
            with self.assertRaisesRegex(AccessError, "stays as it is"):
                change()
        checklist.with_user(self.max).action_reopen()
        photo.unlink()

    def test_manager_reopens_and_the_chatter_knows(self):
        checklist = self._finish()
        self.cr.precommit.run()
        checklist.with_user(self.max).action_reopen()
        self.cr.precommit.run()
        self.assertRecordValues(
            checklist, [{"state": "open", "done_by_id": False, "done_on": False}]
        )
        message = checklist.message_ids[:1]
        self.assertEqual(message.author_id, self.max.partner_id)
        self.assertIn(
            ("Done", "Open"),
            [(v.old_value_char, v.new_value_char) for v in message.sudo().tracking_value_ids],
        )
        checklist.line_ids[2].action_set_not_ok()

    def test_others_cannot_reopen(self):
        checklist = self._finish()
        for user in (self.tara, self.adam, self.edith):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                checklist.with_user(user).action_reopen()

    def test_state_is_not_written_by_hand(self):
        checklist = self._start()
        with self.assertRaises(AccessError):
            checklist.state = "done"

    def test_done_twice_is_refused(self):
        checklist = self._finish()
        with self.assertRaises(UserError):
            checklist.sudo().action_done()

    def test_remark_on_a_done_checklist_is_welcome(self):
        checklist = self._finish()
        checklist.message_post(body="The customer asked about the paint.")


@tagged("post_install", "-at_install")
class TestChecklistMixin(ChecklistCommon):
    """What a document sees of its checklists."""

    def test_counts_and_action(self):
        first = self._finish()
        second = self._start()
        record = self.record.with_user(self.tara)
        self.assertRecordValues(record, [{"checklist_count": 2, "checklist_open_count": 1}])
        self.assertEqual(record._get_open_checklists(), second)
        action = record.action_view_checklists()
        self.assertEqual(self.env["dealer.checklist"].search(action["domain"]), first | second)

    def test_only_checklist_opens_directly(self):
        checklist = self._start()
        self.assertEqual(self.record.action_view_checklists()["res_id"], checklist.id)

    def test_gate_names_open_items(self):
        self._start()
        with self.assertRaisesRegex(UserError, "Papers / Keys"):
            self.record.with_user(self.sara)._check_checklists_done()

    def test_gate_wants_done_to_be_pressed(self):
        self._answer(self._start())
        with self.assertRaisesRegex(UserError, "press"):
            self.record._check_checklists_done()

    def test_gate_opens_when_done(self):
        self._finish()
        self.record._check_checklists_done(self.template, allow_not_ok=False)

    def test_gate_names_checklists_that_were_not_started(self):
        self.record._check_checklists_done()
        with self.assertRaisesRegex(UserError, "Inspection: not started for Car 1"):
            self.record._check_checklists_done(self.template)

    def test_gate_can_refuse_faults(self):
        checklist = self._answer(self._start())
        checklist.line_ids[2].action_set_not_ok()
        checklist.action_done()
        self.record._check_checklists_done()
        with self.assertRaisesRegex(UserError, "Keys is not OK"):
            self.record._check_checklists_done(allow_not_ok=False)

    def test_count_of_many_records_needs_one_statement(self):
        records = self.env[TESTER].create([{"name": f"Car {number}"} for number in range(20)])
        records._start_checklist(self.template)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            records.mapped("checklist_open_count")


@tagged("post_install", "-at_install")
class TestChecklistAccess(ChecklistCommon):
    """Who reaches a record reaches its checklists, nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.rule"].create(
            [
                {
                    "name": "tester: company",
                    "model_id": cls.env["ir.model"]._get_id(TESTER),
                    "domain_force": "[('company_id', 'in', company_ids)]",
                },
                {
                    "name": "tester: consultants see what they keep",
                    "model_id": cls.env["ir.model"]._get_id(TESTER),
                    "domain_force": "[('keeper_id', '=', user.id)]",
                    "groups": [Command.link(cls.env.ref("dealer_base.group_sales_consultant").id)],
                },
                {
                    "name": "tester: managers see all",
                    "model_id": cls.env["ir.model"]._get_id(TESTER),
                    "domain_force": "[(1, '=', 1)]",
                    "groups": [Command.link(cls.env.ref("dealer_base.group_sales_manager").id)],
                },
            ]
        )

    def _assert_hidden(self, checklist, user):
        for records in (checklist, checklist.line_ids):
            found = records.with_user(user).search([("id", "in", records.ids)])
            self.assertFalse(found)
            with self.assertRaises(AccessError):
                records.with_user(user).read(["name"])

    def test_record_of_a_colleague_hides_its_checklists(self):
        checklist = self._start()
        self._assert_hidden(checklist, self.sara)
        self.assertEqual(
            self.env["dealer.checklist"]
            .with_user(self.max)
            .search_count([("id", "=", checklist.id)]),
            1,
        )

    def test_own_record_shows_them(self):
        self.record.keeper_id = self.sara
        checklist = self._start()
        found = (
            self.env["dealer.checklist.line"]
            .with_user(self.sara)
            .search([("checklist_id", "=", checklist.id)])
        )
        self.assertEqual(found, checklist.line_ids)
        found[2].action_set_ok()

    def test_photo_is_hidden_with_its_line(self):
        checklist = self._start()
        self._add_photo(checklist.line_ids[0])
        photo = checklist.line_ids[0].attachment_ids
        self.assertEqual(photo.with_user(self.max).raw, b"x")
        with self.assertRaises(AccessError):
            photo.with_user(self.sara).read(["raw"])

    def test_other_company_sees_nothing(self):
        self._assert_hidden(self._start(), self.charlie)

    def test_checklist_takes_the_company_of_its_record(self):
        record = self.env[TESTER].create({"name": "Car 2", "company_id": self.other_company.id})
        self.assertEqual(self._start(self.charlie, record).company_id, self.other_company)

    def test_checklist_on_a_hidden_record_is_refused(self):
        with self.assertRaises(AccessError):
            self._start(self.sara)

    def test_employee_reads_and_answers_nothing(self):
        checklist = self._start().with_user(self.edith)
        self.assertEqual(checklist.name, "Inspection")
        with self.assertRaises(AccessError):
            checklist.line_ids[2].action_set_ok()
        with self.assertRaises(AccessError):
            checklist.action_done()

    def test_people_who_may_only_read_the_record_fill_in_where_the_model_says_so(self):
        self.env["ir.model.access"].search([("model_id.model", "=", TESTER)]).perm_write = False
        with self.assertRaises(AccessError):
            self._start()
        self.patch(self.registry[TESTER], "_checklist_fill_access", "read")
        checklist = self._start()
        checklist.line_ids[2].action_set_ok()
        self.assertEqual(checklist.line_ids[2].checked_by_id, self.tara)

    def test_technician_deletes_no_checklist_but_a_manager_does(self):
        checklist = self._start()
        with self.assertRaises(AccessError):
            checklist.unlink()
        checklist.with_user(self.max).unlink()
        self.assertFalse(checklist.exists())
