"""How much a notice is about some phrases. Contains no I/O.

A title that holds them weighs most, then how dense they stand in the text, by the saturation of BM25
(Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, section 3.4); its inverse document
frequency is the same for all, since each holds every phrase. A text that still holds them comes before
one that once did. What is equal is in order of time, newest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TITLE_WEIGHT, CURRENT_WEIGHT = 4.0, 1.0
_WEIGHTS = "title", "density", "current"
_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document that holds each phrase so many ``times`` in ``length`` characters."""

    doc: int
    notice: int
    version: int | None  # None: the title that a listing gives
    times: tuple[int, ...]
    length: int
    current: bool


def rank(found: Sequence[Evidence]) -> list[Evidence]:
    """Rank the newest document of each notice, the most relevant notice first."""
    texts = [one.length for one in found if one.version is not None]
    usual = sum(texts) / len(texts) if texts else 1.0
    weights: dict[int, dict[str, float]] = {}
    newest: dict[int, Evidence] = {}
    for one in found:
        weight = weights.setdefault(one.notice, {})
        if one.version is None:
            weight["title"] = TITLE_WEIGHT
        else:
            scale = _K1 * (1 - _B + _B * one.length / usual)
            density = sum(times * (_K1 + 1) / (times + scale) for times in one.times) / len(one.times)
            weight["density"] = max(weight.get("density", 0.0), density)
            weight["current"] = max(weight.get("current", 0.0), CURRENT_WEIGHT * one.current)
        # a text shows more than a title
        if one.notice not in newest or _display_rank(one) > _display_rank(newest[one.notice]):
            newest[one.notice] = one
    # in one order, or what is equal would differ in its last digit
    scores = {notice: sum(weight.get(name, 0.0) for name in _WEIGHTS) for notice, weight in weights.items()}
    return sorted(newest.values(), key=lambda one: (-scores[one.notice], -one.doc, -one.notice))


def _display_rank(one: Evidence) -> tuple[bool, int]:
    return one.version is not None, one.doc
