"""What each kind of mark-up in Word and Excel files gives, line by line, and where reading ends."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import docx
import openpyxl
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from monitor.reading.files import office_lines
from monitor.reading.files.office_lines import extract

LONG = "個人データの取扱いについて。" * 16  # 224 characters: a passage and no cell of data


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def body(*mark_up: str) -> bytes:
    document = docx.Document()
    place = len(document.element.body) - 1
    for piece in reversed(mark_up):
        document.element.body.insert(place, parse_xml(piece.replace(">", f" {nsdecls('w')}>", 1)))
    return saved(document)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tbl(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def tr(*cells: str, properties: str = "") -> str:
    made = (cell if cell.startswith("<w:tc>") else f"<w:tc>{p(cell)}</w:tc>" for cell in cells)
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(made)}</w:tr>"


def tc(text: str, properties: str) -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def text(said: str, kind: str = "text", level: int = 0) -> dict[str, object]:
    return {"text": said, "kind": kind, "level": level}


def cells(*said: str, first: bool = False, head: bool = False) -> dict[str, object]:
    return {"cells": list(said), "first": first, "head": head}


HEAD = "<w:tblHeader/>"


@pytest.mark.parametrize(
    ("mark_up", "lines"),
    [
        ([p("件名", "<w:pStyle w:val='Heading3'/>")], [text("件名", "heading", 3)]),
        ([p("件名", "<w:pStyle w:val='Heading9'/>")], [text("件名", "heading", 6)]),
        ([p("件名", "<w:pStyle w:val='Title'/>")], [text("件名")]),
        ([p("件名", "<w:pStyle/>")], [text("件名")]),
        ([p("件名", "<w:outlineLvl w:val='0'/>")], [text("件名", "heading", 1)]),
        ([p("件名", "<w:outlineLvl w:val='8'/>")], [text("件名", "heading", 6)]),
        ([p("件名", "<w:outlineLvl w:val='9'/>")], [text("件名")]),
        ([p("件名", "<w:outlineLvl/>")], [text("件名")]),
        (
            [p("件名", "<w:pStyle w:val='Heading4'/><w:outlineLvl w:val='1'/>")],
            [text("件名", "heading", 2)],
        ),
        (
            ["<w:p><w:pPr><w:pStyle w:val='Heading1'/></w:pPr><w:r><w:t>件</w:t><w:br/><w:t>名</w:t></w:r></w:p>"],
            [text("件 名", "heading", 1)],
        ),
        ([p("項目", "<w:numPr/>")], [text("項目", "item")]),
        ([p("項目", "<w:numPr/><w:outlineLvl w:val='1'/>")], [text("項目", "heading", 2)]),
        (
            ["<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:cr/><w:t>丙</w:t><w:noBreakHyphen/><w:t>丁</w:t></w:r></w:p>"],
            [text("甲 乙"), text("丙-丁")],
        ),
        ([p(" "), p("甲"), "<w:sdt><w:sdtContent>" + p("乙") + "</w:sdtContent></w:sdt>"], [text("甲"), text("乙")]),
        ([p("甲"), "<w:bookmarkStart></w:bookmarkStart>", p("乙")], [text("甲"), text("乙")]),
        (
            [
                "<w:p><w:r><w:rPr><w:dstrike/></w:rPr><w:t>甲</w:t></w:r>"
                "<w:r><w:rPr><w:strike w:val='false'/></w:rPr><w:t>乙</w:t></w:r>"
                "<w:r><w:rPr><w:vanish w:val='off'/></w:rPr><w:t>丙</w:t></w:r>"
                "<w:r><w:rPr><w:strike w:val='true'/></w:rPr><w:t>丁</w:t></w:r></w:p>"
            ],
            [text("乙丙")],
        ),
        (
            [
                "<w:p><w:r><w:rPr><w:vertAlign w:val='subscript'/></w:rPr><w:t>2</w:t></w:r>"
                "<w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>3</w:t></w:r><w:r><w:t/></w:r></w:p>"
            ],
            [text("2³")],
        ),
        ([tbl(tr("甲", "1"), tr("乙", "2"))], [cells("甲", "1", first=True), cells("乙", "2")]),
        (
            [tbl(tr("区分", "件数", properties=HEAD), tr("甲", "乙", properties=HEAD), tr("丙", "1"))],
            [cells("区分", "件数", first=True, head=True), cells("甲", "乙", head=True), cells("丙", "1")],
        ),
        (  # a row that calls itself a head below the body is none
            [tbl(tr("甲", "1"), tr("区分", "件数", properties=HEAD))],
            [cells("甲", "1", first=True), cells("区分", "件数")],
        ),
        (
            [tbl(tr("甲", "1"), tr("乙", "2", properties="<w:del/>"), tr("丙", "3"))],
            [cells("甲", "1", first=True), cells("丙", "3")],
        ),
        (
            [tbl(tr(tc("甲", "<w:gridSpan w:val='3'/>"), "1"), tr(tc("乙", "<w:gridSpan w:val='x'/>"), "2"))],
            [cells("甲", "", "", "1", first=True), cells("乙", "2")],
        ),
        (
            [tbl(tr(tc("甲", "<w:vMerge w:val='restart'/>"), "1"), tr(tc("甲の下", "<w:vMerge/>"), "2"))],
            [cells("甲", "1", first=True), cells("", "2")],
        ),
        (
            ["<w:tbl><w:sdt><w:sdtContent>" + tr("甲", "1") + "</w:sdtContent></w:sdt>" + tr("乙", "2") + "</w:tbl>"],
            [cells("甲", "1", first=True), cells("乙", "2")],
        ),
        ([tbl(tr("甲"))], [text("甲")]),  # of one cell, a frame around a passage
        ([tbl(tr("甲", LONG))], [text("甲"), text(LONG)]),
        ([tbl(tr(LONG, LONG))], [cells(LONG, LONG, first=True)]),
        ([tbl(tr("甲", LONG[:200]))], [cells("甲", LONG[:200], first=True)]),
        ([tbl(*[tr("甲", LONG)] * 3)], [cells("甲", LONG, first=True), *[cells("甲", LONG)] * 2]),
        ([tbl(tr("甲", LONG * 9), *[tr("乙", "1")] * 2)], [*map(text, ("甲", LONG * 9, "乙", "1", "乙", "1"))]),
        (
            [tbl(tr("甲", LONG * 9), *[tr("乙", "1")] * 3)],
            [cells("甲", LONG * 9, first=True), *[cells("乙", "1")] * 3],
        ),
        (
            [tbl(tr("甲", "<w:tc>" + tbl(tr("乙", "1"), tr("丙", "2")) + p("丁") + "</w:tc>"))],
            [text("甲"), cells("乙", "1", first=True), cells("丙", "2"), text("丁")],
        ),
        (
            [tbl(tr("甲", "<w:tc>" + p("一") + p("") + p("二") + "</w:tc>"))],
            [cells("甲", "一 二", first=True)],
        ),
        (
            [tbl(tr("甲", "<w:tc><w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t></w:r></w:p></w:tc>"))],
            [cells("甲", "一 二", first=True)],
        ),
    ],
)  # fmt: skip
def test_mark_up_of_word_gives_its_lines(mark_up: list[str], lines: list[dict[str, object]]) -> None:
    assert extract(body(*mark_up)) == {"lines": lines, "title": "", "left": ""}


def test_a_row_of_word_ends_at_its_most_columns() -> None:
    (row,) = extract(body(tbl(tr(tc("甲", "<w:gridSpan w:val='999999999'/>"), "乙"), tr("丙", "丁"))))[
        "lines"
    ][:1]
    assert row["cells"] == ["甲", *[""] * (office_lines.MAX_COLUMNS - 1)]


def test_a_style_of_one_s_own_is_a_heading_by_its_name_or_its_outline() -> None:
    document = docx.Document()
    for name, outline in (
        ("見出し 2", ""),
        ("条文", "<w:pPr><w:outlineLvl w:val='3'/></w:pPr>"),
        ("本文 1", ""),
    ):
        document.styles.element.append(
            parse_xml(
                f"<w:style {nsdecls('w')} w:type='paragraph' w:styleId='{name}'>"
                f"<w:name w:val='{name}'/>{outline}</w:style>"
            )
        )
        document.add_paragraph(name).paragraph_format.element.get_or_add_pPr().get_or_add_pStyle().val = name
    document.styles.element.append(parse_xml(f"<w:style {nsdecls('w')}/>"))  # of no name at all
    assert extract(saved(document))["lines"] == [
        text("見出し 2", "heading", 2),
        text("条文", "heading", 4),
        text("本文 1"),
    ]


def test_notes_are_read_below_the_text_and_lines_between_them_are_not() -> None:
    document = docx.Document()
    document.core_properties.title = "お知らせ"
    document.add_paragraph("本文")
    for name, kind in (("footnotes", RT.FOOTNOTES), ("endnotes", RT.ENDNOTES), ("comments", RT.COMMENTS)):
        note = f"<w:footnote w:type='separator'>{p('線')}</w:footnote><w:footnote>{p(name)}</w:footnote>"
        blob = f"<w:notes {nsdecls('w')}>{note}</w:notes>".encode()
        part = Part(PackURI(f"/word/{name}9.xml"), "application/xml", blob, document.part.package)
        document.part.relate_to(part, kind)
    document.part.relate_to("https://example.jp/footnotes", RT.FOOTNOTES, is_external=True)
    answer = extract(saved(document))
    assert answer["title"] == "お知らせ"
    assert answer["lines"] == [text("本文"), text("footnotes"), text("endnotes")]


# --- Excel ----------------------------------------------------------------------------------


def test_rows_of_excel_begin_a_table_after_an_empty_one_and_one_cell_is_a_line() -> None:
    book = openpyxl.Workbook()
    book.properties.title = "一覧"
    first = book.active
    rows: list[tuple[object, ...]] = [
        ("題\n名",), ("甲", 1, None, ""), ("乙\n丙", None, 2), (), (None, "丁", 3), (None, None, "注"), ("戊", 4),
    ]  # fmt: skip
    for row in rows:
        first.append(row)
    for title in ("hidden", "sheet12", "veryHidden", "Sheet1 の写し"):
        book.create_sheet(title).append((title, 1))
    for state in ("hidden", "veryHidden"):
        book[state].sheet_state = state
    assert extract(saved(book)) == {
        "title": "一覧",
        "left": "",
        "lines": [
            text("題 名"),
            cells("甲", "1", first=True),
            cells("乙 丙", "", "2"),
            cells("", "丁", "3", first=True),
            text("注"),
            cells("戊", "4"),
            cells("sheet12", "1", first=True),
            text("Sheet1 の写し", "heading", 2),
            cells("Sheet1 の写し", "1", first=True),
        ],
    }


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (-1234, "#,##0", "-1,234"),
        (1e16, "General", "1e+16"),
        (999999999999999.0, "General", "999999999999999"),
        (-1e16, "General", "-1e+16"),
        (1.5, "0", "2"),
        (1234.5, "#,##0.0", "1,234.5"),
        (1234.5, "0.0", "1234.5"),
        (0.5, "0%", "50%"),
        (7, '0"人";"なし"', "7人"),
        (7, r"\第0\号", "第7号"),
        (7, '[Red]"第"0_)* "号"', "第7号"),
        (7, "@", "7"),
        (False, "General", "FALSE"),
        ("甲", "0.00", "甲"),
        (date(2026, 1, 2), "yyyy-mm-dd", "2026年1月2日"),
        (datetime.fromisoformat("2026-01-02T00:00"), "yyyy", "2026年1月2日"),
        (datetime.fromisoformat("2026-01-02T13:45"), "yyyy", "2026年1月2日 13:45"),
        (time(9, 5), "h:mm", "09:05:00"),
        (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
        ("=1/0", "General", ""),  # a formula whose value nobody stored
    ],
)
def test_a_cell_says_what_it_shows(value: object, style: str, shown: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(("甲", value, "乙"))
    book.active["B1"].number_format = style
    assert extract(saved(book))["lines"] == [cells("甲", shown, "乙", first=True)]


def test_a_struck_cell_says_nothing_and_one_in_bold_does() -> None:
    book = openpyxl.Workbook()
    book.active.append(("甲", "乙", "丙"))
    book.active["A1"].font, book.active["B1"].font = Font(strike=True), Font(bold=True)
    assert extract(saved(book))["lines"] == [cells("", "乙", "丙", first=True)]


# --- where reading ends ------------------------------------------------------------------------


def sheet(rows: int, columns: int) -> bytes:
    book = openpyxl.Workbook()
    for _ in range(rows):
        book.active.append(("甲乙",) * columns)
    return saved(book)


@pytest.mark.parametrize(
    ("limit", "most", "made", "lines", "left"),
    [
        ("MAX_LINES", 5, sheet(6, 2), 5, "the first 5 lines were read"),
        ("MAX_LINES", 5, sheet(5, 2), 5, ""),
        ("MAX_LINES", 2, body(p("甲"), p("乙"), p("丙")), 2, "the first 2 lines were read"),
        ("MAX_CELLS", 6, sheet(4, 2), 3, "the first 3 lines were read"),
        ("MAX_CELLS", 8, sheet(4, 2), 4, ""),
        ("MAX_CHARS", 12, sheet(4, 2), 3, "the first 3 lines were read"),
        ("MAX_CHARS", 16, sheet(4, 2), 4, ""),
        ("MAX_CHARS", 5, body(p("甲乙丙"), p("丁戊"), p("己")), 2, "the first 2 lines were read"),
        ("MAX_ROWS", 3, sheet(4, 2), 3, "the first 3 rows were read"),
        ("MAX_ROWS", 3, sheet(3, 2), 3, ""),
        ("MAX_COLUMNS", 3, sheet(2, 4), 2, "the first 3 columns were read"),
        ("MAX_COLUMNS", 3, sheet(2, 3), 2, ""),
    ],
)
def test_reading_ends_at_a_limit_and_says_so(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, made: bytes, lines: int, left: str
) -> None:
    monkeypatch.setattr(office_lines, limit, most)
    answer = extract(made)
    assert (len(answer["lines"]), answer["left"]) == (lines, left)
    if limit == "MAX_COLUMNS":
        assert {len(line["cells"]) for line in answer["lines"]} == {3}


def zipped(*parts: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name, content in parts:
            package.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("limit", "most", "parts", "error"),
    [
        ("MAX_PARTS", 2, [("a", b"1"), ("b", b"2"), ("c", b"3")], "ValueError: 3 parts of 3 bytes when unpacked"),
        ("MAX_PARTS", 3, [("a", b"1"), ("b", b"2"), ("c", b"3")], "no Word or Excel file"),
        ("MAX_UNPACKED_BYTES", 4, [("a", b"123"), ("b", b"45")], "ValueError: 2 parts of 5 bytes when unpacked"),
        ("MAX_UNPACKED_BYTES", 5, [("a", b"123"), ("b", b"45")], "no Word or Excel file"),
        ("MAX_PARTS", 9, [("a.rels", b" <!DOCTYPE x>")], "ValueError: it declares entities, as no Office file does"),
        ("MAX_PARTS", 9, [("a.png", b" <!DOCTYPE x>")], "no Word or Excel file"),
        ("MAX_PARTS", 9, [("a.xml", b" " * 4096 + b"<!DOCTYPE x>")], "no Word or Excel file"),
    ],
)  # fmt: skip
def test_a_package_that_is_no_office_file_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, parts: list[tuple[str, bytes]], error: str
) -> None:
    monkeypatch.setattr(office_lines, limit, most)
    assert extract(zipped(*parts)) == {"error": error}


def test_a_library_s_long_complaint_is_cut_to_a_line() -> None:
    answer = extract(zipped(("word/document.xml", b"x" * 999), ("[Content_Types].xml", b"<a>\n" * 300)))
    assert "\n" not in answer["error"]
    assert len(answer["error"]) <= 200
