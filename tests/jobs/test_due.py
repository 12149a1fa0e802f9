"""However many pages of a host are due, no more of them are read than it bears today."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bench import due
from monitor.crawl.agenda import ArchiveAgenda
from monitor.jobs.due_hosts import find_due_hosts
from storage.archive import Archive, open_archive
from storage.db.session import Session
from storage.records import ListingRules, Role, Source
from tests.growth import exponent
from tests.storage.builders import NOW

BEARS = 5
SOURCE = Source("city", "例示市", "affected", ("https://a.example/",))
LIST = replace(SOURCE, listing=ListingRules("li", expect=(1, None)))


@pytest.fixture(autouse=True)
def few_requests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOHYO_HOST_DAY_REQUESTS", str(BEARS))


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What was read, row by row."""
    read: list[Any] = []
    fetch = Session._fetch_all

    def noting(self: Session, *given: Any) -> Any:
        found = fetch(self, *given)
        read.extend(found)
        return found

    monkeypatch.setattr(Session, "_fetch_all", noting)
    return read


def add(
    archive: Archive, path: str, due_at: datetime | None, role: Role = "page", source: Source = SOURCE
) -> str:
    """Add a page that is due, and return its address."""
    url = f"https://{path}" if "." in path else f"https://a.example/{path}"
    with archive.write() as writer:
        writer.put_source(source)
        page = writer.add_page(source.id, url, role)
        writer.put_page(replace(page, due_at=due_at))
    return url


def use_up(archive: Archive, host: str) -> None:
    with archive.write() as writer:
        writer.count_request(host, NOW, BEARS, 0.0, promised=False)


def visits(archive: Archive, source: Source = SOURCE) -> list[str]:
    agenda = ArchiveAgenda(archive, [source], lambda: NOW, everything=False)
    return [visit.url for visit in agenda.visits(source)]


def found(archive: Archive, *sources: Source) -> list[str]:
    return sorted(find_due_hosts(archive, sources or (SOURCE,), lambda: NOW))


def test_of_many_pages_those_that_wait_longest_are_read_and_no_more(
    archive: Archive, rows: list[Any]
) -> None:
    waiting = [add(archive, f"{n}", NOW - timedelta(hours=n)) for n in range(60)]
    never = add(archive, "never", None)
    ahead = add(archive, "ahead", NOW + timedelta(days=9000))
    rows.clear()
    assert visits(archive) == [SOURCE.start[0], *waiting[:-4:-1][::-1], never]
    assert len(rows) < 4 * BEARS
    use_up(archive, "a.example")
    rows.clear()
    assert visits(archive) == [SOURCE.start[0]], "whatever the budget, as it is promised"
    assert len(rows) < 5
    assert ahead not in visits(archive)


@pytest.mark.parametrize("bears", ["0.5", "1e15"])
def test_a_budget_may_be_less_than_a_request_or_more_than_there_are_pages(
    archive: Archive, monkeypatch: pytest.MonkeyPatch, bears: str
) -> None:
    monkeypatch.setenv("KOHYO_HOST_DAY_REQUESTS", bears)
    waiting = [add(archive, f"{n}", NOW) for n in range(3)]
    assert visits(archive) == [SOURCE.start[0], *(waiting if bears == "1e15" else [])]


def test_what_stands_alone_is_found_whenever_it_was_planned_for(archive: Archive) -> None:
    add(archive, "", NOW + timedelta(days=1))
    add(archive, "b.example/1", None)
    add(archive, "c.example/1", NOW + timedelta(days=9000))
    add(archive, "d.example/1", NOW)
    add(archive, "e.example/1", NOW + timedelta(hours=1))
    assert found(archive) == ["b.example", "c.example", "d.example"]


