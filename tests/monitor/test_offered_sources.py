"""What an accepted address becomes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from monitor.track.offers import find_outgoing, make_source
from storage.records import Capture, Link, Offer, PageRules, Source
from tests.storage.builders import NOW

INDEX = Source("index", "一覧", "index", ("https://www.example.jp/",))
OFFER = Offer("index", "https://www.town.example.jp/news/1.html", "例示町", NOW)


def test_it_is_named_after_its_host_and_apart_from_those_there_are() -> None:
    first = make_source(OFFER, INDEX, frozenset())
    assert first.id == "offer-town-example-jp"
    taken = frozenset({first.id})
    second = make_source(OFFER, INDEX, taken)
    assert second.id not in taken
    assert second.id.startswith(first.id)
    assert make_source(OFFER, INDEX, taken | {second.id}).id not in taken | {second.id}
    assert first.start == (OFFER.url,)


def test_it_is_one_page_read_without_a_declaration_at_its_index_s_pace() -> None:
    rules = PageRules(
        include=("main",), exclude=("nav",), encoding="cp932", offers="main a", attachments=False
    )
    index = replace(INDEX, every=7200, private=True, page=rules)
    assert make_source(OFFER, index, frozenset()) == Source(
        id="offer-town-example-jp",
        name="例示町",
        kind="affected",
        start=(OFFER.url,),
        every=7200,
        page=replace(rules, include=(), exclude=(), offers=None, encoding=None, attachments=True),
        private=True,
        note="accepted from index",
        origin="accepted",
    )


@pytest.mark.parametrize(
    ("url", "title", "id", "name"),
    [
        ("https://www.town.example.jp/a", "", "offer-town-example-jp", "www.town.example.jp"),
        ("https://town.example.jp/a", "町", "offer-town-example-jp", "町"),
        ("mailto:a@example.jp", "", "offer-host", "mailto:a@example.jp"),
    ],
)
def test_what_has_no_title_is_called_after_its_host(url: str, title: str, id: str, name: str) -> None:
    made = make_source(Offer("index", url, title, NOW), INDEX, frozenset())
    assert (made.id, made.name) == (id, name)


def test_names_that_are_taken_are_counted_on() -> None:
    taken = frozenset({"offer-town-example-jp", "offer-town-example-jp-2"})
    assert make_source(OFFER, INDEX, taken).id == "offer-town-example-jp-3"


PAGE = """<html><body><nav><a href="https://menu.example/">献立</a></nav><main>
<a href="https://a.example/x#one"> A
 市 </a><a href="https://a.example/x#two">A市（再掲）</a><a href="/own.html">本市</a>
<a href="https://b.example/">B<b>町</b></a><a name="top">上</a></main></body></html>"""


@pytest.mark.parametrize(
    ("offers", "final", "found"),
    [
        ("main a", "", [("A 市", "https://a.example/x"), ("B町", "https://b.example/")]),
        ("main a", "https://b.example/list", [("A 市", "https://a.example/x"), ("本市", "")]),
        (None, "", []),
    ],
)
def test_links_to_other_hosts_are_found_each_once(
    offers: str | None, final: str, found: list[tuple[str, str]]
) -> None:
    source = replace(INDEX, page=PageRules(offers=offers))
    capture = Capture("index", "https://www.example.jp/list", "page", NOW, 200, final, body=PAGE.encode())
    assert list(find_outgoing(capture, source)) == [Link(text, url) for text, url in found if url]


def test_an_index_in_another_encoding_names_its_links_aright() -> None:
    body = '<main><a href="https://a.example/">例示市</a></main>'.encode("cp932")
    for rules, headers in (
        (PageRules(offers="main a", encoding="cp932"), ()),
        (PageRules(offers="main a"), (("Content-Type", "text/html; charset=Shift_JIS"),)),
    ):
        capture = Capture("index", "https://www.example.jp/", "page", NOW, 200, headers=headers, body=body)
        assert list(find_outgoing(capture, replace(INDEX, page=rules))) == [
            Link("例示市", "https://a.example/")
        ]
