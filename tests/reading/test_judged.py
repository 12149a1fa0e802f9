"""Verdicts with their evidence and bounds, from units alone; text layers of PDF files; machines' dates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.reading import read
from monitor.reading.files.pdf import _illegible, choose_title, join_lines, strip_margins
from monitor.reading.instead import Signs, find_what_stands_instead, note_signs
from monitor.reading.page_dates import Dates, add_shown_dates, has_labelled_date
from monitor.reading.parse import parse
from monitor.reading.verdict import judge
from storage.records import Block, Link, PageDate


def units(*lines: str) -> list[Block]:
    return [Block("text", line) for line in lines]


def judged(*lines: str | Block, **given: Any) -> tuple[str, str]:
    said = [line if isinstance(line, Block) else Block("text", line) for line in lines]
    usual = {"title": "", "whole_title": "", "heading": "", "status": 200, "missing": "", "documents": False}
    return judge(said, **{**usual, **given})


LONG = "市民の皆さまに、窓口の受付時間と持ち物をご案内いたします。"


def filler(chars: int) -> str:
    return (LONG * 40)[:chars]


@pytest.mark.parametrize(
    ("lines", "given", "expected"),
    [
        ([LONG], {}, ("content", "")),
        ([LONG], {"status": 404}, ("soft-404", "HTTP 404")),
        ([LONG], {"status": 410}, ("soft-404", "HTTP 410")),
        ([LONG], {"status": 399}, ("content", "")),
        ([LONG], {"status": 400, "title": "題"}, ("blocked", "HTTP 400: 題")),
        (["初めの行", LONG], {"status": 500}, ("blocked", "HTTP 500: 初めの行")),
        ([], {"status": 500}, ("blocked", "HTTP 500: ")),
        (["あ" * 130], {"status": 500}, ("blocked", "HTTP 500: " + "あ" * 120)),
        ([LONG], {"status": 500, "title": "題" * 300}, ("blocked", "HTTP 500: " + "題" * 190)),
        (
            [LONG],
            {"onward": "https://a.example/"},
            ("soft-404", "the page only points on to https://a.example/"),
        ),
        ([LONG], {"instead": "a login"}, ("blocked", "in its place stands a login")),
        ([LONG], {"instead": "a login", "title": "流出について"}, ("blocked", "in its place stands a login")),
        (["個人情報が流出しました。"], {"instead": "a login", "title": "流出について"}, ("content", "")),
        (
            ["流出について"],
            {"instead": "a login", "title": "流出について"},
            ("blocked", "in its place stands a login"),
        ),
        ([LONG], {"missing": "main"}, ("empty", "nothing matches main")),
        (["掲載ページを移動しました。"], {}, ("soft-404", "掲載ページを移動しました。")),
        (["掲載ページを移動しました。"], {"documents": True}, ("content", "")),
        (["掲載ページを移動しました。" + filler(188)], {}, ("content", "")),
        (
            ["掲載ページを移動しました。" + filler(187)],
            {},
            ("soft-404", ("掲載ページを移動しました。" + filler(187))[:200]),
        ),
        ([Block("heading", "掲載ページを移動しました。"), LONG], {}, ("content", "")),
        (["短い十一字の文です。。"], {}, ("empty", "11 readable characters: 短い十一字の文です。。")),
        (["短い十二字の文です。。。"], {}, ("content", "")),
        (["短い"], {"documents": True}, ("content", "")),
        (["短 い"], {}, ("empty", "2 readable characters: 短 い")),
        ([], {}, ("empty", "0 readable characters")),
        ([], {"documents": True}, ("empty", "0 readable characters")),
        (["読み込み中です…"], {"documents": True}, ("empty", "0 readable characters: 読み込み中です…")),
        (["読み込み中です…", LONG], {}, ("content", "")),
    ],
)
def test_a_verdict_names_its_evidence(
    lines: list[str | Block], given: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert judged(*lines, **given) == expected


GONE = "お探しのページは見つかりませんでした。"
BLOCKED = "アクセスが拒否されました。"


@pytest.mark.parametrize(
    ("lines", "given", "expected"),
    [
        ([LONG], {"whole_title": GONE}, "soft-404"),
        ([LONG], {"heading": GONE}, "soft-404"),
        ([Block("heading", GONE), LONG], {}, "soft-404"),
        ([filler(4990)], {"whole_title": GONE}, "soft-404"),
        ([filler(1000)] * 5, {"whole_title": GONE}, "content"),  # more than five thousand: a map of the site
        ([LONG], {"whole_title": f"{GONE}という障害について"}, "content"),
        ([LONG], {"whole_title": BLOCKED}, "blocked"),
        ([filler(900)], {"whole_title": BLOCKED}, "blocked"),
        ([filler(901)], {"whole_title": BLOCKED}, "content"),
        ([filler(380), GONE], {}, "soft-404"),
        ([filler(390), GONE], {}, "content"),  # too far down a longer text
        ([filler(190), GONE, filler(400)], {}, "soft-404"),
        ([filler(220), GONE, filler(400)], {}, "content"),
        ([filler(100), BLOCKED, filler(400)], {}, "blocked"),
        ([filler(130), BLOCKED, filler(400)], {}, "content"),
        ([filler(100), GONE, filler(800)], {}, "content"),
    ],
)
def test_phrases_of_error_pages_count_in_titles_and_where_little_else_is_said(
    lines: list[str | Block], given: dict[str, Any], expected: str
) -> None:
    assert judged(*lines, **given)[0] == expected


def test_the_line_that_says_it_is_the_evidence() -> None:
    assert judged("前の行", f" {GONE}こちらへ ", "後の行") == ("soft-404", f"{GONE}こちらへ")
    assert judged("前の行です。受付中", BLOCKED) == ("blocked", BLOCKED)
    assert judged(LONG, whole_title=f"例市 {GONE}")[1].startswith("title: お探しのページ")
    assert judged(BLOCKED + "。" * 250)[1] == (BLOCKED + "。" * 250)[:200]


@pytest.mark.parametrize(
    ("lines", "names", "signs", "expected"),
    [
        (["ログイン"], [], Signs(password=True), "a login"),
        (["ログイン"], [], Signs(), ""),
        (["ようこそ"], ["ログイン"], Signs(password=True), "a login"),
        (["ようこそ"], [], Signs(True, "サインイン"), "a login"),
        (["ようこそ"], [], Signs(password=True), ""),
        (["This domain is for sale"], [], Signs(), "a parked domain: This domain is for sale"),
        (["利用規約に同意の上お進みください"], [], Signs(buttons="同意する"), "a question for consent"),
        (["利用規約に同意の上お進みください"], [], Signs(), ""),
        (["順番にご案内しています"], [], Signs(), "a waiting room or maintenance: 順番にご案内"),
        (["順番にご案内しています", filler(489)], [], Signs(), ""),
        (["順番にご案内しています", filler(488)], [], Signs(), "a waiting room or maintenance: 順番にご案内"),
        (["ログイン", filler(895)], [], Signs(password=True), "a login"),
        (["ログイン", filler(896)], [], Signs(password=True), ""),
    ],
)
def test_what_stands_instead_is_named(
    lines: list[str], names: list[str], signs: Signs, expected: str
) -> None:
    assert find_what_stands_instead(units(*lines), names, signs) == expected


def test_a_link_that_asks_for_consent_is_a_button() -> None:
    asked = Block("text", "利用規約に同意の上お進みください", links=(Link("同意する", "https://a.example/"),))
    assert find_what_stands_instead([asked], [], Signs()) == "a question for consent"


# --- PDF -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "pages", "scanned", "problem"),
    [
        ("個人情報の漏えいについて", 1, 0, ""),
        ("", 1, 0, "no text layer (1 pages, 0 characters)"),
        ("三文字", 1, 0, "no text layer (1 pages, 3 characters)"),
        ("四文字だ", 1, 0, ""),
        ("四 文 字", 1, 0, "no text layer (1 pages, 3 characters)"),
        ("八文字の文章です", 3, 0, "no text layer (3 pages, 8 characters)"),
        ("十二文字ある文章ですよね", 9, 0, ""),
        ("個人情報の漏えいについて", 4, 3, "no text layer (3 of 4 pages are pictures)"),
        ("個人情報の漏えいについて", 4, 2, ""),
        ("個人情報の漏えい" + "\ue000", 1, 0, "no character map (1 of 9 characters mean nothing)"),
        ("個人情報の漏えいだ" + "\ue000", 1, 0, ""),
        ("(cid:12)あああああああ", 1, 0, "no character map (8 of 15 characters mean nothing)"),
        ("дддддддд", 1, 0, "no character map (what should be Japanese is not)"),
        ("ддддддд" + "個人情", 1, 0, ""),
        ("ддддддд" + "abcdefgh", 1, 0, ""),
    ],
)
def test_a_text_layer_is_believed_or_not(text: str, pages: int, scanned: int, problem: str) -> None:
    assert _illegible(text, pages, scanned) == problem


@pytest.mark.parametrize(
    ("stated", "lines", "title"),
    [
        ("漏えいについて", ["一行目の文章です。"], "漏えいについて"),
        ("漏えい", ["一行目の文章です。"], "一行目の文章です。"),
        ("houdou.docx", ["一行目の文章です。"], "一行目の文章です。"),
        ("無題の文書", ["一行目の文章です。"], "一行目の文章です。"),
        ("文書\ue000の題名", ["一行目の文章です。"], "一行目の文章です。"),
        ("", ["短い", "令和6年1月24日", "これが題名です"], "これが題名です"),
        ("", ["短い"], "短い"),
        ("", [], ""),
        ("", ["あ" * 130], "あ" * 120),
        ("題" * 210, ["x"], "題" * 200),
        ("", [*["短い"] * 12, "これが題名です"], "短い"),
        (
            "",
            ["令和6年1月24日に行った個人情報の漏えいについての発表"],
            "令和6年1月24日に行った個人情報の漏えいについての発表",
        ),
    ],
)
def test_a_document_is_called_what_it_says_or_by_its_first_telling_line(
    stated: str, lines: list[str], title: str
) -> None:
    assert choose_title(stated, lines) == title


def test_running_heads_need_three_pages_and_page_numbers_none() -> None:
    long = "この行は紙の幅いっぱいに続く文章であり、頭にあっても本文です"
    pages = [["報道資料", f"第{n}の{long}", "－ 1 －"] for n in range(2)]
    assert strip_margins(pages) == [pages[0][:2], pages[1][:2]]
    three = [["報道資料 1", f"第{n}の{long}", "終わり"] for n in range(3)]
    assert strip_margins(three) == [page[1:2] for page in three]
    full = [[long, f"{n}の行", "p. 1/3"] for n in range(3)]
    assert strip_margins(full) == [page[:2] for page in full]  # it fills the width
    assert strip_margins([[], ["1"]]) == [[], []]


def test_lines_are_joined_at_the_margin_only() -> None:
    full = "この行は紙の幅いっぱいに続く文章であり"
    assert join_lines([[full, "ます。", "短い", "次"]]) == [full + "ます。", "短い", "次"]
    assert join_lines([[full], ["ます。"]]) == [full + "ます。"]
    assert join_lines([[full + "。", "次"]]) == [full + "。", "次"]
    assert join_lines([[full, "・項目"]]) == [full, "・項目"]
    latin = "this line runs to the margin of the page"
    assert join_lines([[latin, "and goes on"]]) == [f"{latin} and goes on"]
    assert join_lines([[latin, "続く"]]) == [f"{latin}続く"]
    assert join_lines([]) == []


# --- dates -----------------------------------------------------------------------------------------


def test_the_surer_claim_stands_and_the_first_of_equals() -> None:
    found = Dates()
    found.claim("published", None, "x", 0.9)
    assert found == Dates()
    found.claim("published", date(2024, 1, 1), "slug", 0.4)
    found.claim("published", date(2024, 1, 2), "line", 0.4)
    assert found.published == PageDate(date(2024, 1, 1), "slug", 0.4)
    found.claim("published", date(2024, 1, 3), "line", 0.7)
    assert found == Dates(PageDate(date(2024, 1, 3), "line", 0.7), None)
    for year, taken in ((1989, False), (1990, True), (2100, True), (2101, False)):
        fresh = Dates()
        fresh.claim("updated", date(year, 1, 1), "line", 0.7)
        assert (fresh.updated is not None) is taken


@pytest.mark.parametrize(
    ("text", "labelled"),
    [
        ("更新日：2024年5月1日", True),
        ("最終更新 令和6年5月1日", True),
        ("2024年5月1日", False),
        ("更新日は未定ですが、2024年", False),
        ("更新日：5", False),
    ],
)
def test_a_label_stands_before_a_year(text: str, labelled: bool) -> None:
    assert has_labelled_date(text) is labelled


HEADS = {
    "published in JSON-LD": (
        '<script type="application/ld+json">{"datePublished":"2024-05-01"}</script>',
        (PageDate(date(2024, 5, 1), "json-ld", 0.95), None),
    ),
    "of no such type": (
        '<script type="application/json">{"datePublished":"2024-05-01"}</script>',
        (None, None),
    ),
    "modified in a list": (
        '<script type="application/ld+json">[{"a":{"dateModified":"2024-05-01"}}]</script>',
        (None, PageDate(date(2024, 5, 1), "json-ld", 0.95)),
    ),
    "of comments": (
        '<script type="application/ld+json">{"comment":[{"dateModified":"2024-05-01"}]}</script>',
        (None, None),
    ),
    "modified, by property": (
        '<meta property="article:modified_time" content="2024-05-01T20:00:00Z">',
        (None, PageDate(date(2024, 5, 2), "opengraph", 0.92)),
    ),
    "published, by name": (
        '<meta name="pubdate" content="2024年5月1日">',
        (PageDate(date(2024, 5, 1), "opengraph", 0.92), None),
    ),
    "by itemprop": (
        '<meta itemprop="dateModified" content="2024-05-01">',
        (None, PageDate(date(2024, 5, 1), "opengraph", 0.92)),
    ),
    "no date": ('<meta property="article:modified_time" content="2024-13-45">', (None, None)),
}


@pytest.mark.parametrize("name", HEADS)
def test_what_a_page_says_to_machines(name: str) -> None:
    head, expected = HEADS[name]
    body = f"<html><head><title>x</title>{head}</head><body><main><p>{LONG}</p></main></body></html>"
    reading = read(body.encode())
    assert (reading.published, reading.updated) == expected


@pytest.mark.parametrize(
    ("html", "published", "updated"),
    [
        ('<time class="entry-date published" datetime="2024-05-01">x</time>', date(2024, 5, 1), None),
        ('<time class="updated" datetime="2024-05-01">x</time>', None, date(2024, 5, 1)),
        ('<time class="entry-date" datetime="2024-05-01">x</time>', date(2024, 5, 1), None),
        ('<time class="published" datetime="2024-05-01">x</time>', date(2024, 5, 1), None),
        ('<time class="post-modified" datetime="2024-05-01">x</time>', None, date(2024, 5, 1)),
        ('<span itemprop="datePublished">2024-05-01</span>', date(2024, 5, 1), None),
        ('<span itemprop="dateModified" content="2024-05-01">x</span>', None, date(2024, 5, 1)),
        ('<aside><span itemprop="dateModified" content="2024-05-01">x</span></aside>', None, None),
        ('<time itemprop="dateModified" datetime="2024-05-01">x</time>', None, date(2024, 5, 1)),
        ('<time datetime="2024-05-01">x</time>', None, None),
        ('<aside><time class="updated" datetime="2024-05-01">x</time></aside>', None, None),
        ('<a href="/"><time class="updated" datetime="2024-05-01">x</time></a>', None, None),
        ('<time class="updated" datetime="soon">x</time>', None, None),
    ],
)
def test_marked_times_are_labels(html: str, published: date | None, updated: date | None) -> None:
    reading = read(f"<html><body><main>{html}<p>{LONG}</p></main></body></html>".encode())
    found = [
        claim and (claim.value, claim.source, claim.confidence)
        for claim in (reading.published, reading.updated)
    ]
    assert found == [day and (day, "label", 0.85) for day in (published, updated)]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/2024/5/1/", date(2024, 5, 1)),
        ("https://a.example/2024/13/1/", None),
        ("https://a.example/x_20240501.html", date(2024, 5, 1)),
        ("https://a.example/120240501.html", None),
        ("https://a.example/20240501/x.html", None),
        ("https://a.example/240501_abc.html", date(2024, 5, 1)),
        ("https://a.example/240501abc.html", date(2024, 5, 1)),
        ("https://a.example/240501_2.html", date(2024, 5, 1)),
        ("https://a.example/240501.html", None),
        ("https://a.example/2024/240501.html", date(2024, 5, 1)),
        ("https://a.example/2023/240501.html", date(2024, 5, 1)),
        ("https://a.example/2025/240501.html", None),
        ("https://a.example/2022/240501.html", None),
        ("https://a.example/410501_abc.html", None),
        ("https://a.example/400501_abc.html", date(2040, 5, 1)),
    ],
)
def test_a_day_in_an_address_is_the_weakest_claim(url: str, expected: date | None) -> None:
    found = add_shown_dates(Dates(), units(LONG), url=url).published
    assert found == (expected and PageDate(expected, "slug", 0.4))


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<input type=Password>", Signs(password=True)),
        ("<input type=text><input>", Signs()),
        ("<input type=submit value=送信><input type=text value=氏名>", Signs(buttons="送信")),
        ("<input type=BUTTON value=次へ><button>同意<b>する</b></button>", Signs(buttons="次へ 同意する")),
    ],
)
def test_fields_and_buttons_are_noted_before_they_are_left_out(html: str, expected: Signs) -> None:
    assert note_signs(parse(f"<html><body>{html}</body></html>")) == expected
