"""Each way in which a notice and an incident meet, by keys alone: what is told of it, and what it weighs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from monitor.facts import extract
from monitor.incidents.evidence_keys import NoticeProfile, list_keys
from monitor.incidents.suggest import (
    CAUSE,
    DAY,
    EXACT_COUNT,
    FILE,
    HOTLINE,
    LATER_DAY,
    LINK,
    MENTION,
    OTHER_BODY,
    OTHER_EVENT,
    PARTY,
    PUBLISHER_AGAIN,
    QUOTED,
    RESPONDENT,
    ROUND_COUNT,
    SHARED_BANDS,
    SHARED_PHONE,
    WORDING,
    Candidate,
    judge_evidence,
)
from storage.records import Incident, SourceKind

INCIDENT = Incident("one", "一の事案", respondents=("例示商事株式会社",), aliases=("例示",))
BOUNDED = Incident(
    "one", "一の事案", respondents=("例示商事",), window=(date(2024, 1, 10), date(2024, 2, 10))
)
Keys = dict[str, str]


def weighed(
    own: Keys, theirs: Keys, *, incident: Incident = INCIDENT, day: date | None = None
) -> tuple[float, list[tuple[str, float]]]:
    """Keys as ``kind: key``, several parted by blanks; those of the incident as other sources hold them."""
    mine = frozenset((kind, key) for kind, keys in own.items() for key in keys.split(" "))
    held = {(kind, key): "other" for kind, keys in theirs.items() for key in keys.split(" ")}
    candidate = Candidate(7, "mine", day, mine)
    score, found = judge_evidence(incident, candidate, held, {kind for kind, _ in held})
    return score, [(one.text, one.weight) for one in found]


@pytest.mark.parametrize(
    ("own", "theirs", "said", "weight"),
    [
        ({"link": "b a"}, {"address": "a b"}, "link: a", LINK),
        ({"link": "a"}, {"seed": "a"}, "link: a", LINK),
        ({"address": "a"}, {"link": "a"}, "link: a", LINK),
        ({"phone": "0120000111"}, {"hotline": "0120000111"}, "hotline: 0120-000-111", HOTLINE),
        ({"phone": "0312345678"}, {"phone": "0312345678"}, "hotline: 03-1234-5678", SHARED_PHONE),
        ({"phone": "09012345678"}, {"phone": "09012345678"}, "hotline: 090-1234-5678", SHARED_PHONE),
        ({"phone": "0921234567"}, {"phone": "0921234567"}, "hotline: 092-123-4567", SHARED_PHONE),
        ({"title": "t"}, {"quoted": "t"}, "quoted title: t", QUOTED),
        ({"quoted": "u t"}, {"title": "t", "quoted": "u"}, "quoted title: t", QUOTED),
        ({"file": "abcdefghijklmnop"}, {"file": "abcdefghijklmnop"}, "same attachment: abcdefghijkl", FILE),
        ({"party": "例示商事"}, {"respondent": "例示商事"}, "respondent within the window: 例示商事株式会社", RESPONDENT),
        ({"named": "例示"}, {"alias": "例示"}, "respondent within the window: 例示", RESPONDENT),
        ({"title": "例示商事の件"}, {"respondent": "例示商事"}, "respondent within the window: 例示商事株式会社", RESPONDENT),
        ({"party": "甲"}, {"party": "甲"}, "same body: 甲", PARTY),
        ({"party": "甲"}, {"publisher": "甲"}, "same body: 甲", PARTY),
        ({"contractor": "甲"}, {"party": "甲"}, "same body: 甲", PARTY),
        ({"contractor": "甲"}, {"publisher": "甲"}, "same body: 甲", PARTY),
        ({"publisher": "甲"}, {"party": "甲"}, "same body: 甲", PARTY),
        ({"named": "甲"}, {"party": "甲"}, "same body: 甲", MENTION),
        ({"named": "甲"}, {"publisher": "甲"}, "same body: 甲", MENTION),
        ({"publisher": "甲"}, {"publisher": "甲"}, "same body: 甲", PUBLISHER_AGAIN),
        ({"count": "9280000"}, {"count": "9280000"}, "same count: 9,280,000", ROUND_COUNT),
        ({"count": "9281000 12"}, {"count": "9281000 12"}, "same count: 9,281,000", EXACT_COUNT),
        ({"count": "1234 900000"}, {"count": "1234 900000"}, "same count: 1,234", EXACT_COUNT),
    ],
)  # fmt: skip
def test_one_thing_in_common_is_told_and_weighed(own: Keys, theirs: Keys, said: str, weight: float) -> None:
    assert weighed(own, theirs) == (round(weight, 3), [(said, weight)])


@pytest.mark.parametrize(
    ("own", "theirs"),
    [
        ({"link": "a"}, {"link": "a"}),
        ({"phone": "0312345678"}, {"phone": "0312345679"}),
        ({"title": "t"}, {"title": "t"}),
        ({"named": "甲"}, {"named": "甲"}),
        ({"day": "2024-01-02", "cause": "leak"}, {"day": "2024-01-02", "cause": "leak"}),  # of nobody
        ({"count": "1234"}, {"count": "1235"}),
        ({"band": "1 2"}, {"band": "3 4"}),
    ],
)
def test_what_is_not_in_common_or_says_nothing_alone_is_no_evidence(own: Keys, theirs: Keys) -> None:
    assert weighed(own, theirs) == (0.0, [])


def test_wording_counts_from_so_many_equal_pieces_on() -> None:
    bands = [str(number) for number in range(SHARED_BANDS * 2)]
    for shared, found in ((SHARED_BANDS - 1, []), (SHARED_BANDS, [("wording: 0.50", WORDING)])):
        assert weighed({"band": " ".join(bands)}, {"band": " ".join(bands[:shared])})[1] == found


NAME = {"party": "例示商事"}
KNOWN = {"respondent": "例示商事"}
SAID = ("respondent within the window: 例示商事株式会社", RESPONDENT)


@pytest.mark.parametrize(
    ("own", "theirs", "found", "doubt"),
    [
        (NAME | {"cause": "c"}, KNOWN | {"cause": "c"}, [SAID, ("same cause: c", CAUSE)], 1.0),
        (NAME | {"day": "d"}, KNOWN | {"day": "d"}, [SAID, ("same day of the event: d", DAY)], 1.0),
        (NAME | {"cause": "c"}, KNOWN | {"cause": "x"}, [SAID], OTHER_EVENT),
        (NAME | {"occurred": "c"}, KNOWN | {"occurred": "x"}, [SAID], OTHER_EVENT),
        (NAME | {"occurred": "c"}, KNOWN, [SAID], 1.0),
        (NAME, KNOWN | {"occurred": "x"}, [SAID], 1.0),  # a notice that says no day says no other
        (NAME | {"cause": "c", "day": "d"}, KNOWN | {"cause": "x", "day": "d"}, [SAID, ("same day of the event: d", DAY)], 1.0),
        (NAME | {"cause": "c", "link": "a"}, KNOWN | {"cause": "x", "address": "a"}, [("link: a", LINK), SAID], 1.0),
        ({"party": "乙", "phone": "0312345678"}, {"party": "甲", "phone": "0312345678"}, [("hotline: 03-1234-5678", SHARED_PHONE)], OTHER_BODY),
        ({"party": "乙", "phone": "0312345678"}, {"publisher": "乙", "party": "甲", "phone": "0312345678"}, [("same body: 乙", PARTY), ("hotline: 03-1234-5678", SHARED_PHONE)], 1.0),
        ({"party": "乙", "title": "t"}, {"party": "甲", "quoted": "t"}, [("quoted title: t", QUOTED)], 1.0),
        ({"party": "乙", "file": "f"}, {"party": "甲", "file": "f"}, [("same attachment: f", FILE)], 1.0),
        ({"party": "乙", "count": "1234"}, {"party": "甲", "count": "1234"}, [("same count: 1,234", EXACT_COUNT)], 1.0),
    ],
)  # fmt: skip
def test_what_else_is_said_adds_to_a_name_or_casts_doubt(
    own: Keys, theirs: Keys, found: list[tuple[str, float]], doubt: float
) -> None:
    left = 1.0
    for _, weight in found:
        left *= 1 - weight
    score, told = weighed(own, theirs)
    assert sorted(told) == sorted(found)
    assert [weight for _, weight in told] == sorted((weight for _, weight in told), reverse=True)
    assert score == round((1 - left) * doubt, 3)


@pytest.mark.parametrize(
    ("day", "within"),
    [
        (date(2024, 1, 9), False),
        (date(2024, 1, 10), True),
        (date(2024, 2, 10), True),
        (date(2024, 2, 11), False),
        (None, False),
    ],
)
def test_outside_of_the_window_a_name_counts_with_the_day_of_the_event_alone(
    day: date | None, within: bool
) -> None:
    named = ("respondent within the window: 例示商事", RESPONDENT)
    same_day = ("same day of the event: d", DAY if within else LATER_DAY)
    assert weighed(NAME, KNOWN, incident=BOUNDED, day=day)[1] == ([named] if within else [])
    found = weighed(NAME | {"day": "d"}, KNOWN | {"day": "d"}, incident=BOUNDED, day=day)[1]
    assert found == ([named, same_day] if within else [same_day])


SAID_IN_IT = (
    "福岡市が業務を委託した見本データ株式会社（以下「見本データ」という。）において、2024年5月1日に元派遣社員が"
    "顧客情報1,234件を不正に持ち出し、5月8日に判明しました。個人情報保護委員会に報告しました。999件は含まれません。"
    "詳しくは「個人情報の漏えいについて（第2報）」をご覧ください。\n電話：０１２０－１１１－２２２"
)
NOTICE = NoticeProfile(
    1,
    "city",
    "https://www.city.example/1.html?utm_source=x#a",
    "個人情報の漏えいについて",
    SAID_IN_IT,
    date(2024, 5, 9),
    extract(SAID_IN_IT, published=date(2024, 5, 9)),
    ("https://a.example/2.html", "https://a.example/2.html#x"),
    "福岡市",
    "affected",
    ("ab12",),
)


@pytest.mark.parametrize(
    ("kind", "own"),
    [
        ("affected", {("publisher", "福岡市"), ("phone", "0120111222")}),
        ("index", {("phone", "0120111222")}),
        ("regulator", {("office", "0120111222")}),
    ],
)
def test_a_notice_is_known_by_these_keys(kind: SourceKind, own: set[tuple[str, str]]) -> None:
    keys = list_keys(replace(NOTICE, kind=kind))
    assert {key for key in keys if key[0] != "band"} == own | {
        ("address", "city.example/1.html"),
        ("title", "個人情報の漏えいについて"),
        ("quoted", "個人情報の漏えいについて(第2報)"),
        ("link", "a.example/2.html"),
        ("file", "ab12"),
        ("cause", "insider misuse"),
        ("contractor", "見本データ"),
        ("party", "見本データ"),
        ("local", "福岡市"),
        ("count", "1234"),
        ("occurred", "2024-05-01"),
        ("day", "2024-05-01"),
        ("day", "2024-05-08"),
    }
    assert len([key for key in keys if key[0] == "band"]) == 8
