"""The text as the rules see it: folded without moving a character, cut into sentences."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from monitor.facts.column_counts import TableRow, find_table_rows
from storage.records import Fact, FactField
from storage.text.japanese import KANJI_DIGITS, fold_width
from storage.text.patterns import pattern_of

# An address is no place to read a year or a count in; the stand-in keeps the length and matches no rule.
_ADDRESS = pattern_of(r"(?:https?://|www\.)[!-~]+|[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
_HIDDEN = "\ufffc"
_ENDLESS = pattern_of(rf"[0-9,{KANJI_DIGITS}]{{40,}}")
"""No number that anybody counts with."""
_MARK = pattern_of(r"[。!?\n()「」『』]")
# Stops of a house style (，．), folded to ASCII before; between digits they belong to a number.
_ROUND = pattern_of(r"^〇(?=\s?(?:[0-9]|令和|平成))", re.MULTILINE)  # a bullet, and no nought
_COMMA = pattern_of(r"(?<![0-9]),|,(?![0-9])")
_POINT = pattern_of(r"(?<=[ぁ-ん])\.(?=\s|$|[一-龥ぁ-んァ-ヴ])")
# A line broken inside a sentence: it ends in the middle of one, and the next begins no entry.
_MID = "、をにはがのとでてし"
_BROKEN = pattern_of(r"(?:、|[^\n]{14}[をにはがのとでてし](?<!について)(?<!こと)(?<!もの))\Z")
_NO_START = pattern_of(
    r"[がをはに](?=[一-龥ぁ-んァ-ヴ「])|の(?=[一-龥ァ-ヴあ])|っ[てた]|り[、まで]|れ[るたて]|した|され|しま|ます|てい"
)
_PARTICLE = pattern_of(r"[をにがは](?=[一-龥ァ-ヴ「])")  # …という。)⏎に綴られた
_NARROW = (24, 64)  # characters of the longest line of a text that is set in a column
_FULL_LINES = 3  # that make a column
_RAGGED = 4  # by so much, in half characters, full lines differ
_ENTRY = pattern_of(r"\s*(?:[^\w\s「『〒]|[0-9]{1,2}[).．、\s年月日/]|[ア-ン][.)、\s]|記?\s*(?:\n|$))")

_AND = pattern_of(r"及び|並びに|または|および|ならびに|又は|若しくは|もしくは|対し")


@dataclass(frozen=True)
class Sheet:
    """One text under reading. ``text`` is folded and as long as ``raw``: spans fit both."""

    raw: str
    text: str
    published: date | None = None

    @classmethod
    def of(cls, raw: str, published: date | None = None) -> Sheet:
        """Fold the widths of a text, and hide addresses in it; places are those of ``raw``."""
        folded = fold_width(raw)
        if any(mark in folded for mark in ("://", "www.", "@")):
            folded = _ADDRESS.sub(lambda m: _HIDDEN * len(m[0]), folded)
        folded = _ENDLESS.sub(lambda m: _HIDDEN * len(m[0]), folded)
        if "〇" in folded:
            folded = _ROUND.sub("○", folded)
        if "," in folded:
            folded = _COMMA.sub("、", folded)
        if "." in folded:
            folded = _POINT.sub("。", folded)
        return cls(raw, folded, published)

    @cached_property
    def _stops(self) -> list[int]:
        """Ends of sentences; a stop inside brackets (以下「X」という。) ends none, a line's end does."""
        stops, depth = [], 0
        for mark in _MARK.finditer(self.text):
            sign = mark[0]
            if sign == "\n":
                if not self._is_broken(mark.start()):
                    stops.append(mark.end())
                    depth = 0
            elif not depth and sign in "。!?":
                stops.append(mark.end())
            elif sign in "(「『":
                depth += 1
            elif depth and sign in ")」』":
                depth -= 1
        return stops

    def _is_broken(self, at: int) -> bool:
        """Tell whether the line that ends at a place goes on below: 届出を⏎行っております."""
        if not (self._breaks_off(at) or self._goes_on(at) or (self._column and self._is_full(at))):
            return False
        return _ENTRY.match(self.text, at + 1) is None

    def _breaks_off(self, at: int) -> bool:
        """Tell whether a line ends in the middle of a sentence."""
        mid = self.text[at - 1 : at] in _MID
        return mid and _BROKEN.search(self.text, max(0, at - 16), at) is not None

    def _goes_on(self, at: int) -> bool:
        """Tell whether the next line begins with what no line begins with: 電話連絡⏎がありました."""
        line = self.text.rfind("\n", 0, at) + 1
        if at - line < 20 or self.text[at - 1] in "。」":
            return False
        start = _PARTICLE if self.text[at - 1] == ")" else _NO_START
        return start.match(self.text, at + 1) is not None

    @cached_property
    def _column(self) -> int:
        """The width of the text's full lines, if it is set in a column as a printed page is; else nothing."""
        lines = self.raw.split("\n")
        longest = max(map(len, lines))
        if len(lines) < _FULL_LINES or not _NARROW[0] <= longest <= _NARROW[1] or " | " in self.raw:
            return 0
        widths = [_width(line) for line in lines]
        full = max(widths) - _RAGGED
        return full if sum(width >= full for width in widths) >= max(_FULL_LINES, len(lines) // 3) else 0

    def _is_full(self, at: int) -> bool:
        """Tell whether a line fills the column that the text is set in, and ends within a sentence."""
        if self.text[at - 1] in "。)」":
            return False
        return _width(self.raw[self.raw.rfind("\n", 0, at) + 1 : at]) >= self._column

    @cached_property
    def listed(self) -> str:
        """The text with 、 for the words that join names (及び), so that no name runs over them."""
        return _AND.sub(lambda match: "、" * len(match[0]), self.text)

    @cached_property
    def table(self) -> list[TableRow]:
        """The rows of the text's tables."""
        return find_table_rows(self.text)

    def sentence(self, at: int) -> tuple[int, int]:
        """Find where the sentence (or line) around a position starts and ends."""
        i = bisect_right(self._stops, at)
        start = self._stops[i - 1] if i else 0
        return start, self._stops[i] if i < len(self._stops) else len(self.text)

    def before(self, at: int, width: int) -> str:
        """Return what stands in the same sentence before a position, at most ``width`` characters."""
        return self.text[max(self.sentence(at)[0], at - width) : at]

    def after(self, at: int, width: int) -> str:
        """Return what stands in the same sentence from a position on, at most ``width`` characters."""
        return self.text[at : min(self.sentence(max(at - 1, 0))[1], at + width)]

    def fact(
        self,
        field: FactField,
        value: object,
        start: int,
        end: int,
        unit: str = "",
        qualifiers: Iterable[str] = (),
        role: str = "",
    ) -> Fact:
        """Make a fact with its place; ``raw`` is the text exactly as it stands there."""
        return Fact(field, value, self.raw[start:end], start, end, unit, tuple(qualifiers), role)


def _width(line: str) -> int:
    """Return how wide a line is printed, in half characters: a kanji has three bytes in UTF-8."""
    return (len(line) + len(line.encode(errors="replace"))) // 2


def select_within(facts: Sequence[Fact], first: int, last: int) -> Sequence[Fact]:
    """Return those of ``facts``, in order of their start, that start in ``first`` to before ``last``."""
    return facts[bisect_left(facts, first, key=_start) : bisect_left(facts, last, key=_start)]


def _start(fact: Fact) -> int:
    return fact.start


class Taken:
    """Places that a rule has read already; kept sorted, for rules that must not read them twice."""

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._spans = sorted(spans)

    def overlaps(self, start: int, end: int) -> bool:
        """Tell whether a span shares characters with one that is taken; ``end`` is behind its last one."""
        i = bisect_left(self._spans, (end, -1))
        return i > 0 and self._spans[i - 1][1] > start

    def add(self, start: int, end: int) -> None:
        """Take a place that overlaps none so far."""
        self._spans.insert(bisect_left(self._spans, (start, end)), (start, end))
