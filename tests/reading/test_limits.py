"""Where a rule of reading begins and ends: on either side of each limit, and one row for each alternative."""

from __future__ import annotations

from typing import Any

import pytest

from monitor.reading import read
from monitor.reading.blocks import absolute, cut_sentences, read_blocks
from monitor.reading.dom import measure_link_share
from monitor.reading.files.office import _units
from monitor.reading.marks import set_marks_apart
from monitor.reading.parse import parse
from monitor.reading.title import choose_title, read_titles
from monitor.track.judge.boilerplate import RECURS_ON_PAGES, looks_like_furniture, select_recurring_keys
from storage.records import Block, Link

# --- titles ----------------------------------------------------------------------------------


def heading(text: str, level: int = 2, *, linked: bool = False) -> Block:
    return Block("heading", text, links=(Link(text, "https://a.example/"),) if linked else (), level=level)


def said(text: str) -> Block:
    return Block("text", text)


LINKED = [heading(name, linked=True) for name in ("会費の納入", "講習会の申込", "休業日の案内")]


@pytest.mark.parametrize(
    ("stated", "first", "units", "expected"),
    [
        (("", "", ""), "", [], ""),
        (("", "", ""), "", [said("あ" * 121)], "あ" * 120),
        (("", "役員の交代 | 例社", ""), "", [said("本文")], "役員の交代"),
        (("", "役員の交代", ""), "役員の交代（4月）", [], "役員の交代（4月）"),
        (("役員の交代 | 例社", "別の題名", "例社"), "", [], "役員の交代"),
        (("例社 | 役員の交代", "", "例社"), "", [], "役員の交代"),
        (("例社 | 例社", "", "例社"), "", [], "例社"),  # nothing is left of it
        (("例社", "", "例社"), "役員", [], "役員"),
        (("役員 | 役員の交代", "", ""), "役員の交代について", [], "役員の交代について"),
        (("ＡＢＣ社の公表", "", ""), "ABC社の公表", [], "ABC社の公表"),
        (("公表", "", ""), "公表と対応", [], "公表と対応"),  # neither is half of the other: the longer one
        (("公表と対応", "", ""), "公表", [], "公表と対応"),
        (("事案の公表の件", "", ""), "「事案の公表」", [], "「事案の公表」"),  # a heading that the title holds
        # a heading that the title repeats, where no first one is known: of six characters, among three
        (("役員名簿の誤送付", "", ""), "", [heading("役員名簿の誤", 4)], "役員名簿の誤"),
        (("役員名簿の誤送付", "", ""), "", [heading("役員名簿の", 4)], "役員名簿の誤送付"),
        (("例社", "", ""), "", [heading("経緯", 3), said("本文")], "例社"),
        (("例社", "", ""), "", [heading("経緯と対応", 2)], "経緯と対応"),
        (("例社", "", ""), "", [heading("経緯と対応", 3)], "例社"),
        # of entries of a list none is the page's: three of one level, three in five of them
        (("例社", "", ""), "会費の納入", LINKED, "例社"),
        (("例社", "", ""), "会費の納入", LINKED[:2], "会費の納入"),
        (("例社", "", ""), "会費の納入", [*LINKED, heading("目的"), heading("経緯")], "例社"),
        (("例社", "", ""), "会費の納入", [*LINKED, heading("目的"), heading("経緯"), heading("件数")], "会費の納入"),
        (("例社", "", ""), "目的と経緯", [*LINKED, heading("目的と経緯")], "目的と経緯"),
        (("例社", "", ""), "会費の納入", [*LINKED[:2], heading("休業", 3, linked=True)], "会費の納入"),
    ],
)  # fmt: skip
def test_a_title_is_chosen(
    stated: tuple[str, str, str], first: str, units: list[Block], expected: str
) -> None:
    assert choose_title(stated, first, units) == expected


@pytest.mark.parametrize("at", [0, 1, 2, 3])
def test_one_of_the_first_three_headings_may_repeat_the_title(at: int) -> None:
    units = [heading(name, 4) for name in ("第一", "第二", "第三")]
    units.insert(at, heading("名簿の誤送付", 4))
    assert choose_title(("名簿の誤送付（4月） | 例社", "", ""), "", units) == (
        "名簿の誤送付" if at < 3 else "名簿の誤送付（4月）"
    )


def test_titles_are_read_whole_and_by_their_names() -> None:
    head = '<meta property="og:title" content=" 題 "><meta property="og:site_name" content="例社"><meta name="x">'
    assert read_titles(parse(f"<head><title>甲&amp;乙</title>{head}</head>")) == ("甲&乙", "題", "例社")
    assert read_titles(parse("<p>x</p>")) == ("", "", "")


