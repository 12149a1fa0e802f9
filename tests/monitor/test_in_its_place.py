"""What stands at a notice's address is told of the notice only while it is the notice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from storage.archive import Archive
from tests.monitor.story import DAY, HOUR, LEAK, LISTED, MORE, SORRY, URL, Story, html, row

NEXT = "https://www.city.example.lg.jp/oshirase/2023/1.html"
INDEX = [f"2023年9月{n}日 <a href='/oshirase/{n}.html'>催し物のご案内 その{n}</a>" for n in range(1, 8)]


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


PLACES = {
    "index": (html(*INDEX, title="最新のお知らせ", date_line=""), {"final_url": f"{URL[:-6]}"}),
    "index that names a count": (
        html(*INDEX, "約900万件の情報を扱う委託先", title="最新のお知らせ", date_line=""),
        {},
    ),
    "closed for works": (
        html("設備の点検のため、あすの朝まで掲載をお休みします。", title="休止のご案内"),
        {},
    ),
    "another notice": (html("桜の開花は4月の初めの見込みです。", title="花見の会場について"), {}),
    "long": (html(*[f"会場その{n}への行き方を説明します。" for n in range(30)], title="会場のご案内"), {}),
}


@pytest.mark.parametrize("name", PLACES)
def test_what_keeps_nothing_of_a_notice_is_never_told_of_it(story: Story, name: str) -> None:
    body, more = PLACES[name]
    story.page(html(LEAK, SORRY))
    for after in (DAY, HOUR, DAY):
        seen = story.page(body, after, **more)
        assert (seen.outcome, seen.changes) == ("held", [])
        assert "in its place stands" in seen.alerts[0].detail
    assert story.page(html(LEAK, SORRY), DAY).changes == []


@pytest.mark.parametrize(
    "body",
    [
        html(
            "第2報です。対象は約928万件に増えました。調べを続けます。",
            title="個人情報の漏えいについて（第2報）",
        ),
        html("お問い合わせは03-1234-5678へ。", title="調査の経過"),
    ],
)
def test_what_keeps_a_title_or_a_fact_is_the_notice(story: Story, body: bytes) -> None:
    story.page(html(LEAK, "お問い合わせは03-1234-5678へ。"))
    assert [change.kind for change in story.page(body, DAY).changes] == ["updated"]


def test_a_page_that_said_nothing_may_become_a_notice(story: Story) -> None:
    story.page(html("ただいま準備をしています。公開までお待ちいただくページです。", title="準備のページ"))
    assert [change.kind for change in story.page(html(LEAK, SORRY), DAY).changes] == ["updated"]


@pytest.mark.parametrize("body", [html(LEAK, SORRY), html(MORE, SORRY)])
def test_a_page_that_points_on_is_told_as_moved_once(story: Story, body: bytes) -> None:
    story.page(html(LEAK, SORRY))
    more = {"final_url": NEXT, "redirects": (URL,), "moved_to": NEXT}
    seen = story.page(body, DAY, **more)
    moved = [change for change in seen.changes if change.kind == "moved"]
    assert [(change.url, change.reasons) for change in moved] == [(NEXT, ("address",))]
    assert story.page(body, DAY, **more).changes == []


def test_a_page_that_pointed_on_from_the_first_is_no_news(story: Story) -> None:
    more = {"final_url": NEXT, "redirects": (URL,), "moved_to": NEXT}
    story.page(html(LEAK, SORRY), **more)
    assert story.page(html(LEAK, SORRY), DAY, **more).changes == []


def test_a_row_that_follows_its_page_is_not_told_again(archive: Archive) -> None:
    story, other = Story(archive, LISTED), row(9, "休館日のお知らせ", date(2023, 10, 1))
    old = row(1, "個人情報の漏えいについて", date(2023, 10, 16))
    story.listing(old, other)
    story.page(html(LEAK, SORRY), row=old)
    story.listing(old, other, after=DAY)
    story.page(html(LEAK, SORRY), final_url=NEXT, redirects=(URL,), moved_to=NEXT)
    assert story.listing(replace(old, url=NEXT), other, after=DAY).changes == []
