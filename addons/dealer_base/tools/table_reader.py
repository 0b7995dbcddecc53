"""Reading and writing small tables (CSV, XLSX) that people bring along: pure functions, no ORM.

``base_import`` of the web client is not reused for reading: it drops empty lines, so the line
number that a message has to name is lost, it guesses encodings with ``chardet`` (wrong on short
GB 18030 files), and it loads a whole workbook into memory. Everything here keeps the line number
that a spreadsheet shows.
"""

import csv
import datetime
import io
import itertools
import re
import unicodedata
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

import openpyxl
import xlsxwriter
from openpyxl.utils.datetime import from_excel
from openpyxl.utils.exceptions import InvalidFileException

DELIMITERS = (",", ";", "\t", "|")
HEADER_SEARCH_ROWS = 10  # titles and remarks may stand above the header
MAX_UNPACKED_BYTES = 300_000_000  # a workbook is a zip file: refuse bombs
EMPTY_MARKS = {"", "-", "--", "—", "——", "/", "n/a", "#n/a", "none", "null", "无", "暂无"}
ZIP_MAGIC = b"PK\x03\x04"
OLD_OFFICE_MAGIC = b"\xd0\xcf\x11\xe0"


class TableError(Exception):
    """The table as a whole cannot be used. ``code`` tells why, ``params`` the details."""

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params


class CellError(ValueError):
    """One cell cannot be read as what its column promises (number, date)."""

    def __init__(self, code, value):
        super().__init__(code, value)
        self.code = code
        self.value = value


class Column(NamedTuple):
    """A column that an import understands.

    ``label`` heads the downloadable template, ``aliases`` are the other headers it is found under,
    ``kind`` is one of text, number, integer, date; ``example`` fills the template's example row.
    """

    name: str
    label: str
    aliases: tuple = ()
    kind: str = "text"
    required: bool = False
    example: object = ""


@dataclass
class Row:
    """One line of the file: its number in the spreadsheet, its values, what is wrong with it."""

    number: int
    cells: list
    values: dict = field(default_factory=dict)
    errors: list = field(default_factory=list)
    warnings: list = field(default_factory=list)

    @property
    def status(self):
        if self.errors:
            return "error"
        return "warning" if self.warnings else "ok"


@dataclass
class Table:
    """A file as read: its header, where each known column stands, and the rows below."""

    header: list
    mapping: dict
    rows: list


# === READING ===


def read_table(content, columns, max_rows=None):
    """Read a CSV or XLSX file whose columns are (some of) the given ones.

    The header is the row that knows most columns among the first rows: a title may stand above it.

    :param bytes content: the file; its kind is told by its first bytes, never by its name
    :param columns: list of :class:`Column`
    :param int max_rows: more lines than this below the header raise ``too_many_rows``
    :return: :class:`Table`, cells unparsed, empty lines left out (they count in the numbers)
    :raises TableError: empty_file, no_rows, unreadable, old_excel, too_large, bad_line, no_header,
        missing_columns, duplicate_column, too_many_rows
    """
    if not content or not content.strip():
        raise TableError("empty_file")
    if content.startswith(OLD_OFFICE_MAGIC):
        raise TableError("old_excel")
    names = _get_header_names(columns)
    if content.startswith(ZIP_MAGIC):
        lines = _xlsx_lines(content)
    else:
        lines = _csv_lines(*_sniff_csv(content, names))
    limit = max_rows and max_rows + HEADER_SEARCH_ROWS
    rows = []
    for number, cells in enumerate(lines, start=1):
        cells = [clean_text(cell) if isinstance(cell, str) else cell for cell in cells]
        if all(cell is None or cell == "" for cell in cells):
            continue
        rows.append(Row(number, cells))
        if limit and len(rows) > limit:
            raise TableError("too_many_rows", limit=max_rows)
    if not rows:
        raise TableError("empty_file")
    table = _find_header(rows, columns, names)
    if not table.rows:
        raise TableError("no_rows")
    if max_rows and len(table.rows) > max_rows:
        raise TableError("too_many_rows", limit=max_rows)
    return table


