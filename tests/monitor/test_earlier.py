"""Captures from before what is known: they take their place in the history, and nobody is alarmed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.crawl.judging import Judging
from monitor.demo.pdf_maker import render
from monitor.track.context import TrackResult
from monitor.track.judge.placing import place_late
from monitor.track.tracker import Tracker
from spiders.transport.workers.lanes import TooExpensive, Workers
from storage.archive import Archive, Reader, open_archive
from storage.query import Query
from storage.records import Capture, Change
from tests.monitor.story import DAY, LEAK, LIST, MORE, SINGLE, SORRY, URL, Story, html

BEGAN = datetime(2023, 10, 17, 3, tzinfo=UTC)
TEXTS = (
    (LEAK, SORRY),
    (LEAK, SORRY, "警察に相談しています。"),
    (LEAK, "原因は委託先の従業員による持ち出しでした。", SORRY),
    (LEAK, "対象の方には郵便でお知らせしました。"),
    (MORE, SORRY),
)


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


def put(archive: Archive, captures: Iterable[Capture], source=SINGLE) -> list[Change]:  # type: ignore[no-untyped-def]
    """One import, as the command does it; what came to light."""
    with archive.write() as writer:
        writer.put_source(source)
        run = writer.start_run("import", BEGAN)
    tracker = Tracker(archive, [source], run.id)
    for capture in sorted(captures, key=lambda one: one.captured_at):
        tracker.track_imported(capture)
    found = []
    while pages := tracker.find_late_pages(source):
        for page in pages:
            cases = tracker.gather_past_cases(page)
            found += tracker.place(page, cases, [place_late(case) for case in cases]).changes
    with archive.write() as writer:
        writer.finish_run(replace(run, status="done"))
    return found


def shot(text: Sequence[str], day: float, source=SINGLE, **more: Any) -> Capture:  # type: ignore[no-untyped-def]
    return Capture(
        source.id,
        source.start[0],
        "page",
        BEGAN + timedelta(days=day),
        200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=html(*text),
        **more,
    )


def texts(reader: Reader, url: str = URL) -> list[tuple[datetime, str]]:
    (page,) = [page for page in reader.pages() if page.url == url]
    versions = reader.versions(page.id)
    assert [version.number for version in versions] == list(range(1, len(versions) + 1))
    assert page.version == (versions[-1].id if versions else None)
    assert page.changes_seen == max(0, len(versions) - 1)
    return [(version.captured_at, version.text) for version in versions]


def told(reader: Reader, source: str = "city") -> list[tuple[Any, ...]]:
    """Every change between two texts, but for the mark, and for what was not known yet when it was told."""
    found = []
    for change in reader.changes(Query(sources=(source,), limit=None)):
        if change.kind == "new":
            continue
        versions = reader.versions_by_id({change.from_version, change.to_version} - {None})
        old, new = versions.get(change.from_version or 0), versions[change.to_version or 0]
        whole = reader.change(change.id)
        assert whole is not None
        reasons = tuple(reason for reason in change.reasons if reason not in ("found-later", "reverted"))
        found.append((change.kind, old and old.text, new.text, reasons, change.summary, repr(whole.hunks)))
    return found


def test_a_capture_between_two_that_are_known_stands_between_them_and_nothing_is_taken_back(
    story: Story,
) -> None:
    first, last = TEXTS[0], TEXTS[1]
    put(story.archive, [shot(first, 0), shot(last, 10)])
    with story.archive.read() as reader:
        before = reader.changes(Query(limit=None))
        ids = {version.id: version.text for version in reader.versions(reader.pages()[0].id)}
    found = put(story.archive, [shot(TEXTS[2], 5)])
    with story.archive.read() as reader:
        after = reader.changes(Query(limit=None))
        first_text, _, last_text = (text for _, text in texts(reader))
        assert [first_text, last_text] == list(ids.values())
        for number, text in ids.items():
            version = reader.version(number)
            assert version is not None
            assert version.text == text
        assert [change for change in after if change.id in {one.id for one in before}] == before
        assert [change.detected_at for change in found] == [BEGAN + timedelta(days=day) for day in (5, 10)]
        assert all("found-later" in change.reasons for change in found)
        assert {change.id for change in after} == {change.id for change in (*before, *found)}
        assert reader.unqueued_changes("t", Query(), behind=0, imported_since=BEGAN - DAY * 99) == [
            (change.id, change.detected_at) for change in reversed(before)
        ]


def test_what_was_said_before_anyone_looked_comes_first_and_is_no_new_notice(story: Story) -> None:
    story.page(html(*TEXTS[1]), 10 * DAY)
    found = put(story.archive, [shot(TEXTS[0], 1)])
    assert [(change.kind, change.reasons[-1]) for change in found] == [("updated", "found-later")]
    assert [change.kind for change in story.changes].count("new") == 1
    assert story.page(html(*TEXTS[1]), DAY).outcome == "same-bytes"


def test_a_text_that_stood_before_it_was_first_seen_is_the_same_version_from_then_on(story: Story) -> None:
    story.page(html(*TEXTS[1]), 10 * DAY)
    assert put(story.archive, [shot(TEXTS[1], 1)]) == []
    with story.archive.read() as reader:
        assert [at for at, _ in texts(reader)] == [BEGAN + DAY]


def test_what_stood_again_after_a_late_text_is_a_version_of_its_own(story: Story) -> None:
    put(story.archive, [shot(TEXTS[0], 0), shot(TEXTS[0], 9)])
    found = put(story.archive, [shot(TEXTS[1], 4)])
    assert [("reverted" in change.reasons, change.reasons[-1]) for change in found] == [
        (False, "found-later"),
        (True, "found-later"),
    ]
    with story.archive.read() as reader:
        assert [at - BEGAN for at, _ in texts(reader)] == [0 * DAY, 4 * DAY, 9 * DAY]


@pytest.mark.parametrize(("days", "outcomes"), [((3,), ["held"]), ((3, 4), ["held", "version"])])
def test_a_late_text_that_is_another_altogether_waits_for_a_second_look(
    sqlite_url: str, days: tuple[int, ...], outcomes: list[str]
) -> None:
    old = [LEAK, *(f"{n}つ目の対応として、関係する部署に報告と再発の防止を求めました。" for n in range(12))]
    new = [
        LEAK,
        *(f"第{n}回の説明会を開き、参加された皆さまからご意見をいただいたところです。" for n in range(12)),
    ]
    with open_archive(sqlite_url) as archive:
        put(archive, [shot(old, 0), shot(old, 10)])
        put(archive, [shot([*new, "　" * day], day) for day in days])
        with archive.read() as reader:
            (page,) = reader.pages()
            checks = sorted(reader.checks(page.id), key=lambda check: check.checked_at)
            assert [check.detail for check in checks if check.outcome == "earlier"] == outcomes
            assert len(texts(reader)) == (1 if len(days) == 1 else 3)
            assert page.held is None


def test_the_same_import_again_adds_nothing(story: Story) -> None:
    captures = [shot(TEXTS[0], 0), shot(TEXTS[1], 10)]
    put(story.archive, captures)
    late = [shot(TEXTS[2], 5)]
    put(story.archive, late)
    changes = story.changes
    with story.archive.read() as reader:
        before = texts(reader)
    assert put(story.archive, []) == []
    with story.archive.read() as reader:
        assert (texts(reader), story.changes) == (before, changes)
        assert reader.pages_with_late_captures("city") == []


def test_what_says_nothing_of_the_notice_leaves_no_trace_but_its_check(story: Story) -> None:
    put(story.archive, [shot(TEXTS[0], 0), shot(TEXTS[1], 10)])
    refused = replace(shot((), 5), status=503)
    empty = replace(shot((), 6), body=b"<html><body></body></html>")
    assert put(story.archive, [refused, empty]) == []
    with story.archive.read() as reader:
        assert len(texts(reader)) == 2
        assert [check.detail for check in reader.sightings(1) if check.outcome == "earlier"] == [
            "blocked",
            "empty",
        ]


def test_a_redacted_page_gets_nothing_back(story: Story) -> None:
    put(story.archive, [shot(TEXTS[0], 0), shot(TEXTS[1], 10)])
    with story.archive.write() as writer:
        (notice,) = writer.notices_of_page(1)
        writer.redact(notice.id, "試験", BEGAN)
    assert put(story.archive, [shot(TEXTS[2], 5)]) == []
    with story.archive.read() as reader:
        assert len(texts(reader)) == 2


def test_files_take_their_places_with_their_page(story: Story) -> None:
    def visit(day: int, size: int) -> Capture:
        at = BEGAN + timedelta(days=day)
        file = Capture(
            "city", f"{LIST}a.pdf", "attachment", at, 200, body=render(["別紙", f"対象は{size:,}人です。"])
        )
        return shot((LEAK, f'<a href="{LIST}a.pdf">別紙（PDF）</a>'), day, attachments=(file,))

    ordered = [visit(0, 1200), visit(5, 1300), visit(9, 1400)]
    put(story.archive, [ordered[0], ordered[2]])
    found = put(story.archive, [ordered[1]])
    assert [change.summary.partition("、")[0] for change in found] == [
        "1,200人 → 1,300人 (+100)",
        "1,300人 → 1,400人 (+100)",
    ]
    assert all({"attachment", "found-later"} <= {*change.reasons} for change in found)
    with story.archive.read() as reader:
        assert len(texts(reader, f"{LIST}a.pdf")) == 3
        assert len(texts(reader)) == 1


def test_an_import_places_what_is_late_in_workers_and_says_what_it_cannot_place(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(story.archive, [shot(TEXTS[0], 0), shot(TEXTS[1], 10)])
    Tracker(story.archive, [SINGLE]).track_imported(shot(TEXTS[2], 5))

    async def place() -> list[TrackResult]:
        with closing(Workers()) as workers:
            return [
                one async for one in Judging(Tracker(story.archive, [SINGLE]), workers).place_earlier(SINGLE)
            ]

    async def refuse(*_: object) -> object:
        raise TooExpensive("too expensive: it takes more than 60 s")

    with monkeypatch.context() as patch:
        patch.setattr(Workers, "run", refuse)
        (result,) = asyncio.run(place())
    assert [(alert.kind, alert.detail) for alert in result.alerts] == [
        ("too-expensive", "too expensive: it takes more than 60 s")
    ]
    (result,) = asyncio.run(place())
    assert [change.kind for change in result.changes] == ["updated", "updated"]
    assert asyncio.run(place()) == []


numbers = count()


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_in_whatever_order_captures_come_the_history_is_the_same(
    archive: Archive, data: st.DataObject
) -> None:
    # Of more that take turns, flicker is learned, and what was learned stays.
    few = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=4)
    said = data.draw(st.one_of(few, st.permutations(TEXTS)))
    order = data.draw(st.permutations(range(len(said))))
    cuts = data.draw(st.sets(st.integers(0, len(said)), max_size=3))
    number = next(numbers)
    outcomes = []
    for name in ("ordered", "mixed"):
        source = replace(
            SINGLE, id=f"{name}-{number}", start=(f"https://{name}-{number}.example.jp/oshirase/1.html",)
        )
        captures = [shot(text, day, source) for day, text in enumerate(said)]
        if name == "ordered":
            batches = [captures]
        else:
            at = sorted({0, len(said), *cuts})
            batches = [[captures[n] for n in order[start:end]] for start, end in pairwise(at)]
        for batch in batches:
            put(archive, batch, source)
        with archive.read() as reader:
            changes = told(reader, source.id)
            history = texts(reader, source.start[0])
            marked = [
                change
                for change in reader.changes(Query(sources=(source.id,), limit=None))
                if "found-later" in change.reasons
            ]
        outcomes.append((history, changes))
        assert name == "mixed" or not marked
    (history, changes), (other, mixed) = outcomes
    assert other == history
    assert not Counter(changes) - Counter(mixed), "a change that was told in order is not there"
    neighbours = {(old, new) for (_, old), (_, new) in pairwise(history)}
    extra = Counter(mixed) - Counter(changes)
    assert not [change for change in extra if (change[1], change[2]) in neighbours], "told twice"
