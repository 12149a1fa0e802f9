"""Longest common subsequences, on any strings: texts, keys, tokens.

RapidFuzz, which finds them, is loaded when two texts have first to be compared: 2 MB that a first visit does
without.
"""

from __future__ import annotations

from collections.abc import Sequence


def count_common_prefix(a: Sequence[str], b: Sequence[str]) -> int:
    """Count the elements that two sequences share at their beginning."""
    return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))


def measure_percent(a: str, b: str) -> float:
    """Measure how much two strings have in common, from 0 to 100."""
    from rapidfuzz import fuzz

    return fuzz.ratio(a, b)


def find_matching_runs(a: Sequence[str], b: Sequence[str]) -> list[tuple[int, int, int]]:
    """Find the matching runs (place in a, place in b, length) of a longest common subsequence.

    An empty run at both ends closes them.
    """
    head = count_common_prefix(a, b)
    tail = count_common_prefix(a[head:][::-1], b[head:][::-1])
    end_a, end_b = len(a) - tail, len(b) - tail
    runs = [(0, 0, head)]
    if head < end_a and head < end_b:
        from rapidfuzz.distance import LCSseq

        inner = LCSseq.opcodes(a[head:end_a], b[head:end_b]).as_matching_blocks()
        runs += [(m.a + head, m.b + head, m.size) for m in inner]
    runs.append((end_a, end_b, tail))
    return [*(run for run in runs if run[2]), (len(a), len(b), 0)]
