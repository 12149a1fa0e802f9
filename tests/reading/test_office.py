"""Word and Excel files: read in the process that opens PDFs, paragraphs and tables in their order."""

from __future__ import annotations

import io
import struct
import zipfile
from datetime import date, datetime
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Font

from monitor.reading import read
from monitor.reading.files import contained, office_lines

LEAK = "株式会社見本において、個人データ1,234人分が漏えいしました。"


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def sheet(*rows: tuple[object, ...], title: str = "") -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.properties.title = title
    return saved(book)


def said(body: bytes) -> list[tuple[str, str]]:
    reading = read(body)
    assert reading.verdict == "content", reading.detail
    return [(block.kind, block.text) for block in reading.blocks]


def repacked(body: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A document with other mark-up in one of its parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as before, zipfile.ZipFile(file, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name == part:
                assert old in content
                content = content.replace(old, new)
            after.writestr(name, content)
    return file.getvalue()


# --- Word -----------------------------------------------------------------------------------


def notice() -> Any:
    document = docx.Document()
    document.core_properties.title = "個人情報の漏えいについて"
    document.add_heading("１　事案の概要", 1)
    document.add_paragraph(f"{LEAK}お詫びします。")
    table = document.add_table(3, 3)
    for row, cells in zip(
        table.rows,
        (("区分", "項目", "件数"), ("会員", "氏名", "1,200"), ("非会員", "住所", "34")),
        strict=True,
    ):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    document.add_paragraph("一つ目の対応", style="List Bullet")
    document.add_paragraph("令和６年１月24日")
    return document


def test_a_word_file_is_read_in_the_order_of_the_document() -> None:
    reading = read(saved(notice()), url="https://example.jp/a.docx")
    assert reading.title == "個人情報の漏えいについて"
    assert [(block.kind, block.text) for block in reading.blocks] == [
        ("heading", "１　事案の概要"),
        ("text", LEAK),
        ("text", "お詫びします。"),
        ("row", "区分 | 項目 | 件数"),
        ("row", "会員 | 氏名 | 1,200"),
        ("row", "非会員 | 住所 | 34"),
        ("text", "一つ目の対応"),
        ("text", "令和６年１月24日"),
    ]
    assert reading.blocks[4].head == ("区分", "項目", "件数")
    assert reading.blocks[0].level == 1
    assert reading.published is not None
    assert reading.published.value == date(2024, 1, 24)


def runs(mark_up: str) -> bytes:
    document = docx.Document()
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{mark_up}</w:p>"))
    return saved(document)


@pytest.mark.parametrize(
    ("mark_up", "text"),
    [
        ("<w:r><w:t>1,234人</w:t></w:r><w:ins><w:r><w:t>分</w:t></w:r></w:ins>", "1,234人分"),
        ("<w:del><w:r><w:delText>1,234人</w:delText></w:r></w:del><w:r><w:t>56人</w:t></w:r>", "56人"),
        ("<w:r><w:rPr><w:strike/></w:rPr><w:t>1,234人</w:t></w:r><w:r><w:t>56人</w:t></w:r>", "56人"),
        ("<w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>1,234人</w:t></w:r>", "1,234人"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>下書き</w:t></w:r><w:r><w:t>56人</w:t></w:r>", "56人"),
        ("<w:r><w:t>1,2</w:t></w:r><w:smartTag><w:r><w:t>34人</w:t></w:r></w:smartTag>", "1,234人"),
        (
            "<w:r><w:ruby><w:rt><w:r><w:t>ろう</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>漏</w:t></w:r></w:rubyBase>"
            "</w:ruby></w:r><w:r><w:t>えい</w:t></w:r>",
            "漏えい",
        ),
        (
            "<w:r><w:t>12,345</w:t></w:r><w:r><w:rPr><w:vertAlign w:val='superscript'/></w:rPr><w:t>1</w:t></w:r>"
            "<w:r><w:t>人</w:t></w:r>",
            "12,345人（1）",
        ),
        ("<w:r><w:t>第一</w:t><w:br/><w:t>第二</w:t></w:r>", "第一\n第二"),
    ],
)
def test_what_a_reader_of_a_word_file_takes_for_said_is_read(mark_up: str, text: str) -> None:
    assert read(runs(mark_up)).text == text


def test_words_in_a_content_control_and_in_a_text_box_are_read_once() -> None:
    box = f"<w:txbxContent {nsdecls('w')}><w:p><w:r><w:t>枠の中</w:t></w:r></w:p></w:txbxContent>"
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    body = runs(
        "<w:sdt><w:sdtContent><w:r><w:t>件名</w:t></w:r></w:sdtContent></w:sdt>"
        f"<w:r><mc:AlternateContent xmlns:mc='{mc}'><mc:Choice Requires='wps'><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    assert [block.text for block in read(body).blocks] == ["件名", "枠の中"]


def test_a_table_that_holds_passages_is_read_as_passages() -> None:
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = f"{LEAK}お詫びします。"
    assert said(saved(document)) == [("text", LEAK), ("text", "お詫びします。")]


def test_merged_cells_leave_their_places_empty() -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合計"
    table.cell(0, 2).text = "12件"
    table.cell(1, 0).text = "会員"
    table.cell(1, 2).text = "7件"
    assert [text for _, text in said(saved(document))] == ["合計 |  | 12件", "会員 |  | 7件"]


# --- Excel ----------------------------------------------------------------------------------


def test_an_excel_file_is_read_sheet_by_sheet_and_row_by_row() -> None:
    book = openpyxl.Workbook()
    first = book.active
    first.title = "漏えい件数"
    for row in (
        ("対象となった方の一覧",),
        (),
        ("区分", "項目", "件数"),
        ("会員", "氏名", 1200),
        ("非会員", None, 34),
    ):
        first.append(row)
    first["C4"].number_format = '#,##0"人"'
    hidden = book.create_sheet("作業用")
    hidden.append(("下書き", "です"))
    hidden.sheet_state = "hidden"
    reading = read(saved(book), url="https://example.jp/a.xlsx")
    assert [(block.kind, block.text, block.head) for block in reading.blocks] == [
        ("heading", "漏えい件数", ()),
        ("text", "対象となった方の一覧", ()),
        ("row", "区分 | 項目 | 件数", ()),
        ("row", "会員 | 氏名 | 1,200人", ("区分", "項目", "件数")),
        ("row", "非会員 |  | 34", ("区分", "項目", "件数")),
    ]
    assert reading.title == "対象となった方の一覧"


@pytest.mark.parametrize(
    ("value", "style", "shown"),
    [
        (1234, "General", "1234"),
        (1234, "#,##0", "1,234"),
        (1234, '#,##0"件";[Red]-#,##0"件"', "1,234件"),
        (1234, r"#,##0\人", "1,234人"),
        (0.256, "0.0%", "25.6%"),
        (12.5, "0.00", "12.50"),
        (12.5, "General", "12.5"),
        (3.0, "General", "3"),
        (1234, '"約"#,##0_ ', "約1,234"),
        (1234, "# ?/?", "1234"),
        (date(2026, 10, 1), "yyyy-mm-dd", "2026年10月1日"),
        (datetime.fromisoformat("2026-10-01T09:05"), "yyyy/m/d h:mm", "2026年10月1日 9:05"),
        (True, "General", "TRUE"),
        ("00123", "General", "00123"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, style: str, shown: str) -> None:
    book = openpyxl.Workbook()
    book.active.append(("項目", value))
    book.active["B1"].number_format = style
    assert said(saved(book)) == [("row", f"項目 | {shown}")]


def test_a_cell_that_is_struck_out_is_said_no_more() -> None:
    book = openpyxl.Workbook()
    book.active.append(("件数", 1234, 5678))
    book.active["B1"].font = Font(strike=True)
    assert said(saved(book)) == [("row", "件数 |  | 5678")]


def test_a_row_that_only_the_stated_size_leaves_out_is_read() -> None:
    body = repacked(sheet(("a", "b"), ("c", 1)), "xl/worksheets/sheet1.xml", b'ref="A1:B2"', b'ref="A1"')
    assert [text for _, text in said(body)] == ["a | b", "c | 1"]


# --- what cannot be read, and what is not ------------------------------------------------------


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (zipped(readme=b"x"), "no Word or Excel file"),
        (sheet(), "no text in it"),
        (sheet(("a", "b"))[:900], "BadZipFile"),
        (repacked(sheet(("a", "b")), "xl/workbook.xml", b"<sheets>", b"<sheets"), ""),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "compared by its bytes"),
    ],
    ids=[
        "no package",
        "no text",
        "cut off",
        "broken part",
        "older format",
    ],  # bytes hold the time they were made at
)
def test_what_cannot_be_read_says_so(body: bytes, reason: str) -> None:
    reading = read(body)
    assert (reading.verdict, reading.blocks) == ("unreadable", ())
    assert "Office file" in reading.detail
    assert reason in reading.detail


def test_parts_that_unpack_without_measure_are_not_unpacked() -> None:
    file = io.BytesIO(sheet(("a", "b")))
    with (
        zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/media/a.bin", "w") as part,
    ):
        for _ in range(300):
            part.write(bytes(1 << 20))
    body = file.getvalue()
    assert len(body) < 1 << 20
    assert "when unpacked" in read(body).detail


def test_a_part_that_lies_about_its_size_is_no_way_around() -> None:
    body = bytearray(zipped(**{"xl/workbook.xml": bytes(50 << 20)}))
    size = struct.pack("<I", 50 << 20)
    while (at := body.find(size)) >= 0:
        body[at : at + 4] = struct.pack("<I", 10)
    assert read(bytes(body)).verdict == "unreadable"


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [ENTITIES, OUTSIDE], ids=["inside", "outside"])
@pytest.mark.parametrize(
    ("made", "part"),
    [
        (sheet(("a", "b")), "xl/worksheets/sheet1.xml"),
        (sheet(("a", "b")), "xl/workbook.xml"),
        (saved(docx.Document()), "word/document.xml"),
    ],
    ids=["sheet", "workbook", "document"],
)
def test_entities_are_refused_and_said(declared: bytes, made: bytes, part: str) -> None:
    with zipfile.ZipFile(io.BytesIO(made)) as package:
        text = package.read(part)
    root = text[text.find(b"?>") + 2 if text.startswith(b"<?") else 0 :].lstrip()
    reading = read(repacked(made, part, root, declared + root))
    assert reading.verdict == "unreadable"
    assert "declares entities" in reading.detail


def test_a_sheet_without_end_is_read_to_where_it_is_cut_and_that_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert office_lines.extract(sheet(tuple(range(400))))["left"] == "the first 300 columns were read"
    monkeypatch.setattr(office_lines, "MAX_CELLS", 20)
    answer = office_lines.extract(sheet(*((f"第{n}号", n) for n in range(100))))
    assert (len(answer["lines"]), answer["left"]) == (10, "the first 10 lines were read")


def test_a_row_far_below_is_not_gone_to_and_that_is_said() -> None:
    below = b'<row r="999999999999"><c r="A999999999999"><v>1</v></c></row></sheetData>'
    body = repacked(sheet(("a", "b")), "xl/worksheets/sheet1.xml", b"</sheetData>", below)
    reading = read(body)
    assert (reading.text, reading.detail) == ("a | b", "the first 40000 rows were read")


def test_a_file_that_takes_too_long_costs_its_process_and_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(contained, "MAX_SECONDS", 0.001)
        reading = read(sheet(*((n, n) for n in range(2_000))))
    assert reading.verdict == "unreadable"
    assert "not read within" in reading.detail
    assert said(sheet(("c", "d"))) == [("row", "c | d")]


def test_pdf_and_office_files_are_opened_by_one_process() -> None:
    read(sheet(("a", "b")))
    before = contained._OPENER._process
    read(saved(notice()))
    assert contained._OPENER._process is before
