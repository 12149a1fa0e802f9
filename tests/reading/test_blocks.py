"""Mark-up to readable units."""

from __future__ import annotations

import gzip

import pytest

from monitor.reading import read
from monitor.reading.blocks import absolute, cut_sentences, read_blocks
from monitor.reading.parse import parse, strip_unread
from storage.records import Block, Link


def units(html: str, base: str = "https://www.city.example.lg.jp/news/1.html") -> list[Block]:
    root = parse(html)
    strip_unread(root)
    return read_blocks(root, base)


def texts(html: str) -> list[str]:
    return [unit.text for unit in units(html)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("一つ目です。二つ目です。", ["一つ目です。", "二つ目です。"]),
        (
            "同社は「調査中です。」と答えました。続報します。",
            ["同社は「調査中です。」と答えました。", "続報します。"],
        ),
        ("対象（約3万件。うち5件は重複。）を確認。", ["対象（約3万件。うち5件は重複。）を確認。"]),
        ("閉じない（括弧。次の文。最後。", ["閉じない（括弧。", "次の文。", "最後。"]),
        ("いいね！ 31", ["いいね！ 31"]),
        ("31件です。", ["31件です。"]),
        ("本当ですか？！はい。", ["本当ですか？！", "はい。"]),
        ("https://example.jp/?a=1 を参照", ["https://example.jp/?a=1 を参照"]),
    ],
)
def test_sentences_are_not_cut_in_brackets(line: str, expected: list[str]) -> None:
    assert list(cut_sentences(line)) == expected


def test_kinds_and_levels() -> None:
    html = "<h1>題</h1><p>文一。文二。</p><h3>節</h3><ul><li>甲。乙。<li>丙</ul><p>行<br>行二</p>"
    assert [(unit.kind, unit.level, unit.text) for unit in units(html)] == [
        ("heading", 1, "題"),
        ("text", 0, "文一。"),
        ("text", 0, "文二。"),
        ("heading", 3, "節"),
        ("item", 0, "甲。"),
        ("item", 0, "乙。"),
        ("item", 0, "丙"),
        ("text", 0, "行"),
        ("text", 0, "行二"),
    ]


def test_rows_carry_the_headers_of_their_columns() -> None:
    html = "<table><tr><th>委託元</th><th>件数</th></tr><tr><td>あおば市</td><td>52件</td></tr></table>"
    row = units(html)[1]
    assert row == Block("row", "あおば市 | 52件", ("あおば市", "52件"), ("委託元", "件数"))


def test_a_header_on_the_left_is_the_first_cell() -> None:
    assert texts("<table><tr><th>電話</th><td>0120-000-111</td></tr></table>") == ["電話 | 0120-000-111"]


def test_spanned_cells_keep_columns_in_place() -> None:
    html = (
        "<table><tr><th>市</th><th>業務</th><th>件数</th></tr>"
        "<tr><td rowspan=2>甲市</td><td>税</td><td>1件</td></tr><tr><td>年金</td><td>2件</td></tr>"
        "<tr><td colspan=2>計</td><td>3件</td></tr></table>"
    )
    rows = units(html)
    assert rows[2].cells == ("", "年金", "2件")
    assert rows[3].cells == ("計", "", "3件")


def test_heads_reach_over_the_columns_and_rows_they_span() -> None:
    html = (
        "<table><tr><th rowspan=2>市町村</th><th rowspan=2>業務</th><th colspan=2>件数</th></tr>"
        "<tr><th>持ち出し</th><th>流出</th></tr>"
        "<tr><td rowspan=2>甲市</td><td>国保</td><td>39</td><td>37</td></tr>"
        "<tr><td>年金</td><td>12</td><td>5</td></tr><tr><td>乙市</td><td>税</td><td>4</td><td>2</td></tr></table>"
    )
    rows = units(html)
    assert rows[2].head == rows[4].head == ("市町村", "業務", "件数 持ち出し", "件数 流出")
    assert [row.row_head for row in rows] == ["", "", "", "甲市", ""]
    assert rows[3].text == " | 年金 | 12 | 5"


