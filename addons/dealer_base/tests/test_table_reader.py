import csv
import datetime
import doctest
import io
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.dealer_base.tools import table_reader
from odoo.addons.dealer_base.tools.table_reader import Column, TableError

COLUMNS = (
    Column("vin", "VIN", ("车架号",), required=True),
    Column("price", "Price", ("采购价", "进价（元）"), kind="number"),
    Column("date", "Date", ("生产日期",), kind="date"),
    Column("seats", "Seats", ("座位数",), kind="integer"),
)
# Characters that a cell of a Chinese price list may hold and that survive stripping.
CELLS = st.text(
    st.sampled_from("abcXYZ019 ,;\t|\"'\n-_/()（）。，；车架号采购价发动机龘①￥"), max_size=12
).map(table_reader.clean_text)


def make_csv(rows, delimiter=",", encoding="utf-8"):
    output = io.StringIO(newline="")
    csv.writer(output, delimiter=delimiter).writerows(rows)
    return output.getvalue().encode(encoding)


@tagged("post_install", "-at_install")
class TestTableReader(BaseCase):
    def _assert_table_error(self, code, content, columns=COLUMNS, max_rows=None):
        with self.assertRaises(TableError) as caught:
            table_reader.read_table(content, columns, max_rows)
        self.assertEqual(caught.exception.code, code)
        return caught.exception.params

    def _parse(self, content):
        table = table_reader.read_table(content, COLUMNS)
        return [(row, table_reader.parse_cells(table, row, COLUMNS)) for row in table.rows]

    def test_doctests(self):
        self.assertEqual(doctest.testmod(table_reader).failed, 0)

    @settings(max_examples=150, deadline=None)
    @given(
        rows=st.lists(st.lists(CELLS, min_size=4, max_size=4).filter(any), min_size=1, max_size=8),
        delimiter=st.sampled_from(table_reader.DELIMITERS),
        encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    )
    def test_csv_round_trip_in_every_encoding_and_delimiter(self, rows, delimiter, encoding):
        header = ["车架号", "采购价", "生产日期", "座位数"]
        content = make_csv([header, *rows], delimiter, encoding)
        table = table_reader.read_table(content, COLUMNS)
        self.assertEqual(table.header, header)
        expected = list(enumerate(rows, 2))
        self.assertEqual([(row.number, row.cells) for row in table.rows], expected)

    @settings(max_examples=25, deadline=None)
    @given(
        rows=st.lists(st.lists(CELLS, min_size=3, max_size=3).filter(any), min_size=1, max_size=5)
    )
    def test_xlsx_round_trip(self, rows):
        content = table_reader.write_xlsx(["车架号", "b", "c"], rows)
        table = table_reader.read_table(content, COLUMNS)
        texts = [[table_reader.to_text(cell) for cell in row.cells] for row in table.rows]
        self.assertEqual([(cells + ["", ""])[:3] for cells in texts], rows)

    def test_xlsx_keeps_types_and_line_numbers(self):
        content = table_reader.write_xlsx(
            ["车架号", "采购价", "生产日期"],
            [["=1+1", Decimal("129800.50"), datetime.date(2024, 3, 15)], [], ["00012", 5, None]],
        )
        (first, problems), (second, _problems) = self._parse(content)
        self.assertFalse(problems)
        self.assertEqual(
            first.values,
            {
                "vin": "=1+1",  # text of a file is never run as a formula
                "price": Decimal("129800.5"),
                "date": datetime.date(2024, 3, 15),
                "seats": None,
            },
        )
        self.assertEqual((second.number, second.values["vin"]), (4, "00012"))

    def test_header_is_found_below_a_title_and_by_synonym(self):
        content = make_csv(
            [["三月到车清单"], [], ["序号", "车架号*", "进价(元)"], ["1", "A", "1.5万"]]
        )
        ((row, problems),) = self._parse(content)
        self.assertFalse(problems)
        self.assertEqual((row.number, row.values["vin"]), (4, "A"))
        self.assertEqual(row.values["price"], Decimal("15000"))

    def test_empty_lines_count_in_the_numbers(self):
        rows = self._parse(make_csv([["VIN", "Price"], ["A"], ["", ""], [], ["B"]]))
        self.assertEqual([(row.number, row.values["vin"]) for row, _ in rows], [(2, "A"), (5, "B")])

    def test_gb18030_that_is_valid_utf8_too_is_told_by_the_header(self):
        column = Column("kind", "Kind", ("模",), required=True)
        self.assertEqual("模".encode("gb18030").decode(), "ģ")
        table = table_reader.read_table("模,b\n模,1".encode("gb18030"), [column])
        self.assertEqual(table.rows[0].cells, ["模", "1"])

    def test_cell_problems_are_named(self):
        content = make_csv([["VIN", "Price", "Date", "Seats"], ["", "x", "2024-02-30", "4.5"]])
        ((_row, problems),) = self._parse(content)
        self.assertEqual(
            [(column.name, code) for column, code, _value in problems],
            [("vin", "missing"), ("price", "number"), ("date", "date"), ("seats", "integer")],
        )

    def test_short_lines_are_filled_with_nothing(self):
        ((row, problems),) = self._parse(make_csv([["VIN", "Price", "Date"], ["A"]]))
        self.assertFalse(problems)
        self.assertIsNone(row.values["price"])

    def test_missing_column_is_named(self):
        params = self._assert_table_error("missing_columns", make_csv([["Price", "Date"], ["1"]]))
        self.assertEqual([column.name for column in params["columns"]], ["vin"])

    def test_file_without_known_header(self):
        self._assert_table_error("no_header", make_csv([["a", "b"], ["1", "2"]]))

    def test_two_columns_of_one_meaning(self):
        params = self._assert_table_error("duplicate_column", make_csv([["VIN", "车架号"], ["A"]]))
        self.assertEqual(params["labels"], ["VIN", "车架号"])

    def test_unreadable_files(self):
        xlsx = table_reader.write_xlsx(["VIN"], [["A"]])
        for code, content in [
            ("empty_file", b""),
            ("empty_file", b" \r\n,,\r\n"),
            ("no_rows", b"VIN,Price\r\n,,\r\n"),
            ("unreadable", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
            ("unreadable", b"\xff\xff\xff\xff"),
            ("unreadable", xlsx[:-200]),
            ("unreadable", b"PK\x03\x04" + b"0" * 100),
            ("old_excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ]:
            with self.subTest(code=code, content=content[:10]):
                self._assert_table_error(code, content)

    def test_too_many_rows_stops_reading(self):
        content = make_csv([["VIN"], *([["A"]] * 60)])
        self.assertEqual(
            self._assert_table_error("too_many_rows", content, max_rows=40), {"limit": 40}
        )
