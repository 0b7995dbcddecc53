import base64
import csv
import io
import random

from odoo.tests import TransactionCase, new_test_user
from odoo.tools import file_open

from odoo.addons.dealer_base.tools import table_reader
from odoo.addons.dealer_base.tools.identifiers import vin_check_digit

from .common import GATES_OFF

VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
YEAR_LETTERS = "LMNPRS"  # 2020 to 2025


def read_data(filename):
    """Return a file of tests/data as bytes."""
    with file_open(f"dealer_vehicle/tests/data/{filename}", "rb") as file:
        return file.read()


def make_csv(rows, encoding="utf-8-sig"):
    """Return a list of dicts as the bytes of a CSV file."""
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode(encoding)


class ImportCase(TransactionCase):
    """A sales manager, a vendor, a small catalogue, and generated cars with right VINs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(GATES_OFF)  # imported cars are delivered, too
        cls.max = new_test_user(
            cls.env, "max_import", groups="dealer_base.group_sales_manager", name="Max Manager"
        )
        cls.vendor = cls.env["res.partner"].create({"name": "Example Motor Factory"})
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.yard = cls.warehouse._dealer_place("yard")
        cls.showroom = cls.warehouse._dealer_place("showroom")
        cls.yard.name = "Yard"
        cls.showroom.name = "Showroom"
        brand = cls.env["fleet.vehicle.model.brand"].create({"name": "Examplia"})
        series = cls.env["dealer.vehicle.series"].create({"name": "Comet", "brand_id": brand.id})
        cls.trims = cls.env["fleet.vehicle.model"].create(
            [
                {
                    "name": f"Comet 2024款 1.5T {name}",
                    "brand_id": brand.id,
                    "dealer_series_id": series.id,
                    "dealer_code": f"CMT-{index}",
                }
                for index, name in enumerate(("舒适版", "豪华版", "旗舰版"), start=1)
            ]
        )
        cls.random = random.Random(2026)
        cls.wmis = [row["wmi"] for row in cls._read_csv("wmi.csv")]

    @classmethod
    def _read_csv(cls, filename):
        return list(csv.DictReader(io.StringIO(read_data(filename).decode("utf-8-sig"))))

    @classmethod
    def _vin(cls):
        """Return a VIN of a Chinese plant with the right check digit."""
        choice = cls.random.choice
        vin = (
            choice(cls.wmis)
            + "".join(choice(VIN_LETTERS) for _position in range(5))
            + f"0{choice(YEAR_LETTERS)}{choice('ABCDEF')}"
            + f"{cls.random.randrange(10**6):06}"
        )
        return vin[:8] + vin_check_digit(vin) + vin[9:]

    @classmethod
    def _arrivals(cls, count, **values):
        """Return rows of an arrival list, as a dealer's spreadsheet heads them."""
        return [
            {
                "车架号": cls._vin(),
                "车型代码": cls.random.choice(cls.trims).dealer_code,
                "外观颜色": cls.random.choice(("珍珠白", "碳晶黑")),
                "内饰颜色": "黑",
                "发动机号": f"HR15-{cls.random.randrange(10**6):06}",
                "合格证编号": f"WBF{cls.random.randrange(10**9):012}",
                "采购价": cls.random.randrange(80_000, 250_000, 100),
                "库位": cls.random.choice(("Yard", "Showroom")),
                "钥匙号": f"K{cls.random.randrange(10**4):04}",
                **values,
            }
            for _index in range(count)
        ]

    def _wizard(self, model, content, user=None, **vals):
        """Return an import wizard that has read the file, as its user."""
        vals["data_file"] = base64.b64encode(content)
        vals.setdefault("filename", "file.csv")
        wizard = self.env[model].with_user(user or self.max).create(vals)
        wizard.action_read_file()
        return wizard

    def _arrival_wizard(self, rows, **vals):
        vals.setdefault("partner_id", self.vendor.id)
        content = rows if isinstance(rows, bytes) else make_csv(rows)
        return self._wizard("dealer.arrival.import", content, **vals)

    def _catalogue_wizard(self, rows, **vals):
        content = rows if isinstance(rows, bytes) else make_csv(rows)
        return self._wizard("dealer.catalogue.import", content, **vals)

    def _import_arrivals(self, rows, **vals):
        """Import and return the purchase orders."""
        action = self._arrival_wizard(rows, **vals).action_import()
        orders = self.env["purchase.order"]
        return orders.browse(action.get("res_id")) or orders.search(action["domain"])

    def _reasons(self, wizard, status="error"):
        """Return ``{line number: reason}`` of the preview."""
        lines = wizard.line_ids.filtered(lambda line: line.status == status)
        return {line.line_number: line.reason for line in lines}

    def _error_rows(self, wizard):
        """Return the rows of the downloadable file of bad rows, as lists."""
        columns = wizard._get_columns()
        table = table_reader.read_table(base64.b64decode(wizard.error_file), columns)
        return table
