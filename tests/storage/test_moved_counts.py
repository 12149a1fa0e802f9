"""Filters about what changed: the counts that a change moved."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive, open_archive
from storage.query import Margin, Query
from storage.records import Change, ChangeKind, FactChange
from storage.text.wording import moved_counts, stated_number
from storage.topics import filters
from tests.storage.builders import change, publish
from tests.storage.former import to_the_first_schema

NUMBERS = itertools.count(1)
WHEN = datetime(2024, 1, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("約928万件", 9_280_000),
        ("合計162,828人分", 162_828),
        ("６９社", 69),
        ("120万8,112件", 1_208_112),
        ("確認中", None),
        ("", None),
        (None, None),
        ("9" * 40 + "件", None),
    ],
)
def test_the_number_of_a_count_is_read_from_its_wording(said: str | None, number: int | None) -> None:
    assert stated_number(said) == number


def passes(told: Change, query: Query) -> bool:
    """What the filters mean, said once more: one count that moved meets them all."""
    if query.changed_over is None and query.changed_by is None:
        return True
    for old, new in moved_counts(told.kind, told.facts):
        over = query.changed_over is None or max(old or 0, new or 0) >= query.changed_over
        margin = query.changed_by
        by = margin is None or (old is not None and new is not None and margin.holds(old, new))
        if over and by:
            return True
    return False


def store(archive: Archive, told: list[tuple[ChangeKind, tuple[FactChange, ...]]]) -> list[Change]:
    with archive.write() as writer:
        notice = publish(writer, "本文", number=next(NUMBERS))
        return [
            writer.add_change(
                change(notice, kind=kind, facts=facts, detected_at=WHEN + timedelta(hours=number))
            )
            for number, (kind, facts) in enumerate(told)
        ]


EXAMPLES: list[tuple[Query, list[int]]] = [
    (Query(changed_over=10_000), [1, 2, 5]),
    (Query(changed_over=50_001), [1, 5]),
    (Query(changed_by=Margin(1)), [0, 1]),
    (Query(changed_by=Margin(10_000)), [1]),
    (Query(changed_by=Margin(10, percent=True)), [1]),
    (Query(changed_by=Margin(3, percent=True)), [0, 1]),
    (Query(changed_by=Margin(10**15 - 1, percent=True)), []),
    (Query(changed_over=10_000, changed_by=Margin(1)), [1]),
    (Query(changed_over=1, kinds=("new",)), []),
    (Query(changed_over=10_000, any_of=(Query(changed_by=Margin(20, percent=True)),)), [1]),
]


@pytest.mark.parametrize("few", [0, 2_000])
def test_a_count_that_changed_is_meant_and_not_one_that_stands_there(
    archive: Archive, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """30 → 31 beside a standing 50,000 is silent at 10,000; 50,000 → 62,000 is told."""
    monkeypatch.setattr(filters, "FEW_FACTS", few)
    stored = store(
        archive,
        [
            ("updated", (FactChange("count", "30人", "31人"), FactChange("phone", "5万", "6万"))),
            ("updated", (FactChange("count", "50,000人", "62,000人"), FactChange("count", "5件", None))),
            ("updated", (FactChange("count", "5万人", None),)),
            ("new", (FactChange("count", None, "928万件"),)),
            ("withdrawn", (FactChange("count", "928万件", None),)),
            (
                "updated",
                (FactChange("count", None, "合計162,828人分"), FactChange("count", "約30人", "30人")),
            ),
        ],
    )
    with archive.read() as reader:
        for query, expected in EXAMPLES:
            found = {one.id for one in reader.changes(query)}
            assert [place for place, one in enumerate(stored) if one.id in found] == expected, query
            assert bool(reader.notices(query)) == bool(expected), query
    with archive.write() as writer:
        writer.redact(stored[0].notice, "誤り", WHEN)
        assert writer.changes(Query(changed_over=1)) == []


COUNTS = st.sampled_from(
    ["0人", "9人", "10人", "11人", "90件", "100件", "110件", "1万人", "約1万2千件", "確認中"]
)
FACTS = st.builds(FactChange, st.just("count"), st.none() | COUNTS, st.none() | COUNTS)
QUERIES = st.builds(
    Query,
    changed_over=st.none() | st.integers(0, 120) | st.just(10_000),
    changed_by=st.none() | st.builds(Margin, st.integers(0, 120), st.booleans()),
)


@given(
    st.lists(
        st.tuples(st.sampled_from(get_args(ChangeKind)), st.lists(FACTS, max_size=3).map(tuple)), max_size=8
    ),
    st.lists(QUERIES, min_size=1, max_size=4),
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_finds_what_the_filters_mean(
    archive: Archive,
    told: list[tuple[ChangeKind, tuple[FactChange, ...]]],
    queries: list[Query],
) -> None:
    stored = store(archive, told)  # beside those of the examples before
    with archive.read() as reader:
        for query in queries:
            found = {one.id for one in reader.changes(query)}
            assert [one.id for one in stored if one.id in found] == [
                one.id for one in stored if passes(one, query)
            ], query


def test_counts_that_moved_before_an_upgrade_are_found_after_it(database_url: str) -> None:
    with open_archive(database_url) as opened:
        (told,) = store(opened, [("updated", (FactChange("count", "50,000人", "62,000人"),))])
        with opened.write() as writer:
            to_the_first_schema(writer)
    with open_archive(database_url) as upgraded, upgraded.read() as reader:
        assert [one.id for one in reader.changes(Query(changed_over=60_000))] == [told.id]
        assert reader.changes(Query(changed_over=62_001)) == []
