"""Whose turn it is to ask a host, and that a crawl goes on as politely as the one before it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest

from spiders.base import SourceSpider
from spiders.transport.manners import turns
from storage.records import Capture, HostState, PageRules, RobotsAnswer, Source
from tests.crawling import Crawl
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site

HERE, FILES = "127.0.0.1", "localhost"  # two names of one server


@dataclass
class FakeHosts:
    """An archive of hosts that lives in a test."""

    states: dict[str, HostState] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    sites: dict[str, RobotsAnswer] = field(default_factory=dict)
    free_after: int = 10**9  # times that a taken host is asked for
    lose: Callable[[], bool] = lambda: False
    released: list[str] = field(default_factory=list)

    def take(self, host: str) -> HostState | None:
        if host in self.taken:
            self.free_after -= 1
            if self.free_after > 0:
                return None
        return self.states.get(host, HostState())

    def holds(self, host: str) -> bool:
        return not self.lose()

    def keep(self, states: Mapping[str, HostState]) -> None:
        self.states |= states

    def release(self, host: str, state: HostState) -> None:
        self.released.append(host)

    def robots(self, site: str) -> RobotsAnswer | None:
        return self.sites.get(site)

    def keep_robots(self, site: str, answer: RobotsAnswer) -> None:
        self.sites[site] = answer

    def close(self) -> None:
        pass


@pytest.fixture
def visit(site: Site, crawl: Crawl, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Visit the start page of the site with these hosts; what was captured, and what put off."""
    monkeypatch.setattr(turns, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.3)
    site.put("/robots.txt", "")
    site.put("/", f'<title>お知らせ</title><a href="http://{FILES}:{site.port}/a.pdf">資料</a>')
    site.put("/a.pdf", b"%PDF-1.4", content_type="application/pdf")
    put_off: dict[str, str] = {}

    class Spider(SourceSpider):
        def closed(self, reason: str) -> None:
            put_off.update({host: why for (_, host), (_, _, why) in self.put_off.items()})
            assert self.taken <= put_off.keys()
            super().closed(reason)

    def run(hosts: FakeHosts, delay: float = 0, **settings: Any) -> tuple[list[Capture], dict[str, str]]:
        class Bound:
            @classmethod
            def from_crawler(cls, crawler: Any) -> FakeHosts:
                return hosts

        page = PageRules(attachments=True)
        source = Source("s", "s", "affected", (site.url("/"),), page=page, private=True, delay=delay)
        agenda = FakeAgenda([source]).as_setting()
        held = {"KOHYO_HOLDING": True, "HOSTS": Bound}
        return crawl(Spider, AGENDA=agenda, **held, **settings).captures, dict(put_off)

    return run


def test_a_host_that_another_run_visits_is_asked_for_nothing(site: Site, visit: Any) -> None:
    found, put_off = visit(FakeHosts(taken={HERE}))
    assert (found, put_off) == ([], {HERE: f"another run visits {HERE}"})
    assert site.paths() == []


def test_what_belongs_to_a_page_is_waited_for(site: Site, visit: Any) -> None:
    ((page,), put_off) = visit(FakeHosts(taken={FILES}, free_after=3))
    assert [one.status for one in page.attachments] == [200]
    assert put_off == {}


def test_a_page_comes_as_a_whole_or_in_the_next_run(site: Site, visit: Any) -> None:
    found, put_off = visit(FakeHosts(taken={FILES}))
    assert (found, put_off) == ([], {FILES: f"another run visits {FILES}"})


def test_a_host_that_lent_a_file_is_given_back_while_the_run_goes_on(
    site: Site, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "IDLE_SECONDS", 0.1)
    site.put("/b.pdf", b"%PDF-1.4", content_type="application/pdf", delay=0.6)
    site.put(
        "/", f'<a href="http://{FILES}:{site.port}/a.pdf">資料</a><a href="{site.url("/b.pdf")}">資料</a>'
    )
    hosts = FakeHosts()
    ((page,), _) = visit(hosts)
    assert [one.status for one in page.attachments] == [200, 200]
    assert hosts.released == [FILES]


