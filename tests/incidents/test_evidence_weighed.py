"""Each kind of evidence alone and together, with its wording, weight and bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from monitor.incidents.suggest import MatchEvidence, NoticeProfile, is_seed, list_evidence, suggest
from storage.records import Fact, Incident, IncidentLink

INCIDENT = Incident(
    "x-2023",
    "x",
    seeds=("https://www.seed.example/news/1.html", "affected-city"),
    hotlines=("0120-000-614", "０３（１２３４）５６７８"),
    respondents=("例示商会",),
    aliases=("例示ホールディングス",),
    window=(date(2023, 10, 1), date(2023, 12, 31)),
    id=7,
)
NOTICE = NoticeProfile(1, "city", "https://www.city.example/1.html", "お知らせ", "", date(2023, 11, 1))


def fact(field: str, value: object, role: str = "") -> Fact:
    return Fact(field, value, str(value), 0, 1, role=role)  # type: ignore[arg-type]


def weighed(profile: NoticeProfile, *members: NoticeProfile) -> list[tuple[str, float]]:
    return [(one.text, one.weight) for one in list_evidence(INCIDENT, profile, members)]


@pytest.mark.parametrize(
    ("source", "url", "seed"),
    [
        ("affected-city", "https://any.example/", True),
        ("city", "https://www.seed.example/news/1.html", True),
        ("city", "http://SEED.example/news/1.html/#top", True),
        ("city", "https://www.seed.example:8443/news/1.html", False),
        ("city", "https://www.seed.example/news/1.html?p=2", False),
        ("city", "https://www.seed.example/news/2.html", False),
        ("city", "affected-city", False),
    ],
)
def test_a_seed_is_an_address_or_a_source(source: str, url: str, seed: bool) -> None:
    assert is_seed(INCIDENT, source, url) is seed
    link = suggest(INCIDENT, replace(NOTICE, source=source, url=url))
    declared = IncidentLink(7, 1, "declared", ("seed of the declaration",), 1.0)
    assert link == (declared if seed else None)


MEMBER = replace(NOTICE, notice=2, url="https://member.example/2.html", title="", text="")


@pytest.mark.parametrize(
    ("mine", "theirs", "linked"),
    [
        (("https://www.seed.example/news/1.html",), (), "https://www.seed.example/news/1.html"),
        (("http://member.example/2.html#a",), (), "http://member.example/2.html#a"),
        ((), ("http://city.example/1.html",), "https://member.example/2.html"),
        (("https://other.example/",), ("https://other.example/",), ""),
        ((), (), ""),
    ],
)
def test_a_link_counts_from_either_side(mine: tuple[str, ...], theirs: tuple[str, ...], linked: str) -> None:
    found = weighed(replace(NOTICE, links=mine), replace(MEMBER, links=theirs))
    assert found == ([(f"link: {linked}", 0.9)] if linked else [])


def test_a_notice_is_no_evidence_for_itself() -> None:
    itself = replace(NOTICE, links=(NOTICE.url,), facts=(fact("count", 5000),), text="あ" * 50)
    assert weighed(itself, itself) == []


def test_every_shared_hotline_is_named_in_order() -> None:
    phones = tuple(fact("phone", one) for one in ("03(1234)5678", "0120-000-614", "0120-999-999"))
    assert weighed(replace(NOTICE, facts=phones)) == [
        ("hotline: 0120-000-614", 0.8),
        ("hotline: 03(1234)5678", 0.8),
    ]


def named(value: str, role: str = "company") -> NoticeProfile:
    return replace(NOTICE, facts=(fact("organisation", value, role),))


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        (named("例示商会"), "例示商会"),
        (named("例示ホールディングス"), "例示ホールディングス"),
        (named("例示商会", "municipality"), ""),
        (named("例示商会", "prefecture"), ""),
        (named("別の会社"), ""),
        (replace(NOTICE, publisher="例示商会"), "例示商会"),
        (replace(NOTICE, title="例示商会の件"), "例示商会"),
        (replace(NOTICE, title="例示ホールディングスの件"), ""),  # an alias in a title is too short
    ],
)
def test_a_respondent_is_named_as_a_body_as_publisher_or_in_the_title(
    profile: NoticeProfile, name: str
) -> None:
    assert weighed(profile) == ([(f"respondent within the window: {name}", 0.5)] if name else [])


@pytest.mark.parametrize(
    ("day", "within"),
    [
        (date(2023, 9, 30), False),
        (date(2023, 10, 1), True),
        (date(2023, 12, 31), True),
        (date(2024, 1, 1), False),
        (None, False),
    ],
)
def test_outside_the_window_a_name_says_nothing(day: date | None, within: bool) -> None:
    profile = replace(named("例示商会"), published=day)
    assert bool(weighed(profile)) is within
    assert suggest(replace(INCIDENT, window=None), profile) is not None
    until_now = replace(INCIDENT, window=(date(2023, 10, 1), None))
    late = day is not None and day >= date(2023, 10, 1)
    assert (suggest(until_now, profile) is not None) is late


@pytest.mark.parametrize(
    ("mine", "theirs", "shared"),
    [
        ([1000], [1000], 1000),
        ([999], [999], None),
        ([5000, 7000], [7000, 5000], 7000),
        ([5000], [6000], None),
        ([None], [None], None),
    ],
)
def test_the_largest_shared_count_is_told(
    mine: list[int | None], theirs: list[int | None], shared: int | None
) -> None:
    one = replace(NOTICE, facts=tuple(fact("count", n) for n in mine), title="")
    other = replace(MEMBER, facts=tuple(fact("count", n) for n in theirs))
    assert weighed(one, other) == ([(f"same count: {shared:,}", 0.3)] if shared else [])


def test_similar_wording_is_told_with_its_likeness() -> None:
    words = "委託先から個人情報が流出したことが判明しました。"
    one, same = replace(NOTICE, title="", text=words), replace(MEMBER, text=words)
    assert weighed(one, same) == [("wording: 1.00", 0.2)]
    half = replace(MEMBER, text=words[:16] + "別の話題に移ります")
    (found,) = weighed(one, half)
    assert 0.5 <= float(found[0].partition(": ")[2]) < 1
    assert weighed(one, replace(MEMBER, text="まったく関係のない文章です。")) == []
    assert weighed(one, replace(MEMBER, text=words), half)[0] == ("wording: 1.00", 0.2)
    assert weighed(replace(one, text=""), MEMBER) == []
    far = replace(one, text="あ" * 600 + words)
    assert weighed(far, replace(MEMBER, text="い" * 600 + words)) == []  # only the opening counts


def test_evidence_adds_up_from_the_strongest_and_below_a_half_suggests_nothing() -> None:
    words = "委託先から個人情報が流出したことが判明しました。"
    member = replace(MEMBER, text=words, facts=(fact("count", 5000),))
    weak = replace(NOTICE, title="", text=words, facts=(fact("count", 5000),))
    assert weighed(weak, member) == [("same count: 5,000", 0.3), ("wording: 1.00", 0.2)]
    assert suggest(INCIDENT, weak, [member]) is None  # 0.44
    strong = replace(weak, publisher="例示商会")
    assert suggest(INCIDENT, strong, [member]) == IncidentLink(
        7,
        1,
        "suggested",
        ("respondent within the window: 例示商会", "same count: 5,000", "wording: 1.00"),
        0.72,
    )
    alone = suggest(INCIDENT, named("例示商会"))
    assert alone is not None
    assert alone.score == 0.5
    assert next(iter(list_evidence(INCIDENT, named("例示商会")))) == MatchEvidence(
        "respondent within the window: 例示商会", 0.5
    )
