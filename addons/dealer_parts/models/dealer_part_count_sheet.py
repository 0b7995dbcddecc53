import base64

from odoo import models

from odoo.addons.dealer_base.tools import table_reader


class DealerPartCount(models.Model):
    """The count on paper or in a table: bins and parts, and room for the number, nothing else."""

    _inherit = "dealer.part.count"

    def action_print_sheet(self):
        """Print the sheet with what is still to be counted."""
        self.ensure_one()
        self._check_counting()
        return self.env.ref("dealer_parts.action_report_part_count_sheet").report_action(self)

    def _get_sheet_lines(self):
        """What is still to be counted, in the order in which people walk."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: not line.is_counted)
        return lines.sorted(
            lambda line: (line.location_id.complete_name or "", line.part_number or "")
        )

    def _get_sheet_xlsx(self):
        """The sheet as a workbook that the import reads back."""
        Import = self.env["dealer.part.count.import"]
        header = [column.label for column in Import._get_columns()]
        rows = [
            [
                line.location_id.name,
                line.part_number or "",
                line.product_id.name,
                line.lot_id.name or "",
                "",
                "",
            ]
            for line in self._get_sheet_lines()
        ]
        return table_reader.write_xlsx(header, rows, self.name.replace("/", "-"))

    def action_export_sheet(self):
        """Download the sheet as XLSX, without quantities."""
        self.ensure_one()
        self.check_access("read")
        self._check_counting()
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.name.replace("/", "-") + ".xlsx",
                "datas": base64.b64encode(self._get_sheet_xlsx()),
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_import_sheet(self):
        """Open the import of a filled sheet."""
        self.ensure_one()
        self._check_counting()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Counts"),
            "res_model": "dealer.part.count.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_count_id": self.id},
        }