def test_nothing_leaves_once_the_host_is_lost(site: Site, visit: Any) -> None:
    hosts = FakeHosts()
    hosts.lose = lambda: site.paths() == ["/robots.txt"]
    found, put_off = visit(hosts)
    assert (found, put_off) == ([], {HERE: f"another run visits {HERE}"})
    assert site.paths() == ["/robots.txt"]


def test_a_host_is_asked_no_sooner_than_whoever_asked_it_last_would_have(site: Site, visit: Any) -> None:
    hosts, began = FakeHosts(states={HERE: HostState(wait=0.5, delay=1)}), monotonic()
    visit(hosts)
    first, second, *_ = site.asked
    assert first.at - began > 0.4
    assert second.path == "/"
    assert second.at - first.at < 0.4


def test_how_a_host_wants_to_be_asked_is_kept(site: Site, visit: Any) -> None:
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3")
    site.put("/", "busy", status=503, headers=(("Retry-After", "3600"),))
    hosts = FakeHosts()
    visit(hosts)
    kept = hosts.states[HERE]
    assert (kept.delay, 3590 < kept.away <= 3600) == (0.3, True)
    before = len(site.asked)
    ((refused,), _) = visit(hosts)
    assert "asked to stay away until" in refused.error
    assert len(site.asked) == before


def test_what_a_host_asked_for_is_over_when_it_said_however_often_it_is_kept(site: Site, visit: Any) -> None:
    site.put("/b.pdf", b"%PDF-1.4", content_type="application/pdf", delay=0.4)
    here = f'<a href="{site.url("/b.pdf")}">資料</a>'
    site.put("/", f'<a href="http://{FILES}:{site.port}/a.pdf">資料</a>{here}')
    hosts = FakeHosts(states={FILES: HostState(away=70.0)})
    visit(hosts)
    assert 60 < hosts.states[FILES].away < 69.7


def test_a_host_that_stalled_rests_and_then_has_one_try(site: Site, visit: Any) -> None:
    site.put("/", "x", delay=1.0)
    hosts = FakeHosts()
    visit(hosts, DOWNLOAD_TIMEOUT=0.2, RETRY_TIMES=2)
    assert (hosts.states[HERE].stalls, hosts.states[HERE].rest > 800) == (2, True)
    asked = len(site.asked)
    found, put_off = visit(hosts)
    assert (found, put_off) == ([], {HERE: f"{HERE} stalled 2 times, and rests"})
    hosts.states[HERE] = HostState(stalls=2)
    visit(hosts, DOWNLOAD_TIMEOUT=0.2, RETRY_TIMES=2)
    assert len(site.asked) == asked + 1
    assert hosts.states[HERE].rest > 800
    hosts.states[HERE] = HostState(stalls=2)
    site.put("/", "x")
    visit(hosts)
    assert hosts.states[HERE].stalls == 0


@pytest.mark.parametrize(
    ("known", "asked", "comes"),
    [
        (RobotsAnswer(200, b"", age=80_000), False, True),
        (RobotsAnswer(200, b"", age=90_000), True, True),
        (RobotsAnswer(200, b"", age=-90_000), True, True),  # by a clock that was ahead
        (RobotsAnswer(404, b"", age=80_000), False, True),
        (RobotsAnswer(200, b"User-agent: *\nDisallow: /", age=80_000), False, False),
        (RobotsAnswer(503, b"", age=600), False, False),
        (RobotsAnswer(503, b"", age=1000), True, True),
        (RobotsAnswer(None, b"", "no answer in time", age=600), False, False),
        (None, True, True),
    ],
)
def test_robots_txt_is_not_asked_for_again_within_its_age(
    site: Site, visit: Any, known: RobotsAnswer | None, asked: bool, comes: bool
) -> None:
    here = site.url("")
    hosts = FakeHosts(sites={here: known} if known else {})
    site.put("/", "<title>お知らせ</title>")
    ((page,), _) = visit(hosts)
    assert ("/robots.txt" in site.paths(), page.status == 200) == (asked, comes)
    assert (hosts.sites[here].age == 0) is asked
