"""Rows of listings, on mark-up as real sites have it and on saved listings where they are at hand."""

from __future__ import annotations

import contextlib
import html
import json
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spiders.listings.feed_rows import NotAFeed
from spiders.listings.listing import find_attachments, find_further, read_rows
from spiders.listings.row_titles import strip_marks
from spiders.listings.slug_dates import read_slug_date
from storage.records import ListingRules
from storage.text.japanese import parse_date

PPC = "https://www.ppc.go.jp/news/press/2026/"
PRESS = ListingRules(
    item="div.item-main.js-tab-content > ul.news-list > li",
    link="div.news-text a",
    date="time.news-date",
    label="span.news-label",
)


def item(
    href: str, title: str, day: str = " 2026-07-07 ", shown: str = "令和8年7月7日", label: str = ""
) -> str:
    badge = f'<div class="news-label-wrap"><span class="news-label">{label}</span></div>' if label else ""
    return (
        f'<li><time datetime="{day}" class="news-date">{shown}</time>{badge}\n'
        f'<div class="news-text"><a href="{href}">{title}</a></div></li>'
    )


def press(*items: str, head: str = '<meta charset="utf-8">') -> str:
    lists = f'<div class="item-main js-tab-content"><ul class="news-list">{"".join(items)}</ul></div>'
    return f'<!DOCTYPE html><html lang="ja"><head>{head}</head><body><ul class="news-list"><li><a href="/x">nav</a></li></ul>{lists}</body></html>'


def test_the_press_list_of_the_commission() -> None:
    body = press(
        item("/news/press/2026/260707", "委員会　令和７年度年次報告の公表について"),
        item("https://www.ppc.go.jp/news/press/2025/260324_houdou/", "勧告について", "2026-03-24"),
        item("/news/press/2026/26 622", "行政上の対応\n   について", "", "令和８年６月22日"),
        item("/files/pdf/260601_houdou.pdf", "資料", "2026-06-01", "", "お知らせ"),
        item("seido#kouka", "同じ頁の別の節", "broken", "令和元年5月1日"),
    )
    found = read_rows(body.encode(), PPC, PRESS)
    assert [(row.url, row.title, row.published, row.label) for row in found] == [
        (
            "https://www.ppc.go.jp/news/press/2026/260707",
            "委員会　令和７年度年次報告の公表について",
            date(2026, 7, 7),
            "",
        ),
        ("https://www.ppc.go.jp/news/press/2025/260324_houdou/", "勧告について", date(2026, 3, 24), ""),
        ("https://www.ppc.go.jp/news/press/2026/26%20622", "行政上の対応 について", date(2026, 6, 22), ""),
        ("https://www.ppc.go.jp/files/pdf/260601_houdou.pdf", "資料", date(2026, 6, 1), "お知らせ"),
        ("https://www.ppc.go.jp/news/press/2026/seido#kouka", "同じ頁の別の節", date(2019, 5, 1), ""),
    ]


def test_the_fiscal_folder_is_never_the_year() -> None:
    body = press(item("/news/press/2023/240124_houdou/", "勧告", "", ""))
    assert read_rows(body.encode(), PPC, PRESS)[0].published == date(2024, 1, 24)
    assert read_slug_date("https://www.ppc.go.jp/news/press/2024/250319_houdou") == date(2025, 3, 19)
    assert read_slug_date("https://www.ppc.go.jp/news/press/2024/20241103") == date(2024, 11, 3)
    # Serial numbers and other folders say nothing.
    assert read_slug_date("https://www.pref.example.jp/houdou/houdou/390515.html") is None
    assert read_slug_date("https://www.ppc.go.jp/news/press/2020/240124_houdou/") is None
    assert read_slug_date("https://www.ppc.go.jp/news/press/2023/241399/") is None


def test_only_what_is_followed_is_a_row() -> None:
    rules = ListingRules(item="li", follow=("/news/[0-9]+$",))
    body = b'<li><a href="/news/1">a</a><li><a href="/about">b</a><li><a href="/news/2/">c</a>'
    assert [row.url for row in read_rows(body, "https://example.jp/", rules)] == ["https://example.jp/news/1"]


@pytest.mark.parametrize(
    "link",
    [
        "",
        "<a>x</a>",
        '<a href="javascript:void(0)">x</a>',
        '<a href="mailto:a@b">x</a>',
        '<a href="tel:1">x</a>',
        '<a href="http://[x">x</a>',
    ],
)
def test_no_page_behind_it_no_row(link: str) -> None:
    assert read_rows(f"<li>{link}".encode(), "https://example.jp/", ListingRules(item="li")) == ()


