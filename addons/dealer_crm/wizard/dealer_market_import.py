import re

from odoo import api, fields, models

from odoo.addons.dealer_base.tools.table_reader import Column

#: 2025-03, 2025/3, 202503, 2025年3月, 2025-03-18 and a moment of that day
MONTH = re.compile(r"(\d{4})\D?(\d{1,2})(?:\D.*)?$")
TOTAL = "total"
#: Other headers of the columns, in their order
ALIASES = (
    ("period", "week_of", "月份"),
    ("品牌",),
    ("model", "车系"),
    ("销量",),
    ("dataset",),
    ("looks_like_fill",),
)


class DealerMarketImport(models.TransientModel):
    """Bring published sales of the market in from a file; a month that comes again replaces its
    figures.

    Weeks are added to the month in which they begin. Rows that the file itself calls filled in
    are left out.
    """

    _name = "dealer.market.import"
    _inherit = "dealer.import.wizard"
    _description = "Import market figures"

    line_ids = fields.One2many("dealer.market.import.line", "wizard_id")
    source = fields.Char(
        required=True,
        compute="_compute_source",
        store=True,
        precompute=True,
        readonly=False,
        help="Months of this source and region that are in the file are replaced.",
    )
    region = fields.Char(required=True, default="CN")

    @api.depends("filename")
    def _compute_source(self):
        """Each file its own: another one with the same name replaces its months."""
        for wizard in self:
            name = (wizard.filename or "").rpartition(".")[0]
            wizard.source = wizard.source or name or self.env._("Import")

    def _get_columns(self):
        month, brand, series, units, dataset, fill = ALIASES
        return [
            Column("month", self.env._("Month"), month, "text", True, "2025-03"),
            Column("brand", self.env._("Brand"), brand, "text", True, "Golden"),
            Column("series", self.env._("Series"), series, example="Lark"),
            Column("units", self.env._("Units"), units, "integer", True, 1250),
            Column("dataset", self.env._("Kind of Figure"), dataset),
            Column("fill", self.env._("Filled In"), fill),
        ]

    def _check_rows(self, rows):
        for row in rows:
            values = row.values
            values["day"] = self._parse_month(values.get("month"))
            if values.get("month") and not values["day"]:
                row.errors.append(
                    self.env._("“%(value)s” is not a month such as 2025-03.", value=values["month"])
                )
            if (values.get("units") or 0) < 0:
                row.errors.append(self.env._("Units may not be negative."))
            if (values.get("fill") or "").lower() in ("yes", "true", "1"):
                row.warnings.append(
                    self.env._("The file calls this figure filled in: it is left out.")
                )
                values["is_left_out"] = True

    @staticmethod
    def _parse_month(value):
        """First day of a month however it is written, or None."""
        match = MONTH.match(str(value or "").strip())
        if not match or not 1 <= int(match[2]) <= 12:
            return None
        return fields.Date.to_date(f"{match[1]}-{int(match[2]):02d}-01")

    def _prepare_line_vals(self, row):
        names = ("month", "brand", "series", "units")
        return {**super()._prepare_line_vals(row), **{n: row.values.get(n) for n in names}}

    def _import_rows(self, rows):
        sums = {}
        for row in rows:
            values = row.values
            if values.get("is_left_out"):
                continue
            kind = "market" if TOTAL in (values.get("dataset") or "") else "series"
            key = (values["day"], kind, values["brand"], values.get("series") or False)
            sums[key] = sums.get(key, 0) + values["units"]
        Figure = self.env["dealer.market.figure"]
        months = sorted({key[0] for key in sums})
        Figure.search(
            [("source", "=", self.source), ("region", "=", self.region), ("month", "in", months)]
        ).sudo().unlink()  # sudo: replaced by the same source; nobody else deletes figures
        return Figure.create(
            [
                {
                    "source": self.source,
                    "region": self.region,
                    "month": month,
                    "kind": kind,
                    "brand": brand,
                    "series": series,
                    "units": units,
                }
                for (month, kind, brand, series), units in sums.items()
            ]
        )

    def _get_result_action(self, result):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "dealer_crm.dealer_market_share_action"
        )
        action["domain"] = [("source", "=", self.source), ("region", "=", self.region)]
        return action
