"""How a body is read as a list, by rules that are guessed, and where a page leads to a list."""

from __future__ import annotations

import json

import pytest

from monitor.crawl.drafting.guesses import Guess, guess_list
from monitor.crawl.drafting.leads import MAX_FEEDS, MAX_LISTS, find_feeds, find_lists, list_usual_leads
from spiders.listings.listing import HtmlPage
from storage.records import JsonPaths, ListingRules

URL = "https://www.city.mihon.lg.jp/news/"
HOST = "https://www.city.mihon.lg.jp"


def rows(
    count: int,
    *,
    tag: str = "li",
    path: str = "/n/{n}.html",
    title: str = "個人情報の漏えいについて{n}",
    undated: int = 0,
) -> str:
    return "".join(
        f"<{tag}>{'' if n < undated else f'2026年11月{n + 1}日 '}"
        f'<a href="{path.format(n=n)}">{title.format(n=n)}</a></{tag}>'
        for n in range(count)
    )


def guessed(body: str, url: str = URL) -> Guess | None:
    return guess_list(f"<!doctype html><body>{body}</body>".encode(), url, "text/html; charset=utf-8")


def rules(found: Guess | None) -> ListingRules:
    assert found is not None
    return found.rules


@pytest.mark.parametrize(
    ("body", "item", "count"),
    [
        (f"<ul>{rows(3)}</ul>", "ul > li", 3),
        (f"<ul>{rows(2)}</ul>", None, 0),
        (f'<ul class="2026 news">{rows(3)}</ul>', "ul.news > li", 3),
        (f'<ul id="news">{rows(3)}</ul>', "ul#news > li", 3),
        (f'<ul id="n" class="a">{rows(3)}</ul>', "ul.a > li", 3),
        (f'<ul id="20261120">{rows(3)}</ul>', "ul > li", 3),
        (f'<div class="box"><div><ul>{rows(3)}</ul></div></div>', "div.box > div > ul > li", 3),
        (f'<section class="a"><div class="box"><ul>{rows(3)}</ul></div></section>', "div.box > ul > li", 3),
        (f"<table>{rows(4, tag='tr')}</table>".replace("<tr>", "<tr><td>"), "table > tr", 4),
        (f"<dl>{rows(4, tag='dd')}</dl>", "dl > dd", 4),
        (f"<div>{rows(4, tag='article')}</div>", "div > article", 4),
        (f"<section>{rows(4, tag='p')}</section>", "section > p", 4),
        (f"<ul>{rows(6, undated=6)}</ul><ol>{rows(5, path='/m/{n}.html')}</ol>", "ol > li", 5),
        (f"<ul>{rows(5, undated=1)}</ul>", "ul > li", 5),
        (
            f"<div class=d>{'<div>' * 7}<ul>{rows(3)}</ul>{'</div>' * 7}</div>",
            "div > div > div > div > ul > li",
            3,
        ),
    ],
)
def test_the_rows_of_a_list_are_named_by_the_nearest_class_or_id(
    body: str, item: str | None, count: int
) -> None:
    found = guessed(body)
    if item is None:
        assert found is None
    else:
        assert found is not None
        assert (found.rules.item, found.rules.links, len(found.rows)) == (item, False, count)


@pytest.mark.parametrize("furniture", ["nav", "header", "footer", "aside", "form"])
def test_what_stands_around_a_page_is_no_list(furniture: str) -> None:
    menu = f"<{furniture}><ul>{rows(8, undated=8)}</ul></{furniture}>"
    assert guessed(menu) is None
    assert rules(guessed(menu.replace(furniture, "main"))).item == "main > ul > li"


@pytest.mark.parametrize(
    ("body", "links", "dated"),
    [
        # too many rows without a date among the items: the dated links are read instead
        (f"<ul>{rows(8, undated=2)}</ul>", True, 6),
        (f"<ul>{rows(10, undated=2)}</ul>", False, 8),
    ],
)
def test_rows_that_no_group_holds_are_read_by_their_dated_links(body: str, links: bool, dated: int) -> None:
    found = guessed(body)
    assert found is not None
    assert (found.rules.links, found.dated) == (links, dated)


@pytest.mark.parametrize(
    ("count", "title", "is_list"),
    [
        (6, "施設のご案内です{n}", True),
        (5, "施設のご案内です{n}", False),
        (6, "案内{n}", False),
        (6, "1234567", False),
    ],
)
def test_a_list_without_dates_needs_more_and_longer_titles(count: int, title: str, is_list: bool) -> None:
    body = f"<main><ul>{rows(count, title=title, undated=count)}</ul></main>"
    found = guessed(body)
    assert (found is not None) == is_list
    if found:
        assert (found.rules.item, found.rules.more, found.dated) == ("main > ul > li", None, 0)
        assert found.rules.follow == ("www\\.city\\.mihon\\.lg\\.jp/n/",)


