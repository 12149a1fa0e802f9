"""The lines of Word and Excel files: paragraphs, and rows of cells, in the order of the document.

Run by ``opener.py`` in its process and, like it, free of imports of ours. A line is a mapping: of ``text``
with its ``kind`` and, for a heading, its ``level``; or of ``cells``, where ``first`` begins a table and
``head`` says that the row is marked as its head. What is struck out or hidden is said no more, what is
tracked as inserted is said already, and of an alternative only the first is taken.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from storage.text.patterns import pattern_of

MAX_UNPACKED_BYTES = 256 << 20
"""Bytes that the parts of a file may have together, by what its directory says and zipfile holds it to."""
MAX_PARTS = 10_000
MAX_LINES = 20_000
MAX_CHARS = 1_000_000
MAX_CELLS = 300_000
MAX_COLUMNS = 300
MAX_ROWS = 2 * MAX_LINES  # of a sheet, empty ones too

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_AROUND = frozenset(
    _W + name
    for name in (
        "hyperlink", "ins", "moveTo", "smartTag", "customXml", "sdt", "sdtContent", "fldSimple", "dir", "bdo",
        "ruby", "rubyBase",
    )
)  # fmt: skip
"""What holds runs or paragraphs and is no line of its own."""
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_OFF = frozenset(("0", "false", "off"))
_HEADING = pattern_of(r"(?:heading|見出し)\s*([1-9])$", re.I)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LONG_CELL_CHARS = 200  # characters of a cell that holds a passage, as a table for layout does
_SECTION = pattern_of(r'((?:"[^"]*"|\\.|[^;])*)')
_UNSHOWN = pattern_of(r"\[[^\]]*\]|_.|\*.")
_SAID = r'((?:"[^"]*"|\\.|[^0#?.,%"\\])*)'
_NUMBER = pattern_of(_SAID + r"(#?[#,0?]*)(?:\.([0?#]+))?(%?)" + _SAID)
"""A format of Excel's: words, digits with or without thousands, decimals, percent, words."""


class _Full(Exception):
    """More lines than are read."""


class _Lines:
    """What was read so far, and no more than may be."""

    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []
        self.size = self.cells = 0

    def text(self, text: str, kind: str = "text", level: int = 0) -> None:
        for line in text.split("\n"):
            if line.strip():
                self._add({"text": line, "kind": kind, "level": level}, len(line))

    def row(self, cells: list[str], *, first: bool, head: bool = False) -> None:
        self.cells += len(cells)
        self._add({"cells": cells, "first": first, "head": head}, sum(map(len, cells)))

    def _add(self, line: dict[str, Any], size: int) -> None:
        self.size += size
        if self.size > MAX_CHARS or len(self.found) >= MAX_LINES or self.cells > MAX_CELLS:
            raise _Full
        self.found.append(line)


def extract(data: bytes) -> dict[str, Any]:
    """Read the lines of a file and the title it states; ``left`` says what was not read of it."""
    lines = _Lines()
    title = left = ""
    try:
        names = _parts(data)
        if "word/document.xml" in names:
            title = _read_word(data, lines)
        elif "xl/workbook.xml" in names:
            title, left = _read_excel(data, lines)
        else:
            return {"error": "no Word or Excel file"}
    except _Full:
        left = f"the first {len(lines.found)} lines were read"
    except MemoryError:
        raise
    except Exception as error:  # whatever a library makes of what a stranger made
        return {"error": " ".join(f"{type(error).__name__}: {error}".split())[:200]}
    return {"lines": lines.found, "title": title, "left": left}


