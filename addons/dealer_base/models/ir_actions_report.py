import functools
import io
import logging
import shutil
import subprocess
from collections import OrderedDict

from reportlab.pdfgen import canvas

from odoo import models
from odoo.tools import config
from odoo.tools.pdf import PdfFileReader, PdfFileWriter, merge_pdf

from odoo.addons.base.models.ir_actions_report import _wkhtml

_logger = logging.getLogger(__name__)

# Class of the body of a document on our letterhead (report/dealer_base_layout_templates.xml).
LAYOUT_CLASS = "o_report_layout_dealer"
# The letterhead stands in the body, so the space that core reserves for a page header is wasted.
LAYOUT_MARGINS = {"data-report-margin-top": 10, "data-report-margin-bottom": 16}


@functools.cache
def _missing_print_tools():
    """Say once per process what is missing for printing PDF, or return an empty list."""
    missing = []
    if _wkhtml().state == "install":
        missing.append("wkhtmltopdf is not installed: documents open as HTML, PDF is impossible")
    elif _wkhtml().state != "ok":
        missing.append(f"wkhtmltopdf cannot be used (state: {_wkhtml().state})")
    fc_list = shutil.which("fc-list")
    if fc_list:
        found = subprocess.run([fc_list, ":lang=zh-cn", "family"], capture_output=True, check=False)
        if not found.stdout.strip():
            missing.append("no font with Chinese characters is installed (fonts-wqy-microhei)")
    for reason in missing:
        _logger.warning("Printing: %s.", reason)
    return missing


def _number_pages(content):
    """Print "page / pages" at the foot of every page of a PDF that has more than one.

    :param bytes content: the document
    :return: the numbered document
    :rtype: bytes
    """
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    total = reader.getNumPages()
    if total < 2:
        return content
    writer = PdfFileWriter()
    for number in range(total):
        page = reader.getPage(number)
        width, height = (float(size) for size in page.mediaBox.upperRight)
        stamp = io.BytesIO()
        drawing = canvas.Canvas(stamp, pagesize=(width, height))
        drawing.setFont("Helvetica", 8)
        drawing.drawRightString(width - 20, 20, f"{number + 1} / {total}")
        drawing.save()
        page.mergePage(PdfFileReader(stamp).getPage(0))
        writer.addPage(page)
    numbered = io.BytesIO()
    writer.write(numbered)
    return numbered.getvalue()


class IrActionsReport(models.Model):
    """Printing with the wkhtmltopdf that Linux distributions ship.

    That build ("unpatched Qt") drops page headers and footers and refuses to convert several
    documents in one call. Core then fails on every print of two records; we convert one
    document at a time and merge. With a patched build core's own way is kept.
    """

    _inherit = "ir.actions.report"

    def _register_hook(self):
        super()._register_hook()
        if config["http_enable"] and not config["test_enable"] and not config["stop_after_init"]:
            _missing_print_tools()

    def _prepare_html(self, html, report_model=False):
        result = super()._prepare_html(html, report_model=report_model)
        if result and any(LAYOUT_CLASS in body for body in result[0]):
            *head, paperformat_args = result
            return *head, LAYOUT_MARGINS | paperformat_args
        return result

    def _run_wkhtmltopdf(self, bodies, *args, **kwargs):
        if _wkhtml().is_patched_qt:
            return super()._run_wkhtmltopdf(bodies, *args, **kwargs)
        documents = []
        for body in bodies:
            content = super()._run_wkhtmltopdf([body], *args, **kwargs)
            documents.append(_number_pages(content) if LAYOUT_CLASS in body else content)
        return documents[0] if len(documents) == 1 else merge_pdf(documents)

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Render record by record with an unpatched wkhtmltopdf.

        Core prints all records into one file and cuts it at the outlines that only the patched
        build writes; without them the stream (and so the attachment) of each record is lost.
        """
        distinct = list(OrderedDict.fromkeys(res_ids or []))
        if _wkhtml().is_patched_qt or len(distinct) < 2 or len(distinct) != len(res_ids):
            return super()._render_qweb_pdf_prepare_streams(report_ref, data, res_ids=res_ids)
        streams = OrderedDict()
        for res_id in distinct:
            streams.update(
                super()._render_qweb_pdf_prepare_streams(
                    report_ref, dict(data or {}), res_ids=[res_id]
                )
            )
        return streams
