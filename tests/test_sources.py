"""The bundled declarations: valid, complete, and not of our own invention where we do not know."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from importlib.resources import files
from urllib.parse import urlsplit

import pytest
from lxml.cssselect import CSSSelector

from spiders.declarations import BUNDLED, check, load
from spiders.listings.listing import is_followed
from storage.records import Source

SOURCES = {source.id: source for source in load(sets=("core",))}
RADAR = load(sets=("radar",))

NAMED = {
    "ppc-press": "https://www.ppc.go.jp/news/press/",
    "ppc-information": "https://www.ppc.go.jp/information/",
    "ppc-careful": "https://www.ppc.go.jp/news/careful_information/",
    "procx": "https://www.nttactprocx.com/info/",
    "procx-240124": "https://www.nttactprocx.com/info/detail/240124.html",
    "ntt-bs": "https://www.nttbizsol.jp/newsrelease/",
    "ntt-bs-240124": "https://www.nttbizsol.jp/newsrelease/202401241100000995.html",
    "ntt-west": "https://www.ntt-west.co.jp/news/",
    "ntt-west-progress": "https://www.ntt-west.co.jp/corporate/security/",
    "smbiz-15032430": "https://smbiz.asahi.com/article/15032430",
    "smbiz-15445138": "https://smbiz.asahi.com/article/15445138",
    "affected-ntt-west": "https://www.ntt-west.co.jp/news/2310/231017a.html",
    "affected-fukuoka": "https://www.pref.fukuoka.lg.jp/contents/zeimu-20231017.html",
    "affected-mie": "https://www.pref.mie.lg.jp/HAIKIK/HP/m0366600006.htm",
    "affected-kaizu": "https://www.city.kaizu.lg.jp/kurashi/0000003036.html",
    "affected-adachi": "https://www.city.adachi.tokyo.jp/datahealth/2023kokuhojushinkanshou.html",
    "mic-press": "https://www.soumu.go.jp/menu_news/s-news/index.html",
    "optima-samurai": "https://www.optima-solutions.co.jp/support_article/samurai-20240126/",
}


def test_no_declaration_has_a_mistake() -> None:
    assert check() == []


@pytest.mark.parametrize(("id_", "url"), NAMED.items())
def test_every_named_publisher_is_declared(id_: str, url: str) -> None:
    assert SOURCES[id_].start[0] == url


def test_kinds() -> None:
    kinds = Counter(source.kind for source in SOURCES.values())
    assert kinds == {"regulator": 5, "company": 7, "index": 2, "commentary": 1, "affected": 37}


def test_bodies_without_a_known_address_say_what_is_known() -> None:
    unknown = [source for source in SOURCES.values() if not source.start]
    assert len(unknown) == 32
    assert {source.kind for source in unknown} == {"affected"}
    assert all(len(source.note) > 30 for source in unknown)


def test_no_two_sources_watch_one_address() -> None:
    started = Counter(url for source in SOURCES.values() for url in source.start)
    assert [url for url, times in started.items() if times > 1] == []
    for source in SOURCES.values():
        for url in started:
            if source.listing and source.listing.follow and url not in source.start:
                others_list = any(url in other.start and other.listing for other in SOURCES.values())
                assert others_list or not is_followed(url, source.listing), (source.id, url)


def test_the_rosters_of_incidents_name_declared_sources() -> None:
    for file in (files("monitor.incidents") / "data").iterdir():
        for entry in tomllib.loads(file.read_text("utf-8")).get("roster", []):
            assert entry.get("source", "ntt-west") in SOURCES, entry


def test_every_file_is_commented_but_for_the_barest() -> None:
    for file in BUNDLED.glob("*.toml"):
        text = file.read_text("utf-8")
        if tomllib.loads(text)["start"]:
            assert text.startswith("# "), file.name


def test_nothing_is_private_and_everything_is_encrypted() -> None:
    for source in SOURCES.values():
        assert not source.private
        assert all(urlsplit(url).scheme == "https" for url in source.start)


def test_the_radar_says_of_every_address_where_it_was_seen_and_follows_incidents_only() -> None:
    assert len(RADAR) >= 280
    started = Counter(url for source in (*SOURCES.values(), *RADAR) for url in source.start)
    assert [url for url, times in started.items() if times > 1] == []
    for source in RADAR:
        assert all((source.seen, source.start, not source.private)), source.id
        assert source.listing is not None
        assert source.listing.topic == "personal-data", source.id
        assert source.every >= 3600, source.id  # other people's servers
        assert (source.delay or 0) >= 3, source.id


ADDRESSES = [
    # which source takes an address that its list may show
    ("ppc-press", "https://www.ppc.go.jp/news/press/2023/240124_houdou/", True),
    ("ppc-press", "https://www.ppc.go.jp/news/press/2026/260707", True),
    ("ppc-press", "https://www.ppc.go.jp/news/press/2026/26%20622", True),
    ("ppc-press", "https://www.ppc.go.jp/news/press/2024/20241103", True),
    ("ppc-press", "https://www.ppc.go.jp/files/pdf/260717_houritsu.pdf", True),
    ("ppc-press", "https://www.ppc.go.jp/news/press/2026/", False),
    ("ppc-press", "https://www.ppc.go.jp/news/press/2026", False),
    ("ppc-press", "https://www.ppc.go.jp/news/press/", False),
    ("ppc-press", "https://example.com/news/press/2023/240124_houdou/", False),
    ("ppc-information", "https://www.ppc.go.jp/personalinfo/3nengotominaoshi#next_steps", True),
    ("ppc-information", "https://www.ppc.go.jp/news/recruit/other", True),
    ("ppc-information", "https://www.ppc.go.jp/news/press/2025/250430_02", False),
    ("ppc-information", "https://www.ppc.go.jp/news/careful_information/241211_alert_dataleakage", False),
    ("ppc-careful", "https://www.ppc.go.jp/news/careful_information/241211_alert_dataleakage", True),
    ("ppc-careful", "https://www.ppc.go.jp/news/careful_information/", False),
    ("procx", "https://www.nttactprocx.com/info/detail/260127.html", True),
    ("procx", "https://www.nttactprocx.com/info/detail/240124_2.html", True),
    ("procx", "https://www.nttactprocx.com/info/detail/240124.html", False),
    ("ntt-bs", "https://www.nttbizsol.jp/newsrelease/202509191500001224.html", True),
    ("ntt-bs", "https://www.nttbizsol.jp/newsrelease/202401241100000995.html", False),
    ("ntt-west", "https://www.ntt-west.co.jp/news/2402/240209a.html", True),
    ("ntt-west", "https://www.ntt-west.co.jp/news/0603/060308.html", True),
    ("ntt-west", "https://www.ntt-west.co.jp/news/1002/100226b_1.html", True),
    ("ntt-west", "https://www.ntt-west.co.jp/news/2310/231017a.html", False),
    ("mic-press", "https://www.soumu.go.jp/menu_news/s-news/01kiban18_01000203.html", True),
    ("mic-press", "https://www.soumu.go.jp/menu_news/s-news/01ryutsu02_02000435.html", False),
]


@pytest.mark.parametrize(("id_", "url", "taken"), ADDRESSES)
def test_follow(id_: str, url: str, taken: bool) -> None:
    rules = SOURCES[id_].listing
    assert rules is not None
    assert is_followed(url, rules) is taken


def test_the_index_articles_offer_what_leaves_the_site() -> None:
    from lxml import html

    tree = html.fromstring(
        '<a href="https://www.pref.fukuoka.lg.jp/x.html">1</a><a href="/article/2">2</a>'
        '<a href="https://twitter.com/share?url=https://x">3</a><a href="https://www.asahi.com/">4</a>'
        '<a href="https://www.city.sakai.lg.jp/y.html">5</a><a href="mailto:a@example.com">6</a>'
    )
    for source in (SOURCES["smbiz-15032430"], SOURCES["smbiz-15445138"]):
        assert source.page.offers is not None
        offered = [a.text for a in CSSSelector(source.page.offers, translator="html")(tree)]
        assert offered == ["1", "5"]


def test_real_items_of_the_commission_fall_to_one_source_each(shared_data) -> None:  # type: ignore[no-untyped-def]
    import json

    items = json.loads((shared_data / "gov_news_items_ja" / "ppc.json").read_text("utf-8"))
    takers: dict[str, int] = Counter()
    for item in items:
        taking = [
            id_
            for id_ in ("ppc-information", "ppc-careful")
            if is_followed(item["link"], _rules(SOURCES[id_]))
        ]
        if not taking and re.search(r"//www\.ppc\.go\.jp/news/press/", item["link"]):
            taking = ["ppc-press"]
        if urlsplit(item["link"]).netloc == "www.ppc.go.jp":
            assert len(taking) == 1, item["link"]
            takers[taking[0]] += 1
    assert takers["ppc-press"] > 20
    assert takers["ppc-information"] > 100


def test_the_commissions_template_has_what_the_declarations_include(shared_data) -> None:  # type: ignore[no-untyped-def]
    from lxml import html

    pages = sorted((shared_data / "ppc_pages").glob("ppc-*/content.html"))
    assert pages
    for page in pages:
        tree = html.fromstring(page.read_bytes())
        for css in SOURCES["ppc-press"].page.include:
            assert len(CSSSelector(css, translator="html")(tree)) == 1, page


def _rules(source: Source):  # type: ignore[no-untyped-def]
    assert source.listing is not None
    return source.listing
