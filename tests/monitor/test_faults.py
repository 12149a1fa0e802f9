"""Mistakes of ours and answers that are not whole: a row, an alert, and never news."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.track import listings, page
from monitor.track.judge import judgement
from storage.archive import Archive
from storage.errors import StorageError
from tests.monitor.story import DAY, LEAK, LIST, LISTED, MORE, SORRY, URL, Story, html, row, told


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


def broken(*_: object, **__: object) -> Any:
    raise ValueError("no such number")


def checks(story: Story, url: str = URL) -> list[tuple[str, str]]:
    with story.archive.read() as reader:
        known = reader.page(story.source.id, url)
        assert known is not None
        return [(check.outcome, check.detail) for check in reader.checks(known.id)]


def test_a_mistake_over_a_page_leaves_a_row_an_alert_and_the_bytes(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.page(html(LEAK, SORRY))
    with monkeypatch.context() as patch:
        patch.setattr(judgement, "judge", broken)
        headers = (("Content-Type", "text/html"), ("ETag", '"2"'))
        result = story.page(html(MORE, SORRY), DAY, headers=headers)
    assert (result.outcome, result.changes) == ("error", [])
    (alert,) = result.alerts
    assert alert.kind == "failed"
    assert "kohyo failed on this page: ValueError: no such number" in alert.detail
    assert checks(story)[0] == ("error", alert.detail)
    with story.archive.read() as reader:
        known = reader.page(story.source.id, URL)
        assert known is not None
        assert known.validators.etag == '"1"', "what was not read is asked for again"
        evidence = reader.snapshot(alert.snapshot or 0, body=True)
        assert evidence is not None
        assert evidence.body == html(MORE, SORRY)
    assert told(story.page(html(MORE, SORRY), DAY))[0][0] == "updated"


def test_a_mistake_over_a_listing_leaves_a_row_too(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    story = Story(archive, LISTED)
    rows = [row(n, f"お知らせ{n}", date(2023, 10, n)) for n in (1, 2)]
    with monkeypatch.context() as patch:
        patch.setattr(listings, "track_listing", broken)
        assert story.listing(*rows).outcome == "error"
    assert (story.alerts, checks(story, LIST)[0][0]) == (["failed"], "error")
    assert story.listing(*rows).outcome == "version"


def test_a_mistake_that_bytes_cause_costs_the_bytes(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "digest_of", lambda capture: broken() if capture.body else "0" * 64)
    assert story.page(html(LEAK)).outcome == "error"
    assert story.alerts == ["failed"]
    (check,) = checks(story)
    assert "no such number" in check[1]


def test_what_the_archive_cannot_do_is_no_mistake_over_a_page(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageError("disk full")

    monkeypatch.setattr(judgement, "judge", full)
    with pytest.raises(StorageError):
        story.page(html(LEAK))


@pytest.mark.parametrize("status", [202, 206])
def test_a_status_that_says_so_is_not_the_whole_page(story: Story, status: int) -> None:
    story.page(html(LEAK, SORRY))
    assert told(story.page(html(LEAK), DAY, status=status)) == []
    assert story.alerts == ["unreachable"]
    assert checks(story)[0][0] == "error"


def test_a_page_that_ends_early_is_asked_for_again_and_not_told(story: Story) -> None:
    whole = html(LEAK, SORRY, *(f"第{n}の説明がここに続きます。" for n in range(20)))
    story.page(whole)
    assert told(story.page(whole[: len(whole) * 2 // 3], DAY)) == []
    assert checks(story)[0] == ("error", "the page ends without </html>, which it had before")
    assert told(story.page(whole, DAY)) == []
    assert story.alerts == ["unreachable"]


def test_a_template_without_an_end_is_read_in_the_end(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    bare = html(MORE, SORRY).replace(b"</body></html>", b"")
    looks = [told(story.page(bare, DAY)) for _ in range(page.MAX_ENDLESS_VISITS + 1)]
    assert looks[:-1] == [[]] * page.MAX_ENDLESS_VISITS
    assert looks[-1][0][0] == "updated"


def test_a_listing_that_ends_early_is_no_state_of_it(archive: Archive) -> None:
    story = Story(archive, LISTED)
    rows = [row(n, f"お知らせ{n}", date(2023, 10, n)) for n in (1, 2, 3)]
    whole = b"<!doctype html><ul>...</ul></html>"
    story.visit(DAY, story.capture(whole, DAY, url=LIST, role="listing", rows=tuple(rows)))
    (result,) = story.visit(
        DAY, story.capture(whole[:-12], DAY, url=LIST, role="listing", rows=tuple(rows[:2]))
    )
    assert (result.outcome, result.changes) == ("error", [])