@pytest.mark.parametrize(
    ("rows_in_all", "short", "is_list"), [(10, 2, True), (9, 2, False), (8, 2, False), (8, 1, True)]
)
def test_of_a_list_without_dates_one_title_in_five_may_be_short(
    rows_in_all: int, short: int, is_list: bool
) -> None:
    body = rows(rows_in_all, undated=rows_in_all)
    for n in range(short):
        body = body.replace(f"個人情報の漏えいについて{n}<", f"他{n}<")
    assert (guessed(f"<main><ul>{body}</ul></main>") is not None) == is_list


@pytest.mark.parametrize(
    ("paths", "follow"),
    [
        (["/n/{n}.html"] * 4, ("www\\.city\\.mihon\\.lg\\.jp/n/",)),
        (["/n/{n}.html"] * 3 + ["/m/{n}.html"], ()),
        (["/{n}.html"] * 4, ()),
        (["https://other.example/n/{n}.html"] * 4, ("other\\.example/n/",)),
        (["/n/{n}.html"] * 20 + ["/m/{n}.html"], ("www\\.city\\.mihon\\.lg\\.jp/n/",)),
        (["/n/{n}.html"] * 18 + ["/m/{n}.html"], ()),
    ],
)
def test_addresses_in_one_folder_say_which_are_notices(paths: list[str], follow: tuple[str, ...]) -> None:
    body = "".join(
        f'<li>2026年11月{n + 1}日 <a href="{path.format(n=n)}">漏えいについて{n}</a></li>'
        for n, path in enumerate(paths)
    )
    assert rules(guessed(f"<ul>{body}</ul>")).follow == follow


@pytest.mark.parametrize(
    ("pager", "more"),
    [
        ('<a rel="next" href="/news/?p=2">2</a>', "a[rel~=next]"),
        ('<a rel="nofollow next" href="/news/?p=2">2</a>', "a[rel~=next]"),
        ('<p class="pager"><a href="/news/?p=2">次へ</a></p>', "p.pager > a"),
        ('<p class="pager"><a href="/news/?p=2">次の20件</a></p>', "p.pager > a"),
        ('<p class="pager"><a href="/news/?p=2">次のページ</a></p>', "p.pager > a"),
        ('<p class="pager"><a href="/news/?p=2">Next</a></p>', "p.pager > a"),
        ('<p class="pager"><a href="/news/?p=2">&gt;&gt;</a></p>', "p.pager > a"),
        ('<p class="pager"><a href="/news/?p=2">»</a></p>', "p.pager > a"),
        ('<p class="pager"><a href="/news/?p=2">前へ</a></p>', None),
        ('<p class="pager"><a href="/news/">次へ</a></p>', None),
        ('<p class="pager"><a href="#b">次へ</a></p>', None),
        ('<p class="pager"><a href="mailto:a@b.jp">次へ</a></p>', None),
        ('<p class="pager"><a href="/news/?p=2">次へ</a> <a href="/other/">戻る</a></p>', None),
        (
            '<p class="pager"><a href="/news/?p=2">次へ</a>' + '<a href="/news/?p=3">3</a>' * 29 + "</p>",
            "p.pager > a",
        ),
        ('<p class="pager"><a href="/news/?p=2">次へ</a>' + '<a href="/news/?p=3">3</a>' * 30 + "</p>", None),
        ("", None),
    ],
)
def test_the_link_to_the_next_page_is_named_where_css_names_pages_of_the_list_alone(
    pager: str, more: str | None
) -> None:
    assert rules(guessed(f"<ul class=a>{rows(4)}</ul>{pager}")).more == more


ITEM = {"title": "誤送付について", "url": "/n/1.html", "date": "2026-11-20"}


def items(**renamed: str) -> list[dict[str, object]]:
    return [
        {renamed.get(key, key): f"{value}{n}" if key != "date" else value for key, value in ITEM.items()}
        for n in range(3)
    ]


@pytest.mark.parametrize(
    ("value", "paths", "dated"),
    [
        (items(), JsonPaths("@", "url", "title", "date"), 3),
        ({"a": {"b": items()}}, JsonPaths("a.b", "url", "title", "date"), 3),
        ({"a-b": {"お 知": {"aお": items()}}}, JsonPaths('"a-b"."お 知"."aお"', "url", "title", "date"), 3),
        ({"a": [{"x": 1}], "b": items()}, JsonPaths("b", "url", "title", "date"), 3),
        ({"menu": items()[:1], "b": items()}, JsonPaths("b", "url", "title", "date"), 3),
        (items(url="Link", title="page_name", date="publish_datetime"), JsonPaths("@", "Link", "page_name", "publish_datetime"), 3),
        (items(url="page_link", title="sub_title", date="x"), JsonPaths("@", "page_link", "sub_title", None), 0),
        (items(url="x"), None, 0),
        (items(title="x"), None, 0),
        ({"a": {"b": {"c": {"d": {"e": items()}}}}}, JsonPaths("a.b.c.d.e", "url", "title", "date"), 3),
        ({"a": {"b": {"c": {"d": {"e": {"f": items()}}}}}}, None, 0),
        ([], None, 0),
    ],
)  # fmt: skip
def test_json_is_read_by_the_keys_that_say_what_they_hold(
    value: object, paths: JsonPaths | None, dated: int
) -> None:
    found = guess_list(json.dumps(value).encode(), URL, "application/json")
    assert (found.rules.json if found else None) == paths
    if found:
        assert (len(found.rows), found.dated) == (3, dated)


