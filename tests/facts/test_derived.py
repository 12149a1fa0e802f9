"""What is derived from several facts says what it was derived from."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.facts import extract
from monitor.facts.dates.disclosure_days import find_days_to_publication
from monitor.reading import read
from monitor.track.judge.judgement import extract_facts
from storage.records import PageDate
from storage.text.wording import wording

FOUND = "2024年1月10日に不正アクセスが発覚しました。"


def test_days_to_publication_name_their_two_sources() -> None:
    page = f"<main><h1>お知らせ</h1><p>公開日：2024年1月15日</p><p>{FOUND}</p></main>"
    reading = read(page.encode())
    (took,) = [fact for fact in extract_facts(reading) if fact.field == "days-to-publication"]
    assert took.value == 5
    assert took.qualifiers == ("discovered:2024-01-10", "published:2024-01-15", "source:label")
    assert reading.text[took.start : took.end] == took.raw == "2024年1月10日"


@pytest.mark.parametrize(
    ("claims", "said", "day"),
    [
        ("<p>公開日：2024年1月15日</p>", "12月28日", "2023-12-28"),
        ("<p>公開日：2024年1月15日</p>", "1月10日", "2024-01-10"),
        ("<p>公開日：2024年1月15日</p><p>更新日：2025年2月3日</p>", "1月20日", "2025-01-20"),
    ],
)
def test_a_day_without_a_year_is_meant_from_the_last_day_that_the_page_claims(
    claims: str, said: str, day: str
) -> None:
    reading = read(
        f"<main><h1>お知らせ</h1>{claims}<p>{said}に不正アクセスが発覚しました。</p></main>".encode()
    )
    (found,) = [fact for fact in extract_facts(reading) if fact.role == "discovered"]
    assert wording(found) == day


def test_an_earliest_discovery_counts_and_the_text_may_say_the_publication() -> None:
    facts = extract(
        f"2024年1月15日\n{FOUND}2024年1月12日に別の漏えいが判明しました。", published=date(2024, 1, 15)
    )
    took = find_days_to_publication(facts, None)
    assert took is not None
    assert (took.value, took.qualifiers[2]) == (5, "source:text")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("個人情報が漏えいしました。", date(2024, 1, 15)),
        ("2024年1月に発覚しました。", date(2024, 1, 15)),
        (FOUND, None),
        (FOUND, date(2024, 1, 9)),  # before anyone knew
    ],
)
def test_what_is_not_known_gives_no_days(text: str, claim: date | None) -> None:
    facts = [fact for fact in extract(text) if fact.role != "published"]
    assert find_days_to_publication(facts, claim and PageDate(claim, "label", 0.9)) is None


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("誤って送付した書類5通のうち3通を回収しました。", {"part:3", "of:5"}),
        ("誤配布した書類12部全てを回収いたしました。", {"part:12", "of:12"}),
        ("全20通の書類を回収しました。", {"part:20", "of:20"}),
        ("書類二十通中十八通を回収しました。", {"part:18", "of:20"}),
        ("書類を回収しました。", set()),
        ("書類5通のうち8通を回収しました。", set()),
        ("書類5通のうち3通は回収できていません。", set()),
    ],
)
def test_a_recovery_says_how_many_of_how_many(text: str, parts: set[str]) -> None:
    steps = [fact for fact in extract(text) if fact.value == "data-recovered"]
    assert {q for fact in steps for q in fact.qualifiers if ":" in q} == parts
    assert steps
