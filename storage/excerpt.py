"""The passage of a text in which folded phrases stand, cut from the raw text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from itertools import accumulate

from storage.fold import fold, fold_with_map

_AROUND = 60  # characters before and after
_LONGEST = 240  # of a match that is shown
_TOGETHER = 120  # folded characters in which phrases are shown in one passage
_WEIGHED = 500  # places of phrases: the best passage is sought among them
_SENTENCE = re.compile(r"[^\n。]*(?:[\n。]|\Z)")

Place = tuple[int, int]
"""Where something begins in a folded text, and where it ends."""


def excerpt(texts: Iterable[str], phrases: Sequence[str]) -> tuple[str, tuple[Place, ...]]:
    """The passage with the most of the phrases, of equals the first; and where in it they stand."""
    best: tuple[int, str, Place] | None = None
    for text in texts:
        # nothing folds across the ends of sentences: one by one they make the folded text
        sentences = _SENTENCE.findall(text)
        folded = [fold(sentence) for sentence in sentences]
        number, place = _densest("".join(folded), phrases)
        if number and (best is None or number > best[0]):
            best = number, *_sentences_around(sentences, folded, place)
        if number == len(phrases):
            break
    return ("", ()) if best is None else _cut(*best[1:], phrases)


def _densest(folded: str, phrases: Sequence[str]) -> tuple[int, Place]:
    """How many of the phrases stand together, and where."""
    best, where = 0, (0, 0)
    near: deque[tuple[int, int, str]] = deque()
    for _, place in zip(range(_WEIGHED), merge(*(_places(folded, one) for one in phrases)), strict=False):
        near.append(place)
        while near[0][0] < place[1] - _TOGETHER and len(near) > 1:
            near.popleft()
        number = len({phrase for _, _, phrase in near})
        if number > best:
            best, where = number, (near[0][0], place[1])
        if number == len(phrases):
            break
    return best, where


def _places(folded: str, phrase: str) -> Iterator[tuple[int, int, str]]:
    at = folded.find(phrase)
    while at >= 0:
        yield at, at + len(phrase), phrase
        at = folded.find(phrase, at + len(phrase))


def _sentences_around(sentences: list[str], folded: list[str], place: Place) -> tuple[str, Place]:
    """Enough of them to show the place: mapping every character of a text is slow."""
    ends = list(accumulate(map(len, folded)))
    first = bisect_right(ends, max(place[0] - _AROUND - 1, 0))
    last = bisect_right(ends, place[1] + _AROUND) + 1
    before = ends[first - 1] if first else 0
    return "".join(sentences[first:last]), (place[0] - before, place[1] - before)


def _cut(text: str, place: Place, phrases: Sequence[str]) -> tuple[str, tuple[Place, ...]]:
    folded, offsets = fold_with_map(text)
    at, to = place
    start = max(0, offsets[at] - _AROUND)
    end = min(len(text), _end(text, offsets, min(to, at + _LONGEST)) + _AROUND)
    spans: list[Place] = []
    for begin, until, _ in merge(*(_places(folded, phrase) for phrase in phrases)):
        if not start <= offsets[begin] < end:
            continue
        span = offsets[begin] - start, min(_end(text, offsets, until), end) - start
        if spans and span[0] < spans[-1][1]:  # phrases overlap
            span = spans[-1][0], max(span[1], spans.pop()[1])
        spans.append(span)
    return text[start:end].replace("\n", " "), tuple(spans)


def _end(text: str, offsets: list[int], position: int) -> int:
    """Where the raw text of the folded characters before ``position`` ends. One raw character may
    fold to several (① to (1)): it is taken as a whole."""
    last = offsets[position - 1]
    following = next(offset for offset in offsets[position:] if offset > last)
    return last + len(text[last:following].rstrip())
