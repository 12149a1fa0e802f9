"""Another list of the same publisher, visited while the first is sick."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monitor.crawl.agenda import ArchiveAgenda
from spiders.declarations import check, load
from spiders.listings.listing import read_rows
from storage.archive import Archive
from storage.records import ListingRules, Row
from tests.monitor.story import DAY, LIST, LISTED, Story

OTHER = "https://www.city.example.lg.jp/houdou/"
SOURCE = replace(LISTED, listing=ListingRules(topic="personal-data"), fallback=(OTHER,))
LEAK = Row(f"{LIST}leak.html", "個人情報の漏えいについて", date(2023, 11, 1))


def daily(newest: date) -> tuple[Row, ...]:
    return tuple(Row(f"{LIST}{n}.html", f"催し {n}", newest - timedelta(days=n)) for n in range(12))


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive, SOURCE)


def visited(story: Story) -> list[str]:
    agenda = ArchiveAgenda(story.archive, [SOURCE], lambda: story.now + DAY, everything=True)
    return [visit.url for visit in agenda.visits(SOURCE) if visit.role == "listing"]


def test_a_list_that_is_well_is_visited_alone(story: Story) -> None:
    assert visited(story) == [LIST]
    story.listing(*daily(date(2023, 10, 17)))
    assert visited(story) == [LIST]


def test_while_a_list_stands_still_the_other_is_visited_and_rows_of_both_are_one_notice(story: Story) -> None:
    story.listing(*daily(date(2023, 10, 17)))
    story.listing(*daily(date(2023, 10, 17)), after=20 * DAY)
    assert visited(story) == [LIST, OTHER]
    found = replace(LEAK, title=LEAK.title + "(令和5年11月1日)")
    other = story.capture(b"other", timedelta(hours=1), url=OTHER, role="listing", rows=(found,))
    (result,) = story.visit(timedelta(hours=1), other)
    assert [alert.kind for alert in result.alerts] == ["fallback"]
    assert OTHER in result.alerts[0].detail
    assert "the newest row is of 2023-10-17" in result.alerts[0].detail
    # the first is well again
    story.listing(LEAK, *daily(date(2023, 11, 5)))
    assert visited(story) == [LIST]
    with story.archive.read() as reader:
        (notice,) = reader.notices()
        assert notice.url == LEAK.url


def test_a_list_that_cannot_be_read_three_times_is_sick_and_once_is_an_outage(story: Story) -> None:
    story.listing(*daily(date(2023, 10, 17)))
    for count in (1, 2, 3):
        failed = story.capture(b"", DAY, url=LIST, role="listing", status=500)
        story.visit(DAY, failed)
        assert visited(story) == ([LIST, OTHER] if count == 3 else [LIST])
    story.listing(*daily(date(2023, 10, 20)))
    assert visited(story) == [LIST]


def test_rows_that_rolled_off_are_sought_once_in_the_other_list(story: Story) -> None:
    story.listing(*daily(date(2023, 10, 17)))
    story.listing(
        *(replace(row, url=f"{row.url}?x", title=f"別 {row.title}") for row in daily(date(2023, 10, 18)))
    )
    assert visited(story) == [LIST, OTHER]
    other = story.capture(b"other", timedelta(hours=1), url=OTHER, role="listing", rows=(LEAK,))
    story.visit(timedelta(hours=1), other)
    assert visited(story) == [LIST]


def test_the_other_list_is_read_by_what_comes() -> None:
    rules = SOURCE.in_place().listing
    assert rules is not None
    feed = b"<rss version='2.0'><channel><item><title>x1</title><link>/1</link></item></channel></rss>"
    page = '<html><ul><li>2026年11月1日 <a href="/1">お知らせ</a></ul></html>'.encode()
    assert [row.title for row in read_rows(feed, OTHER, rules)] == ["x1"]
    assert [row.title for row in read_rows(page, OTHER, rules)] == ["お知らせ"]


def test_the_other_list_is_read_as_declared(tmp_path: Path) -> None:
    text = (
        'id = "a"\nname = "a"\nkind = "company"\nstart = ["https://a.jp/rss"]\nfallback = ["https://a.jp/b"]\n'
        'listing = { follow = ["/b/"], ignore = ["催し"] }\nfallback_listing = { item = "dd", date = "i" }\n'
    )
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    (source,) = load([tmp_path], bundled=False)
    rules = source.in_place().listing
    assert rules is not None
    assert (rules.item, rules.follow, rules.topic, rules.ignore) == (
        "dd",
        ("/b/",),
        "personal-data",
        ("催し",),
    )
    page = '<dl><dd><i>R8.11.1</i> <a href="/b/1">お知らせ</a><dd><a href="/c/2">他</a></dl>'.encode()
    assert read_rows(page, "https://a.jp/b", rules) == (
        Row("https://a.jp/b/1", "お知らせ", date(2026, 11, 1)),
    )
    assert source.in_place().in_place() == source.in_place()


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("", "stands in for a list"),
        ('[listing]\n[fallback_listing]\nitem = "li"\nmore = "a.next"\n', "is one page"),
        ('[listing]\n[fallback_listing]\nignore = ["催し"]\n', "ignore of the listing hold for its fallback"),
    ],
)
def test_what_is_said_of_a_list_in_place_of_another_must_have_a_sense(
    tmp_path: Path, more: str, said: str
) -> None:
    text = 'id = "a"\nname = "a"\nkind = "index"\nstart = ["https://a.jp/"]\nfallback = ["https://a.jp/b"]\n'
    (tmp_path / "a.toml").write_text(text + more, encoding="utf-8")
    (problem,) = check([tmp_path / "a.toml"], bundled=False)
    assert said in problem.message
