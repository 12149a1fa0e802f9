"""What moved between two readings of a notice: ``約900万件 → 928万件``, ``leaked → not confirmed``.

A value said several times is one value; it is gone when no mention is left. A value gone and one that
came are one change if they are of a kind (field, what is counted, unit) and stand between the same
other facts. The same value in another notation (二十八名, 28名) is no change, and nothing is added up.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from storage.records import Fact, FactChange
from storage.text.wording import reverses, wording

_ORDER = (
    "count", "deadline", "outcome", "step", "provision", "action", "report", "phone", "date",
    "organisation", "role", "cause", "data-item", "corporate-number",
)  # fmt: skip
"""Fields, most telling first; a field that is not here is not compared."""

_PERSONS = ("人", "名", "人分", "名分", "会員", "ユーザー", "ユーザ", "顧客")
_BODIES = ("社", "団体", "自治体", "事業者", "企業", "会社", "機関", "法人")
# Qualifiers that make another statement of the same number; the others describe or place it.
_TELLING = ("approx", "max", "min", "over", "under", "gross", "possible", "estimate")
_PAIRED = ("count", "deadline", "date", "outcome", "step", "phone", "provision", "data-item")
_WINDOW_VALUES = 60  # of two long lists that differ throughout, only values about as far down are compared

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Value:
    """A value of one side, at its first mention, with the values on either side of it."""

    fact: Fact
    kind: Key
    place: int  # among the values of its side
    before: Key | None  # the nearest value that both sides have
    after: Key | None


def compare_facts(old: Sequence[Fact], new: Sequence[Fact]) -> tuple[FactChange, ...]:
    """Return the typed differences, most telling field first, each field in the order of the new text."""
    olds, news = _keys(old), _keys(new)
    gone, came = _values(olds, news), _values(news, olds)
    gone += _said_of_an_event(old, new, olds, came)
    paired = _pairs(gone, came)
    left, right = {i for i, _ in paired}, {j for _, j in paired}
    changes: list[tuple[int, int, FactChange]] = []
    for i, j in paired:
        a, b = gone[i], came[j]
        changes.append(
            (_rank(b), b.place, FactChange(b.fact.field, wording(a.fact), wording(b.fact), b.fact.role))
        )
    for j, v in enumerate(came):
        if j not in right:
            changes.append((_rank(v), v.place, FactChange(v.fact.field, None, wording(v.fact), v.fact.role)))
    for i, v in enumerate(gone):
        if i not in left and _key(v.fact) not in news:
            changes.append(
                (_rank(v), len(news) + v.place, FactChange(v.fact.field, wording(v.fact), None, v.fact.role))
            )
    return tuple(change for _, _, change in sorted(changes, key=lambda entry: entry[:2]))


def turns_outcome(changes: Iterable[FactChange]) -> bool:
    """Say whether a step was taken, or a denial became a leak or back."""
    return any(
        reverses(change)
        or (change.field == "step" and bool(change.new) and not str(change.new).endswith(")"))
        for change in changes
    )


def _key(fact: Fact) -> Key:
    """Return what makes two facts say the same."""
    if fact.field == "count":
        telling = tuple(q for q in _TELLING if q in fact.qualifiers)
        value = fact.value if fact.value is not None else wording(fact)
        return (fact.field, value, _unit(fact.unit), fact.role, telling)
    if fact.field in ("date", "deadline") and fact.value is not None:
        return (fact.field, fact.value)
    return (fact.field, wording(fact))


def _kind(fact: Fact) -> Key:
    """Return what tells kinds of facts apart: those of one kind can take each other's place."""
    if fact.field == "count":
        return (fact.field, _unit(fact.unit), fact.role)
    if fact.field == "outcome":
        return (fact.field, fact.role)
    if fact.field in ("data-item", "step"):
        return (fact.field, fact.value)
    if fact.field == "provision":
        return (fact.field, fact.value["law"], fact.value["article"])
    return (fact.field,)


