"""Words of a contract: each is documented, and each has words for people in both languages."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from feeds.wording.tables import EVERY_TABLE
from storage import records
from tests.docs.markdown import DOCS, named, same, sections

VALUES = DOCS / "reference" / "values.md"
SETS = {
    heading: name
    for heading, text in sections(VALUES).items()
    if (name := "".join(re.findall(r"\A\s*`storage\.records\.(\w+)`", text)))
}


def values(name: str) -> list[str]:
    found = getattr(records, name)
    return [value for value in (found if isinstance(found, tuple) else get_args(found)) if value]


@pytest.mark.parametrize("heading", SETS)
def test_every_value_is_documented_and_nothing_else(heading: str):
    same(named(VALUES, heading), values(SETS[heading]))


def test_every_set_of_values_is_documented_and_nothing_else():
    sets = [
        name
        for name, value in vars(records).items()
        if name in ("REASONS", "ALERT_KINDS")
        or (get_args(value) and all(isinstance(one, str) for one in get_args(value)))
    ]
    same(list(SETS.values()), sets)


SHOWN = (
    "ChangeKind",
    "REASONS",
    "ALERT_KINDS",
    "SourceKind",
    "Outcome",
    "FactField",
    "LinkStatus",
    "NoticeStatus",
)


@pytest.mark.parametrize("name", SHOWN)
def test_every_value_that_people_see_has_words_in_both_languages(name: str):
    """One table of ``feeds.wording.tables`` holds them all, each in Japanese and in English."""
    fewest = min(
        ([value for value in values(name) if not _worded(table, value)] for table in EVERY_TABLE.values()),
        key=len,
    )
    assert not fewest


def _worded(table: dict[object, object], value: str) -> bool:
    said = table.get(value)
    return isinstance(said, tuple) and len(said) == 2 and all(said)