@pytest.mark.parametrize(
    ("mark_up", "published", "title"),
    [
        (
            "<li>2024.01.24 <a href=a>2023年12月19日の公表の続報</a>",
            date(2024, 1, 24),
            "2023年12月19日の公表の続報",
        ),
        ("<li><a href=a>題</a> <span>R6.1.24</span>", date(2024, 1, 24), "題"),
        ("<li><a href=a>令和6年1月24日の件</a>", None, "令和6年1月24日の件"),
        ("<li><a href=a><img alt='画像の題' src=x></a>", None, "画像の題"),
        ("<li><a href=a title='札'></a>", None, "札"),
        ("<li><a href=a><b>太</b>字<!-- 注 --></a>", None, "太字"),
        ("<li><a name=x></a><a href=a>題</a>", None, "題"),
    ],
)
def test_rows_nobody_marked_up(mark_up: str, published: date | None, title: str) -> None:
    (row,) = read_rows(mark_up.encode(), "https://example.jp/", ListingRules(item="li"))
    assert (row.published, row.title) == (published, title)


def test_the_item_may_be_the_link_itself() -> None:
    body = '<a class="card" href="/1"><time datetime="2024-01-24">x</time><p>題</p></a>'
    (row,) = read_rows(body.encode(), "https://example.jp/", ListingRules(item="a.card", title="p"))
    assert (row.url, row.title, row.published) == ("https://example.jp/1", "題", date(2024, 1, 24))


def test_definition_lists_date_the_row_in_the_term_before() -> None:
    body = "<dl><dt>令和6年1月24日</dt><dd><a href=a>甲</a></dd><dt>令和6年1月17日</dt><dd><a href=b>乙</a></dd></dl>"
    found = read_rows(body.encode(), "https://example.jp/", ListingRules(item="dd"))
    assert [row.published for row in found] == [date(2024, 1, 24), date(2024, 1, 17)]


def test_addresses_as_a_browser_sees_them() -> None:
    body = (
        '<base href="/sub/"><li><a href=" a b.html ">1</a><li><a href="件?q=件">2</a><li><a href="//cdn.example.jp/x">3</a>'
        '<li><a href="../c%20d">4</a><li><a href="#top">5</a><li><a href="?p=1&amp;q=2">6</a>'
    )
    found = read_rows(body.encode("cp932"), "https://example.jp/news/", ListingRules(item="li"), "cp932")
    assert [row.url for row in found] == [
        "https://example.jp/sub/a%20b.html",
        "https://example.jp/sub/%E4%BB%B6?q=%8C%8F",
        "https://cdn.example.jp/x",
        "https://example.jp/c%20d",
        "https://example.jp/sub/#top",
        "https://example.jp/sub/?p=1&q=2",
    ]


TITLE = "①髙島屋様情報の漏えい～続報"


@pytest.mark.parametrize(
    ("codec", "meta", "header", "declared"),
    [
        ("utf-8", "utf-8", "text/html; charset=utf-8", None),
        ("utf-8", "Shift_JIS", "text/html; charset=ISO-8859-1", None),  # both lie
        ("utf-8-sig", "EUC-JP", "", None),
        ("cp932", "Shift_JIS", "", None),
        ("cp932", "Shift_JIS", "text/html; charset=UTF-8", None),
        ("cp932", "x-sjis", "text/html; charset=ISO-8859-1", None),
        ("cp932", "", "", None),
        ("cp932", "utf-8", "text/html; charset=utf-8", None),
        ("cp932", "utf-8", "text/html; charset=utf-8", "cp932"),
        ("euc_jis_2004", "", "text/html; charset=EUC-JP", None),
        ("utf-16", "", "", None),
    ],
)
def test_charsets_lie(codec: str, meta: str, header: str, declared: str | None) -> None:
    head = f'<meta charset="{meta}">' if meta else ""
    title = "①お客様情報の漏えい〜続報" if codec.startswith("euc") else TITLE
    body = press(item("/a", title * 5), head=head).encode(codec)
    (row,) = read_rows(body, PPC, PRESS, declared, content_type=header)
    assert row.title == title * 5


def test_seven_bit_japanese_and_a_stray_byte() -> None:
    body = press(item("/a", "漏えいのお知らせ"), head='<meta charset="iso-2022-jp">').encode("iso2022_jp")
    assert read_rows(body, PPC, PRESS)[0].title == "漏えいのお知らせ"
    damaged = press(item("/a", "漏えいのお知らせ")).encode().replace(b"</ul>", b"\xff</ul>")
    assert read_rows(damaged, PPC, PRESS)[0].title == "漏えいのお知らせ"


def test_further_listings() -> None:
    rules = ListingRules(item="li", more="nav a")
    body = b'<nav><a href="/2025/">a</a><a href="/2024/#x">b</a><a href="/2025/">c</a><a href="#here">d</a><a>e</a></nav>'
    assert find_further(body, "https://example.jp/", rules) == (
        "https://example.jp/2025/",
        "https://example.jp/2024/",
    )
    assert find_further(body, "https://example.jp/", ListingRules(item="li")) == ()


