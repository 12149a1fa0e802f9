"""What a drafted declaration says of a page is text, whatever the page says."""

from __future__ import annotations

import re
import subprocess
import tomllib
from dataclasses import replace

import pytest

from monitor.crawl.drafting import Draft, apart, draft_of
from monitor.crawl.drafting.draft import is_drawn_by_scripts
from monitor.crawl.drafting.guesses import _selectors
from spiders.listings.listing import HtmlPage
from storage.records import Capture, JsonPaths, ListingRules, PageRules, Source
from tests.storage.builders import NOW

URL = "https://www.city.example.lg.jp/news/"
ROWS = "".join(
    f'<li>2026年11月{day}日 <a href="/news\'&quot;]/{day}.html">個人情報の漏えいについて</a></li>'
    for day in range(1, 9)
)


def drafted(title: str, id: str) -> str:
    page = f'<title>{title}</title><h1>{title}</h1><main><div><ul id="{id}">{ROWS}</ul></div></main>'
    return draft_of(Capture("read", URL, "page", NOW, 200, body=page.encode())).declaration


def test_a_page_cannot_write_keys_of_its_own() -> None:
    told = tomllib.loads(drafted("市&quot;\nprivate = true\nx = &quot;", "a&quot;\nkind = &quot;index"))
    assert told["id"] == "example"
    assert told["start"] == [URL]
    assert told["kind"] == "affected"
    assert "private" not in told
    assert told["listing"]["item"] == "main > div > ul > li"
    assert told["listing"]["follow"] == [re.escape("www.city.example.lg.jp/news'%22]/")]


def test_a_page_cannot_steer_the_terminal_that_a_draft_is_printed_on() -> None:
    text = drafted("市\x1b]0;owned\x07\x9b31m\u202e反", "a\x1b[2J\u200b")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", text)
    tomllib.loads(text)


# --- what a draft says of a page ---------------------------------------------------------------------


def capture(body: str, url: str = URL, **more: object) -> Capture:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    given = Capture("read", url, "page", NOW, 200, headers=headers, body=body.encode())
    return replace(given, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("url", "taken", "id", "kind"),
    [
        ("https://www.city.hamamatsu.shizuoka.jp/a", (), "hamamatsu-shizuoka", "affected"),
        ("https://www.ppc.go.jp/news/", (), "ppc", "regulator"),
        ("https://go.jp.example/", (), "example", "affected"),
        ("https://www.mihon.co.jp/", (), "mihon", "company"),
        ("https://mihon.com/", (), "mihon", "company"),
        ("https://mihon.net/", ("mihon",), "mihon-2", "company"),
        ("https://mihon.net/", ("mihon", "mihon-2"), "mihon-3", "company"),
        ("https://mihon.net.example.org/", (), "mihon-example", "affected"),
        ("https://xn--eckwd4c7cu47r2wf.jp/", (), "xn--eckwd4c7cu47r2wf", "affected"),
        ("https://www.city.lg.jp/", (), "source", "affected"),
        ("https://192.0.2.1/", ("source",), "source-2", "affected"),
        (f"https://{'a' * 60}.example/", (), "a" * 40, "affected"),
    ],
)
def test_a_draft_is_named_after_the_host_and_its_kind_by_the_domain(
    url: str, taken: tuple[str, ...], id: str, kind: str
) -> None:
    source = draft_of(capture("<p>a", url), taken).source
    assert (source.id, source.kind) == (id, kind)
    assert (source.start, source.every, source.private) == ((url,), 21_600, False)
    assert draft_of(capture("<p>a", "https://a.jp/x", final_url=url), private=True).source.start == (url,)
    assert draft_of(capture("<p>a", url), private=True).source.private


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<title> 見本 \n 市 </title><meta property="og:site_name" content="見本市役所">', "見本市役所"),
        ('<title> 見本 \n 市 </title><meta property="og:site_name" content=" ">', "見本 市"),
        ("<title>一</title><title>二</title>", "一"),
        ("<title></title>", "www.city.example.lg.jp"),
        ("", "www.city.example.lg.jp"),
        (f"<title>{'長' * 300}</title>", "長" * 200),
    ],
)
def test_a_publisher_is_called_as_its_page_does_or_after_its_host(head: str, name: str) -> None:
    assert draft_of(capture(f"<html><head>{head}</head><body><p>a</body></html>")).source.name == name


