"""Rows of a list that holds everything a body publishes: only those about an incident are followed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monitor.crawl.agenda import ArchiveAgenda
from monitor.radar import answer_row
from storage.archive import Archive
from storage.records import ListingRules, Row
from tests.monitor.story import LIST, LISTED, SORRY, Story, html

TOPICAL = replace(LISTED, listing=ListingRules("li", expect=(1, 50), topic="personal-data"))
DAY = date(2023, 10, 17)
LEAK = Row(f"{LIST}1.html", "メールの誤送信による個人情報の漏えいについて", DAY)
FESTIVAL = Row(f"{LIST}2.html", "秋祭りの参加者を募集します", DAY)
TROUBLE = Row(f"{LIST}3.html", "システム障害の発生について", DAY)
LOST = "申込者512人分の氏名と住所が外部に流出しました。"
SLOW = "庁内のシステムが一時間停止しました。現在は復旧しています。"


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive, TOPICAL)


def test_a_row_about_an_incident_is_told_and_another_is_on_record_only(story: Story) -> None:
    story.listing(LEAK, FESTIVAL)
    story.page(html(LOST, SORRY), url=LEAK.url, row=LEAK)
    assert [(change.kind, change.title) for change in story.changes] == [("new", LEAK.title)]
    with story.archive.read() as reader:
        assert [notice.title for notice in reader.notices()] == [LEAK.title]
        (listing,) = [page for page in reader.pages("city") if page.role == "listing"]
        assert FESTIVAL.title in reader.version(listing.version).text


def test_only_pages_that_matter_are_visited(story: Story) -> None:
    agenda = ArchiveAgenda(
        story.archive, [TOPICAL], lambda: datetime(2023, 10, 17, tzinfo=UTC), everything=False
    )
    assert agenda.visit(TOPICAL, FESTIVAL) is None
    assert agenda.visit(TOPICAL, LEAK) is not None
    assert agenda.visit(TOPICAL, TROUBLE) is not None


def test_of_a_row_to_look_at_its_page_decides(story: Story) -> None:
    story.listing(TROUBLE, FESTIVAL)
    story.page(html(SLOW, title=TROUBLE.title), url=TROUBLE.url, row=TROUBLE)
    assert story.changes == []
    other = replace(TROUBLE, url=f"{LIST}4.html")
    story.listing(other, TROUBLE, FESTIVAL)
    story.page(html(LOST, SORRY, title=TROUBLE.title), url=other.url, row=other)
    assert [change.url for change in story.changes] == [other.url]


def test_a_page_that_comes_to_speak_of_an_incident_is_told_then(story: Story) -> None:
    story.listing(TROUBLE, FESTIVAL)
    story.page(html(SLOW, title=TROUBLE.title), url=TROUBLE.url, row=TROUBLE)
    story.page(html(SLOW, LOST, SORRY, title=TROUBLE.title), url=TROUBLE.url)
    assert [change.kind for change in story.changes] == ["new"]


def test_words_of_the_declaration_go_before_the_rule() -> None:
    rules = ListingRules("li", topic="personal-data", match=("秋祭り",), ignore=("誤送信",))
    source = replace(TOPICAL, listing=rules)
    assert answer_row(source, FESTIVAL).answer == "yes"
    assert answer_row(source, LEAK).answer == "no"
    assert answer_row(LISTED, FESTIVAL).answer == "yes"  # its topic is any