# --- blocks ----------------------------------------------------------------------------------


def rows(html: str) -> list[tuple[str, tuple[str, ...]]]:
    return [
        (block.kind, block.cells or (block.text,)) for block in read_blocks(parse(html), "https://a.example/")
    ]


def table(*lines: str) -> str:
    return "<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>"


LONG = "個人データの取扱いについて。" * 20
CELLS = "<td>甲</td><td>乙</td>"


@pytest.mark.parametrize(
    ("html", "is_data"),
    [
        (table(CELLS), True),
        (table("<td>甲</td>"), False),
        (table(CELLS).replace("<table", "<table role=presentation"), False),
        (table(CELLS).replace("<table", "<table role=none"), False),
        (table(CELLS).replace("<table", "<table role=grid"), True),
        (table("<td><h4>甲</h4></td><td>乙</td>"), False),
        (table("<td><h5>甲</h5></td><td>乙</td>"), True),
        (table(f"<td>甲</td><td>{LONG}</td>"), False),
        (table(f"<th>甲</th><td>{LONG}</td>"), True),
        (table(f"<td>甲</td><td>{LONG[:200]}</td>"), True),
        (table(f"<td>甲</td><td>{LONG[:201]}</td>"), False),
        (table(f"<td>{LONG}</td><td>{LONG}</td>"), True),  # passages side by side
        (table(f"<td>甲</td><td>{LONG}</td>", CELLS, CELLS), False),
        (table(f"<td>甲</td><td>{LONG}</td>", CELLS, CELLS, CELLS), True),
        (f"<table>散文<tr>{CELLS}</tr></table>", False),
    ],
)
def test_a_table_is_data_or_a_frame(html: str, is_data: bool) -> None:
    assert ("row" in [kind for kind, _ in rows(html)]) is is_data


@pytest.mark.parametrize(
    ("html", "cells"),
    [
        ("<td colspan=2>甲</td><td>乙</td>", ("甲", "", "乙")),
        ("<td colspan=0>甲</td><td>乙</td>", ("甲", "乙")),
        ("<td colspan=x>甲</td><td>乙</td>", ("甲", "乙")),
        ("<td colspan=99>甲</td><td>乙</td>", ("甲", *[""] * 98, "乙")),
        ("<td colspan=101>甲</td><td>乙</td>", ("甲", *[""] * 99, "乙")),
        ("<td>甲</td>" * 301, ("甲",) * 300),
    ],
)
def test_a_row_has_a_cell_for_each_column_and_no_more_than_three_hundred(
    html: str, cells: tuple[str, ...]
) -> None:
    assert rows(table(html)) == [("row", cells)]


def test_links_of_a_block_are_no_more_than_two_thousand() -> None:
    (block,) = read_blocks(parse("<p>" + "".join(f"<a href=/{n}>{n}</a> " for n in range(2003)) + "</p>"), "")
    assert [link.url for link in block.links] == [f"/{n}" for n in range(2000)]
    assert block.text.endswith("2001 2002")


@pytest.mark.parametrize(
    ("line", "sentences"),
    [
        ("一。二。", ["一。", "二。"]),
        ("一！二？三！？", ["一！", "二？", "三！？"]),
        ("OK!次へ", ["OK!", "次へ"]),
        ("OK! next?", ["OK! next?"]),
        ("いいね！ 12", ["いいね！ 12"]),
        ("いいね！（1.2万件）", ["いいね！（1.2万件）"]),
        ("届いた。12", ["届いた。", "12"]),
        ("（一。二。）三。四。", ["（一。二。）三。", "四。"]),
        ("（一。（二。）三。）四。", ["（一。（二。）三。）四。"]),
        ("）一。二。", ["）一。", "二。"]),
        ("（一。二。", ["（一。", "二。"]),
        ("一。　二。", ["一。", "二。"]),
    ],
)
def test_a_line_is_cut_into_sentences(line: str, sentences: list[str]) -> None:
    assert list(cut_sentences(line)) == sentences