@pytest.mark.parametrize(
    "body", [b"", b"[", b"[" * 100_000, b"<rss>", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"]
)
def test_what_is_no_list_is_none(body: bytes) -> None:
    assert guess_list(body, URL, None) is None


# --- leads -------------------------------------------------------------------------------------------


def page(body: str, head: str = "") -> HtmlPage:
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return HtmlPage(text.encode(), URL, content_type="text/html; charset=utf-8")


def found(leads: tuple[object, ...]) -> list[str]:
    return [lead.url.removeprefix(HOST) for lead in leads]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("link", "announced"),
    [
        ('<link rel="alternate" type="application/rss+xml" href="/r">', True),
        ('<link rel="Alternate home" type=" Application/Atom+XML" href="/r">', True),
        ('<link rel="alternate" type="application/feed+json" href="/r">', True),
        ('<link rel="alternate" type="text/xml" href="/r">', True),
        ('<link rel="alternate" type="text/html" href="/r">', False),
        ('<link rel="stylesheet" type="application/rss+xml" href="/r">', False),
        ('<link rel="alternate" type="application/rss+xml" href="mailto:a@b.jp">', False),
        ('<link rel="alternate" type="application/rss+xml" href="/news/">', False),
        ('<link rel="alternate" href="/r">', False),
    ],
)
def test_a_feed_is_announced_in_the_head(link: str, announced: bool) -> None:
    leads = find_feeds(page('<a href="/linked.rss">RSS</a>', link))
    assert [(lead.way, lead.url) for lead in leads] == [
        ("announced", f"{HOST}/r") if announced else ("linked feed", f"{HOST}/linked.rss")
    ]


@pytest.mark.parametrize(
    ("path", "linked"),
    [
        ("/a.rss", True), ("/a.RDF", True), ("/a.atom", True), ("/a/feed/", True), ("/rss", True), ("/atom/", True),
        ("/shinchaku.xml", True), ("/list/news-2026.xml", True), ("/houdou.xml", True), ("/kisha1.xml", True),
        ("/sitemap.xml", False), ("/rss/about.html", False), ("/feedback/", False), ("/a.html?x=.rss", False),
        ("https://other.example/a.rss", False),
    ],
)  # fmt: skip
def test_a_feed_is_linked_by_an_address_that_says_so_on_the_same_host(path: str, linked: bool) -> None:
    assert found(find_feeds(page(f'<a href="{path}">x</a>'))) == ([path] if linked else [])


@pytest.mark.parametrize(
    ("label", "rank"),
    [
        ("報道発表資料", 0), ("記者提供", 0), ("プレス リリース", 0), ("Press Release", 0),
        ("新着情報一覧", 1), ("新着", 1), ("更新情報", 1), ("ニュースリリース", 1),
        ("お知らせ一覧", 2), ("ニュースの一覧", 2), ("一覧を見る", 2), ("News list", 2),
        ("お知らせ", 3), ("ＮＥＷＳ", 3), ("トピックス", 3),
        ("RSS配信", 4),
        ("市長の部屋", None), ("大切なお知らせがあります", None), ("", None), ("新着" + "長" * 58, 1), ("新着" + "長" * 59, None),
    ],
)  # fmt: skip
def test_a_list_is_linked_by_what_the_link_says(label: str, rank: int | None) -> None:
    others = ["記者発表", "新着", "一覧へ", "ニュース", "RSS"]
    body = "".join(f'<a href="/{n}">{words}</a>' for n, words in enumerate(others))
    got = found(find_lists(page(f'{body}<a href="/x">{label}</a>')))
    if rank is None:
        assert got == ["/0", "/1", "/2", "/3"]
    else:
        expected = [f"/{n}" for n in range(5)]
        expected.insert(rank + 1, "/x")
        assert got == expected[:MAX_LISTS]


def test_a_list_may_be_linked_by_a_picture_and_is_named_once_and_near() -> None:
    body = (
        '<a href="/a"><img alt="新着情報"></a><a href="/a#b">新着</a><a href="https://other.example/">新着</a>'
        '<a href="/news/#top">新着</a><a href="mailto:a@b.jp">新着</a>'
    )
    assert found(find_lists(page(body))) == ["/a"]


def test_few_leads_of_one_page_are_followed() -> None:
    body = "".join(f'<a href="/{n}.rss">新着{n}</a>' for n in range(9))
    assert found(find_feeds(page(body))) == [f"/{n}.rss" for n in range(MAX_FEEDS)]
    assert found(find_lists(page(body))) == [f"/{n}.rss" for n in range(MAX_LISTS)]
    usual = list_usual_leads(f"{HOST}/deep/page.html?x")
    assert found(usual)[:2] == ["/shinchaku/shinchaku.xml", "/rss/10/list1.xml"]
    assert {lead.way for lead in usual} == {"usual path"}
