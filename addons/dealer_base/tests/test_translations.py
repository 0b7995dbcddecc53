import re
from collections import defaultdict

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

from odoo.addons.dealer_base.tools.table_reader import header_key

CJK = re.compile(r"[\u4e00-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|</?[a-z][\w-]*")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """Every addon of the suite speaks Chinese, to the last term."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.addons = (
            cls.env["ir.module.module"]
            .search([("name", "=like", r"dealer\_%"), ("state", "=", "installed")])
            .mapped("name")
        )

    def _get_entries(self, addon):
        """Return the live entries of the Chinese file of an addon."""
        path = file_path(f"{addon}/i18n/zh_CN.po")
        return [entry for entry in polib.pofile(path) if not entry.obsolete]

    def test_no_entry_is_empty_or_fuzzy(self):
        for addon in self.addons:
            with self.subTest(addon=addon):
                bad = [e.msgid for e in self._get_entries(addon) if not e.msgstr or e.fuzzy]
                self.assertFalse(bad)

    def test_every_source_has_one_entry(self):
        for addon in self.addons:
            with self.subTest(addon=addon):
                sources = [entry.msgid for entry in self._get_entries(addon)]
                self.assertEqual(len(sources), len(set(sources)))

    def test_translations_keep_placeholders_and_tags(self):
        for addon in self.addons:
            for entry in self._get_entries(addon):
                with self.subTest(addon=addon, source=entry.msgid):
                    self.assertEqual(
                        sorted(PLACEHOLDER.findall(entry.msgstr)),
                        sorted(PLACEHOLDER.findall(entry.msgid)),
                    )

    def test_every_term_of_the_addons_is_translated(self):
        terms = defaultdict(set)
        reader = TranslationModuleReader(self.env.cr, modules=self.addons)
        for addon, _type, _name, res_id, source, _value, _comments in reader:
            if ".demo_" not in str(res_id):  # the demo dealership speaks Chinese already
                terms[addon].add(source)
        for addon in self.addons:
            with self.subTest(addon=addon):
                known = {entry.msgid for entry in self._get_entries(addon)}
                self.assertTrue(terms[addon], "the export yields nothing: is the test still right?")
                self.assertFalse(terms[addon] - known, "export the terms and translate these")

    def test_columns_of_imports_stay_different_in_chinese(self):
        """A template made in Chinese is read back: no heading may mean two columns."""
        self.env["res.lang"]._activate_lang("zh_CN")
        for name in self.registry.descendants(["dealer.import.wizard"], "_inherit"):
            if self.registry[name]._abstract:
                continue
            wizard = self.env[name].with_context(lang="zh_CN")
            meanings = defaultdict(set)
            for column in wizard._get_columns():
                for heading in (column.label, *column.aliases):
                    meanings[header_key(heading)].add(column.name)
            with self.subTest(wizard=name):
                self.assertFalse({k: v for k, v in meanings.items() if len(v) > 1})

    # === WHAT USERS SEE ===
    def _get_chinese(self):
        """Chinese of every source that the addons translate into Chinese characters."""
        return {
            entry.msgid: entry.msgstr
            for addon in self.addons
            for entry in self._get_entries(addon)
            if CJK.search(entry.msgstr)
        }

    def _get_labels(self, model, names, lang):
        """Return what the fields and their values are called in a language."""
        labels = {}
        attributes = ["string", "selection"]
        fields = self.env[model].with_context(lang=lang).fields_get(names, attributes=attributes)
        for name, field in fields.items():
            labels[name] = field["string"]
            for value, label in field.get("selection") or ():
                labels[f"{name}: {value}"] = label
        return labels

    def test_fields_and_their_values_show_in_chinese(self):
        """A term may be translated and still not shown: look at what the client gets."""
        if "zh_CN" not in dict(self.env["res.lang"].get_installed()):
            self.env["res.lang"]._activate_lang("zh_CN")
            self.env["ir.module.module"].search([("state", "=", "installed")])._update_translations(
                "zh_CN"
            )
        chinese = self._get_chinese()
        english = {}
        for model in self.env["ir.model"].search([]).mapped("model"):
            names = [
                name
                for name, field in self.env[model]._fields.items()
                if set(self.addons) & set(field._modules)
            ]
            if not names:
                continue
            sources = self._get_labels(model, names, "en_US")
            for key, label in self._get_labels(model, names, "zh_CN").items():
                if not CJK.search(label) and sources[key] in chinese:
                    english[f"{model}.{key}"] = label
        self.assertFalse(english)

    def test_inherited_values_take_the_term_of_their_origin(self):
        """An abstract model's addon cannot name the models that will inherit from it."""
        self.env["res.lang"]._activate_lang("zh_CN")
        kinds = self.env["ir.model.fields.selection"].search(
            [
                ("field_id.model", "in", ("dealer.checklist.item.mixin", "dealer.checklist.line")),
                ("field_id.name", "=", "measure_limit"),
            ]
        )
        chinese = kinds.with_context(lang="zh_CN")
        for kind in chinese:
            kind.name = f"中 {kind.value}"
        own = chinese.filtered(lambda kind: kind.field_id.model == "dealer.checklist.line")
        self.assertTrue(own)
        kept = own[0]
        kept.name = "自己的"
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_model_fields_selection SET name = name - 'zh_CN' WHERE id IN %s",
            [tuple((own - kept).ids)],
        )
        self.env.invalidate_all()
        self.env["ir.module.module"]._load_module_terms([], ["zh_CN"])
        labels = dict(
            self.env["dealer.checklist.line"]
            .with_context(lang="zh_CN")
            .fields_get(["measure_limit"])["measure_limit"]["selection"]
        )
        self.assertEqual(labels.pop(kept.value), "自己的")
        self.assertEqual(labels, {kind.value: f"中 {kind.value}" for kind in own - kept})
