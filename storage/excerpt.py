"""The passage of a text in which a folded string stands, cut from the raw text."""

from __future__ import annotations

import re
from collections.abc import Iterable

from storage.fold import fold, fold_with_map

_AROUND = 60  # characters before and after
_LONGEST = 240  # of a match that is shown
_SENTENCE = re.compile(r"[^\n。]*(?:[\n。]|\Z)")


def excerpt(texts: Iterable[str], wanted: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A passage of the first text that holds ``wanted``, and where in the passage it stands."""
    for text in texts:
        passage = _sentences_around(text, wanted)
        if passage is not None:
            return _cut(passage, wanted)
    return "", ()


def _sentences_around(text: str, wanted: str) -> str | None:
    """Enough sentences of the text to hold the first match: mapping every character of a text is slow."""
    sentences = _SENTENCE.findall(
        text
    )  # nothing folds across their ends: one by one they make the folded text
    folded = [fold(sentence) for sentence in sentences]
    at = "".join(folded).find(wanted)
    if at < 0:
        return None
    first, last, position = 0, len(sentences), 0
    for index, sentence in enumerate(folded):
        position += len(sentence)
        if position < at - _AROUND:
            first = index + 1
        if position >= at + len(wanted) + _AROUND:
            last = index + 1
            break
    return "".join(sentences[first:last])


def _cut(text: str, wanted: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    folded, offsets = fold_with_map(text)
    at = folded.index(wanted)
    shown = min(len(wanted), _LONGEST)
    start = max(0, offsets[at] - _AROUND)
    end = min(len(text), _end(text, offsets, at + shown) + _AROUND)
    spans = []
    while at >= 0 and offsets[at] < end:
        spans.append((offsets[at] - start, min(_end(text, offsets, at + len(wanted)), end) - start))
        at = folded.find(wanted, at + len(wanted))
    return text[start:end].replace("\n", " "), tuple(spans)


def _end(text: str, offsets: list[int], position: int) -> int:
    """Where the raw text of the folded characters before ``position`` ends. One raw character may
    fold to several (① to (1)): it is taken as a whole."""
    last = offsets[position - 1]
    following = next(offset for offset in offsets[position:] if offset > last)
    return last + len(text[last:following].rstrip())