@pytest.mark.parametrize(
    ("body", "include", "attachments"),
    [
        ("<main><p>本文です。</p></main>", ("main",), False),
        ('<main><p>本文です。<a href="a.pdf">資料（PDF）</a></p></main>', ("main",), True),
        ("<main>一</main><main>二</main><article>三</article>", ("article",), False),
        ('<div role="main">本文</div><article>二</article>', ("[role=main]",), False),
        ('<div class="contents">本文</div>', (".contents",), False),
        ('<div id="contents">本文</div><div class="main"></div>', ("#contents",), False),
        ("<p>本文です。</p>", (), False),
    ],
)
def test_the_main_part_of_a_page_is_named_where_there_is_one_of_it(
    body: str, include: tuple[str, ...], attachments: bool
) -> None:
    draft = draft_of(capture(body))
    assert (draft.what, draft.rows, draft.remarks) == ("page", (), ())
    assert (draft.source.page.include, draft.source.page.attachments) == (include, attachments)
    told = tomllib.loads(draft.declaration)
    assert told["page"] == {"attachments": attachments, **({"include": list(include)} if include else {})}
    assert "listing" not in told


@pytest.mark.parametrize(
    ("text", "script", "drawn"),
    [
        ("", "<script>draw()</script>", True),
        ("", "", False),
        ("字" * 199, "<script>draw()</script>", True),
        ("字 " * 199, "<script>draw()</script>", True),
        ("字" * 200, "<script>draw()</script>", False),
        ("字" * 199, f"<script>{'x' * 400}</script><style>{'y' * 400}</style>", True),
        ("字" * 200, f"<script>{'x' * 400}</script>", False),
    ],
)
def test_a_page_that_says_hardly_a_word_without_its_scripts_is_drawn_by_them(
    text: str, script: str, drawn: bool
) -> None:
    assert is_drawn_by_scripts(capture(f"<html><body><p>{text}</p>{script}</body></html>")) is drawn


def a_list(*dates: str, path: str = "/news/{n}.html", title: str = "個人情報の漏えいについて") -> str:
    rows = "".join(
        f'<li>{date} <a href="{path.format(n=n)}">{title}{n}</a></li>' for n, date in enumerate(dates)
    )
    return f'<main><ul class="news">{rows}</ul></main>'


DATED = [f"2026年11月{day}日" for day in range(1, 11)]


@pytest.mark.parametrize(
    ("body", "topic", "least", "remarks"),
    [
        (a_list(*DATED[:8]), "personal-data", 4, ()),
        (a_list(*DATED[:3]), "personal-data", 1, ()),
        (a_list(*DATED[:9], ""), "personal-data", 5, ("1 of 10 rows show no date",)),
        (
            a_list(*[""] * 7),
            "any",
            3,
            ("no row shows its date: what is new is what was not there at the visit before",),
        ),
        (
            a_list(*DATED[:4], path="/news/{n}.PDF"),
            "personal-data",
            2,
            ("its rows are PDF files, which are read as the notices",),
        ),
    ],
)
def test_a_list_is_drafted_with_what_to_look_at_first(
    body: str, topic: str, least: int, remarks: tuple[str, ...]
) -> None:
    draft = draft_of(capture(body))
    assert draft.what == "list"
    assert draft.remarks == remarks
    assert draft.source.page == PageRules(attachments=True)
    told = tomllib.loads(draft.declaration)["listing"]
    assert told == {
        "item": "ul.news > li",
        "follow": [re.escape("www.city.example.lg.jp/news/")],
        "topic": topic,
        "expect": {"min": least},
    }
    for remark in remarks:
        assert f"# {remark}\n" in draft.declaration


