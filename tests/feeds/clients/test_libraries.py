"""Libraries that readers are built on, over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import feedparser
import httpx
import pytest

from storage.archive import Archive
from storage.query import Query
from tests.databases import database_at
from tests.feeds import rules, sample
from tests.feeds.clients.conftest import Site, change_id

listparser = pytest.importorskip("listparser")

ROOT = Path(__file__).parents[3]
FORMATS = ("atom", "rss")


@pytest.mark.filterwarnings("ignore")  # of reader's own
@pytest.mark.parametrize("form", FORMATS)
def test_reader_sees_every_change_once(site: Site, tmp_path: Path, form: str) -> None:
    reader = pytest.importorskip("reader").make_reader(str(tmp_path / "reader.sqlite"))
    path = f"/feeds/all.{form}"
    reader.add_feed(site.url + path)
    for count, first in ((0, ""), (3, "2025-01-01"), (2, "2025-02-01")):
        if count:
            site.happen(count, first)
        reader.update_feeds(scheduled=False)
        entries = list(reader.get_entries())
        assert sorted(change_id(entry.id) for entry in entries) == site.told()
        assert {entry.added_by for entry in entries} == {"feed"}
    reader.update_feeds(scheduled=False)
    assert site.statuses(path)[-1] == 304
    assert reader.get_feed(site.url + path).last_exception is None
    (shown,) = [entry for entry in reader.get_entries() if entry.title.startswith("掲載終了")]
    assert shown.author == "例示マーケティング"
    reader.close()


@pytest.mark.parametrize("form", FORMATS)
def test_feedparser_is_content_and_asks_conditionally(site: Site, form: str) -> None:
    address = f"{site.url}/feeds/all.{form}"
    first = feedparser.parse(address)
    assert (first.status, first.bozo) == (200, False)
    assert sorted(change_id(entry.id) for entry in first.entries) == site.told()
    validators = {"etag": first.get("etag"), "modified": first.get("modified")}
    site.publish()
    assert feedparser.parse(address, **validators).status == 304
    site.happen(1, "2025-01-01")
    again = feedparser.parse(address, **validators)
    assert again.status == 200
    assert {entry.id for entry in again.entries} - {entry.id for entry in first.entries} == {
        again.entries[0].id
    }


def test_a_second_change_is_an_entry_of_its_own_that_leads_to_the_earlier_one(site: Site) -> None:
    before = {entry.id: entry for entry in feedparser.parse(f"{site.url}/feeds/source/fukuoka.atom").entries}
    site.happen(1, "2025-01-01")
    entries = feedparser.parse(f"{site.url}/feeds/source/fukuoka.atom").entries
    new, *old = entries
    assert {entry.id for entry in old} == set(before)
    assert all(entry == before[entry.id] for entry in old)  # what was told stays as it was told
    notice = next(link.href for link in new.links if link.rel == "related")
    assert notice == new.link.partition("#")[0]
    page = httpx.get(notice).text
    for entry in entries:
        assert entry.link.partition("#")[0] == notice
        assert f'id="{entry.link.partition("#")[2]}"' in page


def test_the_archives_lead_back_to_the_first_change(site: Site) -> None:
    site.happen(130, "2025-01-01")
    site.happen(120, "2025-03-01")
    for name in ("all", "source/fukuoka", f"incident/{sample.SLUG}"):
        with site.archive.read() as reader:
            changes = sorted(change.id for change in reader.changes(query_of(name)))
        for form in FORMATS:
            walked = walk(f"{site.url}/feeds/{name}.{form}")
            assert len(walked) >= 3, (name, form)
            found = {change_id(entry.id) for document in walked for entry in document.entries}
            assert sorted(found) == changes, (name, form)
            for document in walked[1:]:
                assert any(link.rel == "current" for link in document.feed.links), (name, form)
                assert "fh_archive" in document.feed, (name, form)


def walk(address: str) -> list[feedparser.FeedParserDict]:
    """RFC 5005: from the newest document back, as far as the links lead."""
    walked = []
    while address:
        answer = httpx.get(address)
        assert answer.status_code == 200
        rules.CHECKS["atom" if ".atom" in address else "rss"](answer.content)
        walked.append(feedparser.parse(answer.content))
        links = walked[-1].feed.links
        address = next((urljoin(address, link.href) for link in links if link.rel == "prev-archive"), "")
        assert len(walked) < 50
    return walked


def query_of(name: str) -> Query:
    kind, _, value = name.partition("/")
    if kind == "source":
        return Query(sources=(value,), material=True)
    return Query(incident=value or None, material=True)


def test_the_list_of_feeds_can_be_imported(site: Site) -> None:
    found = listparser.parse(httpx.get(f"{site.url}/feeds.opml").text)
    assert not found.bozo
    assert found.meta.title == "kohyo"
    assert len(found.feeds) == 1 + 1 + len(sample.SOURCES)
    for feed in found.feeds:
        parsed = feedparser.parse(feed.url)
        assert (parsed.status, parsed.bozo, parsed.feed.title) == (200, False, feed.title)


def test_every_format_answers_304_when_nothing_changed(site: Site) -> None:
    site.happen(120, "2025-01-01")
    for path in ("all.atom", "all.rss", "all.json", "all/1.atom", "source/mie.rss", "deadlines.ics"):
        first = httpx.get(f"{site.url}/feeds/{path}")
        site.publish()
        kept = {"If-Modified-Since": first.headers["last-modified"]}
        assert httpx.get(f"{site.url}/feeds/{path}", headers=kept).status_code == 304


# --- the command itself ----------------------------------------------------------------------


@pytest.fixture
def served(archive: Archive, tmp_path: Path) -> Iterator[str]:
    """``kohyo serve`` in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "monitor.cli", "--db", database_at(tmp_path / "kohyo.db")]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KOHYO_")}
    with subprocess.Popen([*command, "serve", "--port", str(port)], cwd=ROOT, env=environment) as process:
        try:
            transport = httpx.HTTPTransport(retries=10)  # until it listens; the waits double
            with httpx.Client(transport=transport) as client:
                client.get(f"http://127.0.0.1:{port}/feeds.opml")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def test_serve_answers_clients_while_changes_arrive(served: str, archive: Archive) -> None:
    address = f"{served}/feeds/all.atom"
    first = feedparser.parse(address)
    assert len(first.entries) == 8
    assert feedparser.parse(address, etag=first.etag).status == 304
    sample.many(archive, 3)
    assert len(feedparser.parse(address, etag=first.etag).entries) == 11
    assert (
        feedparser.parse(f"{served}/feeds/search.atom?kind=withdrawn").entries[0].title.startswith("掲載終了")
    )
    assert sample.SLUG in httpx.get(f"{served}/feeds.opml").text
