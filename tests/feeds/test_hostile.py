"""Whatever publishers write, every reader gets a valid feed with nothing in it that runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import example, given
from hypothesis import strategies as st
from icalendar import Calendar

from feeds.addresses import Site
from feeds.formats import channels
from feeds.formats.channels import WRITERS
from feeds.formats.deadlines_ics import CalendarEvent, Deadline, write_calendar
from feeds.formats.entries import Names
from storage.records import Change, FactChange, Hunk, Notice, Segment, Source
from tests.feeds import rules

NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "&lt;img src=x onerror=alert(1)&gt;",
        "]]>",
        "<![CDATA[",
        "\x00\x08\x1b[31m",
        "\ud800",
        "\ufffe\uffff\U0001ffff",
        "\u202e\u2028",
        "\r\n",
        '" onmouseover="alert(1)',
        "&#x0;&#xD800;&amp;amp;",
        "{{7*7}}${x}",
        "javascript:alert(1)",
        "長" * 10_000,
        "",
    ]
)
TEXT = st.lists(NASTY | st.text(st.characters(), max_size=40), max_size=3).map("".join)
URL = TEXT | st.sampled_from(
    [
        "javascript:alert(1)",
        "https://例え.example/あ b\"'<>",
        "http://[::1",
        "data:text/html,x",
        "//x",
        "https://u:p@x.example/",
    ]
)
HUNK = st.builds(
    Hunk,
    st.sampled_from(["insert", "delete", "change", "cell", "move", "link", "form", "column"]),
    TEXT,
    TEXT,
    st.lists(st.builds(Segment, TEXT, TEXT), max_size=2).map(tuple),
    st.just(("text",)),
    TEXT,
)
FIELD = st.sampled_from(
    ["count", "deadline", "date", "provision", "action", "outcome", "cause", "data-item", "x"]
)
FACT = st.builds(FactChange, FIELD, st.none() | TEXT, st.none() | TEXT)
CHANGE = st.builds(
    Change,
    notice=st.integers(1, 9),
    source=st.sampled_from(["a", "b"]),
    url=URL,
    title=TEXT,
    detected_at=st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    kind=st.sampled_from(["new", "updated", "withdrawn", "restored", "moved"]),
    material=st.just(True),
    reasons=st.just(("count", "silent")),
    summary=TEXT,
    hunks=st.lists(HUNK, max_size=3).map(tuple),
    facts=st.lists(FACT, max_size=3).map(tuple),
    incidents=st.sampled_from([(), ("i",)]),
)
CHANGES = st.lists(CHANGE, max_size=4).map(
    lambda changes: [replace(change, id=number) for number, change in enumerate(changes, 1)]
)


@given(CHANGES, TEXT, st.sampled_from(["ja", "en"]))
def test_every_format_stays_valid_and_harmless(changes: list[Change], name: str, lang: str) -> None:
    names = Names({"a": Source("a", name, "affected")}, {"i": name})
    channel = channels.channel_of_source(Source("a", name, "affected"), lang)
    feed = channels.build_newest_document(
        channel, changes, names, Site("https://kohyo.example/", lang), archives=2
    )
    told = {form: rules.CHECKS[form](write(feed), lang) for form, write in WRITERS.items()}
    assert told["atom"] == told["rss"] == told["json"]
    assert len(told["atom"]) == len(changes)


@given(TEXT, TEXT, st.sampled_from(["2024-02-29", "2024-02", "令和6年", "9999-12-31", "9999-12", ""]))
@example("\t\x01", "\x0b", "2024-02-29")
def test_a_calendar_stays_valid(title: str, publisher: str, day: str) -> None:
    seen = datetime(2024, 1, 24, tzinfo=UTC)
    notice = Notice("a", 1, "https://x.example/", title, None, seen, seen, id=4)
    deadline = Deadline(4, 1, 0, day, seen)
    event = CalendarEvent(deadline, notice, publisher, "https://kohyo.example/notices/4.html", title, seen)
    body = write_calendar([event], "ja")
    lines = body.decode().split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any(ord(c) < 32 for line in lines for c in line)
    events = Calendar.from_ical(body).events
    assert len(events) == (day in ("2024-02-29", "2024-02"))
    assert all(event["SUMMARY"].startswith("期限: ") for event in events)