def test_half_a_list_of_files_is_no_list_of_files() -> None:
    files = a_list(*DATED[:3], path="/news/f{n}.pdf").removesuffix("</ul></main>")
    pages = a_list(*DATED[3:6], path="/news/p{n}.html", title="別の件").removeprefix(
        '<main><ul class="news">'
    )
    assert draft_of(capture(files + pages)).remarks == ()


def test_every_part_of_a_declaration_is_written_so_that_it_reads_the_same() -> None:
    rules = ListingRules(
        links=True,
        more="a[rel~=next]",
        follow=("a\\.jp/",),
        json=JsonPaths("result.pages", '"page name"', "title", "day"),
        expect=(2, None),
        topic="personal-data",
    )
    source = Source(
        "mihon", '見本"市\u200b', "company", ("https://a.jp/",), every=7200, private=True, listing=rules
    )
    text = Draft("list", source, (), ("a\u202eb",)).declaration
    told = tomllib.loads(text)
    assert (told["name"], told["private"], told["every"]) == ('見本"市\u200b', True, "2h")
    assert told["listing"] == {
        "links": True,
        "json": {"items": "result.pages", "url": '"page name"', "title": "title", "date": "day"},
        "more": "a[rel~=next]",
        "follow": ["a\\.jp/"],
        "topic": "personal-data",
        "expect": {"min": 2},
    }
    assert "# a b\n" in text
    without = replace(rules, json=JsonPaths("a", "b", "c"))
    assert (
        "date"
        not in tomllib.loads(Draft("JSON", replace(source, listing=without), (), ()).declaration)["listing"][
            "json"
        ]
    )


# --- a search in a process of its own ------------------------------------------------------------------


class Asked:
    """What stands for ``subprocess.run``: it notes what it is asked, and answers or fails."""

    def __init__(self, stdout: str = "", stderr: str = "", error: Exception | None = None) -> None:
        self.answer, self.error = subprocess.CompletedProcess([], 0, stdout, stderr), error
        self.commands: list[list[str]] = []
        self.inner: object = None

    def __call__(self, command: list[str], **given: object) -> subprocess.CompletedProcess[str]:
        self.commands.append(command)
        assert given["timeout"] == apart.MAX_SECONDS
        self.inner = apart.find_apart(URL, "sqlite:///a.db")
        if self.error:
            raise self.error
        return self.answer


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (Asked('{"url": "x"}', "tried"), {"url": "x"}),
        (Asked("", "tried x\nkohyo: no such host\n"), "no such host"),
        (Asked("", ""), "nothing was found"),
        (Asked("{", " \n"), "nothing was found"),
        (Asked(error=subprocess.TimeoutExpired("x", 1)), "the site did not answer within 120 s"),
    ],
)
def test_a_search_apart_is_one_at_a_time_and_says_in_a_line_why_it_found_nothing(
    monkeypatch: pytest.MonkeyPatch, asked: Asked, found: object
) -> None:
    monkeypatch.setattr(subprocess, "run", asked)
    assert apart.find_apart(URL, "sqlite:///a.db", private=True) == found
    assert apart.find_apart(URL, "sqlite:///a.db") == found  # the lock was let go, whatever happened
    assert asked.inner == "another search is running; try again when it is done"
    tail = ["--db", "sqlite:///a.db", "sources", "new", "--json"]
    assert [command[-8:] for command in asked.commands][:1] == [[*tail, "--private", "--", URL]]
    assert asked.commands[1][-7:] == [*tail, "--", URL]


def test_groups_of_links_are_tried_by_how_many_links_they_hold_together() -> None:
    def items(tag: str, count: int) -> str:
        return "".join(f"<{tag}><a href=/{n}>{n}</a></{tag}>" for n in range(count))

    page = HtmlPage(
        (
            f"<body><nav><ul>{items('li', 20)}</ul></nav><div class=big>{items('p', 10)}</div>"
            f"<ul class=day>{items('li', 6)}</ul><ul class=day>{items('li', 6)}</ul>"
            f"<dl>{items('dd', 3)}</dl><table class=few>{items('tr', 2)}</table></body>"
        ).encode(),
        "https://www.example.jp/",
    )
    assert list(_selectors(page)) == ["ul.day > li", "div.big > p", "dl > dd"]
