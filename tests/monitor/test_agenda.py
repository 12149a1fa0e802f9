"""What is due, whatever the clock of the last run showed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.crawl.agenda import ArchiveAgenda
from storage.archive import Archive, open_archive
from storage.records import Source, Validators, Visit
from tests.storage.builders import NOW

SOURCE = Source("city", "例示市", "affected", ("https://www.example.jp/",))


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(f"sqlite:///{tmp_path / 'a.db'}") as opened:
        with opened.write() as writer:
            writer.put_source(SOURCE)
        yield opened


def planned(
    archive: Archive, due: timedelta, *, every: int = 3600, fetched: timedelta = timedelta()
) -> list[bool]:
    """For each visit that is due now, whether it is asked with the validators of the last."""
    with archive.write() as writer:
        page = writer.add_page("city", SOURCE.start[0], "page")
        validators = Validators(etag='"a"')
        writer.put_page(replace(page, due_at=NOW + due, fetched_at=NOW + fetched, validators=validators))
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
