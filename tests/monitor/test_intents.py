"""What becomes of notices, decided from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.track.judge.decide import TextDecision
from monitor.track.judge.intents import (
    NoticeIntent,
    PageIntent,
    ReadCase,
    RowCase,
    decide_attachment,
    decide_missing,
    decide_read,
    decide_row,
    decide_unread,
)
from monitor.track.judge.judgement import PageOutcome
from monitor.track.judge.listing_rows import RowEvent
from storage.records import Fact, Link, Notice, NoticeStatus, Outcome, Page, Recipe, Row, Version

NOW = datetime(2024, 5, 31, tzinfo=UTC)
HOUR = timedelta(hours=1)
URL = "https://www.example.jp/1.html"
FILE = "https://www.example.jp/1.pdf"
RECENT, OLD = date(2024, 5, 20), date(2024, 1, 4)
PAGE = Page(1, "example", URL, "page", version=2)
ATTACHED = Page(2, "example", FILE, "attachment", parent=1, version=9)
ROW = Row(URL, "漏えいのお詫び", RECENT)


def notice(status: NoticeStatus = "standing", published: date | None = RECENT, id: int = 5) -> Notice:
    return Notice("example", 1, URL, "漏えいのお詫び", published, NOW - HOUR, NOW - HOUR, status, id=id)


def version(number: int = 1, text: str = "本文", **more) -> Version:  # type: ignore[no-untyped-def]
    made = Version(1, 1, NOW, "お詫び", text, (), (), "k", "s", Recipe("", 0, 0, 0, 0), **more)
    return replace(made, id=number + 1, number=number)


def read(outcome: Outcome = "version", page: Page = PAGE, **more) -> PageOutcome:  # type: ignore[no-untyped-def]
    return PageOutcome(page, outcome, **more)


def changed(page: Page = PAGE, **decided) -> PageOutcome:  # type: ignore[no-untyped-def]
    decision = TextDecision("version", "k", material=True, **{"reasons": ("count",), **decided})
    return read(page=page, version=version(2), last=version(1), decision=decision)


def case(seen: PageOutcome, *notices: Notice, attached: tuple[PageOutcome, ...] = (), **more) -> ReadCase:  # type: ignore[no-untyped-def]
    baselines = {NOW: False, NOW - HOUR: False} | more.pop("baselines", {})
    known = seen.version or version(1)
    return ReadCase(seen, attached, known, (), notices, baselines, NOW, URL, **more)


def told(intents: PageIntent | tuple[NoticeIntent, ...]) -> list[tuple[str | None, str]]:
    """What is told of each notice, and how it stands from then on."""
    notices = intents.notices if isinstance(intents, PageIntent) else intents
    return [(intent.kind, intent.notice.status) for intent in notices]


FRESH = read(version=version(1))


@pytest.mark.parametrize(
    ("seen", "notices", "baseline", "expected"),
    [
        (FRESH, [], False, [("new", "standing")]),
        (FRESH, [notice("listed")], False, [("new", "standing")]),
        (FRESH, [notice("listed", OLD)], False, [("new", "standing")]),  # old, but nobody could know
        (FRESH, [notice("listed")], True, [("new", "standing")]),
        (FRESH, [notice("listed", OLD)], True, [(None, "standing")]),  # was there before anyone looked
        (FRESH, [notice("listed", None)], True, [(None, "standing")]),
        (FRESH, [notice("standing")], False, [(None, "standing")]),
        (changed(), [notice()], False, [("updated", "standing")]),
        (changed(), [notice(id=5), notice(id=6)], False, [("updated", "standing")]),
        (changed(), [notice("listed")], False, [("new", "standing")]),  # not both
        (changed(withdrawn=True), [notice()], False, [("withdrawn", "withdrawn")]),
        (changed(), [notice("withdrawn")], False, [("restored", "standing")]),
        (changed(), [], False, []),
        (read("same-text"), [notice()], False, []),
        (
            read("same-text", replace(PAGE, gone=True)),
            [notice("withdrawn")],
            False,
            [("restored", "standing")],
        ),
        (read("same-text", replace(PAGE, gone=True)), [notice("standing")], False, []),
        (
            replace(changed(), page=replace(PAGE, gone=True), outcome="version"),
            [notice("withdrawn")],
            False,
            [("restored", "standing"), ("updated", "standing")],
        ),
    ],
)
def test_what_a_page_that_was_read_tells(
    seen: PageOutcome, notices: list[Notice], baseline: bool, expected: list[tuple[str | None, str]]
) -> None:
    asked = case(seen, *notices, baselines={NOW: baseline, NOW - HOUR: baseline})
    assert told(decide_read(asked)) == expected


def test_a_page_without_a_listing_makes_its_own_notice() -> None:
    (intent,) = decide_read(case(replace(FRESH, version=version(1, published=RECENT)))).notices
    assert intent.met
    assert (intent.notice.title, intent.notice.published, intent.notice.id) == ("お詫び", RECENT, 0)


def test_a_change_is_told_of_the_youngest_notice_on_the_page() -> None:
    (intent,) = decide_read(case(changed(), notice(id=5), notice(id=6), notice(id=4))).notices
    assert (intent.notice.id, intent.from_version, intent.to_version) == (6, 2, 3)
    assert not intent.met


@pytest.mark.parametrize(("named_by_row", "title"), [(True, "漏えいのお詫び"), (False, "お詫び")])
def test_a_page_names_its_notice_only_where_no_row_does(named_by_row: bool, title: str) -> None:
    asked = case(changed(reasons=("title",)), notice(), named_by_row=named_by_row)
    assert decide_read(asked).notices[0].notice.title == title


def test_page_and_attachments_are_one_change() -> None:
    new = read(page=ATTACHED, version=version(1))
    (intent,) = decide_read(case(changed(), notice(), attached=(new,))).notices
    assert intent.reasons == ("count", "attachment")
    assert [hunk.label for hunk in intent.hunks] == ["1.pdf"]


def test_an_attachment_alone_says_whose_its_differences_are_and_leaves_the_notice_as_it_is() -> None:
    file = changed(ATTACHED)
    (intent,) = decide_read(case(read("same-text"), notice(), attached=(file,))).notices
    assert (intent.kind, intent.reasons, intent.text) == ("updated", ("count", "attachment"), None)
    assert intent.notice == notice()


def test_facts_of_a_new_notice_are_told_with_those_of_its_attachments() -> None:
    one = Fact("count", 12, "12件", 0, 3, unit="件", role="affected")
    two = Fact("count", 34, "34件", 0, 3, unit="件", role="affected")
    file = read(page=ATTACHED, version=version(1), facts=(two,))
    asked = replace(case(FRESH, notice("listed"), attached=(file,)), facts=(one,))
    (intent,) = decide_read(asked).notices
    assert [fact.new for fact in intent.facts] == ["12件", "34件"]
    assert intent.text_facts == (one,)


@pytest.mark.parametrize(
    ("status", "published", "baseline", "expected"),
    [
        ("listed", RECENT, False, [("new", "standing")]),
        ("listed", None, False, [("new", "standing")]),
        ("listed", OLD, True, [(None, "standing")]),
        ("listed", None, True, [(None, "standing")]),
        ("standing", RECENT, False, []),
        ("withdrawn", RECENT, False, []),
    ],
)
def test_a_listed_notice_that_cannot_be_read_is_told_from_its_row(
    status: NoticeStatus, published: date | None, baseline: bool, expected: list[tuple[str | None, str]]
) -> None:
    assert told(decide_unread([notice(status, published)], {NOW - HOUR: baseline}, NOW)) == expected


MISSED = replace(PAGE, missing_since=NOW - HOUR)


@pytest.mark.parametrize(
    ("page", "status", "heard", "gone", "expected"),
    [
        (MISSED, "standing", [], True, [("withdrawn", "withdrawn")]),
        (replace(MISSED, missing_since=NOW - HOUR / 2), "standing", [], False, []),  # too soon
        (replace(MISSED, missing_since=None), "standing", [], False, []),
        (replace(MISSED, gone=True), "standing", [], False, []),  # told already
        (replace(MISSED, version=None), "standing", [], True, []),  # nobody ever saw it alive
        (replace(MISSED, version=None), "standing", [5], True, [("withdrawn", "withdrawn")]),
        (
            replace(MISSED, version=None),
            "listed",
            [],
            True,
            [("new", "standing"), ("withdrawn", "withdrawn")],
        ),
        (MISSED, "withdrawn", [], True, []),
    ],
)
def test_a_page_is_withdrawn_after_two_answers_an_hour_apart(
    page: Page, status: NoticeStatus, heard: list[int], gone: bool, expected: list[tuple[str | None, str]]
) -> None:
    intent = decide_missing(page, [notice(status)], heard, {NOW - HOUR: False}, NOW)
    assert told(intent) == expected
    assert (intent.page is not None and intent.page.gone) is gone


WITH_LINK = replace(version(1), attachments=(Link("別紙", FILE + "#page=2"),))
GONE = read("missing", replace(ATTACHED, missing_since=NOW - HOUR))
BACK = read("same-bytes", replace(ATTACHED, gone=True))


@pytest.mark.parametrize(
    ("item", "text", "status", "page_gone", "happened"),
    [
        (GONE, WITH_LINK, "standing", True, "file-gone"),
        (BACK, WITH_LINK, "standing", False, "file-back"),
        (GONE, version(1), "standing", True, None),  # no link leads there any more
        (GONE, None, "standing", True, None),
        (GONE, WITH_LINK, "withdrawn", True, None),
        (read("missing", replace(ATTACHED, missing_since=NOW)), WITH_LINK, "standing", None, None),
        (read("same-bytes", ATTACHED), WITH_LINK, "standing", None, None),
        (
            read("missing", replace(ATTACHED, missing_since=NOW - HOUR, version=None)),
            WITH_LINK,
            "standing",
            True,
            None,
        ),
    ],
)
def test_an_attachment_that_went_from_under_its_link_is_told_once(
    item: PageOutcome,
    text: Version | None,
    status: NoticeStatus,
    page_gone: bool | None,
    happened: str | None,
) -> None:
    intent = decide_attachment(item, text, [notice(status)], NOW)
    assert (intent.page and intent.page.gone) == page_gone
    assert [one.happened for one in intent.notices] == ([happened] if happened else [])


MOVED = "https://www.example.jp/2.html"


@pytest.mark.parametrize(
    ("event", "known", "more", "expected"),
    [
        (RowEvent("new", ROW), None, {}, (None, "listed", ())),
        (RowEvent("new", replace(ROW, published=None)), None, {"baseline": True}, (None, "listed", ())),
        (RowEvent("new", replace(ROW, published=OLD)), None, {"baseline": True}, (None, "standing", ())),
        (RowEvent("new", ROW), None, {"version": version(1)}, ("new", "standing", ())),
        (RowEvent("new", ROW), None, {"overlooked": True}, (None, "listed", ())),
        (RowEvent("new", replace(ROW, published=None)), None, {"overlooked": True}, (None, "standing", ())),
        (RowEvent("new", replace(ROW, published=OLD)), None, {"overlooked": True}, (None, "standing", ())),
        (
            RowEvent("redated", ROW, replace(ROW, published=OLD)),
            notice(),
            {},
            ("updated", "standing", ("date",)),
        ),
        (
            RowEvent("retitled", ROW, replace(ROW, title="お知らせ")),
            notice(),
            {},
            ("updated", "standing", ("title",)),
        ),
        (
            RowEvent("moved", replace(ROW, url=MOVED), ROW),
            notice(),
            {},
            ("moved", "standing", ("address",)),
        ),
        (RowEvent("redated", ROW, replace(ROW, published=OLD)), notice("listed"), {}, (None, "listed", ())),
        (
            RowEvent("redated", ROW, replace(ROW, published=OLD)),
            notice("listed"),
            {"version": version(1)},
            ("new", "standing", ()),
        ),
        (
            RowEvent("new", ROW, replace(ROW, title="x")),
            notice(),
            {"corrected": True},
            (None, "standing", ()),
        ),
        (RowEvent("respelled", replace(ROW, url=URL + "?a=1"), ROW), notice(), {}, (None, "standing", ())),
    ],
)
def test_what_a_row_tells(
    event: RowEvent,
    known: Notice | None,
    more: dict[str, object],
    expected: tuple[str | None, str, tuple[str, ...]],
) -> None:
    intent = decide_row(RowCase(event, PAGE, known, NOW, **more))  # type: ignore[arg-type]
    assert intent is not None
    assert (intent.kind, intent.notice.status, intent.reasons) == expected
    assert intent.notice.url == event.row.url
    assert intent.met is (known is None)


def test_a_row_that_is_known_tells_nothing() -> None:
    assert decide_row(RowCase(RowEvent("new", ROW), PAGE, notice(), NOW)) is None


def test_a_day_that_a_row_leaves_out_stays_known() -> None:
    event = RowEvent("redated", replace(ROW, published=None), ROW)
    intent = decide_row(RowCase(event, PAGE, notice(), NOW))
    assert intent is not None
    assert intent.notice.published == RECENT
