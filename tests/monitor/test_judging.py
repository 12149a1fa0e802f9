"""Captures that take long to judge: judged in a worker, written as if they were not, and told where they cannot."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from monitor.crawl import judging
from monitor.crawl.judging import CHEAP_BYTES, Judging, is_cheap
from monitor.demo.pdf_maker import render
from monitor.track.context import TrackResult
from monitor.track.judge.case import ReadAhead
from monitor.track.judge.judgement import judge, read_first, what_to_read
from monitor.track.page import Overtaken
from monitor.track.tracker import Tracker
from spiders.transport.workers import ahead as ahead_module
from spiders.transport.workers import hands, inside
from spiders.transport.workers.ahead import Ahead
from spiders.transport.workers.lanes import Faulted, TooExpensive, Workers
from storage.archive import Archive, open_archive
from storage.errors import StorageError
from storage.records import Capture, Row
from tests.monitor.story import DAY, LEAK, LIST, MORE, SINGLE, SORRY, URL, Story, html, list_rows, told
from tests.storage.builders import NOW

ROW = Row(URL, "お知らせ")
LONG = [f"第{n}の説明として、経緯と対応を順に述べる文章がここに続きます。" for n in range(2_000)]


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Story]:
    with open_archive(sqlite_url) as opened:
        yield Story(opened)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers()
    yield made
    made.close()


def track(story: Story, workers: Workers | Inline, *captures: Capture) -> list[TrackResult]:
    with story.archive.write() as writer:
        writer.put_source(story.source)
        run = writer.start_run("crawl", story.now)

    async def go() -> list[TrackResult]:
        judge = Judging(Tracker(story.archive, [story.source], run.id), cast(Workers, workers))
        return list(await asyncio.gather(*map(judge.track, captures)))

    return asyncio.run(go())


def test_a_long_page_is_told_as_if_it_were_short(story: Story, workers: Workers) -> None:
    for after, first in ((0, LEAK), (1, MORE)):
        capture = story.capture(html(first, SORRY, *LONG), after * DAY)
        assert not is_cheap(capture)
        (result,) = track(story, workers, capture)
    assert told(result) == [("updated", ("count", "silent"))]


def test_an_attachment_is_read_in_a_worker(story: Story, workers: Workers) -> None:
    page = html(LEAK).replace(b"</main>", '<a href="1.pdf">資料（PDF）</a></main>'.encode())
    pdf = story.capture(render([LEAK]), url=URL.replace("1.html", "1.pdf"), role="attachment")
    (result,) = track(story, workers, story.capture(page, attachments=(pdf,)))
    with story.archive.read() as reader:
        found = [one.version for one in reader.pages(story.source.id, "attachment")]
    assert (result.outcome, len(found), None in found) == ("version", 1, False)


def test_what_is_too_expensive_is_said_and_its_bytes_are_kept(
    story: Story, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object) -> Any:
        raise TooExpensive("too expensive: it takes more than 60 s")

    monkeypatch.setattr(workers, "run", refuse)
    body = html(LEAK, *LONG)
    (result,) = track(story, workers, story.capture(body))
    assert [(alert.kind, alert.detail) for alert in result.alerts] == [
        ("too-expensive", "too expensive: it takes more than 60 s")
    ]
    with story.archive.read() as reader:
        kept = reader.snapshot(result.alerts[0].snapshot or 0, body=True)
        assert kept is not None
        assert kept.body == body


def test_captures_of_one_page_are_judged_one_after_the_other(story: Story, workers: Workers) -> None:
    captures = [story.capture(html(first, *LONG), n * DAY) for n, first in enumerate((LEAK, MORE, LEAK))]
    results = track(story, workers, *captures)
    assert [told(result) for result in results[1:]] == [
        [("updated", ("count", "silent"))],
        [("updated", ("count", "reverted", "silent"))],
    ]


def test_a_page_that_was_altered_meanwhile_is_judged_anew(story: Story, workers: Workers) -> None:
    tracker = Tracker(story.archive, [story.source])
    story.page(html(LEAK, *LONG))
    late = story.capture(html(LEAK, SORRY, *LONG), DAY)
    ready = {("page", judging.place(URL)): (case, judge(case)) for case in tracker.cases(late)}
    story.page(html(MORE, *LONG), timedelta(minutes=1))
    with pytest.raises(Overtaken):
        tracker.track(late, ready)
    assert len(story.changes) == 2


def leave(*_: object) -> None:
    """Do what a process does that dies."""
    os._exit(7)


@pytest.mark.parametrize("dies", [False, True])
def test_pages_of_a_first_crawl_that_are_read_ahead_are_written_as_if_they_were_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dies: bool
) -> None:
    """Same rows, same numbers, same order, whatever becomes of the workers."""
    monkeypatch.setattr(ahead_module, "count_workers", lambda: 2)
    monkeypatch.setattr(hands, "BATCH_JOBS", 3)
    found, urls = [], [URL.replace("1.html", f"{number}.html") for number in range(12)]
    source = replace(SINGLE, start=tuple(urls))
    for helped in (False, True):
        read: list[int] = []
        with open_archive(f"sqlite:///{tmp_path / str(helped)}.db") as archive:
            story = Story(archive, source)
            captures = [
                story.capture(html(LEAK, *LONG[: 40 * (n % 3)], f"{n}件目のお知らせです。"), n * DAY, url=url)
                for n, url in enumerate(urls)
            ]
            captures[3] = replace(captures[3], body=b"<p>")
            captures[5] = replace(captures[5], status=404)
            captures += [
                story.capture(html(MORE, *LONG[:40], "1件目のお知らせです。"), 30 * DAY, url=urls[1])
            ]
            with archive.write() as writer:
                writer.put_source(source)
                run = writer.start_run("crawl", story.now)

            async def go(archive: Archive, captures: list[Capture], run: int) -> list[TrackResult]:
                ahead: Ahead[ReadAhead] | None = Ahead() if helped else None  # noqa: B023
                judge = Judging(Tracker(archive, [source], run), cast(Workers, Inline()), ahead)
                if ahead is not None:
                    ahead.begin(read_first, *what_to_read(source, captures[0]))
                    await ahead.started.wait()
                    call = ahead.call
                    if dies:
                        monkeypatch.setattr(inside, "run_all", leave)

                    async def counted(*args: Any) -> ReadAhead | None:
                        made = await call(*args)
                        read.append(made is not None)  # noqa: B023
                        return made

                    monkeypatch.setattr(ahead, "call", counted)
                results = await asyncio.gather(*map(judge.track, captures))
                if ahead is not None:
                    ahead.close()
                return list(results)

            results = asyncio.run(go(archive, captures, run.id))
        rows = list_rows(tmp_path / f"{helped}.db")
        found.append(([one.outcome for one in results], [one.changes for one in results], rows))
        assert (sum(read), len(read)) == ((0 if dies else 12, 12) if helped else (0, 0))
    assert found[0][0].count("version") == 11
    assert [pair for pair in zip(*(one[2] for one in found), strict=False) if len(set(pair)) > 1] == []
    assert found[0] == found[1]


# --- in this process: what is handed to workers, and what becomes of what they answer -------------------


class Inline:
    """Workers that work here, note for whom, and fail as they are told."""

    def __init__(self, *failures: Exception | None) -> None:
        self.failures = list(failures)
        self.hosts: list[str] = []
        self.given: list[Any] = []

    async def run(self, host: str, function: Any, *args: Any) -> Any:
        self.hosts.append(host)
        self.given += args
        if self.failures and (failure := self.failures.pop(0)):
            raise failure
        return function(*args)


FILE = Capture("city", URL.replace("1.html", "1.pdf"), "attachment", NOW, 200, body=b"%PDF-")
LIST_OF = Capture("city", LIST, "listing", NOW, 200)


@pytest.mark.parametrize(
    ("capture", "cheap"),
    [
        (Capture("city", URL, "page", NOW, 304), True),
        (Capture("city", URL, "page", NOW, 200, body=b"a" * CHEAP_BYTES), True),
        (Capture("city", URL, "page", NOW, 200, body=b"a" * (CHEAP_BYTES + 1)), False),
        (Capture("city", URL, "page", NOW, 200, body=b"a" * CHEAP_BYTES, again=b"a" * CHEAP_BYTES), True),
        (Capture("city", URL, "page", NOW, 200, body=b"a", again=b"a" * (CHEAP_BYTES + 1)), False),
        (Capture("city", URL, "page", NOW, 200, body=b"%PDF-1.7"), False),
        (Capture("city", URL, "page", NOW, 200, body=b"%PDF"), True),
        (Capture("city", URL, "page", NOW, 200, body=b"a", attachments=(FILE,)), False),
        (Capture("city", URL, "page", NOW, 200, body=b"a", attachments=(replace(FILE, body=b""),)), True),
        (replace(LIST_OF, rows=(ROW,) * 200, body=b"a" * 10 * CHEAP_BYTES), True),
        (replace(LIST_OF, rows=(ROW,) * 201), False),
        (replace(LIST_OF, rows=()), True),
    ],
)
def test_what_is_judged_where_it_arrives(capture: Capture, cheap: bool) -> None:
    assert is_cheap(capture) is cheap


def test_a_page_goes_to_its_host_s_worker_without_its_files_and_a_short_one_to_none(here: Story) -> None:
    inline = Inline()
    page = html(LEAK).replace(b"</main>", '<a href="1.pdf">資料（PDF）</a></main>'.encode())
    pdf = here.capture(render([LEAK]), url=FILE.url, role="attachment")
    (result,) = track(here, inline, here.capture(page, attachments=(pdf,)))
    assert result.outcome == "version"
    assert inline.hosts == ["www.city.example.lg.jp"] * 2
    assert sorted((case.page.role, case.capture.attachments) for case in inline.given) == [
        ("attachment", ()),
        ("page", ()),
    ]
    (again,) = track(here, inline, here.capture(html(LEAK, SORRY), DAY))
    assert (again.outcome, len(inline.hosts)) == ("version", 2)


@pytest.mark.parametrize(
    ("failure", "kind", "detail"),
    [
        (TooExpensive("too expensive: it takes more than 60 s"), "too-expensive", "too expensive: it takes"),
        (Faulted("kohyo failed on this page: KeyError"), "failed", "kohyo failed on this page: KeyError"),
        (RuntimeError("lost"), "failed", "kohyo failed on this page: RuntimeError"),
    ],
)
def test_what_fails_in_a_worker_is_an_alert_and_the_next_visit_goes_on(
    here: Story, failure: Exception, kind: str, detail: str
) -> None:
    inline = Inline(failure)
    (result,) = track(here, inline, here.capture(html(LEAK, *LONG)))
    assert [(alert.kind, alert.detail[: len(detail)]) for alert in result.alerts] == [(kind, detail)]
    assert result.outcome == "error"
    (again,) = track(here, inline, here.capture(html(LEAK, *LONG), DAY))
    assert again.outcome == "version"


def test_what_cannot_be_stored_is_no_fault_of_the_page(here: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> TrackResult:
        raise StorageError("the disk is full")

    monkeypatch.setattr(Tracker, "track", full)
    for body in (html(LEAK), html(LEAK, *LONG)):
        with pytest.raises(StorageError, match="full"):
            track(here, Inline(), here.capture(body))


@pytest.mark.parametrize(
    ("times", "outcome", "judged"), [(0, "version", 1), (2, "version", 3), (3, "error", 3)]
)
def test_what_is_altered_all_the_time_is_judged_three_times_and_then_said(
    here: Story, monkeypatch: pytest.MonkeyPatch, times: int, outcome: str, judged: int
) -> None:
    true, inline, left = Tracker.track, Inline(), [Overtaken()] * times

    def overtaken(self: Tracker, capture: Capture, ready: Any = None) -> TrackResult:
        if ready and left:
            raise left.pop()
        return true(self, capture, ready)

    monkeypatch.setattr(Tracker, "track", overtaken)
    (result,) = track(here, inline, here.capture(html(LEAK, *LONG)))
    assert (result.outcome, len(inline.hosts)) == (outcome, judged)
    told = [alert.detail for alert in result.alerts]
    assert told == (["kohyo failed on this page: it is altered all the time"] if outcome == "error" else [])


def imported(story: Story, inline: Inline, *captures: Capture) -> tuple[list[TrackResult], list[TrackResult]]:
    """What each capture of an import led to, and what placing the late ones did."""
    with story.archive.write() as writer:
        writer.put_source(story.source)
        run = writer.start_run("import", story.now)

    async def go() -> tuple[list[TrackResult], list[TrackResult]]:
        judge = Judging(Tracker(story.archive, [story.source], run.id), cast(Workers, inline))
        tracked = [await judge.track_imported(capture) for capture in captures]
        return tracked, [one async for one in judge.place_earlier(story.source)]

    return asyncio.run(go())


def test_an_older_capture_is_kept_then_placed_by_a_worker(here: Story) -> None:
    inline = Inline()
    late, early = here.capture(html(MORE, SORRY), 2 * DAY), here.capture(html(LEAK, SORRY))
    tracked, placed = imported(here, inline, late, early)
    assert [(one.outcome, told(one)) for one in tracked] == [("version", [("new", ())]), ("earlier", [])]
    assert [told(one) for one in placed] == [[("updated", ("count", "silent", "found-later"))]]
    assert inline.hosts == ["www.city.example.lg.jp"]
    assert imported(here, inline)[1] == []


def test_the_files_of_an_older_capture_are_kept_with_it_and_placed_under_its_page(here: Story) -> None:
    link = '<a href="1.pdf">資料（PDF）</a>'
    early = here.capture(
        html(LEAK, SORRY, link),
        attachments=(here.capture(render([LEAK]), url=FILE.url, role="attachment"),),
    )
    late = here.capture(html(MORE, SORRY, link), 2 * DAY)
    tracked, placed = imported(here, Inline(), late, early)
    assert [one.outcome for one in tracked] == ["version", "earlier"]
    assert not [alert for one in (*tracked, *placed) for alert in one.alerts]
    with here.archive.read() as reader:
        (page,), (file,) = reader.pages("city", "page"), reader.pages("city", "attachment")
        assert (file.url, file.parent) == (FILE.url, page.id)
        assert [version.captured_at for version in reader.versions(file.id)] == [early.captured_at]


def test_a_page_whose_captures_cannot_be_placed_is_named_once_and_the_next_is_placed(here: Story) -> None:
    other = f"{LIST}2.html"
    here.source = replace(here.source, start=(URL, other))
    captures = [
        here.capture(html(words, SORRY), day * DAY, url=url)
        for url in (URL, other)
        for words, day in ((MORE, 2), (LEAK, 0))
    ]
    for failure, changes in (
        (TooExpensive("too much"), [0, 1]),
        (Faulted("kohyo failed on this page: KeyError"), [0]),
    ):
        _, placed = imported(here, Inline(failure), *captures)
        assert [len(one.changes) for one in placed] == changes
        assert str(failure) in placed[0].alerts[0].detail
        assert not [alert for one in placed[1:] for alert in one.alerts]
        captures = []
