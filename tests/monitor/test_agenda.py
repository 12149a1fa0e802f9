"""What is due, whatever the clock of the last run showed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from bench import due
from monitor.crawl.agenda import ArchiveAgenda
from monitor.track.judge.recipe import make_listing_recipe
from spiders.base import SourceSpider
from storage.archive import Archive, open_archive
from storage.records import ListingRules, Page, PageRules, Source, Validators, Visit
from tests.databases import database_at
from tests.growth import exponent
from tests.storage.builders import NOW, snapshot, version

SOURCE = Source("city", "例示市", "affected", ("https://www.example.jp/",))
LATER = NOW + timedelta(days=14)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(database_at(tmp_path / "a.db")) as opened:
        with opened.write() as writer:
            writer.put_source(SOURCE)
        yield opened


def planned(
    archive: Archive, wait: timedelta, *, every: int = 3600, fetched: timedelta = timedelta()
) -> list[bool]:
    """For each visit that is due now, whether it is asked with the validators of the last."""
    with archive.write() as writer:
        page = writer.add_page("city", SOURCE.start[0], "page")
        validators = Validators(etag='"a"')
        writer.put_page(replace(page, due_at=NOW + wait, fetched_at=NOW + fetched, validators=validators))
    agenda = ArchiveAgenda(archive, [SOURCE], lambda: NOW, everything=False)
    return [visit.validators == validators for visit in agenda.visits(replace(SOURCE, every=every))]


def test_what_is_planned_within_a_week_waits(archive: Archive) -> None:
    assert planned(archive, timedelta(days=7)) == []


def test_what_a_clock_ahead_has_put_off_for_years_is_due_and_asked_for_anew(archive: Archive) -> None:
    half_a_century = timedelta(days=50 * 365)
    assert planned(archive, half_a_century, fetched=half_a_century) == [False]


def test_a_source_of_a_slow_pace_waits_its_own_time(archive: Archive) -> None:
    assert planned(archive, timedelta(days=30), every=30 * 86_400) == []


def test_an_address_never_visited_is_asked_for_whole(archive: Archive) -> None:
    agenda = ArchiveAgenda(archive, [SOURCE], lambda: NOW, everything=False)
    assert agenda.visits(SOURCE) == [Visit("city", SOURCE.start[0], "page")]


MONTHS = replace(
    SOURCE,
    start=("https://www.example.jp/202310.html",),
    templates=("https://www.example.jp/{YYYY}{MM}.html",),
    listing=ListingRules("li", expect=(1, None)),
)
LISTS = replace(SOURCE, start=("https://www.example.jp/list",), listing=ListingRules("li", expect=(1, None)))
KNOWN = Validators(etag='"a"')


def known(archive: Archive, source: Source, *, wait: timedelta, read_as: Source | None = None) -> Page:
    """The page of a list that was read well by a declaration."""
    with archive.write() as writer:
        page = writer.add_page("city", source.start[0], "listing")
        stored = writer.add_snapshot(snapshot(page, b"<li>a"))
        made = replace(version(page, stored, "a"), recipe=make_listing_recipe(read_as or source))
        page = replace(page, due_at=NOW + wait, fetched_at=NOW, validators=KNOWN, snapshot=stored.id)
        page = replace(page, version=writer.add_version(made).id)
        writer.put_page(page)
    return page


def asked(archive: Archive, source: Source) -> list[Validators]:
    agenda = ArchiveAgenda(archive, [source], lambda: NOW, everything=False)
    return [visit.validators for visit in agenda.visits(source)]


OTHER_RULES = ListingRules("tr", expect=(1, None))


@pytest.mark.parametrize(
    ("source", "read_as", "validators"),
    [
        (LISTS, LISTS, KNOWN),
        (LISTS, replace(LISTS, listing=OTHER_RULES), Validators()),
        (LISTS, replace(LISTS, page=PageRules(encoding="cp932")), Validators()),
        (LISTS, replace(LISTS, page=PageRules(include=("main",))), KNOWN),
        (replace(LISTS, listing=None), LISTS, None),
        (MONTHS, MONTHS, KNOWN),
        (replace(MONTHS, listing=ListingRules("li", more="a", expect=(1, None))), MONTHS, Validators()),
        (replace(MONTHS, listing=ListingRules("li", index="a", expect=(1, None))), MONTHS, Validators()),
        (replace(LISTS, listing=ListingRules("li", more="a", expect=(1, None))), LISTS, KNOWN),
    ],
)
def test_a_list_that_other_rules_read_or_that_alone_leads_on_is_asked_for_whole(
    archive: Archive, source: Source, read_as: Source, validators: Validators | None
) -> None:
    known(archive, source, wait=timedelta(), read_as=read_as)
    assert asked(archive, source)[0] == (validators or Validators())


def test_the_lists_of_former_months_rest_and_pages_do_not(archive: Archive) -> None:
    former = replace(MONTHS, start=("https://www.example.jp/202309.html",))
    known(archive, former, wait=timedelta())
    with archive.write() as writer:
        page = writer.add_page("city", "https://www.example.jp/n/1", "page")
        writer.put_page(replace(page, due_at=NOW))
        file = writer.add_page("city", "https://www.example.jp/n/1.pdf", "attachment", parent=page.id)
        writer.put_page(replace(file, due_at=NOW))
    agenda = ArchiveAgenda(archive, [MONTHS], lambda: NOW, everything=False)
    assert [visit.url for visit in agenda.visits(MONTHS)] == [MONTHS.start[0], "https://www.example.jp/n/1"]
    standing = replace(MONTHS, templates=())
    assert [visit.url for visit in agenda.visits(standing)] == [
        MONTHS.start[0],
        former.start[0],
        "https://www.example.jp/n/1",
    ]


@pytest.mark.parametrize(
    ("source", "due", "again"),
    [
        (MONTHS, timedelta(minutes=30), True),
        (MONTHS, timedelta(minutes=31), False),
        (MONTHS, timedelta(days=400), True),
        (LISTS, timedelta(), False),
        (LISTS, timedelta(days=-1), False),
    ],
)
def test_a_further_list_is_asked_for_again_where_each_is_of_a_month_and_half_its_time_has_passed(
    archive: Archive, source: Source, due: timedelta, again: bool
) -> None:
    further = replace(source, start=(f"{source.start[0]}?2",), every=3600)
    known(archive, further, wait=due)
    agenda = ArchiveAgenda(archive, [source], lambda: NOW, everything=False)
    found = agenda.listing(replace(source, every=3600), further.start[0])
    digest = hashlib.sha256(b"<li>a").hexdigest()
    assert found == (Visit("city", further.start[0], "listing", KNOWN, digest) if again else None)
    unknown = "https://www.example.jp/other"
    assert agenda.listing(source, unknown) == Visit("city", unknown, "listing")


def test_what_stands_in_for_a_list_is_asked_only_while_the_list_is_sick(archive: Archive) -> None:
    source = replace(LISTS, fallback=("https://www.example.jp/other#a",))
    with archive.write() as writer:
        page = writer.add_page("city", source.start[0], "listing")
    agenda = ArchiveAgenda(archive, [source], lambda: NOW, everything=True)
    assert [visit.url for visit in agenda.visits(source)] == [LISTS.start[0]]
    with archive.write() as writer:
        writer.put_page(replace(page, failures=3))
    assert [visit.url for visit in agenda.visits(source)] == [LISTS.start[0], "https://www.example.jp/other"]
    with archive.write() as writer:
        other = writer.add_page("city", "https://www.example.jp/other", "listing")
        writer.put_page(replace(other, due_at=NOW))
    assert [visit.url for visit in agenda.visits(source)] == [LISTS.start[0], other.url]
    with archive.write() as writer:
        writer.put_page(replace(page, failures=0))
    assert [visit.url for visit in agenda.visits(source)] == [LISTS.start[0]]


def test_a_crawl_s_settings_open_its_archive_and_choose_its_clock(archive: Archive) -> None:
    given = {"KOHYO_DB": archive.url, "KOHYO_CHOSEN": [SOURCE], "KOHYO_NOW": NOW.isoformat()}
    for everything in (False, True):
        crawler = Crawler(SourceSpider, Settings({**given, "KOHYO_ALL": everything}))
        agenda = ArchiveAgenda.from_crawler(crawler)
        assert (agenda.archive.url, agenda.sources, agenda.everything) == (archive.url, [SOURCE], everything)
        assert abs(agenda.now() - NOW) < timedelta(hours=1)
        agenda.close()


def test_one_host_is_asked_for_its_own_pages(archive: Archive) -> None:
    elsewhere = "https://files.example.jp/n/1"
    with archive.write() as writer:
        for url, due in ((f"{SOURCE.start[0]}n/1", 0), (elsewhere, 0), (f"{SOURCE.start[0]}n/2", 1)):
            page = writer.add_page("city", url, "page")
            writer.put_page(replace(page, due_at=NOW + timedelta(hours=due)))
        file = writer.add_page("city", f"{elsewhere}.pdf", "attachment", parent=page.id)
        writer.put_page(replace(file, due_at=NOW))
        due = {("city", "www.example.jp"): 1, ("city", "files.example.jp"): 1}
        assert writer.due_hosts(NOW, LATER) == due

    def asked(*hosts: str, everything: bool = False) -> list[str]:
        agenda = ArchiveAgenda(archive, [SOURCE], lambda: NOW, everything=everything, hosts=hosts)
        return [visit.url for visit in agenda.visits(SOURCE)]

    own = [SOURCE.start[0], f"{SOURCE.start[0]}n/1"]
    assert asked() == [*own, elsewhere]
    assert asked("www.example.jp") == own
    assert asked("files.example.jp") == [elsewhere]
    assert asked("files.example.jp", "www.example.jp") == [*own, elsewhere]
    assert len(asked("www.example.jp", everything=True)) == 3


def test_files_come_with_their_page_and_the_bytes_known_of_each(archive: Archive) -> None:
    with archive.write() as writer:
        page = writer.add_page("city", f"{SOURCE.start[0]}n/1", "page", due_at=NOW)
        file = writer.add_page("city", f"{page.url}.pdf", "attachment", parent=page.id, due_at=NOW)
        stored = writer.add_snapshot(snapshot(file, b"%PDF"))
        writer.put_page(replace(file, snapshot=stored.id, fetched_at=NOW, validators=KNOWN))
    agenda = ArchiveAgenda(archive, [SOURCE], lambda: NOW, everything=False)
    visit = agenda.visits(SOURCE)[1]
    digest = hashlib.sha256(b"%PDF").hexdigest()
    assert visit.attachments == (Visit("city", file.url, "attachment", KNOWN, digest),)


def test_picking_what_is_due_takes_no_longer_when_more_is_known(tmp_path: Path) -> None:
    sources = due.make_sources(2)

    def fill(pages: int) -> ArchiveAgenda:
        archive = open_archive(f"sqlite:///{tmp_path / f'{pages}.db'}")
        with archive.write() as writer:
            due.fill(writer, sources, pages, 40 / pages)
        return ArchiveAgenda(archive, sources, lambda: due.NOW, everything=False)

    def pick(agenda: ArchiveAgenda) -> None:
        for source in sources:
            agenda.visits(source)

    assert exponent(fill, pick, 300, 3_000, enough=0.3) < 0.5