def _sniff_csv(content, names):
    """Return ``(text, delimiter)``: of all possible readings the one that knows most headers."""
    best, best_score = None, -1
    for text in _decodings(content):
        head = text[:50_000]
        for delimiter in DELIMITERS:
            lines = itertools.islice(_csv_lines(head, delimiter), HEADER_SEARCH_ROWS)
            try:
                score = max((len(_match_header(cells, names)) for cells in lines), default=0)
            except TableError:
                continue
            if score > best_score:
                best, best_score = (text, delimiter), score
    if best is None:
        raise TableError("unreadable")
    return best


def _decodings(content):
    """Yield the possible texts of a file: a byte order mark decides, else UTF-8, else GB 18030.

    Few short GB 18030 texts are valid UTF-8 too, therefore both are tried.
    """
    encodings = ("utf-8-sig", "gb18030")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif content.startswith(b"\xef\xbb\xbf"):
        encodings = ("utf-8-sig",)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            yield text


def _csv_lines(text, delimiter):
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError("bad_line", line=number) from error


def _xlsx_lines(content):
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise TableError("too_large")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # other programs write wrong dimensions
            yield from sheet.iter_rows(values_only=True)
        finally:
            book.close()
    except (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, SyntaxError) as error:
        # SyntaxError: xml.etree's ParseError, a damaged sheet inside a sound zip
        raise TableError("unreadable") from error


# === HEADER ===


def header_key(text):
    """Reduce a header to what matters: width, case, spaces, brackets, marks of mandatory columns.

    >>> header_key(" 指导价（万元）* ") == header_key("指导价 万元")
    True
    >>> header_key("Guide_Price") == header_key("guide price")
    True
    """
    text = unicodedata.normalize("NFKC", str(text)).casefold()
    return re.sub(r"[\W_]+", "", text)


def _get_header_names(columns):
    """Return ``{header key: column name}`` of all names, labels and aliases."""
    names = {}
    for column in columns:
        for alias in (column.name, column.label, *column.aliases):
            names.setdefault(header_key(alias), column.name)
    return names


def _match_header(cells, names):
    """Return ``{column name: [positions]}`` of the cells that are known headers."""
    found = {}
    for position, cell in enumerate(cells):
        name = names.get(header_key(cell)) if isinstance(cell, str) else None
        if name:
            found.setdefault(name, []).append(position)
    return found


def _find_header(rows, columns, names):
    best, best_index = {}, None
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        found = _match_header(row.cells, names)
        if len(found) > len(best):
            best, best_index = found, index
    if best_index is None:
        raise TableError("no_header", columns=[column for column in columns if column.required])
    header = [to_text(cell) for cell in rows[best_index].cells]
    for positions in best.values():
        if len(positions) > 1:
            labels = [header[position] for position in positions]
            raise TableError("duplicate_column", labels=labels)
    missing = [column for column in columns if column.required and column.name not in best]
    if missing:
        raise TableError("missing_columns", columns=missing)
    mapping = {name: positions[0] for name, positions in best.items()}
    return Table(header, mapping, rows[best_index + 1 :])


# === CELLS ===


def clean_text(text):
    """Strip white space of every width and the invisible marks that copied text carries.

    >>> clean_text("\\u3000LSV\\u200b \\ufeff")
    'LSV'
    """
    return re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", text).strip()


