"""Widths, numbers and dates as Japanese pages write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.text.japanese import find_dates, fold_width, kanji_number, parse_date


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("令和6年1月24日", date(2024, 1, 24)),
        ("令和６年１月２４日", date(2024, 1, 24)),
        ("令和元年11月8日", date(2019, 11, 8)),
        ("令和07年08月29日", date(2025, 8, 29)),
        ("平成二十八年三月七日", date(2016, 3, 7)),
        ("二〇二四年一月二十四日", date(2024, 1, 24)),
        ("㋿6年1月24日", date(2024, 1, 24)),
        ("Ｒ６．３．２９", date(2024, 3, 29)),
        ("H28/2/26", date(2016, 2, 26)),
        ("2024.02.29", date(2024, 2, 29)),
        ("2024-02-29T10:00:00+09:00", date(2024, 2, 29)),
        ("2024/2/9", date(2024, 2, 9)),
        ("令和6（2024）年1月24日", date(2024, 1, 24)),
        ("令和6年（2024年）4月9日から同年6月", date(2024, 4, 9)),
        ("2024年（令和6年）1月24日", date(2024, 1, 24)),
        ("令和6年2月 29 日", date(2024, 2, 29)),
        ("令和６年１⽉２４⽇", date(2024, 1, 24)),
        ("平成31年5月1日", date(2019, 5, 1)),
        ("令和6年2月30日、のち令和6年3月1日", date(2024, 3, 1)),
        ("令和6年2月30日", None),
        ("令和5年度", None),
        ("昭和63年4月", None),
        ("電話0120-220-614", None),
        ("〒100-0013 03-6457-9680", None),
        ("法第148条第1項", None),
        ("10月17日", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert parse_date(text) == expected


def test_places_of_dates_index_the_text_as_it_stands() -> None:
    text = "公開日：令和５年１０月１７日　更新日：2024年3月29日（金）"
    assert [text[start:end] for start, end, _ in find_dates(text)] == [
        "令和５年１０月１７日",
        "2024年3月29日",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("９，２８０，０００", 9_280_000),
        ("928万", 9_280_000),
        ("120万8,112", 1_208_112),
        ("1億2,000万", 120_000_000),
        ("1.5万", 15_000),
        ("二十八", 28),
        ("百二十三", 123),
        ("一万二千三百四十五", 12_345),
        ("1万2千", 12_000),
        ("3千", 3_000),
        ("五七", 57),
        ("〇", 0),
        ("25万4,241", 254_241),
        ("0.5", 0.5),
    ],
)
def test_numbers(text: str, expected: float) -> None:
    assert kanji_number(text) == expected


@pytest.mark.parametrize("text", ["数百", "1条", "abc", "1.2.3", "①50"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - int() and float() have words of their own
        kanji_number(text)


def test_folding_keeps_circled_digits() -> None:
    assert fold_width("①５０件〜（ＡＢＣ）　ｶｰﾄﾞ㈱⻑⽉") == "①50件~(ABC) カートﾞ㈱長月"


@given(st.text())
def test_folding_keeps_every_place(text: str) -> None:
    assert len(fold_width(text)) == len(text)
