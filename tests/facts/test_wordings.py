"""Sentences of notices in many wordings, and the facts each must give or must not give.

``wordings.tsv`` holds a sentence a line: kind, text (⏎ for a line's end) and what is expected, parted by
``;``. An expectation is ``field=value/word/…``: a fact of that field and value (``*`` for any) of which every
word is the role, the unit or a qualifier, and ``+`` means neither denied, planned nor merely possible. ``!``
before it: no such fact. Every text was published on the same day.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from monitor.facts import extract
from storage.records import Fact

PUBLISHED = date(2025, 4, 10)
UNSURE = {"denied", "planned", "not included", "negated", "possible"}
LINES = (Path(__file__).parent / "wordings.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [(text, expected) for _, text, expected in (line.split("\t") for line in LINES)]


def answers(fact: Fact, expected: str) -> bool:
    what, *words = expected.split("/")
    field, _, value = what.partition("=")
    said = (fact.role, fact.unit, *fact.qualifiers)
    return (
        fact.field == field
        and (value == "*" or str(fact.value) == value)
        and all(word in said or (word == "+" and not UNSURE & set(fact.qualifiers)) for word in words)
    )


@pytest.mark.parametrize(("text", "expected"), ROWS)
def test_a_sentence_gives_its_facts_and_no_others(text: str, expected: str) -> None:
    facts = extract(text.replace("⏎", "\n"), published=PUBLISHED)
    for each in expected.split(";"):
        found = [fact for fact in facts if answers(fact, each.removeprefix("!"))]
        assert bool(found) != each.startswith("!"), each


def test_no_wording_stands_twice() -> None:
    assert len({text for text, _ in ROWS}) == len(ROWS)
