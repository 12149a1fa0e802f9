"""How a fact is put into words, wherever it is told. In no language: see feeds/wording/words.py."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from storage.records import ChangeKind, Fact, FactChange
from storage.text.japanese import KANJI_NUMBER, fold_width, kanji_number
from storage.text.units import PEOPLE_UNITS, any_of

TOMBSTONE = "［削除済み］"
"""Stands where personal data was taken out."""

_PEOPLE = re.compile(rf"{any_of(PEOPLE_UNITS)}分?(?:$|[余あ以程超])")

_STEP_SAID = {"denied": "not done", "planned": "planned"}


def wording(fact: Fact) -> str:
    """Word a fact's value: a count as the publisher words it, the rest as kohyo names it."""
    if fact.field == "count" or fact.value is None:
        return "".join(unicodedata.normalize("NFKC", fact.raw).split())
    if fact.field == "provision":
        law = fact.value
        return f"{law['law']} {law['article']}" + (f"({law['paragraph']})" if law["paragraph"] else "")
    if fact.field == "data-item" and "not included" in fact.qualifiers:
        return f"{fact.value} (not included)"
    if fact.field == "step":
        said = next((word for word in ("denied", "planned") if word in fact.qualifiers), "")
        return f"{fact.value} ({_STEP_SAID[said]})" if said else str(fact.value)
    if fact.field == "report" and isinstance(fact.value, dict):
        return f"report {fact.value['number']}"
    if fact.field == "outcome" and fact.role == "misuse":
        return f"misuse {fact.value}" if fact.value != "misused" else "misused"
    return str(fact.value)


_HAPPENED = frozenset(("leaked", "taken out", "misused", "possible", "misuse possible"))
_DENIED = frozenset(("not confirmed", "misuse not confirmed"))


def reverses(change: FactChange) -> bool:
    """Tell whether an outcome turned round: what was told or possible is denied now, or the other way."""
    both = {change.old or "", change.new or ""}
    return change.field == "outcome" and bool(both & _DENIED and both & _HAPPENED)


_NUMBER = re.compile(KANJI_NUMBER)
MAX_NUMBER = 10**15
"""What is larger is no count of anything; databases hold it."""


def stated_number(count: str | None) -> int | None:
    """Read the number in the wording of a count, 約928万件 as 9,280,000; None where there is none."""
    found = _NUMBER.search(fold_width(count or ""))
    try:
        number = int(kanji_number(found[0])) if found else None
    except (ValueError, OverflowError):
        return None
    return number if number is not None and number <= MAX_NUMBER else None


def moved_counts(kind: ChangeKind, facts: Iterable[FactChange]) -> list[tuple[int | None, int | None]]:
    """List the counts that a change moved, as what stood there and what stands there; None: nothing did.

    What a new notice states was never anything else, and what is gone moved no count.
    """
    if kind in ("new", "withdrawn", "moved"):
        return []
    pairs = [(stated_number(one.old), stated_number(one.new)) for one in facts if one.field == "count"]
    return [(old, new) for old, new in dict.fromkeys(pairs) if old != new]


def of_people(count: str) -> bool:
    """Tell whether a count, as it is worded, is one of people and not of records or firms."""
    return _PEOPLE.search(unicodedata.normalize("NFKC", count)) is not None
