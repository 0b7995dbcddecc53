import io

from odoo.tests import HttpCase, tagged
from odoo.tools.pdf import PdfFileReader

from odoo.addons.base.models.ir_actions_report import _wkhtml
from odoo.addons.dealer_base.hooks import post_init_hook


def pdf_pages(content):
    """Return the text of every page, without white space (fonts split words at will)."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    return [
        "".join(reader.getPage(number).extractText().split())
        for number in range(reader.getNumPages())
    ]


@tagged("post_install", "-at_install")
class TestReportLayout(HttpCase):
    """The letterhead reaches the paper, whatever build of wkhtmltopdf prints it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create(
            {
                "name": "滨城云帆汽车销售服务有限公司",
                "phone": "0512-55550100",
                "report_footer": "开户行：海州银行",
                "country_id": cls.env.ref("base.cn").id,
                "external_report_layout_id": cls.env.ref("dealer_base.external_layout_dealer").id,
            }
        )
        cls.env.user.company_ids += cls.company
        cls.partners = cls.env["res.partner"].create(
            [
                {"name": "Customer One", "comment": "<p>Short</p>"},
                {"name": "Customer Two", "comment": "<p>Line</p>" * 200},
                {"name": "Customer Three", "comment": "<p>Short</p>"},
            ]
        )
        cls.partners.company_id = cls.company
        cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "dealer_test_document",
                "key": "dealer_base.dealer_test_document",
                "arch": """
                    <t t-name="dealer_base.dealer_test_document">
                        <t t-call="web.html_container">
                            <t t-foreach="docs" t-as="o">
                                <t t-call="web.external_layout">
                                    <div class="page">
                                        <p>编号 <span t-field="o.name"/></p>
                                        <div t-field="o.comment"/>
                                    </div>
                                </t>
                            </t>
                        </t>
                    </t>""",
            }
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Test document",
                "model": "res.partner",
                "report_name": "dealer_base.dealer_test_document",
                "attachment": "'%s.pdf' % object.name",
                "attachment_use": True,
            }
        )

    def setUp(self):
        super().setUp()
        self.assertEqual(_wkhtml().state, "ok", "wkhtmltopdf must be installed to run this test")

    def _print(self, partners):
        report = self.report.with_context(force_report_rendering=True)
        content, kind = report._render_qweb_pdf(self.report.report_name, partners.ids)
        self.assertEqual(kind, "pdf")
        return content

    def test_letterhead_is_on_the_page(self):
        (page,) = pdf_pages(self._print(self.partners[0]))
        self.assertIn("滨城云帆汽车销售服务有限公司", page)
        self.assertIn("0512-55550100", page)
        self.assertIn("CustomerOne", page)
        self.assertIn("开户行：海州银行", page)

    def test_several_records_make_one_file_in_their_order(self):
        pages = pdf_pages(self._print(self.partners))
        self.assertGreater(len(pages), 3, "the long document takes more than one page")
        self.assertIn("CustomerOne", pages[0])
        self.assertIn("CustomerTwo", pages[1])
        self.assertIn("CustomerThree", pages[-1])

    def test_long_document_has_page_numbers(self):
        pages = pdf_pages(self._print(self.partners[1]))
        self.assertIn(f"1/{len(pages)}", pages[0])
        self.assertIn(f"{len(pages)}/{len(pages)}", pages[-1])

    def test_each_record_keeps_its_own_attachment(self):
        self._print(self.partners)
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "in", self.partners.ids)],
            order="res_id",
        )
        self.assertRecordValues(
            attachments,
            [
                {"name": "Customer One.pdf", "res_id": self.partners[0].id},
                {"name": "Customer Two.pdf", "res_id": self.partners[1].id},
                {"name": "Customer Three.pdf", "res_id": self.partners[2].id},
            ],
        )
        self.assertEqual(len(pdf_pages(attachments[0].raw)), 1)

    def test_stored_attachment_is_printed_again(self):
        """`attachment_use` still reprints the file as it was, for one record and for several."""
        first = self._print(self.partners[0])
        self.partners[0].name = "Renamed"
        attachment = self.env["ir.attachment"].search(
            [("res_model", "=", "res.partner"), ("res_id", "=", self.partners[0].id)]
        )
        self.report.attachment = "'Customer One.pdf'"
        self.assertEqual(attachment.raw, first)
        pages = pdf_pages(self._print(self.partners[0] + self.partners[2]))
        self.assertIn("CustomerOne", pages[0])

    def test_company_without_letterhead_gets_ours_at_installation(self):
        self.company.external_report_layout_id = False
        post_init_hook(self.env)
        self.assertEqual(
            self.company.external_report_layout_id.key, "dealer_base.external_layout_dealer"
        )
