"""What notifications ask of the archive, on both engines."""

from __future__ import annotations

import pytest

from storage.archive import Archive
from storage.errors import Busy
from storage.query import Query
from tests.feeds import sample


def test_what_was_queued_is_not_untold_any_more(archive: Archive) -> None:
    with archive.write() as writer:
        sample.tell(writer)
    material = Query(material=True)
    with archive.write() as writer:
        last, detected = writer.latest_change()
        assert (last, detected) == (9, sample.at("2024-09-11"))
        past = {"behind": 0, "imported_since": sample.at("2000-01-01")}
        told = writer.unqueued_changes("desk", material, **past)
        assert [id for id, _ in told] == [1, 2, 3, 4, 5, 6, 7, 9]
        assert told[-1] == (9, detected)
        assert writer.queue([1, 2, 3], "desk", sample.at("2024-09-12")) == 3
        assert writer.queue([3, 4], "desk", sample.at("2024-09-12")) == 1
        assert [id for id, _ in writer.unqueued_changes("desk", material, **past)] == [5, 6, 7, 9]
        assert (
            len(writer.unqueued_changes("other", Query(), **past)) == 8
        )  # never what differs in notation only
        behind = {**past, "behind": 7}
        assert [id for id, _ in writer.unqueued_changes("desk", Query(incident=sample.SLUG), **behind)] == [9]
        by_text = writer.unqueued_changes("desk", Query(text="第148条", provision="148"), **past)
        assert [id for id, _ in by_text] == [6]


def test_old_captures_count_from_a_day(archive: Archive) -> None:
    with archive.write() as writer:
        notice = sample.tell(writer)["mie"]
        story = sample.Story(writer)
        run = writer.start_run("import", sample.at("2026-01-01"))
        for day in ("2019-01-01", "2025-01-01"):
            story.change(notice, day, "updated", run=run.id)
        untold = writer.unqueued_changes("desk", Query(), behind=9, imported_since=sample.at("2024-09-11"))
    assert [detected for _, detected in untold] == [sample.at("2025-01-01")]


def test_notes_are_kept_and_replaced(archive: Archive) -> None:
    for value in ("one", "二"):
        with archive.write() as writer:
            writer.note("notify:desk", value)
        with archive.read() as reader:
            assert reader.setting("notify:desk") == value


def test_notifying_and_crawling_have_locks_of_their_own(archive: Archive) -> None:
    with archive.lock(), archive.lock("notify"), pytest.raises(Busy), archive.lock("notify"):
        pass
    with archive.lock("notify"):
        pass
