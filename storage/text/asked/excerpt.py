"""The passage of a text in which folded phrases stand, cut from the raw text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import merge
from itertools import accumulate, islice

from storage.text.fold import fold, fold_with_map

_AROUND_CHARS = 60  # characters before and after
_MAX_MATCH_CHARS = 240  # of a match that is shown
_TOGETHER_CHARS = 120  # folded characters between two phrases that are shown in one passage
_MAX_PLACES = 500  # places of the rarest phrase that are looked at
_SENTENCE = re.compile(r"[^\n。]*(?:[\n。]|\Z)")

Span = tuple[int, int]
"""Where something begins in a text, and where it ends."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A passage, the places of the phrases in it, and whether its text goes on before and behind it."""

    passage: str = ""
    spans: tuple[Span, ...] = ()
    goes_on: tuple[bool, bool] = (False, False)


def excerpt(texts: Iterable[str], phrases: Sequence[str]) -> Excerpt:
    """Cut the passage around the rarest of the phrases with most of the others, of equals the first."""
    most, best = 0, Excerpt()
    for text in texts:
        # nothing folds across the ends of sentences: one by one they make the folded text
        sentences = _SENTENCE.findall(text)
        folded = [_fold(sentence) for sentence in sentences]
        number, place = _densest("".join(folded), phrases)
        if number > most:
            most, best = number, _around(sentences, folded, place, phrases)
        if number == len(phrases):
            break
    return best


@lru_cache(2_048)
def _fold(sentence: str) -> str:
    """Fold a sentence; those of notices come again and again."""
    return fold(sentence)


def _densest(folded: str, phrases: Sequence[str]) -> tuple[int, Span]:
    """Count how many of the phrases stand together, and say where."""
    rarest_first = sorted((phrase for phrase in phrases if phrase in folded), key=folded.count)
    if not rarest_first:
        return 0, (0, 0)
    rarest, *others = rarest_first
    most, best = 0, (0, 0)
    for place in islice(_places(folded, rarest), _MAX_PLACES):
        near = [place, *(span for other in others if (span := _nearest(folded, other, place)))]
        if len(near) > most:
            most, best = len(near), (min(start for start, _ in near), max(end for _, end in near))
        if len(near) == len(phrases):
            break
    return most, best


def _places(folded: str, phrase: str) -> Iterator[Span]:
    at = folded.find(phrase)
    while at >= 0:
        yield at, at + len(phrase)
        at = folded.find(phrase, at + len(phrase))


def _nearest(folded: str, phrase: str, place: Span) -> Span | None:
    """Find the phrase next to a place, or over it."""
    start, end = place
    length = len(phrase)
    before = folded.rfind(phrase, max(start - _TOGETHER_CHARS - length, 0), start)
    after = folded.find(phrase, max(start - length + 1, 0), end + _TOGETHER_CHARS + length)
    found = [at for at in (before, after) if at >= 0]
    nearest = min(found, key=lambda at: max(start - at - length, at - end), default=None)
    return None if nearest is None else (nearest, nearest + length)


def _around(sentences: list[str], folded: list[str], place: Span, phrases: Sequence[str]) -> Excerpt:
    """Take enough sentences to show the place: mapping every character of a text is slow."""
    ends = list(accumulate(map(len, folded)))
    first = bisect_right(ends, max(place[0] - _AROUND_CHARS - 1, 0))
    last = bisect_right(ends, place[1] + _AROUND_CHARS) + 1
    before = ends[first - 1] if first else 0
    cut = _cut("".join(sentences[first:last]), (place[0] - before, place[1] - before), phrases)
    rest = (any(map(str.strip, sentences[:first])), any(map(str.strip, sentences[last:])))
    goes_on = (cut.goes_on[0] or rest[0], cut.goes_on[1] or rest[1])
    return Excerpt(cut.passage, cut.spans, goes_on)


def _cut(text: str, place: Span, phrases: Sequence[str]) -> Excerpt:
    folded, offsets = fold_with_map(text)
    at, to = place
    start = max(0, offsets[at] - _AROUND_CHARS)
    end = min(len(text), _end(text, offsets, min(to, at + _MAX_MATCH_CHARS)) + _AROUND_CHARS)
    spans: list[Span] = []
    for begin, until in merge(*(_places(folded, phrase) for phrase in phrases)):
        if not start <= offsets[begin] < end:
            continue
        span = offsets[begin] - start, min(_end(text, offsets, until), end) - start
        if spans and span[0] < spans[-1][1]:  # phrases overlap
            overlapped = spans.pop()
            span = overlapped[0], max(span[1], overlapped[1])
        spans.append(span)
    goes_on = bool(text[:start].strip()), bool(text[end:].strip())
    return Excerpt(text[start:end].replace("\n", " "), tuple(spans), goes_on)


def _end(text: str, offsets: list[int], position: int) -> int:
    """Find where the raw text of the folded characters before ``position`` ends.

    One raw character may fold to several (① to (1)): it is taken as a whole.
    """
    last = offsets[position - 1]
    following = next(offset for offset in offsets[position:] if offset > last)
    return last + len(text[last:following].rstrip())