def test_attachments_by_their_path() -> None:
    body = '<a href="a.pdf?la=ja-JP">1</a><a href="b.PDF#page=2">2</a><a href="c.html?x=.pdf">3</a><a href="d.docx">4</a><a href="a.pdf?la=ja-JP">5</a><p><a href="資料.xls">6</a>'
    assert find_attachments(body.encode(), "https://example.jp/").documents == (
        "https://example.jp/a.pdf?la=ja-JP",
        "https://example.jp/b.PDF",
        "https://example.jp/d.docx",
        "https://example.jp/%E8%B3%87%E6%96%99.xls",
    )


@pytest.mark.parametrize("codec", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16", "utf-16-le"])
def test_attachments_in_any_encoding(codec: str) -> None:
    body = '<p>公表資料は<a href="a.PDF">こちら</a>'.encode(codec)
    declared = codec if codec == "utf-16-le" else None
    assert find_attachments(body, "https://example.jp/", encoding=declared).documents == (
        "https://example.jp/a.PDF",
    )
    assert (
        find_attachments(
            "<p>公表資料はありません".encode(codec), "https://example.jp/", encoding=declared
        ).documents
        == ()
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"<!-- -->",
        b"\x00",
        b"%PDF-1.4",
        b"<?xml version='1.0' encoding='x'?>",
        b"\xff\xfe",
        b"<li" * 9999,
    ],
)
def test_bodies_that_are_no_page(body: bytes) -> None:
    assert read_rows(body, PPC, PRESS) == ()


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(lambda text: f"<li>{text}<a href='{text}'>{text}".encode("utf-8", "replace"))
)
@settings(max_examples=150, deadline=None)
def test_no_bytes_break_the_reader(body: bytes) -> None:
    with contextlib.suppress(NotAFeed):  # what begins as JSON does is told to be no HTML
        for row in read_rows(body, PPC, ListingRules(item="li", more="a")):
            assert row.url.startswith(("http://", "https://"))
            assert row.url.isascii()
    find_further(body, PPC, ListingRules(item="li", more="a"))
    find_attachments(body, PPC)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (" 2026-07-07 ", "2026-07-07"),
        ("2026-07-07T10:00:00+09:00", "2026-07-07"),
        ("令和８年７月７日", "2026-07-07"),
        ("令和 6 年 1 月 24 日(水)", "2024-01-24"),
        ("令和元年５月1日", "2019-05-01"),
        ("㋿6年1月2日", "2024-01-02"),
        ("平成31年4月30日", "2019-04-30"),
        ("昭和64年1月7日", "1989-01-07"),
        ("R6.1.24", "2024-01-24"),
        ("H30/04/01", "2018-04-01"),
        ("2024年1月24日", "2024-01-24"),
        ("2024年(令和6年)1月24日", "2024-01-24"),
        ("令和6年(2024年)1月24日", "2024-01-24"),
        ("２０２４．０１．２４", "2024-01-24"),
        ("2024/1/24 更新", "2024-01-24"),
        ("2024年2月39日、2024年3月1日", "2024-03-01"),
        ("2024年2月30日", None),
        ("2024年1月", None),
        ("1/24", None),
        ("20240124", None),
        ("120246.1.2", None),
        ("2024-1/24", "2024-01-24"),
        ("", None),
    ],
)
def test_dates_of_rows(text: str, day: str | None) -> None:
    assert parse_date(text) == (date.fromisoformat(day) if day else None)


# --- real listings ---------------------------------------------------------------------------


def test_every_item_of_the_commission_comes_back(shared_data: Path) -> None:
    items = json.loads((shared_data / "gov_news_items_ja" / "ppc.json").read_text(encoding="utf-8"))
    body = press(
        *(
            item(html.escape(one["link"]), html.escape(one["title"]), f" {one['pubDate']} ", "")
            for one in items
        )
    )
    found = read_rows(body.encode(), "https://www.ppc.go.jp/information/", PRESS)
    assert len(found) == len(items) == 157
    expected = [
        (one["link"].replace(" ", "%20"), one["title"], date.fromisoformat(one["pubDate"])) for one in items
    ]
    assert [(row.url, row.title, row.published) for row in found] == expected
    assert len({row.url for row in found}) < len(found)  # eight notices behind one address


def test_a_saved_listing_of_the_government(shared_data: Path) -> None:
    folder = shared_data / "gov_online_listing" / "listing_fixture"
    rules = ListingRules(
        item="li.p-newsList__item",
        link="a.p-newsList__link",
        date="time.p-newsList__date",
        label="span.p-newsList__categoryLabel",
    )
    found = [
        row
        for name in ("0.html", "1.html")
        for row in read_rows(
            (folder / name).read_bytes(), "https://www.gov-online.go.jp/info/index.html", rules
        )
    ]
    feed = ElementTree.parse(folder / "expected.rss")
    expected = [
        (
            "".join((one.findtext("link") or "").split()),
            "".join(strip_marks(one.findtext("title") or "").split()),
        )
        for one in feed.iter("item")
    ]
    # The feed's own author folded ideographic spaces, which a title here keeps, and kept the sizes of files.
    assert [(row.url, "".join(row.title.split())) for row in found[: len(expected)]] == expected
    assert all(row.published and row.label for row in found)
