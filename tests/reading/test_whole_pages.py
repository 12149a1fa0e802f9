"""Whole pages read: every unit with its kind, its cells, their heads and its links, and what the page claims."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.reading import read
from monitor.reading.blocks import clean, read_blocks
from monitor.reading.parse import parse, strip_unread
from storage.records import Block, Link, PageDate, PageRules, Reading

URL = "https://www.city.example.lg.jp/news/1.html"
FILE = Link("経緯の詳細（PDF：12KB）", "https://www.city.example.lg.jp/news/files/keii.pdf")
MAIN = """<h1>個人情報の漏えいについて（第2報）</h1>
<p class="date">掲載日：令和6年5月1日　更新日：令和6年5月20日</p>
<p>委託先の<a href="https://b.example/">例示商会</a>が、市民1,204人<sup>1</sup>分の
名簿を紛失しました。深く<br>お詫び申し上げます。</p>
<h2>1 経緯</h2>
<ol><li>4月3日 紛失に気づく。</li><li>4月5日 <b>警察</b>へ届け出る。</li></ol>
<table><caption>内訳</caption>
<thead><tr><th rowspan="2">課</th><th colspan="2">件数</th></tr><tr><th>氏名</th><th>住所</th></tr></thead>
<tbody><tr><td rowspan="2">税務課</td><td>1,000件</td><td>204件</td></tr><tr><td>4件</td><td></td></tr></tbody>
</table>
<h3>窓口</h3><dl><dt>電話</dt><dd>0120-000-614</dd><dd>平日のみ</dd><dt>備考</dt></dl>
<p><s>5月10日</s>5月17日に<a href="files/keii.pdf">経緯の詳細（PDF：12KB）</a>を公表しました。</p>
<p><img src="a.png" alt="写真"><a href="list.html"><img alt="一覧へのリンク"></a></p>"""
PAGE = f"""<!DOCTYPE html><html lang="ja"><head><meta charset="utf-8">
<title>個人情報の漏えいについて（第2報） | 例示市公式サイト</title></head><body>
<header id="siteHeader"><a href="/">例示市</a><nav><ul><li><a href="/k/">くらし</a></li></ul></nav></header>
<div class="breadcrumb"><a href="/">ホーム</a> &gt; <a href="/k/">くらし</a> &gt; 漏えいについて</div>
<main>{MAIN}</main><aside class="related"><ul><li><a href="/a">関連ページ甲</a></li></ul></aside>
<footer><p>Copyright 例示市</p></footer></body></html>"""
HEAD = ("課", "件数 氏名", "件数 住所")
UNITS = (
    Block("heading", "個人情報の漏えいについて（第2報）", level=1),
    Block("text", "掲載日：令和6年5月1日　更新日：令和6年5月20日"),
    Block(
        "text",
        "委託先の例示商会が、市民1,204人（1）分の名簿を紛失しました。",
        links=(Link("例示商会", "https://b.example/"),),
    ),
    Block("text", "深く"),
    Block("text", "お詫び申し上げます。"),
    Block("heading", "1 経緯", level=2),
    Block("item", "4月3日 紛失に気づく。"),
    Block("item", "4月5日 警察へ届け出る。"),
    Block("text", "内訳"),
    Block("row", "課 | 件数 | ", ("課", "件数", "")),
    Block("row", " | 氏名 | 住所", ("", "氏名", "住所"), ("課", "件数", "件数")),
    Block("row", "税務課 | 1,000件 | 204件", ("税務課", "1,000件", "204件"), HEAD),
    Block("row", "4件", ("4件",), HEAD, row_head="税務課"),
    Block("heading", "窓口", level=3),
    Block("row", "電話 | 0120-000-614", ("電話", "0120-000-614")),
    Block("text", "平日のみ"),
    Block("text", "備考"),
    Block("text", "5月17日に経緯の詳細（PDF：12KB）を公表しました。", links=(FILE,)),
    Block(
        "text",
        "一覧へのリンク",
        links=(Link("一覧へのリンク", "https://www.city.example.lg.jp/news/list.html"),),
    ),
)


def test_a_notice_among_furniture_is_read_whole() -> None:
    assert read(PAGE.encode(), url=URL) == Reading(
        "content",
        "",
        "個人情報の漏えいについて（第2報）",
        PageDate(date(2024, 5, 1), "label", 0.9),
        PageDate(date(2024, 5, 20), "label", 0.9),
        "utf-8",
        0,
        UNITS,
        (FILE,),
    )


@pytest.mark.parametrize(
    ("encoding", "declared", "named"),
    [("cp932", "text/html; charset=Shift_JIS", "cp932"), ("euc_jp", "text/html; charset=EUC-JP", "euc_jp")],
)
def test_the_encoding_of_a_page_does_not_matter_and_is_noted(
    encoding: str, declared: str, named: str
) -> None:
    body = PAGE.replace('<meta charset="utf-8">', "").encode(encoding)
    found = read(body, url=URL, content_type=declared)
    assert (found.blocks, found.attachments, found.replaced) == (UNITS, (FILE,), 0)
    assert found.encoding.replace("-", "_") == named
    told = read(body, url=URL, rules=PageRules(encoding=encoding))
    assert told.blocks == UNITS


def test_a_declared_selector_reads_the_same_units() -> None:
    assert read(PAGE.encode(), url=URL, rules=PageRules(include=("main",))).blocks == UNITS
    parts = read(PAGE.encode(), url=URL, rules=PageRules(include=("ol", "main dl"))).blocks
    assert [unit.text for unit in parts] == [
        "4月3日 紛失に気づく。",
        "4月5日 警察へ届け出る。",
        "電話 | 0120-000-614",
        "平日のみ",
        "備考",
    ]


# --- units -----------------------------------------------------------------------------------------


def units(html: str, base: str = URL) -> list[Block]:
    root = parse(html)
    strip_unread(root)
    return read_blocks(root, base)


def rows(html: str) -> list[tuple[str, ...]]:
    return [unit.cells for unit in units(f"<table>{html}</table>")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<tr><td>甲<td>乙", [("甲", "乙")]),
        ("<tr><td>甲</td><td></td></tr><tr><td>乙</td><td>丙</td></tr>", [("甲",), ("乙", "丙")]),
        ("<tr><td></td><td></td></tr><tr><td>乙</td><td>丙</td></tr>", [("乙", "丙")]),
        ("<tr><td>甲</td><td></td><td>乙</td></tr>", [("甲", "", "乙")]),
        ("<tr><td colspan=3>甲</td><td>乙</td></tr>", [("甲", "", "", "乙")]),
        ("<tr><td colspan=0>甲</td><td>乙</td></tr>", [("甲", "乙")]),
        ("<tr><td colspan=x>甲</td><td>乙</td></tr>", [("甲", "乙")]),
        (
            "<tr><td rowspan=3>甲</td><td>1</td></tr><tr><td>2</td></tr><tr><td>3</td></tr><tr><td>乙</td><td>4</td></tr>",
            [("甲", "1"), ("2",), ("3",), ("乙", "4")],
        ),
        (
            "<tr><td>甲</td><td rowspan=2>乙</td><td>1</td></tr><tr><td>丙</td><td>2</td></tr>",
            [("甲", "乙", "1"), ("丙", "", "2")],
        ),
        (
            "<tr><td>甲</td><td>乙</td><td rowspan=2>1</td></tr><tr><td>丙</td><td>丁</td></tr>",
            [("甲", "乙", "1"), ("丙", "丁", "")],
        ),
        (
            "<tr><td rowspan=2 colspan=2>甲</td><td>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>",
            [("甲", "", "1", "2"), ("", "", "3", "4")],
        ),
        ("<tr><td>一<p>二</p><ul><li>三</ul></td><td>四<br>五</td></tr>", [("一 二 三", "四 五")]),
    ],
)
def test_cells_stand_in_their_columns(html: str, expected: list[tuple[str, ...]]) -> None:
    assert rows(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr>", [(), ("甲", "乙")]),
        ("<tr><th>甲</th><td>乙</td></tr><tr><th>丙</th><td>2</td></tr>", [(), ()]),
        ("<tr><th>甲</th></tr><tr><td>1</td><td>2</td></tr>", [(), ()]),  # a title is no head
        (
            "<tr><th>甲</th><th>乙</th></tr><tr><td>1</td><td>2</td></tr>"
            "<tr><th>丙</th><th>丁</th></tr><tr><td>3</td><td>4</td></tr>",
            [(), ("甲", "乙"), ("甲", "乙"), ("丙", "丁")],
        ),
        (
            "<tr><th>甲</th><th colspan=2>乙</th></tr><tr><th></th><th>丙</th><th>丙</th></tr>"
            "<tr><td>1</td><td>2</td><td>3</td></tr>",
            [(), ("甲", "乙", "乙"), ("甲", "乙 丙", "乙 丙")],
        ),
        (
            "<tr><th colspan=2>甲</th><th>乙</th></tr><tr><th>甲</th><th>丙</th></tr><tr><td>1</td><td>2</td></tr>",
            [(), ("甲", "甲", "乙"), ("甲", "丙")],
        ),
    ],
)
def test_a_row_has_the_heads_of_its_columns(html: str, expected: list[tuple[str, ...]]) -> None:
    assert [unit.head for unit in units(f"<table>{html}</table>")] == expected


def test_a_cell_above_names_the_rows_it_reaches_down_to() -> None:
    html = (
        "<tr><td rowspan=3>甲市</td><td rowspan=2>税</td><td>1件</td><td>済</td></tr>"
        "<tr><td>2件</td><td>未</td></tr><tr><td>年金</td><td rowspan=2>3件</td><td>済</td></tr>"
        "<tr><td>乙市</td><td>国保</td><td>未</td></tr>"
    )
    found = units(f"<table>{html}</table>")
    assert [(unit.cells, unit.row_head) for unit in found] == [
        (("甲市", "税", "1件", "済"), ""),
        (("", "", "2件", "未"), "甲市 税"),
        (("", "年金", "3件", "済"), "甲市"),
        (("乙市", "国保", "", "未"), ""),
    ]


def test_a_caption_and_the_links_of_cells_are_kept() -> None:
    html = "<table><caption><a href=c>表1</a></caption><tr><td><a href=a>甲</a></td><td><a href=b>乙</a> <a href=a>甲</a></td></tr></table>"
    base = "https://www.city.example.lg.jp/news/"
    assert units(html) == [
        Block("text", "表1", links=(Link("表1", base + "c"),)),
        Block("row", "甲 | 乙 甲", ("甲", "乙 甲"), links=(Link("甲", base + "a"), Link("乙", base + "b"))),
    ]


@pytest.mark.parametrize(
    ("html", "kinds"),
    [
        ("<table role=presentation><tr><td>甲</td><td>乙</td></tr></table>", ["text", "text"]),
        ("<table role=none><tr><td>甲</td><td>乙</td></tr></table>", ["text", "text"]),
        ("<table><tr><td><h3>甲</h3></td><td>乙</td></tr></table>", ["heading", "text"]),
        ("<table><tr><td>甲</td></tr></table>", ["text"]),
        ("<table><tr><td>甲</td><td>乙</td></tr>外の字</table>", ["text"] * 3),
        (f"<table><tr><td>{'長い文章です。' * 30}</td><td>乙</td></tr></table>", ["text"] * 31),
        (f"<table><tr><th>{'長い文章です。' * 30}</th><td>乙</td></tr></table>", ["row"]),
        (
            f"<table>{'<tr><td>甲</td><td>乙</td></tr>' * 3}<tr><td>{'長い文章です。' * 30}</td><td>乙</td></tr></table>",
            ["row"] * 4,
        ),
    ],
)
def test_a_table_that_lays_out_the_page_is_no_data(html: str, kinds: list[str]) -> None:
    assert [unit.kind for unit in units(html)] == kinds


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<dl><dt>甲</dt><dd>一</dd></dl>", [("row", "甲 | 一")]),
        ("<dl><dt>甲</dt><dt>乙</dt><dd>一</dd></dl>", [("text", "甲"), ("row", "乙 | 一")]),
        (
            "<dl><dt>甲</dt><dd>一</dd><dd>二</dd></dl>後",
            [("row", "甲 | 一"), ("text", "二"), ("text", "後")],
        ),
        ("<dl><dt>甲</dl><dl><dd>一</dl>", [("text", "甲"), ("text", "一")]),
        ("<dl><dt></dt><dd>一</dd></dl>", [("text", "一")]),
        ("<dl><dt>甲</dt><dd></dd></dl>", [("text", "甲")]),
        (
            "<dl><dt>甲</dt><dd><h4>題</h4>一。二。</dd></dl>",
            [("heading", "題"), ("text", "一。"), ("text", "二。"), ("text", "甲")],
        ),
        ("<ul><li>甲<ul><li>乙</ul>丙</ul>", [("item", "甲"), ("item", "乙"), ("item", "丙")]),
        ("<h2>題。続き。</h2>地", [("heading", "題。続き。"), ("text", "地")]),
        ("<h2>題<br>続き</h2>", [("heading", "題"), ("heading", "続き")]),
        ("<pre>一行目\n二行目</pre>", [("text", "一行目"), ("text", "二行目")]),
    ],
)
def test_marks_of_structure_make_units(html: str, expected: list[tuple[str, str]]) -> None:
    assert [(unit.kind, unit.text) for unit in units(html)] == expected


def test_links_go_with_the_sentence_they_stand_in_and_around_blocks_with_the_first() -> None:
    base = "https://www.city.example.lg.jp/"
    html = '<a href="/x"><h3>題</h3><p>説明</p></a><p>一<a href="/1">甲</a>。二<a href="/2">乙</a>と<a href="/3"></a><a href="/2">乙</a>。</p>'
    assert [(unit.text, unit.links) for unit in units(html)] == [
        ("題", (Link("題説明", base + "x"),)),
        ("説明", ()),
        ("一甲。", (Link("甲", base + "1"),)),
        ("二乙と乙。", (Link("乙", base + "2"),)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  甲 \u3000乙\t丙\u00a0丁\u3000", "甲 \u3000乙 丙 丁"),
        ("甲\n  乙", "甲乙"),
        ("甲\n5", "甲5"),
        ("5\n甲", "5甲"),
        ("a\nb", "a b"),
        ("甲\nb", "甲 b"),
        ("a\u200bb\u00adc", "abc"),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_white_space_is_one_blank_and_none_at_a_line_end_in_japanese(text: str, expected: str) -> None:
    assert clean(text) == expected


# --- other bodies ----------------------------------------------------------------------------------


def lines(*said: str) -> tuple[Block, ...]:
    return tuple(Block("text", one) for one in said)


def test_plain_text_is_read_by_lines_and_sentences() -> None:
    body = "----\n漏えいのお知らせ\n\n更新日：2024年5月20日\n一つ目です。二つ目です。\n".encode()
    day = PageDate(date(2024, 5, 20), "label", 0.9)
    said = lines("----", "漏えいのお知らせ", "更新日：2024年5月20日", "一つ目です。", "二つ目です。")
    found = read(body, url="https://a.example/20240501.txt", content_type="text/plain; charset=utf-8")
    slug = PageDate(date(2024, 5, 1), "slug", 0.4)
    assert found == Reading("content", "", "漏えいのお知らせ", slug, day, "utf-8", 0, said)


def test_xml_is_read_element_by_element() -> None:
    body = '<?xml version="1.0" encoding="utf-8"?><rss><channel><title>漏えいのお知らせ</title><item><description><![CDATA[<p>一つ目です。</p><p>二つ目です。</p>]]></description></item></channel>'
    found = read(body.encode(), url="https://a.example/feed.xml")
    assert (found.verdict, found.title, [unit.text for unit in found.blocks]) == (
        "content",
        "漏えいのお知らせ",
        ["漏えいのお知らせ", "一つ目です。", "二つ目です。"],
    )


@pytest.mark.parametrize(
    ("body", "given", "verdict", "detail"),
    [
        (b"", {}, "unreadable", "no bytes"),
        (b" \n", {"status": 404}, "soft-404", "HTTP 404, no bytes"),
        (b"", {"status": 410}, "soft-404", "HTTP 410, no bytes"),
        (b"", {"status": 400}, "blocked", "HTTP 400, no bytes"),
        (b"", {"status": 399}, "unreadable", "no bytes"),
        (b"x", {"content_type": "Application/PDF; a=b"}, "unreadable", "no PDF in spite of its name"),
        (b"x", {"url": "https://a.example/X.PDF?a=1"}, "unreadable", "no PDF in spite of its name"),
        (b"\x89PNG..", {}, "unreadable", "PNG image"),
        (b"RIFF....", {}, "unreadable", "RIFF media"),
        (b"\x00" * 99, {}, "unreadable", "binary data"),
    ],
)
def test_what_is_no_text_says_what_it_is(
    body: bytes, given: dict[str, object], verdict: str, detail: str
) -> None:
    found = read(body, **given)  # type: ignore[arg-type]
    assert (found.verdict, found.detail, found.blocks) == (verdict, detail, ())


def test_a_page_behind_a_pdf_s_address_is_a_page() -> None:
    body = b" <html><body><p>\xe5\x88\xa4\xe6\x98\x8e\xe3\x81\x97\xe3\x81\xbe\xe3\x81\x97\xe3\x81\x9f\xe3\x80\x82</p></body></html>"
    assert read(body, url="https://a.example/x.pdf").verdict == "empty"
    typed = read(PAGE.encode(), url="https://a.example/x.pdf", content_type="text/html")
    assert typed.verdict == "content"


DOCUMENTS = """<main><p>資料をご覧ください。委託先で漏えいが発生しました。</p>{}</main>"""


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<a href=a.pdf>甲</a><a href=a.pdf>乙</a>", [("甲", "a.pdf")]),
        (
            "<p><a href=/d?id=1>様式</a>（Excel：20KB）</p>",
            [("様式", "https://www.city.example.lg.jp/d?id=1")],
        ),
        ("<p><a href=/d>様式</a>" + "、" * 40 + "（Excel：20KB）</p>", []),
        ("<a href=next.html>次</a>", []),
        ("<iframe src=%E7%B5%8C%E7%B7%AF.pdf></iframe>", [("経緯.pdf", "%E7%B5%8C%E7%B7%AF.pdf")]),
        ("<object data=a.pdf></object><embed src=a.pdf>", [("a.pdf", "a.pdf")]),
        ("<map><area href=b.pdf><area href=c.html></map>", [("b.pdf", "b.pdf")]),
        ("<a href=a.pdf>甲</a><iframe src=a.pdf></iframe>", [("甲", "a.pdf")]),
    ],
)
def test_documents_that_a_page_links_to_or_shows_are_its_attachments(
    html: str, expected: list[tuple[str, str]]
) -> None:
    found = read(f"<html><body>{DOCUMENTS.format(html)}</body></html>".encode(), url=URL)
    at = "https://www.city.example.lg.jp/news/"
    assert found.attachments == tuple(
        Link(name, url if url.startswith("http") else at + url) for name, url in expected
    )


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("<base href='https://b.example/f/'>", "https://b.example/f/a.pdf"),
        ("<base href='/f/'>", "https://www.city.example.lg.jp/f/a.pdf"),
        ("<base href='http://['>", "https://www.city.example.lg.jp/news/a.pdf"),
        ("<base target='x'>", "https://www.city.example.lg.jp/news/a.pdf"),
    ],
)
def test_a_page_may_say_from_where_its_links_lead(base: str, expected: str) -> None:
    body = f"<html><head>{base}</head><body>{DOCUMENTS.format('<a href=a.pdf>甲</a>')}</body></html>"
    assert [link.url for link in read(body.encode(), url=URL).attachments] == [expected]
