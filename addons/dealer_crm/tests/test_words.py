from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestWords(TransactionCase):
    """The addons for complaints and calls come without Chinese: ``i18n_extra`` here has it."""

    def test_complaints_and_calls_speak_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["dealer_crm"], ["zh_CN"], True)
        fields = self.env["ir.model.fields"].with_context(lang="zh_CN")
        for model, name, word in (
            ("helpdesk.ticket", "stage_id", "阶段"),
            ("helpdesk.ticket", "assigned_date", "分派日期"),
            ("helpdesk.ticket", "sla_expired", "已超时限"),
            ("crm.phonecall", "name", "通话摘要"),
            ("crm.stage", "color", "颜色"),
            ("crm.stage", "rotting_threshold_days", "停滞天数"),
            ("dealer.traffic.report", "user_id", "销售顾问"),
        ):
            with self.subTest(f"{model}.{name}"):
                field = fields._get(model, name)
                self.assertEqual(field.with_context(lang="zh_CN").field_description, word)
        portal = self.env.ref("helpdesk_mgmt.portal_ticket_list").with_context(lang="zh_CN")
        self.assertIn("该类别的工单", portal.arch_db)

    def test_sources_are_called_like_their_channels(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._load_module_terms(["dealer_crm"], ["zh_CN"], True)
        Source = self.env["utm.source"].with_context(lang="zh_CN")
        for name, word in (("autohome", "汽车之家"), ("douyin", "抖音")):
            source = Source.browse(self.env.ref(f"dealer_crm.utm_source_{name}").id)
            self.assertEqual(source.display_name, word)
            self.assertIn(source.id, [found[0] for found in Source.name_search(word)])
            self.assertIn(source.id, [found[0] for found in Source.name_search(source.name)])
        other = Source.create({"name": "Some leaflet"})
        self.assertEqual(other.display_name, "Some leaflet")
