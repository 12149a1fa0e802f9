"""Captures that take long to judge: judged in a worker, written as if they were not, and told where they cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from monitor.crawl import judging
from monitor.crawl.judging import Judging, is_cheap
from monitor.demo.pdf_maker import render
from monitor.track.context import TrackResult
from monitor.track.page import Overtaken
from monitor.track.tracker import Tracker
from spiders.transport.workers import TooExpensive, Workers
from storage.archive import Archive
from storage.records import Capture
from tests.monitor.story import DAY, LEAK, MORE, SORRY, URL, Story, html, told

LONG = [f"第{n}の説明として、経緯と対応を順に述べる文章がここに続きます。" for n in range(2_000)]


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    made = Workers()
    yield made
    made.close()


def track(story: Story, workers: Workers, *captures: Capture) -> list[TrackResult]:
    with story.archive.write() as writer:
        writer.put_source(story.source)
        run = writer.start_run("crawl", story.now)

    async def go() -> list[TrackResult]:
        judge = Judging(Tracker(story.archive, [story.source], run.id), workers)
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
    ready = {("page", judging.place(URL)): (case, judging.judge(case)) for case in tracker.cases(late)}
    story.page(html(MORE, *LONG), timedelta(minutes=1))
    with pytest.raises(Overtaken):
        tracker.track(late, ready)
    assert len(story.changes) == 2
