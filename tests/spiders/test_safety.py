"""What may be fetched at all."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import fail, succeed
from twisted.internet.error import DNSLookupError

from spiders.ppc import PpcSpider
from spiders.transport.public_addresses import refuse_url
from storage.records import Source, Visit
from tests.crawling import Crawl, Crawled
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site

PUBLIC = [
    "https://www.ppc.go.jp/news/press/",
    "http://www.city.example.lg.jp:8080/a?b=c#d",
    "https://例え.jp/",
    "http://8.8.8.8/",
    "http://134744072/",  # the same
    "http://[2606:4700:4700::1111]/",
    "https://localhost.example.jp/",
    "https://10.example.jp/",
]
NEAR = [
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "http://printer.local/",
    "http://metadata.google.internal/",
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f.1/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://127.0.0.1./",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://10.0.0.1/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://[fd00::1]/",
]
NEVER = [
    "http://0.0.0.0/",
    "http://0/",
    "http://169.254.169.254/latest/meta-data/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://192.0.2.1/",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://240.0.0.1/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:8.8.8.8]/",
    "http://[::7f00:1]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:53aa:64c::1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "file:///etc/passwd",
    "ftp://example.jp/",
    "data:text/html,x",
    "javascript:alert(1)",
    "source:file:///etc/passwd",
    "//example.jp/",
    "example.jp",
    "",
    "http://",
    "http:///path",
    "http://user@example.jp/",
    "http://user:secret@example.jp/",
    "http://:@example.jp/",
    "http://example.jp\\@127.0.0.1/",
    "http:\\\\127.0.0.1/",
    "http://example.jp/\r\nX-Injected: 1",
    "http://exa mple.jp/",
    "http://example.jp:99999/",
    "http://example.jp:http/",
    "http://[::1/",
    "https://example.jp/" + "a" * 2100,
]


@pytest.mark.parametrize("url", PUBLIC)
def test_public_addresses_pass(url: str) -> None:
    assert refuse_url(url) is None
    assert refuse_url(url, private=True) is None


@pytest.mark.parametrize("url", NEAR)
def test_near_addresses_pass_only_where_declared(url: str) -> None:
    assert refuse_url(url)
    assert refuse_url(url, private=True) is None


@pytest.mark.parametrize("url", NEVER)
def test_some_addresses_never_pass(url: str) -> None:
    assert refuse_url(url)
    assert refuse_url(url, private=True)


# --- over the wire ---------------------------------------------------------------------------


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What the name server says: the answers of a name one after the other, the last for ever."""
    table: dict[str, list[str]] = {}

    def look_up(_: Any, name: str, timeout: Any = ()) -> Any:
        answers = table.get(name, [name] if name[:1].isdigit() else [])
        if not answers:
            return fail(DNSLookupError(name))
        return succeed(answers.pop(0) if len(answers) > 1 else answers[0])

    monkeypatch.setattr("twisted.internet.base.ThreadedResolver.getHostByName", look_up)
    monkeypatch.setattr("scrapy.resolver.dnscache.limit", 0)  # nothing is kept from test to test
    return table


def visits(crawl: Crawl, *pages: tuple[Source, str], **settings: Any) -> Crawled:
    due: dict[str, list[Visit]] = {}
    for source, url in pages:
        due.setdefault(source.id, []).append(Visit(source.id, url, "page"))
    agenda = FakeAgenda(list({source.id: source for source, _ in pages}.values()), due)
    return crawl(PpcSpider, AGENDA=agenda.as_setting(), RETRY_TIMES=0, **settings)


PUBLIC_SOURCE = Source("public", "公", "regulator", delay=0.0)
PRIVATE_SOURCE = Source("private", "私", "regulator", private=True, delay=0.0)


def test_a_name_nobody_knows_is_a_capture_too(crawl: Crawl, names: dict[str, list[str]]) -> None:
    (capture,) = visits(crawl, (PUBLIC_SOURCE, "https://no-such-host.example/")).captures
    assert (capture.status, capture.error[:12]) == (None, "no such host")


def test_a_name_that_leads_home_is_refused(site: Site, crawl: Crawl, names: dict[str, list[str]]) -> None:
    names["evil.example"] = ["127.0.0.1"]
    (capture,) = visits(crawl, (PUBLIC_SOURCE, f"http://evil.example:{site.port}/")).captures
    assert capture.status is None
    assert "evil.example: 127.0.0.1 is a private address" in capture.error
    assert site.asked == []


def test_a_name_that_changes_its_mind_is_refused_on_connecting(
    site: Site, crawl: Crawl, names: dict[str, list[str]]
) -> None:
    names["rebind.example"] = ["8.8.8.8", "127.0.0.1"]
    (capture,) = visits(
        crawl, (PUBLIC_SOURCE, f"http://rebind.example:{site.port}/"), DNSCACHE_ENABLED=False
    ).captures
    assert capture.status is None
    assert "127.0.0.1 is a private address" in capture.error
    assert site.asked == []


def test_permission_belongs_to_one_source(site: Site, crawl: Crawl, names: dict[str, list[str]]) -> None:
    names["intranet.example"] = ["127.0.0.1"]
    site.put("/robots.txt", "")
    site.put("/a", "家の中")
    url = f"http://intranet.example:{site.port}/a"
    crawled = visits(crawl, (PRIVATE_SOURCE, url), (PUBLIC_SOURCE, url))
    answers = {capture.source: (capture.status, capture.error) for capture in crawled.captures}
    assert answers["private"] == (200, "")
    assert answers["public"][0] is None
    assert "private address" in answers["public"][1]
    assert site.paths() == ["/robots.txt", "/a"]


def test_no_page_leads_another_source_home(site: Site, crawl: Crawl, names: dict[str, list[str]]) -> None:
    """The first hop is allowed to this source, the second is not allowed to anyone."""
    names["intranet.example"] = ["127.0.0.1"]
    site.put("/robots.txt", "")
    site.put("/a", status=302, headers=(("Location", "http://[::ffff:127.0.0.1]/"),))
    (capture,) = visits(crawl, (PRIVATE_SOURCE, f"http://intranet.example:{site.port}/a")).captures
    assert "is not a public address" in capture.error
    assert site.paths() == ["/robots.txt", "/a"]
