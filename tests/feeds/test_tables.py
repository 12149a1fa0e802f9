"""One table of words: whatever kohyo names itself is in it, in both languages, and nowhere else."""

from __future__ import annotations

import re
from typing import get_args

import pytest

from feeds.wording.tables import (
    EVERY_TABLE,
    change_words,
    count_words,
    fact_words,
    incident_words,
    source_words,
)
from storage import records
from storage.text.units import COMMON_UNITS, PEOPLE_UNITS

JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
PAIRS = {
    name: table
    for name, table in EVERY_TABLE.items()
    if any(isinstance(value, tuple) for value in table.values())
}


@pytest.mark.parametrize(
    ("table", "terms"),
    [
        (change_words.KINDS, get_args(records.ChangeKind)),
        (change_words.REASONS, records.REASONS),
        (fact_words.FIELDS, get_args(records.FactField)),
        (source_words.SOURCE_KINDS, get_args(records.SourceKind)),
        (incident_words.STATUSES, {*get_args(records.LinkStatus), *get_args(records.NoticeStatus)}),
        (incident_words.INCIDENT_STATUSES, get_args(records.IncidentStatus)),
        (incident_words.STEPS_OF_INCIDENTS, get_args(records.IncidentAction)),
        (change_words.HUNKS, get_args(records.HunkOp)),
        (change_words.PLACES, {*get_args(records.HunkPlace)} - {""}),
    ],
)
def test_what_records_may_hold_has_a_word(table: dict[str, tuple[str, str]], terms: object) -> None:
    assert {*table} == {*terms}  # type: ignore[misc]


def test_what_comes_of_a_visit_has_a_word() -> None:
    assert {*source_words.OUTCOMES} >= {*get_args(records.Outcome)}


def test_an_alert_is_of_a_kind_that_is_named() -> None:
    assert (
        {*source_words.ALERTS} >= {*records.ALERT_KINDS} >= {*source_words.ALERTS} - {*source_words.OUTCOMES}
    )


@pytest.mark.parametrize("name", PAIRS)
def test_a_word_stands_in_both_languages(name: str) -> None:
    for term, (ja, en) in PAIRS[name].items():
        assert ja, term
        assert en, term
        assert not JAPANESE.search(en), term


def test_what_is_counted_most_has_a_word_in_english() -> None:
    assert {*COMMON_UNITS} <= {*count_words.UNITS}
    assert {count_words.UNITS[unit] for unit in PEOPLE_UNITS} == {"person"}
