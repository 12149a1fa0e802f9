"""One table of words: whatever kohyo names itself is in it, in both languages, and nowhere else."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import get_args

import pytest

from feeds.wording import tables
from storage import records
from storage.text.japanese import COMMON_UNITS, PEOPLE_UNITS

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


RULES = (
    "monitor/facts",
    "monitor/reading",
    "monitor/comparing",
    "monitor/radar",
    "monitor/demo",
    "storage/text",
)
"""Rooms whose Japanese is what publishers write, to be read and not to be said."""


def test_no_other_room_has_a_table_of_what_to_say() -> None:
    root = Path(tables.__file__).parents[2]
    found = []
    for room in ("feeds", "monitor", "spiders", "storage"):
        for path in sorted((root / room).rglob("*.py")):
            name = path.relative_to(root).as_posix()
            if name.startswith(RULES) or name == "feeds/wording/tables.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Dict) and sum(map(_says, node.values)) >= 2:
                    found.append(f"{name}:{node.lineno}")
    assert not found, "words people read belong into feeds/wording/tables.py"


def _says(value: ast.expr) -> bool:
    """Whether a value of a table is a Japanese text, or a pair with one."""
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    return any(
        isinstance(part, ast.Constant) and isinstance(part.value, str) and JAPANESE.search(part.value)
        for part in parts
    )


def test_what_is_counted_most_has_a_word_in_english() -> None:
    assert {*COMMON_UNITS} <= {*tables.UNITS}
    assert {tables.UNITS[unit] for unit in PEOPLE_UNITS} == {"person"}
