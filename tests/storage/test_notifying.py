"""What notifications ask of the archive, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
import sqlalchemy as sa

from storage.archive import Archive, Writer, open_archive
from storage.errors import Busy
from storage.holding import ARCHIVE, NOTIFY
from storage.query import Query
from storage.records import Alert, Page
from tests.feeds import sample
from tests.storage.builders import NOW, change, later, publish, watch
from tests.storage.former import to_the_first_schema


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


def test_notifying_and_crawling_do_not_wait_for_each_other(archive: Archive) -> None:
    rederive, notify, again = (archive.hold("run", one) for one in (ARCHIVE, NOTIFY, NOTIFY))
    with rederive, notify, pytest.raises(Busy), again:
        pass
    with archive.hold("notify", NOTIFY):
        pass


def alert(writer: Writer, kind: str, page: Page, at: datetime) -> Alert:
    return writer.raise_alert(Alert(kind, page.source, page.url, "HTTP 503", at))


def test_what_is_wrong_is_known_once_however_often_it_was_seen(archive: Archive) -> None:
    with archive.write() as writer:
        page, other = watch(writer), watch(writer, "https://example.jp/other")
        first = alert(writer, "unreachable", page, NOW)
        alert(writer, "unreachable", page, later(days=3))  # more than a day later: a row of its own
        alert(writer, "stood-still", page, later(days=-30))
        weekly = [alert(writer, "stood-still", page, later(days=day)) for day in (-6, 1)]
        alert(writer, "blocked", other, NOW)
        writer.put_page(replace(other, last_success=later(hours=1)))
        found = {one.kind: one for one in writer.troubles(later(days=3))}
        assert {kind: (one.id, one.times) for kind, one in found.items()} == {
            "unreachable": (first.id, 2),
            "stood-still": (weekly[0].id, 2),
        }
        assert found["unreachable"].last_seen == later(days=3)
        writer.put_page(replace(page, last_success=later(days=4)))
        assert [one.kind for one in writer.troubles(later(days=4))] == ["stood-still"]
        assert writer.troubles(later(days=20)) == []


def test_an_alert_is_told_again_only_after_it_was_over(archive: Archive) -> None:
    with archive.write() as writer:
        one = alert(writer, "unreachable", watch(writer), NOW)
        for turn, standing in (("raised", [one]), ("recovered", []), ("raised", [one])):
            writer.queue_alerts([one.id], turn, "desk", NOW)
            assert writer.standing_alerts("desk", NOW) == standing
        assert writer.standing_alerts("other", NOW) == []
        assert [(row.alert, row.turn) for row in writer.deliveries()] == [
            (one.id, "raised"),
            (one.id, "recovered"),
            (one.id, "raised"),
        ]
        assert writer.count_deliveries() == (3, 0)


def test_an_outbox_from_before_alerts_is_kept(database_url: str) -> None:
    with open_archive(database_url) as archive, archive.write() as writer:
        made = writer.add_change(change(publish(writer, "本文")))
    with open_archive(database_url) as archive, archive.write() as writer:
        to_the_first_schema(writer)
        at = "'2026-01-05 00:00:00.000000'" if writer._db.dialect.name == "sqlite" else "now()"
        row = f"VALUES (7, {made.id}, 'desk', 'pending', {at}, 2, 'timeout')"
        columns = "(id, change_id, target, status, due_at, attempts, error)"
        writer._db.execute(sa.text(f"INSERT INTO outbox {columns} {row}"))
    with open_archive(database_url) as archive, archive.write() as writer:
        (kept,) = writer.deliveries()
        assert (kept.id, kept.change, kept.attempts, kept.error, kept.alert) == (
            7,
            made.id,
            2,
            "timeout",
            None,
        )
        assert writer.queue([made.id], "desk", NOW) == 0
        writer.queue_alerts(
            [alert(writer, "unreachable", watch(writer, "https://b.jp/"), NOW).id], "raised", "desk", NOW
        )
        assert len(writer.deliveries()) == 2