@pytest.mark.parametrize(
    ("base", "href", "url"),
    [
        ("https://a.example/b/", " c.html\n", "https://a.example/b/c.html"),
        ("https://a.example/b/", "#top", ""),
        ("https://a.example/b/", "", ""),
        ("https://a.example/b/", "javascript:go()", ""),
        ("https://a.example/b/", "mailto:a@b.jp", ""),
        ("https://a.example/b/", "HTTP://c.example/", "HTTP://c.example/"),
        ("https://a.example/b/", "http://[", ""),
        ("https://a.example/b/", "案内 1.html", "https://a.example/b/%E6%A1%88%E5%86%85%201.html"),
        ("https://a.example/b/", "a%20b.html?c=d:e", "https://a.example/b/a%20b.html?c=d:e"),
        ("", "c.html", "c.html"),
        ("", "b/c:d", "b/c:d"),
        ("", "?a=b:c", "?a=b:c"),
        ("", "tel:0312345678", ""),
    ],
)
def test_an_address_is_whole_or_none(base: str, href: str, url: str) -> None:
    assert absolute(base, href) == url


# --- marks, and what is typed -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("12,345¹人", "12,345人（1）"),
        ("12,345⁽¹⁾人", "12,345人（1）"),
        ("12※1人分を", "12人分（※1）を"),
        ("12（注2）件", "12件（注2）"),
        ("12①件", "12件（①）") ,
        ("12¹一二三四の", "12一二三四（1）の"),
        ("12¹一二三四五の", "12（1）一二三四五の"),
        ("12¹ 人", "12（1） 人"),
        ("甲¹乙", "甲¹乙"),
    ],
)  # fmt: skip
def test_a_mark_typed_behind_a_figure_stands_behind_its_unit(typed: str, shown: str) -> None:
    assert set_marks_apart(typed) == shown


# --- rows of Office files ------------------------------------------------------------------------


def line(*cells: str, first: bool = False, head: bool = False) -> dict[str, Any]:
    return {"cells": list(cells), "first": first, "head": head}


@pytest.mark.parametrize(
    ("lines", "heads"),
    [
        ([line("区分", "項目", "件数", first=True), line("甲", "氏名", "12")], [(), ("区分", "項目", "件数")]),
        ([line("区分", "件数", first=True), line("甲", "12")], [(), ()]),  # a label beside what it labels
        ([line("区分", "件数", first=True, head=True), line("甲", "12")], [(), ("区分", "件数")]),
        ([line("区分", "項目", "12", first=True), line("甲", "氏名", "13")], [(), ()]),
        ([line("区分", "項目", "備考", first=True), line("甲", "氏名", "なし")], [(), ()]),  # no figure below
        ([line("区分", "項目", "件数"), line("甲", "氏名", "12")], [(), ()]),  # not the first
        (
            [line("区分", "項目", "件数", first=True), *[line("甲", "乙", "丙")] * 18, line("甲", "乙", "1")],
            [(), *[("区分", "項目", "件数")] * 19],
        ),
        ([line("区分", "項目", "件数", first=True), *[line("甲", "乙", "丙")] * 19, line("甲", "乙", "1")], [()] * 21),
        (
            [line("区分", "項目", "件数", first=True), line("甲", "乙", "丙"), line("丁", "戊", "1", first=True)],
            [(), (), ()],  # the figure is another table's
        ),
        (
            [line("区分", "件数", first=True, head=True), line("計"), line("", ""), line("甲", "12", first=True)],
            [(), ("区分", "件数"), ()],
        ),
        ([line("区分", "件数", "備考", first=True, head=True), line("甲", "1")], [(), ("区分", "件数", "備考")]),
    ],
)  # fmt: skip
def test_a_row_of_an_office_file_has_its_table_s_heads(
    lines: list[dict[str, Any]], heads: list[tuple[str, ...]]
) -> None:
    assert [block.head for block in _units(lines)] == heads


def test_lines_of_an_office_file_are_units_and_a_short_row_is_filled_up() -> None:
    lines: list[dict[str, Any]] = [
        {"text": " 第１ ", "kind": "heading", "level": 2},
        {"text": " ", "kind": "heading", "level": 2},
        {"text": "一。二。", "kind": "item"},
        {"text": " ", "kind": "text"},
        line("甲", "乙", "丙", first=True, head=True),
        line(" 丁 ", "戊"),
        line("", "己", ""),
    ]
    assert [(block.kind, block.text, block.cells, block.level) for block in _units(lines)] == [
        ("heading", "第１", (), 2),
        ("item", "一。", (), 0),
        ("item", "二。", (), 0),
        ("row", "甲 | 乙 | 丙", ("甲", "乙", "丙"), 0),
        ("row", "丁 | 戊 | ", ("丁", "戊", ""), 0),
        ("row", "己", ("己",), 0),
    ]


# --- shares of links, and frames of a site --------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "share"),
    [
        ("<p>甲乙<a>丙</a></p>", 1 / 3),
        ("<p>甲<a>乙</a><a>丙丁</a></p>", 3 / 4),
        ("<p><a>甲</a></p>", 1.0),
        ("<p>甲  \n 乙</p>", 0.0),
        ("<p></p>", 1.0),
    ],
)
def test_the_share_of_a_text_that_is_links(html: str, share: float) -> None:
    assert measure_link_share(parse(html).find(".//p")) == pytest.approx(share)


