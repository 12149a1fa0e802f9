"""What names say of an element, what furniture says, and whose headlines stand beside a notice."""

from __future__ import annotations

import pytest

from monitor.reading.main.furniture import begins, is_date_line, is_furniture_line, tells_of_event
from monitor.reading.main.headlines import strip_headlines
from monitor.reading.main.landmarks import Part, judge_part
from storage.records import Block, Link


@pytest.mark.parametrize(
    ("id", "classes", "role", "expected"),
    [
        (None, None, None, Part.NOTHING),
        ("main", None, None, Part.MAIN),
        ("x", "main", None, Part.MAIN),
        ("tmp_honbun", None, None, Part.MAIN),
        ("mainContents", None, None, Part.MAIN),
        ("main_banner", None, None, Part.SOFT),
        ("gnavi", "main", None, Part.HARD),
        ("main", "gnavi", None, Part.MAIN),  # an id weighs more than a class
        (None, "main gnavi", None, Part.HARD),
        (None, "main sidebar", None, Part.MAIN),
        ("sidebar", "main", None, Part.SOFT),
        ("header", "sidebar", None, Part.SOFT),
        ("sidebar", "pagetop", None, Part.HARD),
        ("GlobalNavi", None, None, Part.HARD),
        ("topic-path", None, None, Part.HARD),
        ("searchArea", None, None, Part.HARD),
        ("search_result", None, None, Part.NOTHING),
        ("contents_search", None, None, Part.NOTHING),
        ("kensaku-ichiran", None, None, Part.NOTHING),
        ("search_nav_result", None, None, Part.HARD),
        ("siteHeader", None, None, Part.HEADER),
        ("header_main", None, None, Part.NOTHING),
        ("headerArea", None, None, Part.HEADER),
        ("footnote", None, None, Part.NOTHING),
        ("entry-footer", None, None, Part.HARD),
        ("article_sns_note", None, None, Part.NOTHING),
        ("article_body", None, None, Part.MAIN),
        ("sub", None, None, Part.SOFT),
        ("sub_title", None, None, Part.NOTHING),
        ("has-sidebar", None, None, Part.NOTHING),
        ("page-main", None, None, Part.MAIN),
        ("2", None, None, Part.NOTHING),
        ("x", None, "main", Part.MAIN),
        ("main", None, "navigation", Part.HARD),
        ("main", None, "banner", Part.HEADER),
        ("gnavi", None, "dialog", Part.SOFT),
        ("gnavi", None, "unknown", Part.HARD),
    ],
)
def test_names_say_what_a_part_is(
    id: str | None, classes: str | None, role: str | None, expected: Part
) -> None:
    assert judge_part(id, classes, role) is expected


@pytest.mark.parametrize(
    ("text", "furniture"),
    [
        ("ページの先頭へ戻る", True),
        ("▲ページの先頭へ戻る。", True),
        ("本文へスキップします", True),
        ("このページを印刷する", True),
        ("Copyright (C) 例示市 All Rights Reserved.", True),
        ("Copyright " + "あ" * 160, False),
        ("アクセス数：1,204回", True),
        ("ページの先頭へ戻る方法をご説明します", False),
        ("個人情報が閲覧できる状態でした。", False),
        ("PDFの閲覧にはAdobe Readerが必要です", True),
        ("Adobe Readerの脆弱性への対応が必要です", False),
    ],
)
def test_furniture_speaks_in_few_words(text: str, furniture: bool) -> None:
    assert is_furniture_line(text) is furniture


def test_a_line_of_two_hundred_characters_says_something() -> None:
    assert is_furniture_line("Copyright " + "a" * 149)
    assert not is_furniture_line("。" * 193 + "ページトップへ")
    assert is_furniture_line("。" * 192 + "ページ先頭へ")
    assert tells_of_event("情報が流出した") is True
    assert tells_of_event("窓口の案内") is False


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("ホーム > くらし", "ホーム", " > くらし"),
        ("現在の位置：ホーム > くらし", "ホーム", " > くらし"),
        ("現在地 ホーム", "ホーム", ""),
        ("くらし > ホーム", "ホーム", None),
        ("", "ホーム", None),
    ],
)
def test_a_way_begins_with_where_one_is(text: str, start: str, expected: str | None) -> None:
    assert begins(text, start) == expected


def test_a_line_with_a_labelled_date_is_short() -> None:
    line = "更新日：2024年5月1日"
    assert is_date_line(line)
    assert is_date_line(line + "あ" * (80 - len(line)))
    assert not is_date_line(line + "あ" * (81 - len(line)))
    assert not is_date_line("2024年5月1日")


# --- headlines -------------------------------------------------------------------------------------