def test_a_host_that_has_borne_its_day_is_not_enqueued_and_costs_nothing_however_much_is_due(
    archive: Archive, rows: list[Any]
) -> None:
    add(archive, "", NOW + timedelta(days=1))
    read = []
    for pages in (20, 60):
        for n in range(pages):
            add(archive, f"{n}", NOW - timedelta(hours=n))
        add(archive, "b.example/1", NOW)
        rows.clear()
        assert found(archive) == ["a.example", "b.example"]
        use_up(archive, "a.example")
        rows.clear()
        assert found(archive) == ["b.example"]
        read.append(len(rows))
        with archive.write() as writer:
            writer.count_request("a.example", NOW - timedelta(days=1), 0, 0.0, promised=False)
    assert read[0] == read[1] < 12


def test_lists_of_former_months_that_rest_take_no_room_of_pages_that_are_due(archive: Archive) -> None:
    monthly = replace(LIST, templates=("https://a.example/{YYYY}{MM}",))
    for month in range(30):
        add(archive, f"2024{month}", NOW - timedelta(days=month), "listing", monthly)
    page = add(archive, "n/1", NOW, "page", monthly)
    assert visits(archive, monthly) == [LIST.start[0], page]
    assert found(archive, monthly) == ["a.example"]


def test_what_stands_in_for_a_list_takes_no_room_while_it_rests(archive: Archive) -> None:
    others = tuple(f"https://a.example/other{n}" for n in range(3 * BEARS))
    fallen = replace(LIST, fallback=others)
    add(archive, "", NOW + timedelta(days=1), "listing", fallen)
    for url in others:
        add(archive, url.removeprefix("https://"), NOW - timedelta(days=1), "listing", fallen)
    page = add(archive, "n/1", NOW, "page", fallen)
    assert visits(archive, fallen) == [page]
    assert found(archive, fallen) == ["a.example"]


def test_of_hosts_that_are_asked_for_by_name_no_more_is_read_either(
    archive: Archive, rows: list[Any]
) -> None:
    for n in range(40):
        add(archive, f"{n}", NOW - timedelta(hours=n))
        add(archive, f"b{n}.example/", NOW)
    other = replace(SOURCE, id="other", start=())
    add(archive, "b1.example/2", NOW, source=other)
    agenda = ArchiveAgenda(archive, [SOURCE, other], lambda: NOW, everything=False, hosts=("b1.example",))
    rows.clear()
    assert [visit.url for one in (SOURCE, other) for visit in agenda.visits(one)] == [
        "https://b1.example/",
        "https://b1.example/2",
    ]
    assert len(rows) < 10


def test_of_sources_that_have_no_business_on_a_host_nothing_is_asked(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [replace(SOURCE, id=f"other-{n}", start=(f"https://o{n}.example/",)) for n in range(30)]
    fallen = replace(LIST, id="fallen", start=("https://z.example/",), fallback=("https://a.example/z",))
    add(archive, "a.example/1", NOW, source=SOURCE)
    add(archive, "a.example/2", NOW, source=others[3])
    asked, read = [], Archive.read
    monkeypatch.setattr(Archive, "read", lambda self: asked.append(self) or read(self))
    sources = [SOURCE, *others, fallen]
    agenda = ArchiveAgenda(archive, sources, lambda: NOW, everything=False, hosts=("a.example",))
    found = [[visit.url for visit in agenda.visits(one)] for one in sources]
    assert found[0] == ["https://a.example/", "https://a.example/1"]
    assert found[4] == ["https://a.example/2"]
    assert sum(map(len, found)) == 3
    assert len(asked) <= 5, "hosts, budgets, and the three that may have visits"


def test_what_a_used_up_host_costs_does_not_grow_with_what_is_due(tmp_path: Path) -> None:
    (source,) = due.make_sources(1)

    def fill(pages: int) -> Archive:
        archive = open_archive(f"sqlite:///{tmp_path / f'{pages}.db'}")
        with archive.write() as writer:
            due.fill(writer, [source], pages, 1.0)
            writer.add_page(source.id, source.start[0], "page", due_at=due.NOW + timedelta(days=1))
            writer.count_request("h0.example", due.NOW, BEARS, 0.0, promised=False)
        return archive

    def enqueue(archive: Archive) -> None:
        assert not find_due_hosts(archive, [source], lambda: due.NOW)

    assert exponent(fill, enqueue, 400, 8_000, enough=0.2) < 0.3
