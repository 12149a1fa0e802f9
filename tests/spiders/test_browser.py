"""Pages that scripts draw, by a real Chromium whose every request is one of ours."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from spiders.ppc import PpcSpider
from spiders.transport import browser
from storage.records import ListingRules, PageRules, Source
from tests.crawling import Crawl, Crawled
from tests.spiders.fake import FakeAgenda
from tests.spiders.site import Site

pytestmark = [
    pytest.mark.skipif(
        not browser.is_installed() or not any(map(shutil.which, browser._CHROMIUMS)),
        reason="no Chromium, or the extra browser is not installed",
    ),
    pytest.mark.filterwarnings("ignore"),  # of Playwright and the loop's child watcher
]

PAGE = """<!doctype html><meta charset="utf-8"><title>見本市</title><ul id="list"></ul><img src="/logo.png">
<script>
fetch("/list.json").then(answer => answer.json()).then(rows => {
  for (const row of rows) {
    const item = document.createElement("li");
    item.innerHTML = `<time>${row.day}</time><a href="${row.url}">${row.title}</a>`;
    document.getElementById("list").append(item);
  }
});
EXTRA
</script>"""
ROWS = '[{"day": "2026-11-26", "url": "/n/1.html", "title": "保育料決定通知書の誤送付について"}]'
NOTICE = "<!doctype html><meta charset='utf-8'><p id='p'></p><script>p.textContent = '誤って' + '送付しました'</script>"


def crawl_site(crawl: Crawl, site: Site, **settings: Any) -> Crawled:
    source = Source(
        "test",
        "試験",
        "regulator",
        (site.url("/"),),
        listing=ListingRules("#list > li"),
        page=PageRules(),
        private=True,
        browser=True,
        delay=settings.pop("delay", 0.0),
    )
    agenda = FakeAgenda([source])
    return crawl(PpcSpider, AGENDA=agenda.as_setting(), **browser.browser_settings([source]), **settings)


@pytest.fixture
def drawn(site: Site) -> Site:
    """A list and its notice, both drawn by scripts, and a robots.txt that closes one folder."""
    site.put("/robots.txt", "User-agent: *\nDisallow: /closed/\n", content_type="text/plain")
    site.put("/", PAGE.replace("EXTRA", ""))
    site.put("/list.json", ROWS, content_type="application/json")
    site.put("/n/1.html", NOTICE)
    return site


def test_a_list_and_its_notice_are_read_as_scripts_draw_them(drawn: Site, crawl: Crawl) -> None:
    crawled = crawl_site(crawl, drawn)
    listing, notice = crawled.captures
    assert [row.title for row in listing.rows or ()] == ["保育料決定通知書の誤送付について"]
    assert "誤って送付しました" in notice.body.decode()
    assert notice.header("X-Kohyo-Drawn")
    assert "/logo.png" not in drawn.paths()
    agents = {asked.headers["User-Agent"] for asked in drawn.asked}
    assert len(agents) == 1
    assert agents.pop().startswith("kohyo/")


def test_each_request_of_a_page_keeps_the_pace_of_its_host(drawn: Site, crawl: Crawl) -> None:
    crawl_site(crawl, drawn, delay=0.3)
    moments = [asked.at for asked in drawn.asked]
    assert len(moments) >= 4
    # over all of them: a busy machine notes a single one late
    assert moments[-1] - moments[0] >= 0.3 * (len(moments) - 1) - 0.1


@pytest.fixture
def neighbour() -> Iterator[tuple[int, list[bytes]]]:
    """A port of this machine that notes whoever connects."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def listen() -> None:
            while not over.is_set():
                try:
                    heard.append(server.accept()[0].recv(200))
                except TimeoutError:
                    continue

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        over.set()
        thread.join()


TRICKS = (
    "new WebSocket('ws://127.0.0.1:PORT/')",
    "fetch('http://127.0.0.1:PORT/', {method: 'POST', body: 'x', mode: 'no-cors'})",
    "navigator.sendBeacon('http://127.0.0.1:PORT/', 'x')",
    "new EventSource('http://127.0.0.1:PORT/')",
    "new RTCPeerConnection({iceServers: [{urls: 'turn:127.0.0.1:PORT?transport=tcp', username: 'x', credential: 'x'}]})"
    ".createOffer({offerToReceiveAudio: true})",
    "document.write('<link rel=preconnect href=http://127.0.0.1:PORT/><link rel=prefetch href=http://127.0.0.1:PORT/>')",
)


def test_a_page_reaches_nothing_behind_our_back(
    drawn: Site, crawl: Crawl, neighbour: tuple[int, list[bytes]]
) -> None:
    port, heard = neighbour
    tried = "".join(f"try {{ {trick} }} catch (refused) {{}};" for trick in TRICKS) + "fetch('/tried')"
    drawn.put("/", PAGE.replace("EXTRA", tried.replace("PORT", str(port))))
    crawled = crawl_site(crawl, drawn)
    assert crawled.captures[0].rows
    assert "/tried" in drawn.paths()
    assert heard == []


def test_what_robots_txt_forbids_is_not_fetched_for_a_page(drawn: Site, crawl: Crawl) -> None:
    drawn.put("/", PAGE.replace("EXTRA", "fetch('/closed/x.json')"))
    crawl_site(crawl, drawn)
    assert "/closed/x.json" not in drawn.paths()


def test_a_page_that_never_ends_asking_is_cut_off(
    drawn: Site, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "MAX_REQUESTS", 10)
    drawn.put("/", PAGE.replace("EXTRA", "for (let n = 0; n < 50; n++) fetch('/more?' + n)"))
    crawl_site(crawl, drawn)
    assert len([path for path in drawn.paths() if path.startswith("/more")]) <= 10


def test_without_the_extra_a_source_says_what_it_needs(
    drawn: Site, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "is_installed", lambda: False)
    (capture,) = crawl_site(crawl, drawn).captures
    assert capture.status is None
    assert "scrapy-playwright>=" in capture.error
    assert drawn.asked == []
