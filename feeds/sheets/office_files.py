"""Rows for an office as CSV, XLSX or JSON Lines: text stays text, days are days, moments are Japan's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any, Literal

from feeds.sheets.office_rows import Office, OfficeRow, OfficeTable, Value
from feeds.wording.tables.column_words import COLUMNS
from feeds.wording.words import word
from storage.db.columns import storable
from storage.export import write_csv
from storage.text.japanese import JST

OfficeForm = Literal["csv", "xlsx", "jsonl"]
OFFICE_FORMS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl",
}
"""Forms of the files, with their media types."""

MAX_CELL_CHARS = 32_767
"""Of a cell of Excel."""
MAX_SHEET_ROWS = 1_048_575
"""Of a sheet of Excel, without the heads."""


class TooManyRows(ValueError):
    """There are more rows than a sheet of Excel holds."""


def write_office(table: OfficeTable, office: Office, form: OfficeForm, out: IO[bytes]) -> None:
    """Write all rows of a table. Raises TooManyRows where they do not fit into a sheet."""
    rows = (row for _, group in table.rows(office) for row in group)
    write_rows(rows, table.columns, office.lang, form, out)


def write_rows(
    rows: Iterable[OfficeRow], columns: Sequence[str], lang: str, form: OfficeForm, out: IO[bytes]
) -> None:
    """Write rows with these columns, headed in a language; JSON Lines keep the names of the columns."""
    heads = [word(COLUMNS, name, lang) for name in columns]
    if form == "xlsx":
        _write_xlsx(rows, columns, heads, out)
    elif form == "csv":
        write_csv(map(_in_words, rows), out, columns, heads)
    else:
        for row in rows:
            said = json.dumps(_in_words({name: row[name] for name in columns}), ensure_ascii=False)
            out.write(said.encode("utf-8", "replace") + b"\n")


def _in_words(row: OfficeRow) -> dict[str, Any]:
    return {name: _iso(value) for name, value in row.items()}


def _iso(value: Value) -> Any:
    """Write days and moments in ISO 8601, moments with the zone of Japan."""
    if isinstance(value, datetime):
        return value.astimezone(JST).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _write_xlsx(
    rows: Iterable[OfficeRow], columns: Sequence[str], heads: Sequence[str], out: IO[bytes]
) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font

    book = Workbook(write_only=True)
    book.properties.creator = "kohyo"
    sheet = book.create_sheet("kohyo")
    sheet.freeze_panes = "A2"

    def cell(value: Value) -> Any:
        if value is None or isinstance(value, int):  # yes and no among them
            return value
        made = WriteOnlyCell(sheet)
        if isinstance(value, datetime):
            made.value = value.astimezone(JST).replace(tzinfo=None, microsecond=0)  # Excel knows no zones
            made.number_format = "yyyy-mm-dd hh:mm:ss"
        elif isinstance(value, date):
            made.value, made.number_format = value, "yyyy-mm-dd"
        else:
            said = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", storable(value))
            made.value = said[:MAX_CELL_CHARS]
            made.data_type = "s"  # whatever it begins with: a formula of a stranger is text
        return made

    def bold(head: str) -> Any:
        made = WriteOnlyCell(sheet, head)
        made.font = Font(bold=True)
        return made

    try:
        sheet.append([bold(head) for head in heads])
        for row in _at_most(rows):
            sheet.append([cell(row[name]) for name in columns])
    except BaseException:
        sheet.close()  # ends its file, which is thrown away
        raise
    book.save(out)


def _at_most(rows: Iterable[OfficeRow]) -> Iterator[OfficeRow]:
    for number, row in enumerate(rows):
        if number >= MAX_SHEET_ROWS:
            raise TooManyRows(f"a sheet holds {MAX_SHEET_ROWS:,} rows and there are more; take csv or jsonl")
        yield row