LINK = (Link("x", "https://a.example/"),)


@pytest.mark.parametrize(
    ("block", "furniture"),
    [
        (Block("text", "お問い合わせ", links=LINK), True),
        (Block("item", "あ" * 40, links=LINK), True),
        (Block("item", "あ" * 41, links=LINK), False),
        (Block("text", "お問い合わせ"), False),
        (Block("row", "お問い合わせ", links=LINK), False),
        (Block("text", "お問い合わせ。", links=LINK), False),
        (Block("text", "お問い合わせ1", links=LINK), False),
        (Block("text", "お問い合わせ１", links=LINK), False),
    ],
)
def test_a_short_line_of_links_may_be_a_site_s_frame(block: Block, furniture: bool) -> None:
    assert looks_like_furniture(block) is furniture


@pytest.mark.parametrize(("others", "recurs"), [(RECURS_ON_PAGES - 2, False), (RECURS_ON_PAGES - 1, True)])
def test_what_stands_on_enough_pages_recurs_this_one_among_them(others: int, recurs: bool) -> None:
    assert select_recurring_keys(frozenset({"a"}), {"a": others}) == (
        frozenset({"a"}) if recurs else frozenset()
    )
    assert select_recurring_keys(frozenset(), {"a": RECURS_ON_PAGES - 1}) == frozenset()
    assert select_recurring_keys(frozenset(), {"a": RECURS_ON_PAGES}) == frozenset({"a"})
    assert select_recurring_keys(None, {"a": RECURS_ON_PAGES}) == frozenset()


# --- bodies ---------------------------------------------------------------------------------


def detail(
    body: bytes, content_type: str = "text/html", url: str = "https://a.example/x", status: int = 200
) -> tuple[str, str]:
    reading = read(body, content_type=content_type, url=url, status=status)
    return reading.verdict, reading.detail


@pytest.mark.parametrize(
    ("body", "content_type", "url", "expected"),
    [
        (b"x" * 1019 + b"%PDF-", "", "", ("unreadable", "PDF")),
        (b"\x89PNG\r\n", "", "", ("unreadable", "PNG image")),
        (b"\xff\xd8\xff\xe0", "", "", ("unreadable", "JPEG image")),
        (b"GIF89a", "", "", ("unreadable", "GIF image")),
        (b"Rar!\x1a", "", "", ("unreadable", "RAR archive")),
        (b"\x7fELF\x02", "", "", ("unreadable", "program")),
        (b"OggS\x00", "", "", ("unreadable", "Ogg media")),
        (b"RIFF\x00", "", "", ("unreadable", "RIFF media")),
        (b"\x1f\x8b\x08\x00", "", "", ("unreadable", "gzip data")),
        (b" \n", "", "", ("unreadable", "no bytes")),
        (b"plain", "application/pdf; x", "", ("unreadable", "no PDF in spite of its name")),
        (b"plain", "", "https://a.example/a.PDF", ("unreadable", "no PDF in spite of its name")),
        (b"plain words", "text/plain", "https://a.example/a.pdf", ("empty", "")),
        (b"\x00\x01" * 300, "", "", ("unreadable", "binary data")),
    ],
)
def test_a_body_that_is_no_text_is_called_what_it_is(
    body: bytes, content_type: str, url: str, expected: tuple[str, str]
) -> None:
    verdict, said = detail(body, content_type, url)
    assert verdict == expected[0]
    assert said.startswith(expected[1])


@pytest.mark.parametrize(
    ("status", "verdict"), [(404, "soft-404"), (410, "soft-404"), (403, "blocked"), (399, "unreadable")]
)
def test_no_bytes_are_judged_by_their_status(status: int, verdict: str) -> None:
    assert detail(b"", status=status) == (verdict, "no bytes" if status < 400 else f"HTTP {status}, no bytes")


@pytest.mark.parametrize("tag", ["object data", "embed src", "iframe src"])
def test_a_document_that_a_page_shows_is_called_by_its_file_name(tag: str) -> None:
    name = tag.split()[0]
    page = f"<body><main><p>別紙のとおりお知らせします。</p><{tag}='/files/%E5%88%A5%E7%B4%99.pdf'>表示できません</{name}></main>"
    assert read(page.encode(), url="https://a.example/").attachments == (
        Link("別紙.pdf", "https://a.example/files/%E5%88%A5%E7%B4%99.pdf"),
    )
