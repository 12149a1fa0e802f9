"""Units and telephone numbers are stated once, and every room reads the same."""

from __future__ import annotations

import re

import pytest

from feeds.wording.tables import count_words
from monitor.comparing.tokens import tokenise
from monitor.facts import extract
from monitor.reading.main.furniture import PHONE
from storage.text import units


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("人", "人"),
        ("人材", None),
        ("件", "件"),
        ("件名", None),
        ("台", "台"),
        ("台帳", None),
        ("市町", "市町"),
        ("市町村", "市町村"),
        ("メールアドレス", "メールアドレス"),
        ("IDs", None),
    ],
)
def test_a_unit_is_no_beginning_of_another_word(text: str, found: str | None):
    match = re.match(units.guarded(), text)
    assert (match and match[0]) == found


@pytest.mark.parametrize(("text", "found"), [("部を", "部"), ("部門", None), ("市、", "市"), ("市民", None)])
def test_a_unit_of_many_words_counts_where_what_follows_ends_it(text: str, found: str | None):
    match = re.match(units.ended(), text)
    assert (match and match[0]) == found


def test_every_set_is_of_units_that_are_known():
    known = {*units.NOT_BEFORE, *units.ONLY_BEFORE}
    for name in ("COMMON_UNITS", "LABEL_UNITS", "BODY_UNITS", "BODIES", "THINGS"):
        assert {*getattr(units, name)} - known <= {"戸"}, name
    assert {*count_words.UNITS} <= known


def test_the_longer_unit_stands_before_its_beginning():
    listed = list(units.NOT_BEFORE)
    hidden = [
        (short, long)
        for at, short in enumerate(listed)
        for long in listed[at + 1 :]
        if long.startswith(short) and re.match(units.guarded([short]), long)
    ]
    assert hidden == []


PHONES = (
    "0120-220-614",
    "03(1234)5678",
    "(058)214-2966",
    "（０５８）２１４－２９６６",
    "０３－１２３４－５６７８",
)


@pytest.mark.parametrize("number", PHONES)
def test_a_telephone_number_is_one_to_every_room(number: str):
    assert [fact.field for fact in extract(f"お問い合わせは{number}まで。")] == ["phone"]
    assert "phone" in [token.kind for token in tokenise(f"電話{number}")]
    assert PHONE.search(number) or number.startswith(("(", "（"))
