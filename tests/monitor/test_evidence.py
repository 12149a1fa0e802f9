"""What a visit leaves behind: check, bytes, version and the page's new state, as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from monitor.comparing.sameness.keys import make_text_key
from monitor.track.judge.recipe import make_recipe
from storage.archive import open_archive
from storage.errors import FAULT
from storage.records import Alert, Check, Page, Validators, Version
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, MORE, SINGLE, SORRY, URL, Story, html, row


@pytest.fixture
def story(sqlite_url: str) -> Iterator[Story]:
    with open_archive(sqlite_url) as archive:
        yield Story(archive)


def page(story: Story, role: str = "page") -> Page:
    with story.archive.read() as reader:
        (found,) = reader.pages(story.source.id, role)  # type: ignore[arg-type]
    return found


def checks(story: Story, number: int = 1) -> list[Check]:
    with story.archive.read() as reader:
        return list(reader.checks(number))


def version(story: Story, number: int) -> Version:
    with story.archive.read() as reader:
        found = reader.version(number)
    assert found is not None
    return found


def test_a_first_visit_leaves_check_bytes_and_version(story: Story) -> None:
    body = html(LEAK, SORRY)
    story.page(body)
    found = page(story)
    assert found.due_at is not None
    assert HOUR <= found.due_at - story.now < 5 * HOUR, "young pages are looked at within hours"
    assert found == Page(
        1,
        "city",
        URL,
        "page",
        validators=Validators(etag='"1"'),
        due_at=found.due_at,
        last_checked=story.now,
        last_success=story.now,
        last_changed=story.now,
        snapshot=1,
        version=1,
        fetched_at=story.now,
        planned="learned",
        awaited_at=found.due_at,
        learned=found.learned,
        pace=found.pace,
    )
    assert checks(story) == [Check(1, 1, story.now, "version", 200, "", 1, id=checks(story)[0].id)]
    stored = version(story, 1)
    assert (stored.title, stored.published, stored.updated, stored.encoding, stored.replaced) == (
        "個人情報の漏えいについて",
        None,
        date(2023, 10, 17),
        "utf-8",
        0,
    )
    assert stored.key == make_text_key(stored.blocks)
    assert (stored.number, stored.captured_at, stored.snapshot, stored.page) == (1, story.now, 1, 1)
    assert stored.recipe == make_recipe(SINGLE)
    assert stored.text.splitlines() == ["個人情報の漏えいについて", "更新日：2023年10月17日", LEAK, SORRY]
    with story.archive.read() as reader:
        kept = reader.snapshot(1, body=True)
        facts = [fact.value for fact in reader.facts(1) if fact.field == "count"]
    assert kept is not None
    assert (kept.body, kept.size, kept.status, kept.final_url, kept.redirects) == (
        body,
        len(body),
        200,
        URL,
        (),
    )
    assert (kept.captured_at, kept.header("ETag")) == (story.now, '"1"')
    assert facts == [9_000_000]


def test_a_change_is_counted_and_the_same_bytes_keep_nothing(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    first = page(story)
    story.page(html(LEAK, SORRY), DAY)
    same = page(story)
    assert same == replace(
        first,
        last_checked=story.now,
        last_success=story.now,
        fetched_at=story.now,
        due_at=same.due_at,
        awaited_at=same.due_at,
        learned=same.learned,
        pace=same.pace,
    )
    assert [(one.outcome, one.snapshot) for one in checks(story)] == [("same-bytes", 1), ("version", 1)]
    story.page(html(MORE, SORRY), DAY)
    changed = page(story)
    assert (changed.version, changed.snapshot, changed.changes_seen) == (2, 2, 1)
    assert changed.last_changed == story.now
    assert version(story, 2).number == 2
    story.page(html(MORE, SORRY) + b"<!-- 2 -->", DAY)
    text = page(story)
    assert (text.version, text.snapshot, text.changes_seen, text.last_changed) == (
        2,
        3,
        1,
        changed.last_changed,
    )


def test_a_304_leaves_the_validators_and_says_when_the_page_was_not_fetched(story: Story) -> None:
    story.page(html(LEAK))
    first = page(story)
    story.page(b"", DAY, status=304, headers=())
    seen = page(story)
    assert (seen.validators, seen.fetched_at, seen.snapshot) == (first.validators, first.fetched_at, 1)
    assert (seen.last_success, seen.last_checked, seen.failures) == (story.now, story.now, 0)
    (last, _) = checks(story)
    assert (last.outcome, last.status, last.snapshot) == ("not-modified", 304, 1)


def test_validators_behind_a_redirect_are_not_the_page_s(story: Story) -> None:
    story.page(html(LEAK), redirects=(URL,), final_url=f"{LIST}2.html")
    assert page(story).validators == Validators()


@pytest.mark.parametrize(
    ("given", "outcome", "kind", "detail"),
    [
        ({"status": 404}, "missing", "missing", "HTTP 404"),
        ({"status": 403}, "blocked", "blocked", "HTTP 403"),
        ({"status": None, "error": "no answer in time"}, "error", "unreachable", "no answer in time"),
        ({"status": 500}, "error", "unreachable", "HTTP 500"),
    ],
)
def test_a_failure_is_a_check_an_alert_and_no_success(
    story: Story, given: dict[str, object], outcome: str, kind: str, detail: str
) -> None:
    story.page(html(LEAK))
    first, since = page(story), story.now
    told = story.page(b"", DAY, **given)
    assert told.outcome == outcome
    failed = page(story)
    assert (failed.failures, failed.last_success, failed.last_checked) == (1, since, story.now)
    assert (failed.snapshot, failed.version, failed.validators) == (1, 1, first.validators)
    assert failed.missing_since == (story.now if outcome == "missing" else None)
    (alert,) = told.alerts
    assert alert == Alert(kind, "city", URL, detail, story.now, 2, None, last_seen=story.now, id=alert.id)
    (check, _) = checks(story)
    assert (check.outcome, check.status, check.detail, check.snapshot, check.run) == (
        outcome,
        given["status"],
        detail,
        None,
        2,
    )
    missing = failed.missing_since
    story.page(b"", DAY, **given)
    again = page(story)
    assert (again.failures, again.missing_since) == (2, missing)
    story.page(html(LEAK), DAY)
    assert (page(story).failures, page(story).missing_since) == (0, None)


def test_bytes_that_are_no_content_are_kept_and_named(story: Story) -> None:
    story.page(html(LEAK))
    told = story.page(html("ログインしてください。", title="403 Forbidden", date_line=""), DAY)
    (alert,) = told.alerts
    assert (told.outcome, alert.kind, alert.snapshot) == ("blocked", "blocked", 2)
    assert (page(story).snapshot, page(story).validators) == (1, Validators(etag='"1"'))


def test_a_mistake_of_ours_is_an_alert_that_names_it(story: Story) -> None:
    told = story.page(html(LEAK), fault=f"{FAULT}: KeyError")
    assert [(alert.kind, alert.detail) for alert in told.alerts] == [("failed", f"{FAULT}: KeyError")]
    assert page(story).snapshot is None
    with story.archive.read() as reader:
        kept = reader.snapshot(1, body=True)
    assert kept is not None
    assert kept.body == html(LEAK)


def test_a_page_cut_short_is_no_text_until_it_always_is(story: Story) -> None:
    whole = html(LEAK, SORRY)
    story.page(whole)
    cut = whole.partition(SORRY.encode())[0]
    looks = [story.page(cut + b"<!--%d-->" % n, DAY) for n in range(6)]
    assert [one.outcome for one in looks[:5]] == ["error"] * 5
    assert looks[0].alerts[0].detail == "the page ends without </html>, which it had before"
    assert looks[5].outcome == "version"


def test_undecodable_characters_that_come_are_an_alert(story: Story) -> None:
    story.page(html(LEAK, SORRY))
    told = story.page(html(LEAK, SORRY).replace(b"</main>", b"<p>\xe3\x81</p></main>"), DAY)
    assert [(one.kind, one.detail) for one in told.alerts] == [
        ("decoding", "1 undecodable characters, 0 before")
    ]


def test_an_attachment_is_a_page_of_its_own_below_its_page(story: Story) -> None:
    file = story.capture(b"%PDF-1.4 broken", url=f"{LIST}a.pdf", role="attachment")
    story.page(html(LEAK, '<a href="a.pdf">別紙 (PDF)</a>'), attachments=(file,))
    attached = page(story, "attachment")
    assert (attached.url, attached.parent, attached.failures) == (f"{LIST}a.pdf", 1, 1)


# --- listings --------------------------------------------------------------------------------------

ROWS = tuple(row(n, f"個人情報の漏えい{n}", date(2023, 10, n)) for n in (3, 2, 1))


def test_the_rows_of_a_listing_are_its_text(story: Story) -> None:
    story.source = LISTED
    told = story.listing(*ROWS)
    assert told.outcome == "version"
    state = version(story, 1)
    assert state.title == LISTED.name
    assert state.text.splitlines()[0] == f"2023-10-03 | 個人情報の漏えい3 | {LIST}3.html | "
    assert state.blocks[0].cells == ("2023-10-03", "個人情報の漏えい3", f"{LIST}3.html", "")
    assert state.blocks[0].head == ("date", "title", "address", "label")
    assert state.key == make_text_key(state.blocks)
    with story.archive.read() as reader:
        (listing,) = reader.pages("city", "listing")
        due = {one.url: one.due_at for one in reader.pages("city", "page")}
    assert (listing.version, listing.rows, listing.last_changed) == (1, 3, story.now)
    assert due == {one.url: story.now for one in ROWS}


def test_an_undated_row_with_a_label_comes_back_as_it_was(story: Story) -> None:
    story.source = LISTED
    odd = replace(ROWS[0], published=None, label="報道発表")
    story.listing(odd, *ROWS[1:])
    assert version(story, 1).blocks[0].cells == ("", odd.title, odd.url, "報道発表")
    assert story.listing(odd, *ROWS[1:], after=DAY, headers=()).outcome == "same-bytes"
    again = story.capture(b"other bytes", DAY, url=LIST, role="listing", rows=(odd, *ROWS[1:]))
    assert story.visit(DAY, again)[0].outcome == "same-text"
    session = replace(odd, url=f"{odd.url};jsessionid=9")
    moved = story.capture(b"other still", DAY, url=LIST, role="listing", rows=(session, *ROWS[1:]))
    assert story.visit(DAY, moved)[0].outcome == "same-text"


@pytest.mark.parametrize(
    ("count", "alerts"),
    [
        (1, [("few-rows", "1 rows, at least 2 expected")]),
        (2, []),
        (4, []),
        (5, [("many-rows", "5 rows, at most 4 expected")]),
    ],
)
def test_a_listing_has_as_many_rows_as_expected(
    story: Story, count: int, alerts: list[tuple[str, str]]
) -> None:
    assert LISTED.listing is not None
    story.source = replace(LISTED, listing=replace(LISTED.listing, expect=(2, 4)))
    rows = [row(n, f"個人情報の漏えい{n}", date(2023, 10, n)) for n in range(1, count + 1)]
    told = story.listing(*rows)
    assert [(one.kind, one.detail) for one in told.alerts] == alerts
    same = story.listing(*rows, after=DAY, headers=())  # nor is it well because nothing altered
    assert (same.outcome, [(one.kind, one.detail) for one in same.alerts]) == ("same-bytes", alerts)


def test_a_listing_without_rows_is_empty_and_its_bytes_are_kept(story: Story) -> None:
    story.source = LISTED
    told = story.listing()
    assert (told.outcome, [(one.kind, one.detail) for one in told.alerts]) == (
        "empty",
        [("few-rows", "0 rows, at least 2 expected"), ("empty", "no rows")],
    )
    assert checks(story)[0].snapshot == 1


def test_a_listing_of_which_no_row_is_left_is_an_alert(story: Story) -> None:
    story.source = LISTED
    days = [date(2023, 10, 1) + timedelta(n) for n in range(40)]
    old = [row(n, f"個人情報の漏えい{n}", days[n]) for n in range(10)]
    new = [row(n, f"個人情報の漏えい{n}", days[n]) for n in range(20, 30)]
    story.listing(*old)
    told = story.listing(*new, after=DAY)
    assert [(one.kind, one.detail) for one in told.alerts] == [
        ("rolled-off", "none of the 10 rows of the last visit is left: some may have come and gone")
    ]
    assert "rolled-off" in [one.kind for one in story.listing(*old[:9], after=DAY).alerts]
    last = story.listing(*new[:9], after=DAY)  # of nine that may be chance
    assert "rolled-off" not in [one.kind for one in last.alerts]
