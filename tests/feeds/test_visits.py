"""What is new since the last visit: a signed mark in a cookie or an address, for those who ask for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.views.following.visits import PAUSE, begin_visit, go_on, read_mark, write_mark
from feeds.web.app import make_app
from storage.archive import Archive
from tests.feeds import sample
from tests.feeds.client import Answer, Client

KEY = b"k" * 32
NOON = datetime(2025, 6, 1, 3, tzinfo=UTC)


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 9)), max_size=8))
@settings(max_examples=30)
def test_what_came_after_the_last_look_of_the_last_visit_is_new(looks: list[tuple[int, int]]) -> None:
    """Minutes between looks, and the changes that came in between."""
    visit, now, newest, seen_last_time = begin_visit(0, NOON), NOON, 0, 0
    for minutes, came in looks:
        before = newest
        now, newest = now + timedelta(minutes=minutes), newest + came
        if timedelta(minutes=minutes) > PAUSE:
            seen_last_time = before
        visit = go_on(visit, newest, now)
        assert visit.behind == seen_last_time
        assert read_mark(write_mark(visit, KEY), KEY) == visit


@pytest.mark.parametrize("mark", ["", "1", "1.2.3.4", "1.2.3.4." + "0" * 32, "1.99999999999.3.4." + "0" * 32, "é.2.3.4." + "0" * 32])  # fmt: skip
def test_a_mark_that_was_not_signed_here_is_none(mark: str) -> None:
    assert read_mark(mark, KEY) is None
    ours = write_mark(begin_visit(5, NOON), KEY)
    assert read_mark(ours, b"another key") is None
    assert read_mark("6" + ours[1:], KEY) is None


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def kept(answer: Answer) -> dict[str, str]:
    return {"Cookie": answer.headers["set-cookie"].partition(";")[0]}


def fresh(answer: Answer) -> int:
    return answer.text.count('class="kind fresh"')


def test_who_asks_for_it_sees_what_came_since_the_last_visit(archive: Archive) -> None:
    clock = Clock()
    web = Client(make_app(archive, now=clock, key=KEY))
    started = web.get("/?seen=start")
    assert "httponly" in started.headers["set-cookie"].lower()
    assert fresh(started) == 0
    sample.many(archive, 3)
    clock.now += timedelta(hours=8)
    second = web.get("/", headers=kept(started))
    assert fresh(second) == 3
    assert "新着3件" in second.text
    assert second.headers["cache-control"] == "private, no-cache"
    clock.now += timedelta(minutes=5)
    again = web.get("/?lang=en", headers=kept(second))  # the same visit
    assert fresh(again) == 3
    assert "Since your last visit" in again.text
    clock.now += timedelta(hours=8)
    third = web.get("/", headers=kept(again))
    assert fresh(third) == 0
    stopped = web.get("/?seen=stop", headers=kept(third))
    assert 'kohyo-seen="";' in stopped.headers["set-cookie"]
    assert fresh(stopped) == 0


def test_an_address_marks_what_came_since_it_was_given(archive: Archive) -> None:
    web = Client(make_app(archive, key=KEY))
    given = re.search(r'href="(index\.html\?seen=[0-9][^"]*)"', web.get("/").text)
    assert given
    sample.many(archive, 2)
    answer = web.get("/" + given[1])
    assert fresh(answer) == 2
    assert "set-cookie" not in answer.headers
    assert web.get("/?seen=1.2.3.4.x").status_code == 400


@pytest.mark.parametrize("cookie", ["", "kohyo-seen=", "kohyo-seen=1.2.3.4.abc", "kohyo-seen=é"])
def test_who_did_not_ask_gets_no_cookie_and_the_page_of_everybody(told: Archive, cookie: str) -> None:
    web = Client(make_app(told, key=KEY))
    plain = web.get("/")
    answer = web.get("/", headers={"Cookie": cookie})
    assert (answer.content, answer.headers) == (plain.content, plain.headers)
    assert "set-cookie" not in plain.headers
