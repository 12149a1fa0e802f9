"""Calendars: a duty once, with alarms before it, and the statutory clocks marked as computed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from feeds.addresses import Site
from feeds.formats.clocks_ics import write_clocks
from feeds.formats.deadlines_ics import CalendarEvent, Deadline, group_duties, write_calendar
from feeds.formats.entries import Names
from feeds.site.publish import publish
from storage.archive import open_archive
from storage.query import Discovery
from storage.records import Notice
from tests.feeds.browser.story import find_lived

SEEN = datetime(2024, 1, 24, tzinfo=UTC)
ORDER = "事案の原因及び経緯を令和６年２月29日までに、再発防止策の実施状況を令和６年３月29日までに報告するよう求めた。"
COMPANY = "原因と経緯を2024年2月29日までに、再発防止策を2024年3月29日までに報告します。"
OTHER = "お問い合わせ窓口は2024年2月29日までご利用いただけます。"


def event(
    number: int, sentence: str, *, day: str = "2024-02-29", incident: str = "x", source: str = ""
) -> Any:
    of = (incident,) if incident else ()
    source = source or f"s{number}"
    notice = Notice(
        source,
        number,
        f"https://x.example/{number}",
        f"表題{number}",
        None,
        SEEN,
        SEEN,
        incidents=of,
        id=number,
    )
    deadline = Deadline(number, number, 0, day, SEEN)
    return CalendarEvent(
        deadline, notice, source, f"https://k.example/{number}.html", sentence, SEEN, number == 2
    )


@pytest.mark.parametrize(
    ("events", "groups"),
    [
        ([event(1, COMPANY), event(2, ORDER), event(3, COMPANY)], [[1, 2, 3]]),
        ([event(1, COMPANY), event(2, OTHER)], [[1], [2]]),
        ([event(1, COMPANY), event(2, ORDER, day="2024-03-29")], [[1], [2]]),
        ([event(1, COMPANY), event(2, ORDER, incident="y")], [[1], [2]]),
        ([event(1, COMPANY, incident=""), event(2, COMPANY, incident="")], [[1], [2]]),
        ([event(1, COMPANY, incident="", source="a"), event(2, COMPANY, incident="", source="a")], [[1, 2]]),
        ([event(1, ""), event(2, "")], [[1], [2]]),
        ([event(1, COMPANY), event(1, COMPANY)], [[1], [1]]),
    ],
)
def test_what_is_one_duty(events: list[CalendarEvent], groups: list[list[int]]) -> None:
    assert [[one.notice.id for one in group] for group in group_duties(events)] == groups


def test_a_duty_keeps_the_uid_that_was_first_and_names_every_notice() -> None:
    (found,) = Calendar.from_ical(
        write_calendar([event(3, COMPANY), event(2, ORDER), event(1, COMPANY)], "ja")
    ).events
    assert found["UID"] == "deadline-1-1-0@kohyo.invalid"
    assert str(found["SUMMARY"]) == "期限: s2: 表題2", "the regulator's word goes first"
    said = str(found["DESCRIPTION"])
    assert said.startswith(ORDER)
    assert all(f"https://k.example/{number}.html" in said for number in (1, 2, 3))
    assert found["SEQUENCE"] == 2


def test_an_alarm_rings_at_nine_a_week_and_a_day_before() -> None:
    (found,) = Calendar.from_ical(write_calendar([event(1, COMPANY)], "ja")).events
    midnight = datetime(2024, 2, 29)  # noqa: DTZ001 - of the reader's own day
    at = [midnight + alarm["TRIGGER"].dt for alarm in found.walk("VALARM")]
    assert [str(one) for one in at] == ["2024-02-22 09:00:00", "2024-02-28 09:00:00"]
    assert {str(alarm["ACTION"]) for alarm in found.walk("VALARM")} == {"DISPLAY"}


def test_the_incident_of_the_demo_has_two_duties(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    (tmp_path / "kohyo.db").write_bytes(find_lived(tmp_path_factory).read_bytes())
    with open_archive(f"sqlite:///{tmp_path / 'kohyo.db'}") as archive:
        with archive.write() as writer:  # as a person confirms what is suggested
            for link in writer.incident_links("ntt-procx-2023"):
                writer.set_link(
                    type(link)(link.incident, link.notice, "confirmed", link.evidence, link.score)
                )
        publish(archive, tmp_path / "out", base_url="https://k.example/")
    found = Calendar.from_ical((tmp_path / "out/feeds/deadlines.ics").read_bytes()).events
    assert [str(one["DTSTART"].dt) for one in found] == ["2024-02-29", "2024-03-29"]
    assert Calendar.from_ical((tmp_path / "out/feeds/clocks.ics").read_bytes()).errors == []


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_clocks_run_from_the_first_discovery_that_is_stated_and_say_that_they_are_computed(lang: str) -> None:
    stated = [
        Discovery(7, "city", "お知らせ", "2023-07-20", "7月20日に判明", SEEN),
        Discovery(7, "city", "お知らせ", "2023-07-13", "7月13日に発覚", SEEN),
        Discovery(8, "city", "月だけ", "2023-07", "7月に判明", SEEN),
    ]
    body = write_clocks(stated, Names({}, {}, lang=lang), Site("https://k.example", lang))
    events = Calendar.from_ical(body).events
    spans = {str(one["UID"]): (one["DTSTART"].dt, one["DTEND"].dt) for one in events}
    day = date(2023, 7, 13)
    assert spans == {
        "clock-0-7@kohyo.invalid": (day + timedelta(days=3), day + timedelta(days=6)),
        "clock-1-7@kohyo.invalid": (day + timedelta(days=30), day + timedelta(days=31)),
        "clock-2-7@kohyo.invalid": (day + timedelta(days=60), day + timedelta(days=61)),
    }
    for one in events:
        assert ("計算" if lang == "ja" else "computed") in str(one["SUMMARY"])
        assert "7月13日に発覚" in str(one["DESCRIPTION"])
        assert not one.walk("VALARM"), "nothing rings for what nobody stated"