BASE = "https://a.example/news/1.html"
SAID = [Block("text", "書類を紛失しました。"), Block("text", "深くお詫び申し上げます。")]
TITLE = "書類の紛失について"


def headline(number: int, words: str = "第{}中学校で生徒の情報が流出", url: str = "/news/{}.html") -> Block:
    text = words.format(number)
    return Block("item", text, links=(Link(text, url.format(number)),))


def kept(*units: Block, title: str = TITLE) -> list[str]:
    return [unit.text for unit in strip_headlines(units, BASE, title)]


ABOVE = Block("heading", "新着記事", level=2)
WORDS = [unit.text for unit in SAID]


@pytest.mark.parametrize(("count", "left"), [(2, True), (3, False), (5, False)])
def test_headlines_under_a_heading_that_announces_them_go_from_three_on(count: int, left: bool) -> None:
    lines = [headline(n) for n in range(count)]
    expected = ["新着記事", *(line.text for line in lines)] if left else []
    assert kept(*SAID, ABOVE, *lines) == WORDS + expected


@pytest.mark.parametrize(
    ("above", "left"),
    [
        ("新着記事", False),
        ("あわせて読みたい", False),
        ("関連するお知らせ", True),
        ("新着記事" + "、" * 26, True),  # no heading is that long
        ("新着記事" + "、" * 25, False),
    ],
)
def test_only_a_short_heading_announces(above: str, left: bool) -> None:
    lines = [headline(n) for n in range(3)]
    assert (len(kept(*SAID, Block("heading", above), *lines)) == 6) is left


@pytest.mark.parametrize(
    ("count", "title", "left"),
    [
        (4, TITLE, True),  # too few
        (5, TITLE, False),
        (5, "新着情報", True),  # no notice
        (5, TITLE + "一覧", True),
        (5, TITLE + "一覧 ", True),
    ],
)
def test_headlines_that_nothing_announces_go_where_they_are_most_of_a_notice(
    count: int, title: str, left: bool
) -> None:
    lines = [headline(n) for n in range(count)]
    assert (len(kept(*SAID, *lines, title=title)) == count + 2) is left


def test_headlines_beside_a_long_text_stay_and_so_does_a_page_of_them() -> None:
    lines = [headline(n) for n in range(5)]
    long = [Block("text", f"第{n}の説明として、経緯と対応を順に述べています。") for n in range(9)]
    assert len(kept(*long, *lines)) == 14
    assert len(kept(SAID[0], ABOVE, *lines)) == 7
    assert len(kept(*lines, *SAID)) == 2
    assert kept() == []


def test_dates_and_labels_between_headlines_go_with_them_and_what_is_said_stays() -> None:
    between = [part for n in range(3) for part in (headline(n), Block("text", f"2024年5月{n + 1}日"))]
    assert kept(*SAID, ABOVE, *between) == [*WORDS, "2024年5月3日"]
    after = Block("text", "担当は総務課です。")
    assert kept(*SAID, ABOVE, *between, after) == [*WORDS, "2024年5月3日", after.text]


def test_the_rest_of_a_linked_card_goes_with_its_headline() -> None:
    cards = []
    for n in range(3):
        whole = f"第{n}中学校で流出 詳しい説明がここに続きます。"
        first = Block("heading", f"第{n}中学校で流出", links=(Link(whole, f"/news/{n}.html"),))
        cards += [first, Block("text", "詳しい説明がここに続きます。")]
    assert kept(*SAID, ABOVE, *cards) == WORDS


@pytest.mark.parametrize(
    ("line", "is_headline"),
    [
        (headline(1), True),
        (headline(1, url="https://a.example/{}.html"), True),
        (headline(1, url="https://b.example/{}.html"), False),  # another host
        (headline(1, url="/{}.pdf"), False),
        (headline(1, url="/{}.php"), True),
        (headline(1, url="http://["), False),
        (headline(1, url="https://a.example"), False),
        (headline(1, "第{}報の詳細"), False),  # the name of a section
        (headline(1, "第{}報の詳細です"), True),
        (Block("item", "2024年5月1日 " + headline(1).text, links=headline(1).links), True),
        (Block("item", "このたび発生した事案のうち" + headline(1).text, links=headline(1).links), False),
        (Block("item", headline(1).text, links=(*headline(1).links, Link("資料", "/a.pdf"))), False),
        (Block("item", headline(1).text), False),
    ],
)
def test_a_headline_is_a_line_that_is_its_link_to_another_page(line: Block, is_headline: bool) -> None:
    lines = [headline(2), headline(3), line]
    assert (len(kept(*SAID, ABOVE, *lines)) == 2) is is_headline
