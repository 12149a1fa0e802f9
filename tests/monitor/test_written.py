"""What a visit writes, to the last row: its check, alerts, changes, and how page and notices stand after it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from monitor.demo.pdf_maker import render
from monitor.track.judge.placing import place_late
from monitor.track.tracker import Tracker
from storage.archive import open_archive
from storage.query import Query
from storage.records import Alert, Change, ListingRules, Page, Row
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, MORE, SINGLE, SORRY, URL, Story, html, row

START = datetime(2023, 10, 17, 3, tzinfo=UTC)


def when(moment: datetime | None) -> str:
    if moment is None:
        return "-"
    hours = (moment - START).total_seconds() / 3600
    return f"{hours:g}h"


def short(url: str) -> str:
    return url.removeprefix("https://www.city.example.lg.jp/")


def page_line(page: Page, versions: dict[int, int]) -> str:
    version = versions.get(page.version or 0, "-")
    words = [
        page.role, short(page.url), f"v{version}", f"failures={page.failures}", f"due={when(page.due_at)}",
        f"checked={when(page.last_checked)}", f"read={when(page.last_success)}",
        f"changed={when(page.last_changed)}", f"fetched={when(page.fetched_at)}",
        f"seen={page.changes_seen}",
    ]  # fmt: skip
    words += [f"etag={page.validators.etag}"] if page.validators.etag else []
    words += [f"modified={page.validators.last_modified}"] if page.validators.last_modified else []
    words += [f"missing={when(page.missing_since)}"] if page.missing_since else []
    words += [f"rows={page.rows}"] if page.rows is not None else []
    words += [name for name in ("gone", "held", "settled", "volatile", "parent") if getattr(page, name)]
    return " ".join(words)


def alert_line(alert: Alert, snapshots: dict[int, int]) -> str:
    evidence = f" shows s{snapshots[alert.snapshot]}" if alert.snapshot else ""
    return f"alert {alert.kind} {short(alert.url)} run={alert.run}{evidence}: {alert.detail}"


def change_line(change: Change, versions: dict[int, int]) -> str:
    between = f"{versions.get(change.from_version or 0, '-')}>{versions.get(change.to_version or 0, '-')}"
    reasons = ",".join(change.reasons) or "-"
    weight = "matters" if change.material else "no matter"
    facts = ", ".join(f"{fact.field} {fact.old}>{fact.new}" for fact in change.facts[:2])
    return (
        f"change {change.kind} {weight} {reasons} {between} {when(change.detected_at)} run={change.run} "
        f"{short(change.url)} [{change.title}] ({len(change.hunks)} hunks; {facts})"
    )


def written(story: Story) -> list[str]:
    """Everything that the archive holds, a line a row, in the order it was written."""
    with story.archive.read() as reader:
        pages = sorted(reader.pages("city"), key=lambda page: page.id)
        versions = {
            head.id: head.number for page in pages for head in reader.history(page.id)
        }  # numbers within their page
        snapshots = {
            shot.id: number for page in pages for number, shot in enumerate(reader.snapshots(page.id), 1)
        }
        checks = sorted((check for page in pages for check in reader.checks(page.id)), key=lambda one: one.id)
        urls = {page.id: short(page.url) for page in pages}
        lines = [
            f"check {urls[check.page]} run={check.run} {when(check.checked_at)} {check.outcome} {check.status}"
            f"{f' s{snapshots[check.snapshot]}' if check.snapshot else ''}{f': {check.detail}' if check.detail else ''}"
            for check in checks
        ]
        lines += [alert_line(alert, snapshots) for alert in sorted(reader.alerts(), key=lambda one: one.id)]
        changes = reader.changes(Query(newest_first=False))
        whole = (reader.change(change.id) for change in changes)
        lines += [change_line(change, versions) for change in whole if change is not None]
        lines += [page_line(page, versions) for page in pages]
        for page in pages:
            for notice in sorted(reader.notices_of_page(page.id), key=lambda one: one.id):
                lines.append(
                    f"notice {short(notice.url)} [{notice.title}] {notice.status} {notice.published} "
                    f"{notice.updated} seen {when(notice.first_seen)}-{when(notice.last_seen)}"
                )
    return lines


TITLE = "個人情報の漏えいについて"
DATE = date(2023, 10, 17)
LIST_TYPE = (("Content-Type", "text/html; charset=utf-8"),)


def a_life(story: Story) -> None:
    """Read, unchanged in three ways, updated, unreachable, gone, and there again."""
    stated = (
        ("Content-Type", "text/html"),
        ("ETag", '"1"'),
        ("Last-Modified", "Tue, 17 Oct 2023 00:00:00 GMT"),
    )
    story.page(html(LEAK, SORRY), headers=stated)
    story.page(b"", DAY, status=304)
    story.page(html(LEAK, SORRY), DAY, headers=stated)
    newer = html(MORE, SORRY, date_line="更新日：2023年10月20日")
    story.page(newer, DAY, headers=stated, redirects=(f"{URL}?a",), final_url=f"{URL}?b")
    story.page(b"oops", DAY, status=500)
    story.page(b"", DAY, status=None, error="no answer in time")
    for body in (b"", b"gone", b"gone"):
        story.page(body, DAY, status=404)
    story.page(html(MORE, SORRY), DAY)


def a_file(story: Story) -> None:
    """Replaced, gone twice, there again, replaced by bytes that nobody can read, and by a page."""
    file = story.capture(url=f"{URL}.pdf", role="attachment", headers=(("Content-Type", "application/pdf"),))
    first, second = (render(["別紙", f"対象は約{count}万件です。"]) for count in (900, 928))
    bodies = (
        first,
        second,
        b"",
        b"",
        second,
        b"%PDF-1.4 broken",
        b"<!doctype html><html><body>x</body></html>",
    )
    for body in bodies:
        story.page(
            html(LEAK, SORRY), DAY, attachments=(replace(file, body=body, status=200 if body else 404),)
        )


def a_doubt(story: Story) -> None:
    """Another text in its place twice, a clock that is learned, a mistake of ours, and half of a page."""
    other = html("別の文です。", "全く別の話です。", title="採用情報")
    for body in (html(LEAK, SORRY), other, other):
        story.page(body, DAY)
    clock = (html(LEAK, SORRY, f"只今の時刻は{hour}時です。") for hour in (10, 11))
    story.page(next(clock), DAY, again=next(clock))
    story.page(b"evidence", DAY, fault="kohyo failed on this page: X")
    story.page(html(LEAK, SORRY)[:-30], DAY)


def a_pointer(story: Story) -> None:
    """A page that was never read, then is, then does nothing but point on."""
    story.page(b"", status=503)
    story.page(html(LEAK, SORRY), DAY)
    for _ in range(2):
        story.page(html(LEAK, SORRY), DAY, moved_to=f"{LIST}new.html", final_url=f"{LIST}new.html")


def a_past(story: Story) -> None:
    """Captures of a page and its file that come after younger ones."""
    file = story.capture(render(["別紙"]), url=f"{URL}.pdf", role="attachment")
    story.page(html(MORE, SORRY), DAY * 9, attachments=(file,))
    tracker = Tracker(story.archive, [SINGLE], story.runs)
    late = replace(story.capture(html(LEAK, SORRY), -DAY), attachments=(replace(file, url=f"{URL}.doc.pdf"),))
    assert tracker.track_imported(late).outcome == "earlier"
    assert (
        tracker.track_imported(replace(late, captured_at=story.now + DAY, attachments=())).outcome
        == "version"
    )
    (page,) = tracker.find_late_pages(SINGLE)
    cases = tracker.gather_past_cases(page)
    assert tracker.place(page, cases, [place_late(case) for case in cases]).outcome == "earlier"
    assert tracker.find_late_pages(SINGLE) == []
    for detail in ("kohyo failed over it", "too expensive: it took 9 s"):
        assert tracker.not_placed(page, detail).url == URL


def a_list(story: Story) -> None:
    """Rows that are new, re-dated, re-titled and moved, and a list that fails in four ways."""
    first = row(1, TITLE, DATE)
    story.listing(first, row(2, "断水のお知らせ", date(2020, 1, 1)))
    story.visit(HOUR, story.capture(html(LEAK, SORRY), url=first.url, row=first))
    third = row(3, "第二報", DATE)
    story.listing(
        third, row(1, f"{TITLE}（更新）", DATE), row(2, "断水のお知らせ", date(2020, 1, 2)), after=DAY
    )
    story.listing(third, after=DAY)
    story.visit(HOUR, story.capture(url=third.url, status=500, row=third))
    story.listing(after=DAY)
    for more in ({"status": 503}, {"fault": "kohyo failed on this page: X"}):
        story.visit(DAY, story.capture(b"", DAY, url=LIST, role="listing", **more))
    rows = (Row(f"{LIST}9.html", "第二報", DATE), row(4, "四", DATE), row(5, "五", None))  # type: ignore[arg-type]
    story.listing(*rows, after=DAY, cut="100 rows are left out")
    story.visit(DAY, story.capture(b"", DAY, url=LIST, role="listing", status=304))
    story.listing(*rows, after=DAY)
    story.visit(HOUR, story.capture(b"evidence", url=rows[1].url, fault="kohyo failed on this page: X"))


def a_long_list(story: Story) -> None:
    """Too many rows, then the same by https, then none of them."""
    plain = LIST.replace("https:", "http:")
    story.listing(*(Row(f"{plain}{n}.html", f"第{n}号", DATE) for n in range(11)))
    story.listing(*(row(n, f"第{n}号", DATE) for n in range(11)), after=DAY)
    story.listing(row(20, "第20号", date(2023, 10, 18)), row(21, "第21号", date(2023, 9, 1)), after=DAY)


SHORT = replace(LISTED, listing=ListingRules("li", expect=(2, 10)))
STORIES = {
    "a_life": (a_life, SINGLE),
    "a_file": (a_file, SINGLE),
    "a_doubt": (a_doubt, SINGLE),
    "a_pointer": (a_pointer, SINGLE),
    "a_past": (a_past, SINGLE),
    "a_list": (a_list, LISTED),
    "a_long_list": (a_long_list, SHORT),
}
WRITTEN = Path(__file__).parent / "written"


@pytest.mark.parametrize("name", STORIES)
def test_a_visit_writes_these_rows_and_no_others(sqlite_url: str, name: str) -> None:
    scene, source = STORIES[name]
    with open_archive(sqlite_url) as archive:
        story = Story(archive, source)
        scene(story)
        expected = (WRITTEN / f"{name}.txt").read_text("utf-8").splitlines()
        assert written(story) == expected