def _parts(data: bytes) -> frozenset[str]:
    """Return the names of the parts of a package that is safe to open. Raises ValueError for another."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = package.infolist()
        size = sum(part.file_size for part in parts)
        if len(parts) > MAX_PARTS or size > MAX_UNPACKED_BYTES:
            raise ValueError(f"{len(parts)} parts of {size} bytes when unpacked")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with package.open(part) as opened:
                    if b"<!DOCTYPE" in opened.read(4096):
                        raise ValueError("it declares entities, as no Office file does")
        return frozenset(part.filename for part in parts)


# --- Word -----------------------------------------------------------------------------------


def _read_word(data: bytes, lines: _Lines) -> str:
    import docx
    from docx.oxml import parse_xml

    document = docx.Document(io.BytesIO(data))
    word = _Word(lines, dict(_heading_levels(document.styles.element)))
    word.through(document.element.body)
    for rel in document.part.rels.values():
        if not rel.is_external and rel.reltype.endswith(("/footnotes", "/endnotes")):
            for note in parse_xml(rel.target_part.blob):
                if note.get(f"{_W}type") is None:  # the others are lines that part the notes from the text
                    word.through(note)
    return str(document.core_properties.title or "")


def _heading_levels(styles: Any) -> Iterator[tuple[str, int]]:
    for style in styles.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        outline = style.find(f"{_W}pPr/{_W}outlineLvl")
        called = _HEADING.match(name.get(f"{_W}val") or "") if name is not None else None
        level = int(called[1]) if called else _outline(outline)
        if level:
            yield style.get(f"{_W}styleId") or "", level


def _outline(element: Any) -> int:
    """Return the level of a heading that an outline says, 0 for the text's own."""
    value = element.get(f"{_W}val") or "" if element is not None else ""
    return int(value) + 1 if value in tuple("012345678") else 0


class _Word:
    """One pass over a document's mark-up."""

    def __init__(self, lines: _Lines, levels: dict[str, int]) -> None:
        self.lines, self.levels = lines, levels

    def through(self, element: Any) -> None:
        """Read the paragraphs and tables in an element, in their order."""
        for child in element:
            if child.tag == f"{_W}p":
                self.paragraph(child)
            elif child.tag == f"{_W}tbl":
                self.table(child)
            elif child.tag in _AROUND:
                self.through(child)

    def paragraph(self, paragraph: Any) -> None:
        pieces: list[str] = []
        boxes: list[Any] = []
        _runs(paragraph, pieces, boxes)
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        level = _outline(paragraph.find(f"{_W}pPr/{_W}outlineLvl"))
        level = level or self.levels.get(style.get(f"{_W}val") or "" if style is not None else "", 0)
        if level:
            self.lines.text("".join(pieces).replace("\n", " "), "heading", min(level, 6))
        else:
            listed = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
            self.lines.text("".join(pieces), "item" if listed else "text")
        for box in boxes:
            self.through(box)

    def table(self, table: Any) -> None:
        rows = [row for row in _inside(table, f"{_W}tr") if row.find(f"{_W}trPr/{_W}del") is None]
        cells = [list(_inside(row, f"{_W}tc")) for row in rows]
        if _is_layout(cells):
            for row in cells:
                for cell in row:
                    self.through(cell)
            return
        heads = True
        for number, row in enumerate(cells):
            texts: list[str] = []
            for cell in row[:MAX_COLUMNS]:
                merge, wide = cell.find(f"{_W}tcPr/{_W}vMerge"), cell.find(f"{_W}tcPr/{_W}gridSpan")
                below = merge is not None and merge.get(f"{_W}val") != "restart"
                texts.append("" if below else _said_in(cell))
                span = wide.get(f"{_W}val") or "" if wide is not None else ""
                texts += [""] * (min(int(span), MAX_COLUMNS) - 1 if span.isdecimal() else 0)
            heads = heads and rows[number].find(f"{_W}trPr/{_W}tblHeader") is not None
            self.lines.row(texts[:MAX_COLUMNS], first=not number, head=heads)


