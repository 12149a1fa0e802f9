"""What becomes of notices, decided from values alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.track.judge.case import PageOutcome, TextDecision
from monitor.track.judge.intents import (
    Happening,
    NoticeIntent,
    PageIntent,
    ReadCase,
    RowCase,
    decide_attachment,
    decide_missing,
    decide_moved,
    decide_read,
    decide_row,
    decide_unread,
    is_met,
    meet,
)
from monitor.track.judge.listing_rows import RowEvent, RowEventKind
from storage.records import (
    ChangeKind,
    Fact,
    FactChange,
    Hunk,
    HunkOp,
    HunkPlace,
    Link,
    Notice,
    NoticeStatus,
    Outcome,
    Page,
    Recipe,
    Row,
    Version,
)

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
    made = Version(1, 1, NOW, "お詫び", text, (), (), "k", Recipe("", 0, 0, 0, 0), **more)
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
    assert (intent.kind, intent.reasons) == ("updated", ("count", "attachment"))
    assert intent.notice == notice()


def test_facts_of_a_new_notice_are_told_with_those_of_its_attachments() -> None:
    one = Fact("count", 12, "12件", 0, 3, unit="件", role="affected")
    two = Fact("count", 34, "34件", 0, 3, unit="件", role="affected")
    file = read(page=ATTACHED, version=version(1), facts=(two,))
    asked = replace(case(FRESH, notice("listed"), attached=(file,)), facts=(one,))
    (intent,) = decide_read(asked).notices
    assert [fact.new for fact in intent.facts] == ["12件", "34件"]


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
            replace(notice(), published=OLD),
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


# --- whole intents: all that is written and told, not its kind alone -----------------------------


STOOD = notice()


def test_what_comes_back_with_its_page_says_which_text_stands_there_again() -> None:
    seen = read("same-text", replace(PAGE, gone=True))
    intents = decide_read(case(seen, notice("withdrawn"), notice("standing", id=6)))
    assert intents == PageIntent(PAGE, (NoticeIntent(STOOD, "restored", to_version=2, happened="page-back"),))


def test_a_page_that_was_gone_and_is_met_again_for_the_first_time_is_gone_no_more() -> None:
    gone = replace(PAGE, gone=True)
    assert decide_read(case(replace(FRESH, page=gone))).page == PAGE
    assert decide_read(case(FRESH)).page is None
    assert decide_read(case(replace(changed(), page=gone), STOOD)).page == PAGE


def test_what_a_page_came_to_say_in_an_edit_is_told_also_where_it_was_there_before_anyone_looked() -> None:
    on_topic = {"topical": True, "baselines": {NOW: True}}
    old = replace(changed(), version=replace(version(2), published=OLD))
    assert told(decide_read(case(old, **on_topic))) == [("new", "standing")]
    first = replace(FRESH, version=version(1, published=OLD))
    assert told(decide_read(case(first, **on_topic))) == [(None, "standing")]


@pytest.mark.parametrize(
    ("seen", "belongs", "topical", "met"),
    [
        (FRESH, True, False, True),
        (FRESH, False, True, False),
        (FRESH, True, True, True),
        (changed(), True, True, True),
        (changed(), True, False, False),
        (changed(), False, True, False),
        (read("same-text"), True, True, False),
    ],
)
def test_a_page_without_a_notice_gets_one_if_it_belongs_and_says_something_new(
    seen: PageOutcome, belongs: bool, topical: bool, met: bool
) -> None:
    assert is_met(seen, belongs=belongs, topical=topical) is met
    assert len(decide_read(case(seen, belongs=belongs, topical=topical)).notices) == met


def test_a_new_notice_is_told_whole() -> None:
    fact = Fact("count", 12, "12件", 0, 3, unit="件", role="affected")
    read_now = version(1, published=OLD, updated=RECENT)
    seen = replace(FRESH, version=read_now)
    waiting = replace(notice("listed", None), title="")
    (intent,) = decide_read(replace(case(seen, waiting), facts=(fact,))).notices
    assert intent == NoticeIntent(
        replace(waiting, status="standing", title="お詫び", published=OLD, updated=RECENT, last_seen=NOW),
        "new",
        facts=(FactChange("count", None, "12件"),),
        to_version=2,
    )


def test_a_notice_that_was_read_anew_stands_without_a_word() -> None:
    read_now = version(1, published=OLD, updated=RECENT)
    (intent,) = decide_read(case(replace(FRESH, version=read_now), STOOD)).notices
    assert intent == NoticeIntent(replace(STOOD, updated=RECENT, last_seen=NOW))


HUNK = Hunk("change", "12件", "34件", reasons=("count",))
IN_TABLE = replace(HUNK, label="表1")


def test_an_update_is_told_whole() -> None:
    old, new = (Fact("count", n, f"{n}件", 0, 3, unit="件", role="affected") for n in (12, 34))
    decided = TextDecision("version", "k", reasons=("count", "text"), hunks=(HUNK,), material=True)
    page = replace(changed(), decision=decided, facts=(new,), version=version(2, updated=RECENT))
    edited = replace(
        changed(ATTACHED), decision=replace(decided, hunks=(HUNK, IN_TABLE), reasons=("count",)), facts=(new,)
    )
    added = read(page=replace(ATTACHED, url=FILE.replace("1.pdf", "b/2.pdf")), version=version(1))
    (intent,) = decide_read(case(page, STOOD, attached=(added, edited), old_facts=(old,))).notices
    assert intent == NoticeIntent(
        replace(STOOD, updated=RECENT, last_seen=NOW),
        "updated",
        reasons=("count", "text", "attachment"),
        hunks=(
            HUNK,
            replace(HUNK, label="1.pdf"),
            replace(IN_TABLE, label="1.pdf: 表1"),
            Hunk("insert", new="お詫び", reasons=("attachment",), label="2.pdf"),
        ),
        facts=(FactChange("count", "12件", "34件"),),
        from_version=2,
        to_version=3,
    )


def test_a_new_file_without_a_title_is_called_by_its_name_and_has_no_earlier_text() -> None:
    file = read(page=ATTACHED, version=replace(version(1), title=""))
    (intent,) = decide_read(case(read("same-text"), STOOD, attached=(file,))).notices
    assert intent == NoticeIntent(
        STOOD,
        "updated",
        reasons=("attachment",),
        hunks=(Hunk("insert", new="1.pdf", reasons=("attachment",), label="1.pdf"),),
        to_version=2,
    )


@pytest.mark.parametrize(
    ("page", "file", "material"),
    [(True, False, True), (False, True, True), (False, False, False)],
)
def test_an_update_matters_where_page_or_file_does(page: bool, file: bool, material: bool) -> None:
    seen = changed()
    decided = replace(seen, decision=TextDecision("version", "k", reasons=("text",), material=page))
    other = replace(
        changed(ATTACHED), decision=TextDecision("version", "k", reasons=("text",), material=file)
    )
    (intent,) = decide_read(case(decided, STOOD, attached=(other,))).notices
    assert (intent.material, intent.reasons) == (material, ("text", "attachment"))


@pytest.mark.parametrize("wrapped", ["title", "text"])
def test_a_page_that_keeps_its_title_or_has_none_leaves_its_notice_the_name(wrapped: str) -> None:
    seen = changed(reasons=(wrapped,))
    if wrapped == "title":
        seen = replace(seen, version=replace(version(2), title=""))
    (intent,) = decide_read(case(seen, STOOD)).notices
    assert intent.notice.title == STOOD.title


@pytest.mark.parametrize("field", ["leaked", "not confirmed"])
def test_a_fallen_denial_is_a_reason_of_its_own_and_given_once(field: str) -> None:
    turned = {"leaked": "not confirmed", "not confirmed": "leaked"}
    old, new = (Fact("outcome", value, "x", 0, 3) for value in (field, turned[field]))
    for given in (("text",), ("text", "outcome")):
        seen = replace(changed(reasons=given), facts=(new,))
        (intent,) = decide_read(case(seen, STOOD, old_facts=(old,))).notices
        assert intent.reasons == ("text", "outcome")
    quiet = replace(changed(reasons=("text",)), facts=(old,))
    assert decide_read(case(quiet, STOOD, old_facts=(old,))).notices[0].reasons == ("text",)


@pytest.mark.parametrize(
    ("seen", "status", "kind"),
    [
        (changed(withdrawn=True), "standing", "withdrawn"),
        (changed(withdrawn=True), "withdrawn", "withdrawn"),
        (changed(), "withdrawn", "restored"),
        (
            replace(changed(), version=version(2, "このお知らせは掲載を終了しました。")),
            "withdrawn",
            "updated",
        ),
        (changed(), "standing", "updated"),
    ],
)
def test_what_a_page_says_of_its_notice_decides_the_kind(
    seen: PageOutcome, status: NoticeStatus, kind: str
) -> None:
    after = {"withdrawn": "withdrawn", "restored": "standing", "updated": status}[kind]
    assert told(decide_read(case(seen, notice(status)))) == [(kind, after)]


def test_a_file_that_changed_says_nothing_of_a_withdrawn_notice() -> None:
    asked = case(read("same-text"), notice("withdrawn"), attached=(changed(ATTACHED),))
    assert told(decide_read(asked)) == [("updated", "withdrawn")]


def test_a_listed_notice_is_told_from_its_row_whole() -> None:
    listed = notice("listed")
    told_now = NoticeIntent(replace(listed, status="standing"), "new", happened="listed")
    assert decide_unread([listed], {NOW - HOUR: False}, NOW) == (told_now,)
    assert decide_unread([listed, replace(listed, published=OLD)], {NOW - HOUR: True}, NOW)[1].kind is None


def test_a_withdrawal_is_told_whole_and_in_the_order_of_notices() -> None:
    listed = notice("listed", id=3)
    intents = decide_missing(MISSED, [notice(id=7), listed, STOOD], [], {NOW - HOUR: False}, NOW)
    gone = [replace(one, status="withdrawn") for one in (listed, STOOD, notice(id=7))]
    assert intents == PageIntent(
        replace(MISSED, gone=True),
        (
            NoticeIntent(replace(listed, status="standing"), "new", happened="listed"),
            *(NoticeIntent(one, "withdrawn", from_version=2, happened="page-gone") for one in gone),
        ),
    )


def test_of_a_page_that_was_never_read_only_what_was_heard_of_is_withdrawn() -> None:
    unread = replace(MISSED, version=None)
    silent = notice("listed", None, id=4)
    known = [silent, notice(id=6), STOOD]
    intents = decide_missing(unread, known, [6], {NOW - HOUR: True}, NOW)
    assert [(one.kind, one.notice.id, one.from_version) for one in intents.notices] == [
        (None, 4, None),
        ("withdrawn", 6, None),
    ]


@pytest.mark.parametrize(
    ("item", "op", "old", "new", "reason", "happened"),
    [
        (GONE, "delete", "1.pdf", "", "removed", "file-gone"),
        (BACK, "insert", "", "1.pdf", "added", "file-back"),
    ],
)
def test_a_file_that_came_or_went_is_told_whole_of_the_youngest_notice(
    item: PageOutcome, op: HunkOp, old: str, new: str, reason: str, happened: Happening
) -> None:
    known = [notice(id=4), STOOD, notice("withdrawn", id=9)]
    intents = decide_attachment(item, WITH_LINK, known, NOW)
    assert intents == PageIntent(
        replace(item.page, gone=item is GONE),
        (
            NoticeIntent(
                STOOD,
                "updated",
                reasons=(reason, "attachment"),
                hunks=(Hunk(op, old, new, reasons=("attachment",), label="1.pdf", place=happened),),  # type: ignore[arg-type]
                happened=happened,
            ),
        ),
    )


def test_a_file_that_nobody_can_read_and_that_was_replaced_is_told_whole() -> None:
    item = read("unreadable", ATTACHED, replaced=True)
    hunk = Hunk("change", "1.pdf", "1.pdf", reasons=("attachment",), label="1.pdf", place="file-replaced")
    told_now = NoticeIntent(
        STOOD, "updated", reasons=("attachment",), hunks=(hunk,), happened="file-replaced"
    )
    known = [notice(id=4), STOOD, notice("withdrawn", id=9)]
    assert decide_attachment(item, None, known, NOW) == PageIntent(None, (told_now,))
    assert decide_attachment(item, None, known[2:], NOW) == PageIntent()


def test_a_page_that_points_on_moves_the_notices_that_stand_on_it() -> None:
    there, hunk = (
        "https://www.example.jp/2026/1.html",
        Hunk("change", URL, "https://www.example.jp/2026/1.html", reasons=("address",), place="address"),
    )
    known = [STOOD, notice("withdrawn", id=6), replace(notice(id=7), url=there + "#top")]
    assert decide_moved(known, URL, there) == PageIntent(
        None, (NoticeIntent(replace(STOOD, url=there), "moved", reasons=("address",), hunks=(hunk,)),)
    )


@pytest.mark.parametrize(
    ("kind", "before", "old", "new", "place"),
    [
        ("moved", replace(ROW, url=MOVED), MOVED, URL, "address"),
        ("retitled", replace(ROW, title="お知らせ"), "お知らせ", "漏えいのお詫び", "title"),
        ("redated", replace(ROW, published=OLD), "2024-01-04", "2024-05-20", "date"),
        ("redated", replace(ROW, published=None), "", "2024-05-20", "date"),
    ],
)
def test_what_a_row_tells_is_told_whole(
    kind: RowEventKind, before: Row, old: str, new: str, place: HunkPlace
) -> None:
    known = replace(STOOD, url=before.url, title=before.title, published=before.published, page=8)
    told_kind: ChangeKind = "moved" if kind == "moved" else "updated"
    hunk = Hunk("change", old, new, reasons=(place,), place=place)
    intent = decide_row(RowCase(RowEvent(kind, ROW, before), PAGE, known, NOW))
    assert intent == NoticeIntent(replace(STOOD, page=1), told_kind, reasons=(place,), hunks=(hunk,))


@pytest.mark.parametrize("day", [None, STOOD.published])
def test_a_day_that_cannot_be_read_for_a_while_is_no_news(day: date | None) -> None:
    before = replace(ROW, published=None if day else ROW.published)
    intent = decide_row(RowCase(RowEvent("redated", replace(ROW, published=day), before), PAGE, STOOD, NOW))
    assert intent == NoticeIntent(replace(STOOD, page=1))


def test_another_day_than_was_known_before_it_could_not_be_read_is_told() -> None:
    event = RowEvent("redated", ROW, replace(ROW, published=None))
    intent = decide_row(RowCase(event, PAGE, replace(STOOD, published=OLD), NOW))
    assert intent is not None
    assert intent.hunks == (Hunk("change", str(OLD), "2024-05-20", reasons=("date",), place="date"),)


def test_a_row_that_goes_where_its_notice_stands_already_is_no_news() -> None:
    event = RowEvent("moved", replace(ROW, url=MOVED), ROW)
    there = replace(STOOD, url=MOVED + "#a")
    assert decide_row(RowCase(event, PAGE, there, NOW)) == NoticeIntent(replace(STOOD, url=MOVED))
    retitled = RowEvent("retitled", replace(ROW, url=MOVED), ROW)
    intent = decide_row(RowCase(retitled, PAGE, there, NOW))
    assert (intent and intent.kind) == "updated"


def test_a_row_whose_page_was_read_before_is_told_with_its_facts() -> None:
    fact = Fact("count", 12, "12件", 0, 3, unit="件", role="affected")
    known = version(1)
    intent = decide_row(RowCase(RowEvent("new", ROW), PAGE, None, NOW, known, (fact,)))
    met = Notice("example", 1, URL, ROW.title, RECENT, NOW, NOW, "standing")
    assert intent == NoticeIntent(
        met,
        "new",
        facts=(FactChange("count", None, "12件"),),
        to_version=2,
        met=True,
    )


@pytest.mark.parametrize(
    ("row", "known", "more", "expected"),
    [
        (ROW, None, {}, Notice("example", 1, URL, ROW.title, RECENT, NOW, NOW, "listed")),
        (None, version(1, published=OLD), {}, Notice("example", 1, MOVED, "お詫び", OLD, NOW, NOW, "listed")),
        (None, None, {}, Notice("example", 1, MOVED, "", None, NOW, NOW, "listed")),
        (
            Row(URL, "", None),
            version(1, updated=RECENT),
            {"baseline": True},
            Notice("example", 1, URL, "お詫び", None, NOW, NOW, "listed"),
        ),
        (
            Row(URL, "", None),
            version(1, published=OLD, updated=RECENT),
            {"baseline": True},
            Notice("example", 1, URL, "お詫び", OLD, NOW, NOW, "standing"),
        ),
        (
            Row(URL, "", None),
            version(1),
            {"baseline": True},
            Notice("example", 1, URL, "お詫び", None, NOW, NOW, "standing"),
        ),
        (
            ROW,
            version(1, published=OLD),
            {"baseline": False, "overlooked": True},
            Notice("example", 1, URL, ROW.title, RECENT, NOW, NOW, "listed"),
        ),
    ],
)
def test_a_notice_is_met_as_its_row_says_and_else_as_its_page_does(
    row: Row | None, known: Version | None, more: dict[str, bool], expected: Notice
) -> None:
    assert meet(PAGE, row, MOVED, NOW, known, **{"baseline": False, **more}) == expected