def test_a_second_head_that_none_reaches_over_begins_anew() -> None:
    html = "<table><tr><th>市</th><th>件数</th></tr><tr><td>甲市</td><td>1</td></tr><tr><th>県</th><th>人数</th></tr><tr><td>乙県</td><td>2</td></tr></table>"
    assert [row.head for row in units(html)][1::2] == [("市", "件数"), ("県", "人数")]


def test_an_empty_cell_is_told_from_a_missing_one() -> None:
    html = "<table><tr><td>氏名</td><td>○</td><td></td></tr></table>"
    assert units(html)[0].cells == ("氏名", "○", "")


def test_layout_tables_are_no_data() -> None:
    cell = "<br>".join(f"第{n}の段落です。経緯と対応を述べています。" for n in range(20))
    html = f"<table><tr><td>{cell}</td></tr></table><table><tr><td><table><tr><td>A</td><td>B</td></tr></table></td></tr></table>"
    kinds = [unit.kind for unit in units(html)]
    assert kinds == ["text"] * 40 + ["row"]


def test_terms_and_descriptions_are_pairs() -> None:
    html = "<dl><dt>対象人数</dt><dd>１，８４２名</dd><dd>うち5名は重複</dd><dt>単独</dt></dl><p>後</p>"
    assert texts(html) == ["対象人数 | １，８４２名", "うち5名は重複", "単独", "後"]


def test_links_stay_with_their_sentence() -> None:
    html = '<p>前の文。<a href="../files/a.pdf">資料 (PDF)</a>を見る。<a href="#top">上</a></p>'
    first, second, third = units(html)
    assert first.links == ()
    assert second.links == (Link("資料 (PDF)", "https://www.city.example.lg.jp/files/a.pdf"),)
    assert (third.text, third.links) == ("上", ())


def test_a_picture_speaks_only_where_nothing_else_does() -> None:
    html = '<p><a href="/a"><img alt="資料一覧"></a></p><p><a href="/b">本文<img alt="新しい窓で開きます"></a></p>'
    assert texts(html) == ["資料一覧", "本文"]


def test_source_line_ends_are_no_text() -> None:
    assert texts("<p>令和6年\n   1月24日の\nnews\nletter</p>") == ["令和6年1月24日の news letter"]


def test_words_in_inline_marks_stay_whole() -> None:
    assert texts("<p>約<b>928</b>万<span>件</span></p>") == ["約928万件"]


def test_what_no_reader_sees_is_no_text() -> None:
    assert texts("<p>あ<script>x()</script><style>p{}</style><!-- い -->う<noscript>え</noscript></p>") == [
        "あう"
    ]


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("26 622", "https://example.jp/a/26%20622"),
        ("//cdn.example.jp/あ.pdf", "https://cdn.example.jp/%E3%81%82.pdf"),
        ("?p=2", "https://example.jp/a/?p=2"),
        ("javascript:void(0)", ""),
        ("mailto:a@example.jp", ""),
        ("#main", ""),
        ("http://[", ""),
    ],
)
def test_addresses(href: str, expected: str) -> None:
    assert absolute("https://example.jp/a/", href) == expected


def test_a_page_saved_as_it_was_sent() -> None:
    body = "<html><body><p>10月13日に判明しました。</p></body></html>".encode()
    assert read(gzip.compress(body)).text == "10月13日に判明しました。"
    assert read(gzip.compress(b"\0" * 500)).verdict == "unreadable"
    assert read(b"\x1f\x8b\x08broken").verdict == "unreadable"


def test_a_page_with_another_files_name() -> None:
    body = "<!DOCTYPE html><html><body><p>判明しました。</p></body></html>".encode()
    assert read(body, content_type="text/plain").text == "判明しました。"
    assert read("<p>は段落です。".encode(), content_type="text/plain").text == "<p>は段落です。"
