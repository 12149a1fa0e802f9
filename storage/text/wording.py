"""How a fact is put into words, wherever it is told. In no language: see feeds/wording/words.py."""

from __future__ import annotations

import re
import unicodedata

from storage.records import Fact, FactChange
from storage.text.units import PEOPLE_UNITS, any_of

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


def of_people(count: str) -> bool:
    """Tell whether a count, as it is worded, is one of people and not of records or firms."""
    return _PEOPLE.search(unicodedata.normalize("NFKC", count)) is not None
