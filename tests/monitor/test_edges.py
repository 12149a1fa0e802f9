"""Stories at the edges of the rules: what must be neither told twice, nor falsely, nor lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from storage.archive import Archive
from storage.query import Query
from storage.records import Capture, ListingRules, PageRules, Source
from tests.monitor.story import DAY, HOUR, LEAK, LIST, LISTED, MORE, SINGLE, SORRY, URL, Story, html, row, told


@pytest.fixture
def story(archive: Archive) -> Story:
    return Story(archive)


@pytest.fixture
def listed(archive: Archive) -> Story:
    return Story(archive, LISTED)


OLD = row(1, "休館日のお知らせ", date(2022, 1, 5))
NEW = row(2, "個人情報の漏えいについて", date(2023, 10, 17))
BEFORE = [f"第{n}の説明として、経緯と対応を順に述べる文章がここに続きます。" for n in range(12)]
ERROR = [f"ただいま混み合っています。時間をおいてお試しください。その{n}を確認中です。" for n in range(12)]


def read_page(story: Story, number: int, *paragraphs: str, **more: object) -> list:
    given = {"url": f"{LIST}{number}.html", **more}
    return told(story.page(html(*paragraphs), timedelta(minutes=1), **given))


# --- held texts -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 304])
def test_an_error_page_that_alternates_with_the_notice_is_never_told(story: Story, status: int):
    good, wrong = html(LEAK, *BEFORE), html(*ERROR, title="ご案内")
    story.page(good)
    for _ in range(3):
        assert story.page(wrong, DAY).outcome == "held"
        assert story.page(good if status == 200 else b"", DAY, status=status).changes == []
    assert [change.kind for change in story.changes] == ["new"]