def _inside(element: Any, tag: str) -> Iterator[Any]:
    """Return the rows of a table or the cells of a row, also those in a content control."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in _AROUND:
            yield from _inside(child, tag)


def _is_layout(rows: list[list[Any]]) -> bool:
    """Tell whether a table holds passages rather than data, as tables of HTML do."""
    cells = [cell for row in rows for cell in row]
    if len(cells) <= 1 or any(cell.find(f".//{_W}tbl") is not None for cell in cells):
        return True
    if len(rows) > 3:
        return False
    sizes = [len(_said_in(cell)) for cell in cells]
    return max(sizes) > _LONG_CELL_CHARS and max(sizes) > 0.6 * sum(sizes)


def _said_in(cell: Any) -> str:
    said = []
    for paragraph in cell.iter(f"{_W}p"):
        pieces: list[str] = []
        _runs(paragraph, pieces, [])
        said.append("".join(pieces))
    return " ".join(filter(None, said)).replace("\n", " ")


def _runs(element: Any, pieces: list[str], boxes: list[Any]) -> None:
    """Add the words of a line, and the text boxes that hang on it."""
    for child in element:
        if child.tag == f"{_W}r":
            _run(child, pieces, boxes)
        elif child.tag in _AROUND:
            _runs(child, pieces, boxes)


def _run(run: Any, pieces: list[str], boxes: list[Any]) -> None:
    looks = run.find(f"{_W}rPr")
    if looks is not None and any(_is_on(looks, name) for name in ("strike", "dstrike", "vanish")):
        return
    raised = looks is not None and looks.find(f"{_W}vertAlign") is not None
    for child in run:
        if child.tag == f"{_W}t":
            text = child.text or ""
            height = looks.find(f"{_W}vertAlign").get(f"{_W}val") if raised else ""
            pieces.append(text.translate(_RAISED) if height == "superscript" else text)
        elif child.tag in _BREAKS:
            pieces.append(_BREAKS[child.tag])
        elif child.tag == f"{_W}ruby":
            _runs(child, pieces, boxes)
        else:
            boxes += _boxes(child)


def _boxes(element: Any) -> Iterator[Any]:
    """Return the outermost text boxes in a drawing; of alternatives, the first."""
    for child in element:
        if child.tag == f"{_W}txbxContent":
            yield child
        elif child.tag != _FALLBACK:
            yield from _boxes(child)


def _is_on(looks: Any, name: str) -> bool:
    element = looks.find(_W + name)
    return element is not None and element.get(f"{_W}val") not in _OFF


# --- Excel ----------------------------------------------------------------------------------


def _read_excel(data: bytes, lines: _Lines) -> tuple[str, str]:
    import openpyxl
    from openpyxl.cell.read_only import EMPTY_CELL

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    left = ""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        if not re.fullmatch(r"Sheet\d*", sheet.title, re.I):
            lines.text(sheet.title, "heading", 2)
        sheet.reset_dimensions()  # what a file says of its size may be wrong
        first = True
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1, max_row=MAX_ROWS + 1)):
            if number == MAX_ROWS:
                left = f"the first {MAX_ROWS} rows were read"
                break
            blank = all(cell is EMPTY_CELL for cell in row)  # as are the rows that a file leaves out
            cells = [] if blank else [_shown(cell) for cell in row]
            if len(cells) > MAX_COLUMNS and cells.pop():
                left = f"the first {MAX_COLUMNS} columns were read"
            while cells and not cells[-1]:
                cells.pop()
            if not cells:
                first = True
            elif sum(map(bool, cells)) == 1:
                lines.text("".join(cells).replace("\n", " "))
            else:
                lines.row([cell.replace("\n", " ") for cell in cells], first=first)
                first = False
    return str(book.properties.title or ""), left


def _shown(cell: Any) -> str:
    """Return what a cell shows, as far as its value and its format tell."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        said = value
    elif isinstance(value, bool):
        said = str(value).upper()
    elif isinstance(value, int | float):
        said = _counted(value, cell.number_format)
    elif isinstance(value, date | time | timedelta):
        said = _dated(value)
    else:
        said = str(value)
    return "" if said and cell.font is not None and cell.font.strike else said


def _dated(value: date | time | timedelta) -> str:
    if not isinstance(value, date):
        return str(value)
    day = f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, datetime) and value.time() != time():
        return f"{day} {value.hour}:{value.minute:02}"
    return day


def _counted(value: float, style: str) -> str:
    """Return a number as the simple ones of Excel's formats show it."""
    plain = str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
    section = _SECTION.match(style)
    match = _NUMBER.fullmatch(_UNSHOWN.sub("", section[1] if section else ""))
    if match is None or not match[2]:
        return plain
    before, whole, decimals, percent, behind = match.groups()
    if percent:
        value *= 100
    said = f"{value:,.{len(decimals or '')}f}" if "," in whole else f"{value:.{len(decimals or '')}f}"
    return _words(before) + said + percent + _words(behind)


def _words(piece: str) -> str:
    """Return the words of a format without the marks that make them words."""
    return re.sub(r"\\(.)", r"\1", piece.replace('"', ""))
