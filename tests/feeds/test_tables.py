"""One table of words: whatever kohyo names itself is in it, in both languages, and nowhere else."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from feeds.wording import tables
from storage import records
from storage.text.units import COMMON_UNITS, PEOPLE_UNITS

JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
PAIRS = {
    name: table
    for name, table in vars(tables).items()
    if isinstance(table, dict) and any(isinstance(value, tuple) for value in table.values())
}


@pytest.mark.parametrize(
    ("table", "terms"),
    [
        (tables.KINDS, get_args(records.ChangeKind)),
        (tables.REASONS, records.REASONS),
        (tables.FIELDS, get_args(records.FactField)),
        (tables.SOURCE_KINDS, get_args(records.SourceKind)),
        (tables.STATUSES, {*get_args(records.LinkStatus), *get_args(records.NoticeStatus)}),
        (tables.INCIDENT_STATUSES, get_args(records.IncidentStatus)),
        (tables.STEPS_OF_INCIDENTS, get_args(records.IncidentAction)),
        (tables.HUNKS, get_args(records.HunkOp)),
        (tables.PLACES, {*get_args(records.HunkPlace)} - {""}),
    ],
)
def test_what_records_may_hold_has_a_word(table: dict[str, tuple[str, str]], terms: object) -> None:
    assert {*table} == {*terms}  # type: ignore[misc]


def test_what_comes_of_a_visit_has_a_word() -> None:
    assert {*tables.OUTCOMES} >= {*get_args(records.Outcome)}


@pytest.mark.parametrize("name", PAIRS)
def test_a_word_stands_in_both_languages(name: str) -> None:
    for term, (ja, en) in PAIRS[name].items():
        assert ja, term
        assert en, term
        assert not JAPANESE.search(en), term


def test_what_is_counted_most_has_a_word_in_english() -> None:
    assert {*COMMON_UNITS} <= {*tables.UNITS}
    assert {tables.UNITS[unit] for unit in PEOPLE_UNITS} == {"person"}