def _said_of_an_event(
    old: Sequence[Fact], new: Sequence[Fact], olds: dict[Key, Fact], came: Sequence[_Value]
) -> list[_Value]:
    """Return outcomes that the new text still holds, but no more of the event that an outcome came for.

    A page said that data may have flowed out, as it still says that they may have been taken; that they did
    was not confirmed, it says now: the possibility of the flow became that, whatever is said of the taking.
    """
    events = {value.fact.raw for value in came if value.fact.field == "outcome"}
    still = {(fact.raw, _key(fact)) for fact in new if fact.field == "outcome"}
    held = {key for _, key in still}
    found: dict[Key, _Value] = {}
    for fact in old:
        key = _key(fact)
        if fact.raw in events and key in held and (fact.raw, key) not in still:
            found.setdefault(key, _Value(fact, _kind(fact), list(olds).index(key), None, None))
    return list(found.values())


def _unit(unit: str) -> str:
    return "人" if unit in _PERSONS else "団体" if unit in _BODIES else unit.removesuffix("分")


def _keys(facts: Sequence[Fact]) -> dict[Key, Fact]:
    """Return every value once, in order of its first mention."""
    first: dict[Key, Fact] = {}
    for fact in facts:
        if fact.field in _ORDER:
            first.setdefault(_key(fact), fact)
    return first


def _values(mine: dict[Key, Fact], theirs: dict[Key, Fact]) -> list[_Value]:
    """Return the values that the other side lacks, with their neighbours that it has."""
    keys = list(mine)
    after: list[Key | None] = [None] * len(keys)
    for place in range(len(keys) - 1, 0, -1):
        after[place - 1] = keys[place] if keys[place] in theirs else after[place]
    values: list[_Value] = []
    before: Key | None = None
    for place, key in enumerate(keys):
        if key in theirs:
            before = key
        else:
            values.append(_Value(mine[key], _kind(mine[key]), place, before, after[place]))
    return values


def _pairs(gone: Sequence[_Value], came: Sequence[_Value]) -> list[tuple[int, int]]:
    """Find which value took which one's place, by their places in ``gone`` and ``came``.

    The likeliest pairs come first, each value in one pair.
    """
    width = len(came)
    alike: defaultdict[tuple[int, int], array[int]] = defaultdict(
        lambda: array("q")
    )  # i * width + j, in order
    for i, a in enumerate(gone):
        for j, b in enumerate(
            came[max(0, i - _WINDOW_VALUES) : i + _WINDOW_VALUES], max(0, i - _WINDOW_VALUES)
        ):
            if likeness := _likeness(a, b):
                alike[-likeness, abs(a.place - b.place)].append(i * width + j)
    pairs: list[tuple[int, int]] = []
    left, right = set(range(len(gone))), set(range(len(came)))
    for _, candidates in sorted(alike.items()):
        for place in candidates:
            i, j = divmod(place, width)
            if i in left and j in right:
                left.discard(i)
                right.discard(j)
                pairs.append((i, j))
    return pairs


def _likeness(a: _Value, b: _Value) -> int:
    """Score how likely ``b`` took the place of ``a``; 0 where it cannot have."""
    if a.fact.field != b.fact.field or a.fact.field not in _PAIRED:
        return 0
    same_kind = a.kind == b.kind
    neighbours = (a.before == b.before) + (a.after == b.after)
    if a.fact.field == "count":
        if not same_kind and not (neighbours == 2 and _unit(a.fact.unit) in ("人", "件", "")):
            return 0
    elif a.fact.field in ("outcome", "step", "provision", "data-item") and not same_kind:
        return 0
    if a.fact.field == "outcome":
        neighbours = 2 * (a.fact.raw == b.fact.raw)  # the same event, more than the same place
    return 1 + 2 * neighbours + 3 * same_kind + (a.fact.unit == b.fact.unit)


def _rank(value: _Value) -> int:
    return _ORDER.index(value.fact.field)
