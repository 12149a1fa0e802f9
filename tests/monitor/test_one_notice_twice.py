"""One notice that a site shows at several addresses: told once, and everything that only one of them says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from storage.archive import Archive
from storage.records import Row
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, MORE, SORRY, Story, html, row, told

TITLE, ON = "個人情報の漏えいについて", date(2023, 10, 17)
AT = "https://www.city.example.lg.jp/soshiki/12.html"
LONG = "本市では、業務を委託する事業者において、保管する情報が外部に持ち出されたことを確認しました。" * 5


def listed(archive: Archive, *rows: Row) -> Story:
    """A list that held a fresh notice before the rows came."""
    story = Story(archive, LISTED)
    old = [row(8, "断水のお知らせ", date(2020, 1, 1)), row(9, "休館のお知らせ", date(2020, 1, 1))]
    story.listing(*old)
    story.listing(*rows, *old, after=DAY)
    return story


@pytest.fixture
def story(archive: Archive) -> Story:
    return listed(archive, row(1, TITLE, ON), Row(AT, TITLE, ON))


def read(story: Story, url: str, *said: str, **page: str) -> list[tuple[str, tuple[str, ...]]]:
    return told(story.page(html(*said, **page), HOUR, url=url))


def test_a_notice_under_two_addresses_is_new_once(story: Story):
    assert read(story, AT, LEAK, LONG) == [("new", ())]
    assert read(story, f"{LIST}1.html", LEAK, LONG) == []
    with story.archive.read() as reader:
        assert {notice.status for notice in reader.notices() if notice.title == TITLE} == {"standing"}


def test_what_both_addresses_come_to_say_is_told_once(story: Story):
    for url in (AT, f"{LIST}1.html"):
        read(story, url, LEAK, LONG)
    assert [kind for kind, _ in read(story, AT, MORE, LONG)] == ["updated"]
    assert read(story, f"{LIST}1.html", MORE, LONG) == []


def test_what_only_one_of_them_says_is_told(story: Story):
    for url in (AT, f"{LIST}1.html"):
        read(story, url, LEAK, LONG)
    assert [kind for kind, _ in read(story, f"{LIST}1.html", MORE, LONG)] == ["updated"]


def test_each_address_that_goes_is_told(story: Story):
    for url in (AT, f"{LIST}1.html"):
        read(story, url, LEAK, LONG)
    for _ in range(2):
        gone = told(story.page(b"", 2 * HOUR, url=AT, status=404))
    assert [kind for kind, _ in gone] == ["withdrawn"]


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(Row(AT, "個人情報の紛失について", ON), id="another title"),
        pytest.param(Row(AT, TITLE, date(2023, 10, 16)), id="another day"),
    ],
)
def test_notices_that_are_called_or_dated_otherwise_are_two(archive: Archive, other: Row):
    story = listed(archive, row(1, TITLE, ON), other)
    assert read(story, f"{LIST}1.html", LEAK, LONG) == [("new", ())]
    assert read(story, AT, LEAK, LONG) == [("new", ())]


def test_a_text_so_short_that_any_page_may_say_it_makes_no_twins(story: Story):
    assert read(story, AT, SORRY) == [("new", ())]
    assert read(story, f"{LIST}1.html", SORRY) == [("new", ())]


def test_files_that_differ_make_two_notices(story: Story):
    story.source = replace(LISTED, page=replace(LISTED.page, attachments=True))
    assert read(story, AT, LONG, '<a href="/a.pdf">報告書</a>') == [("new", ())]
    assert read(story, f"{LIST}1.html", LONG, '<a href="/b.pdf">報告書</a>') == [("new", ())]


def test_a_page_that_points_on_to_one_that_was_told_is_moved_and_says_nothing_new(story: Story):
    read(story, f"{LIST}1.html", LEAK, LONG)
    read(story, AT, MORE, LONG)
    pointed = story.page(html(MORE, LONG), DAY, url=f"{LIST}1.html", final_url=AT, moved_to=AT)
    assert [kind for kind, _ in told(pointed)] == ["moved"]


def test_a_page_that_points_on_to_one_that_says_more_than_was_told_tells_it(story: Story):
    read(story, f"{LIST}1.html", LEAK, LONG)
    read(story, AT, LEAK, LONG)
    pointed = story.page(html(MORE, LONG), DAY, url=f"{LIST}1.html", final_url=AT, moved_to=AT)
    assert [kind for kind, _ in told(pointed)] == ["updated", "moved"]
