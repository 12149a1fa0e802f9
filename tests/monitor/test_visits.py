"""What is asked for, as a whole: with which validators, bytes known before, files, and a second look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.crawl.agenda import FULL_FETCH_EVERY, ArchiveAgenda
from monitor.demo.pdf_maker import render
from monitor.incidents.incident_links import link_notice, relink
from storage.archive import Archive, open_archive
from storage.records import Incident, IncidentLink, Row, Validators, Visit
from tests.databases import database_at
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, SINGLE, SORRY, URL, Story, html, row

FILE = f"{LIST}a.pdf"
VALIDATORS = Validators(etag='"1"')


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(database_at(tmp_path / "a.db")) as opened:
        yield opened


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


def asked(story: Story, after: timedelta = DAY, *, everything: bool = False) -> list[Visit]:
    now = story.now + after
    agenda = ArchiveAgenda(story.archive, [story.source], lambda: now, everything=everything)
    return agenda.visits(story.source)


def test_a_page_is_asked_for_with_what_is_known_of_it_and_its_files(story: Story) -> None:
    pdf = story.capture(render(["対象者は1,234人です。"]), url=FILE, role="attachment")
    story.page(html(LEAK, '<a href="a.pdf">別紙 (PDF)</a>'), attachments=(pdf,))
    with story.archive.read() as reader:
        digests = {page.url: page.sha256 for page in reader.watched("city")}
    file = Visit("city", FILE, "attachment", VALIDATORS, digests[FILE])
    assert asked(story) == [
        Visit("city", URL, "page", VALIDATORS, digests[URL], confirm=True, attachments=(file,))
    ]
    assert asked(story, HOUR / 2) == []
    assert len(asked(story, HOUR / 2, everything=True)) == 1


def test_a_page_that_was_looked_at_twice_needs_no_second_look(story: Story) -> None:
    body = html(LEAK, SORRY)
    story.page(body, again=body)
    (visit,) = asked(story)
    assert not visit.confirm
    assert visit.validators == VALIDATORS


def test_a_page_that_was_never_read_needs_no_second_look(story: Story) -> None:
    story.page(b"", status=500)
    (visit,) = asked(story)
    assert (visit.confirm, visit.validators, visit.sha256) == (False, Validators(), None)


def test_validators_are_left_out_after_a_fortnight_and_for_a_held_text(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    since = FULL_FETCH_EVERY - timedelta(seconds=1)
    assert asked(story, since)[0].validators == VALIDATORS
    assert asked(story, FULL_FETCH_EVERY)[0].validators == Validators()
    lines = [f"まったく別の話題を{n}番目に述べています。" for n in range(12)]
    story.page(html(*lines, title="別の題の別の頁"), DAY)
    with story.archive.read() as reader:
        (page,) = reader.pages("city")
    assert page.held
    assert asked(story)[0].validators == Validators()


def test_a_listing_goes_before_the_pages_it_led_to_and_each_is_asked_for_once(story: Story) -> None:
    story.source = LISTED
    found = row(2, "個人情報の漏えい", story.now.date())
    story.listing(found)
    story.page(html(LEAK), url=found.url)
    assert [(visit.url, visit.role) for visit in asked(story)] == [(LIST, "listing"), (found.url, "page")]
    assert all(visit.validators == VALIDATORS for visit in asked(story))


def test_an_address_that_was_never_visited_is_asked_for_without_its_fragment(archive: Archive) -> None:
    source = replace(SINGLE, start=(f"{URL}#top", f"{LIST}2.html"))
    agenda = ArchiveAgenda(archive, [source], lambda: Story(archive).now, everything=False)
    assert agenda.visits(source) == [Visit("city", URL, "page"), Visit("city", f"{LIST}2.html", "page")]
    assert agenda.listing(source, LIST) == Visit("city", LIST, "listing")


def test_the_page_of_a_row_is_visited_once_from_the_listing(story: Story) -> None:
    story.source = LISTED
    found = Row(f"{LIST}2.html#a", "個人情報の漏えい", story.now.date())
    agenda = ArchiveAgenda(story.archive, [LISTED], lambda: story.now, everything=False)
    assert agenda.visit(LISTED, found) == Visit("city", f"{LIST}2.html", "page", row=found)
    story.listing(found)
    assert agenda.visit(LISTED, found) is not None, "noted down, and not visited yet"
    story.page(html(LEAK), url=f"{LIST}2.html")
    assert agenda.visit(LISTED, found) is None
    assert agenda.listing(LISTED, LIST) is None


# --- incidents -------------------------------------------------------------------------------------

INCIDENT = Incident("x-2023", "x", hotlines=("0120-000-614",), seeds=(URL,))
OTHER = f"{LIST}7.html"
CALL = "お問い合わせは 0120-000-614 へ。"


def links(story: Story) -> dict[int, tuple[str, tuple[str, ...]]]:
    with story.archive.read() as reader:
        return {one.notice: (one.status, one.evidence) for one in reader.incident_links("x-2023")}


@pytest.fixture
def incident(archive: Archive) -> Story:
    with archive.write() as writer:
        relink(writer, writer.put_incident(INCIDENT))
    return Story(archive, replace(SINGLE, start=(URL, OTHER)))


def test_a_notice_is_linked_by_what_its_files_say(incident: Story) -> None:
    pdf = incident.capture(render([CALL]), url=FILE, role="attachment")
    incident.page(html(SORRY, '<a href="a.pdf">別紙 (PDF)</a>'), url=OTHER, attachments=(pdf,))
    later = html(SORRY, "詳しくは別紙をご覧ください。", '<a href="a.pdf">別紙 (PDF)</a>')
    incident.page(later, DAY, url=OTHER)
    assert links(incident) == {1: ("suggested", ("hotline: 0120-000-614",))}


def test_a_link_to_a_notice_that_belongs_is_evidence(incident: Story) -> None:
    incident.page(html(LEAK))
    incident.page(html(SORRY, f'<a href="{URL}">前の公表</a>'), url=OTHER)
    assert links(incident)[1] == ("declared", ("seed of the declaration",))
    status, evidence = links(incident)[2]
    assert (status, evidence[0]) == ("suggested", "link: city.example.lg.jp/oshirase/1.html")


def test_a_notice_that_one_that_belongs_points_to_is_linked(incident: Story) -> None:
    incident.page(html(LEAK, f'<a href="{OTHER}">続報</a>'))
    incident.page(html(SORRY), url=OTHER)
    assert links(incident)[2][1][0] == "link: city.example.lg.jp/oshirase/7.html"


def test_what_a_person_decided_is_not_weighed_again(incident: Story) -> None:
    incident.page(html(LEAK))
    with incident.archive.write() as writer:
        known = writer.incident("x-2023")
        notice = writer.notice(1)
        assert known is not None
        assert notice is not None
        writer.set_link(IncidentLink(known.id, 1, "rejected", ("by hand",), 0.0))
        before = writer.links_of_notice(1)
        link_notice(writer, notice)
        relink(writer, known)
        assert writer.links_of_notice(1) == before
