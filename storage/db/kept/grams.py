"""Grams: pieces of a folded text by which an index tells what may hold a phrase. Pure.

SQLite: threes of characters as they are, so that those that begin with one or two characters stand side by
side in the index, and phrases that short need no grams of their own. PostgreSQL: numbers, of threes, pairs
and single UTF-16 code units.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import pairwise

APART = "\uffff"
"""Between title and text: no folded text holds it, so nothing is found across the two."""

TITLE_GRAM = 0
"""The number of titles: no folded text holds the character."""

_PART_CHARS = 65_536
"""Characters of a document whose numbers are made at once: a list of a million takes 40 MB."""

_NATIVE = f"utf-16-{sys.byteorder[0]}e"


def threes(folded: str) -> set[str]:
    """Return the threes of a text; what stands last is filled up, so that it begins one, too."""
    ended = folded + APART + APART
    return {ended[at : at + 3] for at in range(len(folded))}


def lacks(folded: str, grams: Iterable[str]) -> set[str]:
    """Return which of these threes a text has not."""
    ended = folded + APART + APART
    return {gram for gram in grams if gram not in ended}


def beginnings(wanted: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return threes of phrases, those that few texts have first, and phrases that are shorter.

    A single character, the one that tells most, only where nothing else is asked: too much begins with one.
    """
    common: dict[str, int] = {}
    shorter: list[str] = []
    for phrase in wanted:
        for at in range(len(phrase) - 2):
            three = phrase[at : at + 3]
            common[three] = sum(map(_commonness, map(ord, three)))
        if len(phrase) < 3:
            shorter.append(phrase)
    pairs = [phrase for phrase in shorter if len(phrase) == 2]
    if not common and not pairs:
        pairs = sorted(shorter, key=lambda one: _commonness(ord(one)))[:1]
    return sorted(common, key=common.__getitem__), pairs


def goes_on_in_many_ways(character: str) -> bool:
    """Tell whether a character has more different ones behind it than an ideograph has."""
    return _commonness(ord(character)) > 0


def match(grams: Iterable[str]) -> str:
    """Ask FTS5 for what has all of these; one that is shorter stands for all that begin with it."""
    return " AND ".join('"' + gram.replace('"', '""') + ('"' if len(gram) == 3 else '" *') for gram in grams)


def numbers(folded: str, *, title: bool) -> set[int]:
    """Return the grams of a document on PostgreSQL; lists of them are of a part of it at a time."""
    grams = {TITLE_GRAM} if title else set()
    for start in range(0, len(folded), _PART_CHARS):
        units = _units(folded[start : start + _PART_CHARS + 2])  # with those that begin here and end beyond
        pairs = _pairs(units)
        grams.update(units, pairs, _threes(units, pairs))
    return grams


def numbers_of(wanted: Iterable[str]) -> tuple[list[int], list[int]]:
    """Return threes of phrases, those that few documents have first, and grams of shorter phrases."""
    common: dict[int, int] = {}
    shorter: dict[int, None] = {}
    for units in map(_units, wanted):
        pairs = _pairs(units)
        if len(units) < 3:
            shorter.update(dict.fromkeys(pairs or units))
        for at, three in enumerate(_threes(units, pairs)):
            common[three] = sum(map(_commonness, units[at : at + 3]))
    return sorted(common, key=common.__getitem__), list(shorter)


def signed(grams: Iterable[int]) -> list[int]:
    """Write grams as PostgreSQL's integers."""
    return [gram - (1 << 32) if gram >> 31 else gram for gram in sorted(grams)]


def _commonness(unit: int) -> int:
    """Rank a unit: ideographs (0) tell more than other letters (1), hiragana (2) is in every text."""
    return 0 if 0x4E00 <= unit <= 0x9FFF else 1 if unit < 0x80 or 0x30A0 <= unit <= 0x30FF else 2


def _units(folded: str) -> list[int]:
    return memoryview(folded.encode(_NATIVE)).cast("H").tolist()


def _pairs(units: list[int]) -> list[int]:
    """Write every two units in a row as one number."""
    return [first << 16 | second for first, second in pairwise(units)]


def _threes(units: Sequence[int], pairs: Sequence[int]) -> list[int]:
    """Write every three units in a row as a number of 32 bits, which others may share."""
    return [(pair * 0x9E3779B1 ^ third) & 0xFFFFFFFF for pair, third in zip(pairs, units[2:], strict=False)]
