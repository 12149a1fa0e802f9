"""Notices that look like one incident are found, and those that only share what is common are not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.incidents.clusters import Cluster, find_clusters
from monitor.incidents.suggest import Candidate
from storage.records import EvidenceKey

FIRST = date(2026, 9, 3)
PHONE, PARTY, DAY = ("phone", "0120000614"), ("party", "みさきデータ"), ("day", "2026-08-30")


def notice(number: int, *keys: EvidenceKey, after: int = 0, source: str = "") -> Candidate:
    own = ("address", f"s{number}.example"), ("publisher", f"例示{number}市")
    return Candidate(number, source or f"s{number}", FIRST + timedelta(after), frozenset((*own, *keys)))


def together(*notices: Candidate, followers: tuple[Candidate, ...] = ()) -> list[tuple[int, ...]]:
    return [cluster.notices for cluster in find_clusters(notices, followers)]


OTHER_DAY = ("day", "2026-09-01")
HACKED, SENT = ("cause", "unauthorised access"), ("cause", "misdirected")


@pytest.mark.parametrize(
    ("one", "other", "after", "joined"),
    [
        ([PHONE], [PHONE], 0, True),
        ([PHONE], [PHONE], 500, True),  # the same office a year later
        ([PHONE, PARTY], [PHONE, ("party", "みなと計算")], 0, False),  # one hotline for two incidents
        ([PARTY], [PARTY], 0, False),  # a name alone
        ([PARTY, HACKED], [PARTY, HACKED], 20, True),
        ([PARTY, HACKED], [PARTY, HACKED], 250, False),
        ([PARTY, HACKED], [PARTY, SENT], 20, False),
        ([PARTY, DAY], [PARTY, DAY], 20, True),
        ([PARTY, DAY], [PARTY, OTHER_DAY], 5, False),  # two incidents of one company
        ([PARTY, DAY], [PARTY, DAY], 400, True),  # a follow-up
        ([("publisher", "みさきデータ"), DAY], [PARTY, DAY], 9, True),  # a contractor and its client
        ([DAY, HACKED], [DAY, HACKED], 0, False),
        ([("count", "12345")], [("count", "12345")], 0, False),
        ([("count", "12345"), PARTY], [("count", "12345"), PARTY], 0, True),
        ([("link", "s2.example")], [], 0, True),
        ([("quoted", "例示の件")], [("title", "例示の件")], 0, True),
    ],
)
def test_two_notices_are_of_one_incident_by_what_they_share(
    one: list[EvidenceKey], other: list[EvidenceKey], after: int, joined: bool
) -> None:
    mark = ("count", "99999")  # that it is about an incident at all
    found = together(notice(1, *one, mark), notice(2, *other, after=after))
    assert found == ([(1, 2)] if joined else [])


def test_what_is_everywhere_ties_nothing() -> None:
    both = [notice(1, PHONE, DAY), notice(2, PHONE, DAY)]
    assert [cluster.notices for cluster in find_clusters(both)] == [(1, 2)]
    assert find_clusters(both, common=lambda key: key == PHONE) == []


def test_an_authority_joins_what_its_act_is_about_and_ties_no_others() -> None:
    other = ("party", "みなと計算")
    one = [notice(number, PARTY, DAY) for number in (1, 2)]
    two = [notice(number, other, OTHER_DAY) for number in (3, 4)]
    act = notice(5, PARTY, other, DAY, after=200)
    assert sorted(together(*one, *two, followers=(act,))) == [(1, 2, 5), (3, 4)]


def test_what_comes_late_ties_what_came_before() -> None:
    early = [notice(1, ("count", "12345"), DAY), notice(2, PARTY, DAY)]
    assert together(*early) == []
    assert together(*early, notice(3, ("link", "s1.example"), ("link", "s2.example"), after=9)) == [(1, 2, 3)]


def test_a_cluster_tells_its_evidence_and_how_many_share_it() -> None:
    (cluster,) = find_clusters([notice(number, PHONE, PARTY, DAY) for number in range(1, 5)])
    assert cluster.score == 0.925
    assert [(one.text, one.notices) for one in cluster.evidence] == [
        ("hotline: 0120-000-614", 4),
        ("same body: みさきデータ", 4),
        ("same day of the event: 2026-08-30", 4),
    ]


KEYS = st.sampled_from(
    [
        PHONE,
        PARTY,
        DAY,
        OTHER_DAY,
        HACKED,
        SENT,
        ("phone", "0120111222"),
        ("party", "みなと計算"),
        ("count", "12345"),
    ]
)
NOTICES = st.lists(st.tuples(st.sets(KEYS, max_size=4), st.integers(0, 300)), max_size=9)


@settings(max_examples=50)
@given(NOTICES, st.randoms())
def test_clusters_are_the_same_whatever_order_notices_come_in(
    given_: list[tuple[set[EvidenceKey], int]], chance: Callable[..., None]
) -> None:
    notices = [notice(number, *keys, after=after) for number, (keys, after) in enumerate(given_, 1)]
    found = find_clusters(notices)
    shuffled = list(notices)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_clusters(shuffled) == found
    members = [number for cluster in found for number in cluster.notices]
    assert len(members) == len({*members})
    assert all(isinstance(one, Cluster) and len(one.notices) > 1 and one.score >= 0.55 for one in found)
