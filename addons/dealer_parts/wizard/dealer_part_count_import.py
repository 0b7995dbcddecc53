from odoo import fields, models

from odoo.addons.dealer_base.tools.table_reader import Column

from ..tools.part_number import normalise


class DealerPartCountImport(models.TransientModel):
    """Import of a filled count sheet."""

    _name = "dealer.part.count.import"
    _inherit = "dealer.import.wizard"
    _description = "Import Counts"

    line_ids = fields.One2many("dealer.part.count.import.line", "wizard_id", readonly=True)
    count_id = fields.Many2one("dealer.part.count", required=True, readonly=True)
    counted_on = fields.Datetime(
        string="Counted At",
        default=fields.Datetime.now,
        required=True,
        help="Of lines without a time of their own. What moved after it is taken into account.",
    )

    def _get_columns(self):
        return [
            Column(
                "bin",
                self.env._("Bin"),
                ("货位", "库位", "仓位", "bin", "location"),
                required=True,
                example="A-03-2-05",
            ),
            Column(
                "number",
                self.env._("Part Number"),
                ("配件编码", "配件编号", "配件号", "零件号", "part no", "part number"),
                required=True,
                example="04465-0K290",
            ),
            Column("name", self.env._("Part Name"), ("配件名称", "零件名称", "name")),
            Column("lot", self.env._("Lot"), ("批号", "批次", "lot")),
            Column(
                "quantity",
                self.env._("Counted Quantity"),
                ("实盘数量", "盘点数量", "实盘数", "数量", "quantity", "counted"),
                kind="number",
                required=True,
                example=4,
            ),
            Column("remark", self.env._("Remark"), ("备注", "说明", "remark")),
        ]

    def _get_template_filename(self):
        return self.env._("count sheet.xlsx")

    # === CHECKING ===
    def _check_rows(self, rows):
        by_key = {}
        for line in self.count_id.line_ids:
            key = self._get_key(
                line.location_id.name, line.part_number or line.product_id.name, line.lot_id.name
            )
            by_key.setdefault(key, []).append(line)
        seen = {}
        for row in rows:
            values = row.values
            key = self._get_key(values["bin"], values["number"], values["lot"])
            lines = by_key.get(key, [])
            values["line"] = lines[0] if len(lines) == 1 else None
            if len(lines) > 1:
                row.errors.append(
                    self.env._("Several parts have this number here. Count them on the screen.")
                )
            elif not lines and not row.errors:
                row.errors.append(
                    self.env._("This count has no such part in this bin. Scan it on the screen.")
                )
            if key in seen:
                row.errors.append(self.env._("Counted in line %s already.", seen[key]))
            seen.setdefault(key, row.number)
            if values["quantity"] is not None and values["quantity"] < 0:
                row.errors.append(self.env._("A counted quantity cannot be negative."))

    def _get_key(self, place, number, lot):
        return (
            (place or "").strip().upper(),
            normalise(number) or (number or "").strip(),
            (lot or "").strip(),
        )

    def _prepare_line_vals(self, row):
        values = row.values
        return {
            **super()._prepare_line_vals(row),
            "place": values["bin"],
            "number": values["number"],
            "lot": values["lot"],
            "quantity": values["quantity"],
        }

    # === IMPORT ===
    def _import_rows(self, rows):
        count = self.count_id
        count.check_access("write")
        lines = {row.values["line"]: row.values["quantity"] for row in rows}
        self.env["dealer.part.count.line"]._count(lines, self.counted_on)
        for row in rows:
            if row.values["remark"]:
                row.values["line"].remark = row.values["remark"]
        return count

    def _get_result_action(self, result):
        return result._get_records_action()
