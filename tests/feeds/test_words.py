"""Values in English beside the publisher's own wording."""

from __future__ import annotations

import pytest

from feeds.wording.words import magnitude, quote_facts, say, say_count
from storage.records import Fact


@pytest.mark.parametrize(
    ("value", "english"),
    [
        ("約928万件", "about 9,280,000 records"),
        ("合計162,828人分", "a total of 162,828 people"),
        ("合計で約928万人分", "a total of about 9,280,000 people"),
        ("累計、延べ5,000名様", "a cumulative total of not unique, 5,000 people"),
        ("うち約21万件", "of which about 210,000 records"),
        ("1機関", "1 institution"),
        ("1人", "1 person"),
        ("3医療機関", "3 medical institutions"),
        ("69の団体", "69 bodies"),
        ("2自治体", "2 local governments"),
        ("12校", "12 schools"),
        ("8店舗", "8 shops"),
        ("1社", "1 company"),
        ("5市", "5 cities"),
        ("100人以上", "100 people or more"),
        ("確認中", "being checked"),
    ],
)
def test_counts_in_english(value: str, english: str) -> None:
    assert say("count", value, "en") == f"{english} ({value})"
    assert say("count", value, "ja") == value


@pytest.mark.parametrize("value", ["一枚", "1.2.3万件", "3校舎", "数百人", "100人弱", "5組合"])
def test_a_count_that_nobody_should_dare_to_translate(value: str) -> None:
    assert say("count", value, "en") == value


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("合計約928万人分", 9_280_000),
        ("うち約21万件", 210_000),
        ("100人以上", 100),
        ("59社", 0),
        ("3医療機関", 0),
        ("5団体", 0),
        ("確認中", 0),
    ],
)
def test_the_magnitude_is_that_of_people_and_records(value: str, number: int) -> None:
    assert magnitude(value) == number


def test_a_quotation_stands_once_however_wide_it_is_written() -> None:
    facts = [
        Fact("deadline", "2024-09-11", raw, 0, len(raw)) for raw in ("令和6年9月11日", "令和６年 ９月11日")
    ]
    assert quote_facts(facts, "ja") == ["令和6年9月11日"]
    assert quote_facts(facts, "en") == ["11 September 2024 (令和6年9月11日)"]


def test_a_provision_of_a_law_without_an_english_name_stands_as_it_is() -> None:
    known, unknown = (
        Fact("provision", {"law": law, "article": "148", "paragraph": "1"}, raw, 0, 1)
        for law, raw in (("APPI", "法第148条第1項"), ("番号法", "番号法第148条第1項"))
    )
    assert quote_facts([known, unknown], "en") == ["APPI 148(1) (法第148条第1項)", "番号法第148条第1項"]


def test_what_is_worded_alike_and_means_another_day_is_told_twice_in_english() -> None:
    facts = [Fact("deadline", f"{year}-03-29", "3月29日", 0, 5) for year in (2024, 2025)]
    assert quote_facts(facts, "en") == ["29 March 2024 (3月29日)", "29 March 2025 (3月29日)"]
    assert quote_facts(facts, "ja") == ["3月29日"]


@pytest.mark.parametrize(
    "value", ["2.5人", "1.234人", "1,2,3人", "12,34人", "1.2.3万件", "1.00005万件", "万,件"]
)
def test_an_odd_number_is_not_translated(value: str) -> None:
    assert say("count", value, "en") == value
    assert magnitude(value) == 0


def test_one_is_told_as_one() -> None:
    several = {
        "day": "days", "company": "companies", "branch": "branches", "business": "businesses", "person": "people",
    }  # fmt: skip
    assert {noun: say_count(2, noun) for noun in several} == {
        noun: f"2 {said}" for noun, said in several.items()
    }
    assert [say_count(number, "change") for number in (0, 1, 1200)] == [
        "0 changes",
        "1 change",
        "1,200 changes",
    ]
