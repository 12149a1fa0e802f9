"""Each kind of evidence alone and together, with its wording, weight and bounds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from monitor.incidents import evidence_keys
from monitor.incidents.evidence_keys import NoticeProfile, list_keys
from monitor.incidents.suggest import Candidate, hold_together, is_seed, list_evidence, suggest
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


def candidate(profile: NoticeProfile) -> Candidate:
    return Candidate(profile.notice, profile.source, profile.published, list_keys(profile))


def weighed(profile: NoticeProfile, *members: NoticeProfile) -> list[tuple[str, float]]:
    held = hold_together(INCIDENT, [(one.source, list_keys(one)) for one in members])
    return [(one.text, one.weight) for one in list_evidence(INCIDENT, candidate(profile), held)]


def test_of_endless_counts_those_stated_first_tie(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence_keys, "MAX_COUNTS", 2)
    facts = [fact("count", value) for value in (5_000, 999, 5_000, 7_000, 9_000)]
    keys = list_keys(replace(NOTICE, facts=facts))
    assert sorted(key for kind, key in keys if kind == "count") == ["5000", "7000"]


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
    profile = replace(NOTICE, source=source, url=url)
    assert is_seed(INCIDENT, candidate(profile)) is seed
    link = suggest(INCIDENT, profile)
    declared = IncidentLink(7, 1, "declared", ("seed of the declaration",), 1.0)
    assert link == (declared if seed else None)


MEMBER = replace(NOTICE, notice=2, url="https://member.example/2.html", title="", text="")


@pytest.mark.parametrize(
    ("mine", "theirs", "linked"),
    [
        (("https://www.seed.example/news/1.html",), (), "seed.example/news/1.html"),
        (("http://member.example/2.html#a",), (), "member.example/2.html"),
        ((), ("http://city.example/1.html",), "city.example/1.html"),
        (("https://other.example/",), ("https://other.example/",), ""),
        ((), (), ""),
    ],
)
def test_a_link_counts_from_either_side(mine: tuple[str, ...], theirs: tuple[str, ...], linked: str) -> None:
    found = weighed(replace(NOTICE, links=mine), replace(MEMBER, links=theirs))
    assert found == ([(f"link: {linked}", 0.9)] if linked else [])


def test_a_notice_is_no_evidence_for_itself() -> None:
    itself = replace(NOTICE, links=(NOTICE.url,), facts=(fact("count", 5000),), text="個人情報" * 50)
    assert suggest(INCIDENT, itself, [itself]) is None
    assert suggest(INCIDENT, itself, [replace(itself, notice=2)]) is not None


def test_every_shared_hotline_is_named_in_order() -> None:
    phones = tuple(fact("phone", one) for one in ("03(1234)5678", "0120-000-614", "0120-999-999"))
    assert weighed(replace(NOTICE, facts=phones)) == [
        ("hotline: 0120-000-614", 0.8),
        ("hotline: 03-1234-5678", 0.8),
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
        ([1000], [1000], (1000, 0.3)),
        ([999], [999], None),
        ([5000, 7000], [7000, 5000], (7000, 0.3)),
        ([5432, 7000], [7000, 5432], (5432, 0.5)),  # it is not rounded
        ([5000], [6000], None),
        ([None], [None], None),
    ],
)
def test_the_shared_count_that_says_most_is_told(
    mine: list[int | None], theirs: list[int | None], shared: tuple[int, float] | None
) -> None:
    one = replace(NOTICE, facts=tuple(fact("count", n) for n in mine), title="")
    other = replace(MEMBER, facts=tuple(fact("count", n) for n in theirs))
    assert weighed(one, other) == ([(f"same count: {shared[0]:,}", shared[1])] if shared else [])


WORDS = "このたび業務を委託している事業者のサーバーから、お客様の個人情報が外部に流出したことが判明しました。"


def test_similar_wording_is_told_with_its_likeness() -> None:
    one, same = replace(NOTICE, title="", text=WORDS), replace(MEMBER, text=WORDS)
    assert weighed(one, same) == [("wording: 1.00", 0.2)]
    one = replace(one, text=WORDS * 2 + "関係者の皆さまに深くお詫び申し上げます。")
    partly = replace(MEMBER, text=WORDS * 2 + "別の話題に移ります。")
    (found,) = weighed(one, partly)
    assert 0.2 < float(found[0].partition(": ")[2]) < 1
    assert weighed(one, replace(MEMBER, text="まったく関係のない文章がここに長々と書かれています。")) == []
    assert weighed(one, replace(MEMBER, text=one.text), partly)[0] == ("wording: 1.00", 0.2)
    assert weighed(replace(one, text=""), MEMBER) == []
    far = replace(one, text="あ" * 600 + WORDS)
    assert weighed(far, replace(MEMBER, text="い" * 600 + WORDS)) == []  # only the opening counts


@pytest.mark.parametrize(
    ("mine", "theirs", "found"),
    [
        ({"quoted": "title"}, {}, [("quoted title", 0.8)]),
        ({}, {"quoted": "mine"}, [("quoted title", 0.8)]),
        ({"files": ("ab" * 32,)}, {"files": ("ab" * 32,)}, [("same attachment", 0.7)]),
        ({"files": ("ab" * 32,)}, {"files": ("cd" * 32,)}, []),
        ({"facts": [("phone", "03-1111-2222")]}, {"facts": [("phone", "03-1111-2222")]}, [("hotline", 0.7)]),
        (
            {"facts": [("date", "2023-09-01", "occurred")]},
            {"facts": [("date", "2023-09-01", "occurred")]},
            [],
        ),
    ],
)
def test_what_a_notice_shares_with_one_that_belongs(
    mine: dict[str, Any], theirs: dict[str, Any], found: list[tuple[str, float]]
) -> None:
    """A day alone says nothing: things happen every day."""
    titles = {
        "mine": "例示市における個人情報の流出について",
        "title": "顧客情報の流出に関するお詫びとお知らせ",
    }

    def made(base: NoticeProfile, said: dict[str, Any], title: str) -> NoticeProfile:
        quoted = titles.get(said.get("quoted", ""), "")
        facts = [fact(*one) for one in said.get("facts", ())]
        text = f"「{quoted}」をご覧ください。" if quoted else ""
        return replace(base, title=titles[title], text=text, facts=facts, files=said.get("files", ()))

    member = replace(made(MEMBER, theirs, "title"), source="company")
    shared = weighed(made(NOTICE, mine, "mine"), member)
    assert [(text.partition(":")[0], weight) for text, weight in shared] == found


def test_a_number_that_only_one_publisher_gives_ties_no_notices_of_it() -> None:
    ours = replace(NOTICE, facts=(fact("phone", "03-1111-2222"),))
    assert weighed(ours, replace(MEMBER, facts=ours.facts)) == []


def test_other_bodies_and_other_days_cast_doubt_on_a_name_or_a_hotline() -> None:
    member = replace(MEMBER, facts=(fact("date", "2023-09-01", "occurred"),))
    call = fact("phone", "0120-000-614")
    other_body = Fact("role", "processor", "委託先", 0, 1, qualifiers=("organisation:みなと計算",))
    other_day = fact("date", "2023-10-09", "occurred")
    assert score(replace(NOTICE, facts=(call,)), member) == 0.8
    assert score(replace(NOTICE, facts=(call, other_body)), member) == 0.52
    assert score(replace(NOTICE, facts=(call, other_day)), member) == 0.8
    assert score(named("例示商会"), member) == 0.5
    assert score(replace(NOTICE, facts=(*named("例示商会").facts, other_day)), member) is None


def score(profile: NoticeProfile, *members: NoticeProfile) -> float | None:
    link = suggest(INCIDENT, profile, members)
    return link and link.score


def test_a_follow_up_outside_the_window_is_known_by_body_and_day() -> None:
    member = replace(MEMBER, facts=(fact("date", "2023-09-01", "occurred"),))
    later = replace(named("例示商会"), published=date(2024, 11, 1))
    assert score(later, member) is None
    assert score(replace(later, facts=(*later.facts, *member.facts)), member) == 0.6


@pytest.mark.parametrize(
    ("declared", "said", "meets"),
    [
        ("株式会社みさきデータ", "みさきデータ", True),
        ("みさきデータ", "㈱みさきデータ", True),
        ("(株)みさきデータ（以下「MD」という。）", "ＭＤ", True),
        ("みさきデータ（旧：みなと計算）", "みなと計算株式会社", True),
        ("みさきデータ", "みさきデータ様", True),
        ("みさきデータ", "みさきデータサービス", False),
        ("市", "市", False),
        ("株式会社", "株式会社", False),
        ("委託先", "委託先", False),
    ],
)
def test_names_meet_without_corporate_form_by_alias_and_former_name(
    declared: str, said: str, meets: bool
) -> None:
    incident = replace(INCIDENT, respondents=(declared,))
    assert (suggest(incident, named(said)) is not None) is meets
    if "（" not in declared:
        assert (suggest(replace(INCIDENT, respondents=(said,)), named(declared)) is not None) is meets


def test_a_name_that_a_notice_calls_the_same_is_the_respondents_too() -> None:
    text = "例示商会株式会社（旧社名：みなと計算株式会社）が受託していました。"
    member = replace(MEMBER, text=text, facts=(fact("organisation", "例示商会", "company"),))
    member = replace(member, facts=(replace(member.facts[0], raw="例示商会株式会社"),))
    assert score(named("みなと計算")) is None
    assert score(named("みなと計算"), member) == 0.5
    itself = replace(member, notice=1)
    assert score(itself) == 0.5
    assert suggest(replace(INCIDENT, respondents=("みなと計算",)), itself) is not None
