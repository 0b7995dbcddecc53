import base64

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import table_reader


class DealerImportWizard(models.AbstractModel):
    """Bring a table into the database: upload, look at the preview, import.

    A concrete wizard says which columns it knows, checks the rows as one batch and imports them as
    one batch. The file is read and checked a second time when the user imports, because stock and
    catalogue may have changed since the preview; so the preview is for reading only.

    Hooks: ``_get_columns``, ``_check_rows``, ``_import_rows``, ``_prepare_line_vals``.
    """

    _name = "dealer.import.wizard"
    _description = "Import from a file"

    # Rows a file may have, and rows that the preview shows (rows to correct come first).
    _max_rows = 50_000
    _max_preview_rows = 1_000
    # Rows that an error message names before it says "and … more".
    _max_named_rows = 10

    state = fields.Selection(
        selection=[("upload", "Choose the file"), ("preview", "Check and import")],
        default="upload",
        required=True,
        readonly=True,
    )
    data_file = fields.Binary(string="File", attachment=False)
    filename = fields.Char(string="File Name")
    row_policy = fields.Selection(
        selection=[("all", "All rows or nothing"), ("good", "Good rows only")],
        string="Import",
        default="all",
        required=True,
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    ok_count = fields.Integer(string="Good rows", readonly=True)
    warning_count = fields.Integer(string="Rows to check", readonly=True)
    error_count = fields.Integer(string="Rows with errors", readonly=True)
    is_preview_limited = fields.Boolean(readonly=True)
    unused_headings = fields.Char(
        string="Columns Left Out",
        readonly=True,
        help="Columns of the file that nobody understood: nothing of them is imported.",
    )
    error_file = fields.Binary(string="Rows to Correct", readonly=True, attachment=False)
    template_file = fields.Binary(string="Template", compute="_compute_template_file")

    @api.depends_context("lang")
    def _compute_template_file(self):
        for wizard in self:
            wizard.template_file = base64.b64encode(wizard._get_template())

    # === ACTIONS ===

    def action_read_file(self):
        """Read and check the file, and show the preview."""
        self.ensure_one()
        self._store_preview(self._read_table())
        return self._get_reopen_action()

    def action_back(self):
        """Go back to choose another file."""
        self.ensure_one()
        self.line_ids.unlink()
        self.write({"state": "upload", "data_file": False, "filename": False, "error_file": False})
        return self._get_reopen_action()

    def action_import(self):
        """Import the rows as the user chose, or nothing at all."""
        self.ensure_one()
        rows = self._read_table().rows
        bad_rows = [row for row in rows if row.errors]
        good_rows = [row for row in rows if not row.errors]
        if bad_rows and self.row_policy == "all":
            raise UserError(
                self.env._(
                    "Nothing was imported: %(count)s of %(total)s rows have errors.\n\n"
                    "%(rows)s\n\nCorrect the file, or choose “Good rows only”.",
                    count=len(bad_rows),
                    total=len(rows),
                    rows=self._describe_rows(bad_rows),
                )
            )
        if not good_rows:
            raise UserError(
                self.env._(
                    "Nothing was imported: none of the rows is good.\n\n%(rows)s",
                    rows=self._describe_rows(bad_rows),
                )
            )
        return self._get_result_action(self._import_or_explain(good_rows))

    def action_download_template(self):
        """Download an empty table with the right headers and one example row."""
        return self._get_download_action("template_file", self._get_template_filename())

    def action_download_errors(self):
        """Download the rows that cannot be imported, as they were read, with the reasons."""
        filename = self.env._("rows to correct.xlsx")
        return self._get_download_action("error_file", filename)

    # === READING AND CHECKING ===

    def _read_table(self):
        """Read, parse and check the file.

        :return: the :class:`table_reader.Table`
        """
        if not self.data_file:
            raise UserError(self.env._("Please choose a file first."))
        columns = self._get_known_columns()
        content = base64.b64decode(self.data_file)
        try:
            table = table_reader.read_table(content, columns, self._max_rows)
        except table_reader.TableError as error:
            raise UserError(self._describe_table_error(error)) from error
        self._check_table(table)
        for row in table.rows:
            for column, code, value in table_reader.parse_cells(table, row, columns):
                row.errors.append(self._describe_cell_problem(column, code, value))
        self._check_rows(table.rows)
        return table

    def _store_preview(self, table):
        """Keep what the preview shows: counts, rows (bad ones first), the error file."""
        rows = table.rows
        bad_rows = [row for row in rows if row.errors]
        warning_count = sum(row.status == "warning" for row in rows)
        shown = sorted(rows, key=lambda row: (row.status == "ok", row.status == "warning"))
        shown = sorted(shown[: self._max_preview_rows], key=lambda row: row.number)
        self.line_ids.unlink()
        self.env[self.line_ids._name].create(
            [{"wizard_id": self.id, **self._prepare_line_vals(row)} for row in shown]
        )
        self.write(
            {
                "state": "preview",
                "row_count": len(rows),
                "error_count": len(bad_rows),
                "warning_count": warning_count,
                "ok_count": len(rows) - len(bad_rows) - warning_count,
                "is_preview_limited": len(shown) < len(rows),
                "unused_headings": ", ".join(self._get_unused_headings(table)),
                "error_file": bad_rows
                and base64.b64encode(self._get_error_file(table.header, bad_rows)),
            }
        )

    def _get_unused_headings(self, table):
        used = set(table.mapping.values())
        headings = [str(heading or "").strip() for heading in table.header]
        return [
            heading for number, heading in enumerate(headings) if heading and number not in used
        ]

    def _import_or_explain(self, rows):
        """Import all rows or none; when the database refuses, say at which line.

        The batch gives no line with its error. So the halves of the batch are tried again, always
        undone, until one line is left: that costs about one more run of the import.
        """
        try:
            with self.env.cr.savepoint():
                return self._import_rows(rows)
        except AccessError:
            raise
        except (UserError, psycopg2.IntegrityError) as error:
            row, message = self._find_culprit(rows, error)
            if not row:
                raise UserError(
                    self.env._("Nothing was imported: %(reason)s", reason=message)
                ) from error
            raise UserError(
                self.env._(
                    "Nothing was imported, because of line %(line)s: %(reason)s",
                    line=row.number,
                    reason=message,
                )
            ) from error

    def _find_culprit(self, rows, error):
        """Return ``(row, message)`` of the row that fails alone; no row when none does."""
        while len(rows) > 1:
            middle = len(rows) // 2
            for half in (rows[:middle], rows[middle:]):
                failure = self._try_rows(half)
                if failure:
                    rows, error = half, failure
                    break
            else:
                return None, self._describe_failure(error)
        return rows[0], self._describe_failure(error)

    def _try_rows(self, rows):
        """Import the rows and undo it; return the exception, if any."""
        savepoint = self.env.cr.savepoint()
        try:
            self._import_rows(rows)
            self.env.flush_all()
        except (UserError, psycopg2.IntegrityError) as error:
            return error
        finally:
            savepoint.close(rollback=True)
        return None

    # === HOOKS ===

    def _get_known_columns(self):
        """The columns under their headers of all languages: a colleague may have made the file."""
        columns = self._get_columns()
        for code, _name in self.env["res.lang"].get_installed():
            named = self.with_context(lang=code)._get_columns()
            columns = [
                column._replace(aliases=(*column.aliases, other.label))
                for column, other in zip(columns, named, strict=True)
            ]
        return columns

    def _get_columns(self):
        """Return the list of :class:`table_reader.Column` that the import understands."""
        raise NotImplementedError

    def _check_table(self, table):
        """Raise a UserError when the columns that were found do not suffice together."""

    def _check_rows(self, rows):
        """Add translated texts to ``errors`` and ``warnings`` of the parsed rows, as one batch."""

    def _import_rows(self, rows):
        """Create the records for the rows (all good) and return what the result action needs."""
        raise NotImplementedError

    def _get_result_action(self, result):
        """Return the action that shows what was imported."""
        raise NotImplementedError

    def _prepare_line_vals(self, row):
        """Return the values of a preview line, without the wizard."""
        return {
            "line_number": row.number,
            "status": row.status,
            "reason": "\n".join(row.errors + row.warnings),
        }

    def _get_template_filename(self):
        return self.env._("template.xlsx")

    def _get_template_notes(self):
        """Return lines of help for the second sheet of the template."""
        return []

    # === FILES ===

    def _get_template(self):
        columns = self._get_columns()
        header = [f"{column.label} *" if column.required else column.label for column in columns]
        notes = [self.env._("Columns marked with * must be filled."), *self._get_template_notes()]
        example = [column.example for column in columns]
        return table_reader.write_xlsx(
            header, [example], self.env._("Import"), notes, self.env._("Help")
        )

    def _get_error_file(self, header, rows):
        """Return the rows with errors as read, so that the corrected file can be imported as is."""
        titles = [
            self.env._("Line in the file"),
            self.env._("Reason"),
            *header,
        ]
        cells = [[row.number, "\n".join(row.errors), *row.cells] for row in rows]
        return table_reader.write_xlsx(titles, cells, self.env._("Rows to correct"))

    def _get_download_action(self, field_name, filename):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/{field_name}/{filename}?download=true",
            "target": "self",  # an attachment leaves the page alone, a new window may be blocked
        }

    def _get_reopen_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": self.env.context,
        }

    # === MESSAGES ===

    def _describe_rows(self, rows):
        lines = [
            self.env._("Line %(line)s: %(reason)s", line=row.number, reason=" ".join(row.errors))
            for row in rows[: self._max_named_rows]
        ]
        if len(rows) > self._max_named_rows:
            lines.append(
                self.env._("… and %(count)s more rows.", count=len(rows) - self._max_named_rows)
            )
        return "\n".join(lines)

    def _describe_failure(self, error):
        if isinstance(error, psycopg2.Error):
            return error.diag.message_detail or error.diag.message_primary
        return str(error)

    def _describe_cell_problem(self, column, code, value):
        if code == "missing":
            return self.env._("%(column)s is empty.", column=column.label)
        if code == "date":
            return self.env._(
                "%(column)s: “%(value)s” is not a date such as 2024-03-15.",
                column=column.label,
                value=value,
            )
        if code == "integer":
            return self.env._(
                "%(column)s: “%(value)s” is not a whole number.", column=column.label, value=value
            )
        return self.env._(
            "%(column)s: “%(value)s” is not a number.", column=column.label, value=value
        )

    def _describe_table_error(self, error):
        """Return what is wrong with the file and what to do about it."""
        template_hint = self.env._("The template shows the columns that are understood.")
        columns = ", ".join(column.label for column in error.params.get("columns", ()))
        if error.code == "missing_columns":
            return self.env._(
                "The file has no column for: %(columns)s. %(hint)s",
                columns=columns,
                hint=template_hint,
            )
        if error.code == "no_header":
            return self.env._(
                "No line with column names was found in the first lines of the file. %(hint)s",
                hint=template_hint,
            )
        if error.code == "duplicate_column":
            return self.env._(
                "Several columns mean the same: %(labels)s. Please keep one of them.",
                labels=", ".join(error.params["labels"]),
            )
        if error.code == "too_many_rows":
            return self.env._(
                "The file has more than %(limit)s rows. Please divide it into several files.",
                limit=error.params["limit"],
            )
        if error.code == "bad_line":
            return self.env._(
                "Line %(line)s of the file cannot be read. Please save it anew as XLSX or CSV.",
                line=error.params["line"],
            )
        if error.code in ("no_rows", "empty_file"):
            return self.env._("The file has no rows. %(hint)s", hint=template_hint)
        if error.code == "old_excel":
            return self.env._("This is an old Excel file (XLS). Please save it as XLSX or CSV.")
        if error.code == "too_large":
            return self.env._("The file is too large. Please divide it into several files.")
        return self.env._("The file cannot be read: it is neither an XLSX workbook nor CSV text.")
