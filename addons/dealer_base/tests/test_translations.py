import re
from collections import defaultdict

import polib

from odoo.tests import TransactionCase, tagged
from odoo.tools.misc import file_path
from odoo.tools.translate import TranslationModuleReader

from odoo.addons.dealer_base.tools.table_reader import header_key

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
