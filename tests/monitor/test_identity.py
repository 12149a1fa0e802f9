"""Which notice a listing's row is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.track.judge.listing_rows import RowEvent, match_rows, pair_rows
from storage.records import Row
from storage.text.urls import place
from tests.growth import LINEAR, exponent


def row(number: int, title: str = "", day: int = 1) -> Row:
    return Row(f"https://x.example/news/{number}/", title or f"お知らせ{number}", date(2024, 1, day))


def kinds(before: list[Row], after: list[Row]) -> list[tuple[str, str]]:
    return [(event.kind, event.row.title) for event in match_rows(before, after)]


def test_a_row_on_top_is_new():
    assert kinds([row(1)], [row(2), row(1)]) == [("new", "お知らせ2")]


def test_rows_that_scroll_off_mean_nothing():
    assert kinds([row(3), row(2), row(1)], [row(4), row(3), row(2)]) == [("new", "お知らせ4")]


def test_same_address_and_title_with_another_date_is_an_update():
    assert kinds([row(2), row(1)], [row(2, day=5), row(1)]) == [("redated", "お知らせ2")]


def test_another_title_at_the_same_address_is_retitled():
    assert kinds([row(2), row(1)], [row(2, "お知らせ2（第2報）"), row(1)]) == [
        ("retitled", "お知らせ2（第2報）")
    ]


def test_another_address_under_the_same_title_and_date_is_moved():
    moved = Row("https://x.example/archive/2/", "お知らせ2", date(2024, 1, 1))
    assert kinds([row(2), row(1)], [moved, row(1)]) == [("moved", "お知らせ2")]


def test_eight_notices_may_share_one_address():
    shared = [Row("https://x.example/optout/", f"届出{n}", date(2024, 1, n)) for n in range(1, 9)]
    assert kinds(shared[:7], shared) == [("new", "届出8")]


def test_a_shared_address_scrolling_off_is_not_a_new_title():
    def shared(n: int) -> Row:
        return Row("https://x.example/optout/", f"届出{n}", date(2024, 1, n))

    assert kinds([shared(2), row(9), shared(1)], [shared(3), shared(2), row(9)]) == [("new", "届出3")]


def test_width_and_blanks_in_a_title_make_no_event_of_their_own():
    wide = Row("https://x.example/news/1/", "令和７年度　報告", date(2024, 1, 1))
    narrow = Row("https://x.example/news/1/", "令和7年度 報告", date(2024, 1, 1))
    assert kinds([wide], [narrow]) == []


def spelled(*endings: str, stem: str = "https://x.example/n/") -> list[Row]:
    return [Row(f"{stem}{n}.html{end}", f"お知らせ{n}", date(2024, 1, 1)) for n, end in enumerate(endings, 1)]


@pytest.mark.parametrize(
    "endings",
    [
        (";jsessionid=A1", ";jsessionid=B2"),
        ("?utm_campaign=a", "?utm_campaign=b"),
        ("?1", "?2"),
        ("", "#top"),
    ],
)
def test_another_spelling_of_an_address_says_nothing(endings: tuple[str, str]):
    before, after = (spelled(*[end] * 3) for end in endings)
    assert kinds(before, after) == []


def test_the_name_of_a_folder_s_own_page_moves_nothing():
    before, after = (spelled(*[end] * 2, stem="https://x.example/n") for end in ("/", "/index.html"))
    assert [kind for kind, _ in kinds(before, after)] == ["respelled"] * 2


def test_a_row_moves_only_where_something_shows_that_it_did():
    assert [kind for kind, _ in kinds(spelled("?from=top"), spelled("?from=list"))] == ["respelled"]
    assert [kind for kind, _ in kinds(spelled("?id=12"), spelled("?id=34"))] == ["moved"]
    every = kinds(spelled("?key=1a", "?key=1b", "?key=1c"), spelled("?key=2a", "?key=2b", "?key=2c"))
    assert [kind for kind, _ in every] == ["respelled"] * 3
    assert [kind for kind, _ in kinds(spelled(""), spelled("", stem="https://x.example/info/"))] == ["moved"]


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("?id=12", "?id=12&from=top", "respelled"),
        ("?a=x&id=12", "?a=y&id=12", "respelled"),
        ("?a=x&id=12", "?a=x&id=13", "moved"),
        ("?12", "?13", "moved"),
        ("", "?no=5", "moved"),
        ("?no=x", "?no=x5", "moved"),
        ("?v2=a", "?v2=b", "respelled"),  # a digit in a parameter's name says nothing
    ],
)
def test_a_number_in_a_query_tells_articles_apart(before: str, after: str, kind: str):
    page = "https://x.example/show.cgi"
    old, new = (Row(f"{page}{end}", "お知らせ", date(2024, 1, 1)) for end in (before, after))
    same = place_of(before) == place_of(after)
    assert match_rows([old, row(1)], [new, row(1)]) == ([] if same else [RowEvent(kind, new, old)])


def place_of(ending: str) -> str:
    return place(f"https://x.example/show.cgi{ending}")


@pytest.mark.parametrize(("count", "others", "kind"), [(2, 0, "moved"), (3, 2, "respelled"), (3, 3, "moved")])
def test_numbers_that_alter_in_most_rows_at_once_are_no_articles(count: int, others: int, kind: str):
    page = "https://x.example/show.cgi?id="
    before = [Row(f"{page}{n}", f"お知らせ{n}", date(2024, 1, 1)) for n in range(10, 10 + count)]
    after = [Row(f"{one.url}7", one.title, one.published) for one in before]
    fresh = [row(n) for n in range(1, 1 + others)]
    events = match_rows([*before, row(9)], [*fresh, *after, row(9)])
    assert [event.kind for event in events] == ["new"] * others + [kind] * count


def test_where_several_rows_of_an_address_went_nobody_says_which_was_retitled():
    def shared(n: int) -> Row:
        return Row("https://x.example/optout/", f"届出{n}", date(2024, 1, n))

    assert kinds([shared(1), shared(2), row(9)], [shared(3), row(9)]) == [("new", "届出3")]
    assert kinds([shared(1), row(9)], [shared(3), row(9)]) == [("retitled", "届出3")]


def test_each_row_that_went_stands_for_one_that_came():
    twice = [row(1, "甲"), row(1, "甲", 2), row(9)]
    events = match_rows(twice, [row(1, "甲", 5), row(1, "甲", 6), row(1, "甲", 7), row(9)])
    assert [(event.kind, event.before) for event in events] == [
        ("redated", twice[0]),
        ("redated", twice[1]),
        ("new", None),
    ]


@pytest.mark.parametrize(
    ("before", "after", "pairs"),
    [
        ([row(1), row(2)], [row(2), row(1)], [1, 0]),
        ([row(1)], [row(1, day=2)], [0]),
        ([row(1)], [row(1, "別の題", 2)], [0]),
        ([row(1)], [row(2, "お知らせ1")], [0]),  # an address that is read otherwise
        ([row(1)], [row(2, "お知らせ1", 2)], [None]),
        ([row(1)], [row(2)], [None]),
        ([row(1, "甲"), row(1, "乙")], [row(1, "丙"), row(1, "乙"), row(1, "丁")], [0, 1, None]),
        ([row(1, "甲"), row(1, "甲", 2)], [row(1, "甲", 2), row(1, "甲", 3)], [1, 0]),
        ([row(1, "甲", 2), row(1, "甲")], [row(1, "甲", 3), row(1, "甲", 4)], [0, 1]),
        ([], [row(1)], [None]),
        ([row(1)], [], []),
    ],
)
def test_what_other_rules_read_of_the_same_bytes_is_paired(
    before: list[Row], after: list[Row], pairs: list[int | None]
):
    expected = [(None if at is None else before[at], new) for at, new in zip(pairs, after, strict=True)]
    assert pair_rows(before, after) == expected


def long(count: int, title: str = "", start: int = 0, at: str = "/n/{}.html") -> list[Row]:
    return [
        Row(
            f"https://x.example{at.format(n)}",
            f"個人情報の漏えいについて{title}{n}",
            date(2024, n % 12 + 1, 1),
        )
        for n in range(start, start + count)
    ]


@pytest.mark.parametrize("change", ["retitled", "replaced", "moved", "one address"])
def test_the_time_to_compare_grows_with_the_rows_and_not_their_square(change: str):
    def compared(count: int) -> tuple[list[Row], list[Row]]:
        same = "/all.html" if change == "one address" else "/n/{}.html"
        later = {
            "retitled": long(count, "（第2報）"),
            "replaced": long(count, "続報", count),
            "moved": long(count, at="/info/{}.html"),
            "one address": long(count, "（第2報）", at=same),
        }[change]
        return long(count, at=same), later

    assert exponent(compared, lambda rows: match_rows(*rows), 500, 4_000) <= LINEAR


rows = st.lists(
    st.builds(row, st.integers(1, 6), st.sampled_from(["", "甲", "乙"]), st.integers(1, 3)), max_size=8
)


@given(rows)
def test_an_unchanged_listing_says_nothing(state: list[Row]):
    assert match_rows(state, state) == []


@given(rows, rows)
def test_every_row_of_the_new_state_is_accounted_for(before: list[Row], after: list[Row]):
    events = match_rows(before, after)
    assert len(events) <= len(after)
    assert all(event.row in after for event in events)
    assert all((event.before is None) == (event.kind == "new") for event in events)
    assert all(event.before in before for event in events if event.before)