def to_text(value):
    """Return the cell as text; whole numbers of a spreadsheet lose their ``.0``.

    >>> to_text(123456.0), to_text(None), to_text(" a ")
    ('123456', '', 'a')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        value = value.date()
    return clean_text(str(value))


def to_number(value):
    """Return the cell as Decimal, ``None`` when empty; knows thousands marks, currencies and 万.

    >>> to_number("￥129,800.00"), to_number("12.98万"), to_number("暂无")
    (Decimal('129800.00'), Decimal('129800.00'), None)
    """
    if isinstance(value, bool):
        raise CellError("number", value)
    if isinstance(value, int | float | Decimal):
        return Decimal(str(value))
    text = unicodedata.normalize("NFKC", to_text(value))
    if text.casefold() in EMPTY_MARKS:
        return None
    match = re.fullmatch(
        r"[¥$€]?\s*([+-]?[\d,\s]*\.?\d*)\s*(万)?\s*(?:元|cny|rmb)?", text.casefold()
    )
    try:
        number = Decimal(re.sub(r"[,\s]", "", match.group(1)))
    except (AttributeError, InvalidOperation) as error:
        raise CellError("number", text) from error
    return number * 10_000 if match.group(2) else number


def to_integer(value):
    """Return the cell as int, ``None`` when empty; a fraction is an error.

    >>> to_integer("5"), to_integer(5.0), to_integer("")
    (5, 5, None)
    """
    number = to_number(value)
    if number is None:
        return None
    if number != number.to_integral_value():
        raise CellError("integer", to_text(value))
    return int(number)


def to_date(value):
    """Return the cell as date, ``None`` when empty; a month stands for its first day.

    >>> to_date("2024年3月15日") == to_date("2024/3/15") == to_date("20240315")
    True
    >>> to_date("2024.03")
    datetime.date(2024, 3, 1)
    """
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.date):
        return value
    if isinstance(value, int | float) and 20_000 < value < 80_000:
        return from_excel(value).date()  # a date cell that lost its format: 1954 to 2119
    text = unicodedata.normalize("NFKC", to_text(value))
    if text.casefold() in EMPTY_MARKS:
        return None
    text = text.split("T")[0].split(" ")[0]
    match = re.fullmatch(r"(\d{4})(\d\d)(\d\d)", text) or re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?[日月]?", text
    )
    try:
        year, month, day = match.groups(default="1")
        return datetime.date(int(year), int(month), int(day))
    except (AttributeError, ValueError) as error:
        raise CellError("date", text) from error


PARSERS = {"text": to_text, "number": to_number, "integer": to_integer, "date": to_date}


def parse_cells(table, row, columns):
    """Fill ``row.values`` from its cells; return the cells that could not be read.

    :return: list of ``(column, code, value)``, ``code`` being missing, number, integer or date
    """
    problems = []
    for column in columns:
        position = table.mapping.get(column.name)
        cell = row.cells[position] if position is not None and position < len(row.cells) else None
        try:
            value = PARSERS[column.kind](cell)
        except CellError as error:
            value = None
            problems.append((column, error.code, error.value))
        else:
            if column.required and value in (None, ""):
                problems.append((column, "missing", ""))
        row.values[column.name] = value
    return problems


# === WRITING ===


def write_xlsx(header, rows, sheet_name="Sheet1", notes=(), notes_name="Help"):
    """Return an XLSX file as bytes; text stays text (VINs, leading zeros).

    ``notes`` are lines for a second sheet, ``notes_name`` is its name. Strings are never taken
    for formulas: a cell that begins with ``=`` in somebody's file must not be executed in
    somebody else's spreadsheet.
    """
    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(output, options) as book:
        bold = book.add_format(
            {"bold": True, "bg_color": "#E7E9ED", "border": 1, "text_wrap": True}
        )
        formats = {"date": book.add_format({"num_format": "yyyy-mm-dd"})}
        sheet = book.add_worksheet(_sheet_name(sheet_name))
        sheet.freeze_panes(1, 0)
        widths = [_display_width(label) for label in header]
        sheet.write_row(0, 0, header, bold)
        for index, cells in enumerate(rows, start=1):
            for position, cell in enumerate(cells):
                _write_cell(sheet, index, position, cell, formats)
                if position < len(widths):
                    widths[position] = max(widths[position], _display_width(to_text(cell)))
        for position, width in enumerate(widths):
            sheet.set_column(position, position, min(width, 60) + 2)
        if notes:
            help_sheet = book.add_worksheet(_sheet_name(notes_name))
            help_sheet.set_column(0, 0, 100)
            help_sheet.write_column(0, 0, notes)
    return output.getvalue()


def _sheet_name(name):
    """Return the name without what a sheet name may not hold.

    >>> _sheet_name("Cars: 1/2?")
    'Cars 12'
    """
    return re.sub(r"[\[\]:*?/\\]", "", name)[:31]


def _write_cell(sheet, row, column, cell, formats):
    if isinstance(cell, datetime.date | datetime.datetime):
        sheet.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        sheet.write_number(row, column, cell)
    elif cell not in (None, ""):
        sheet.write_string(row, column, to_text(cell))


def _display_width(text):
    """Return the columns a text takes: Chinese characters are twice as wide.

    >>> _display_width("车架号 VIN")
    10
    """
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in str(text))
