"""Which old block became which new one: equal, edited, moved, gone, or come.

Two levels, so that an unchanged page costs a list comparison: raw texts first, comparison keys
only in the gaps between, similarity only in what is left of those. Every step has a bound; past
it the coarser result stands, and is still true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from monitor.comparing.lcs import count_common_prefix, find_matching_runs, measure_percent
from monitor.comparing.sameness.keys import make_block_key
from monitor.comparing.sameness.values import normalise_values
from storage.records import Block

MIN_SIMILARITY = 0.5
MIN_MOVED_SIMILARITY = 0.85
MIN_MOVED_CHARS = 8
"""A block shorter than this is not recognised elsewhere."""

MAX_PAIRS = 20_000
"""Similarities computed in one gap; a larger gap is first cut where rough outlines agree."""

ESTIMATED_ABOVE_CHARS = 4_000
"""Characters above which similarity is estimated."""


@dataclass(slots=True)
class Unit:
    """A block with its key and its place in its sequence."""

    at: int
    block: Block
    key: str
    gap: int = 0  # what came and what went in one place have one number

    @property
    def first(self) -> str:
        """The key of a row's first cell, which names the row."""
        return make_block_key(self.block.cells[0]) if len(self.block.cells) > 1 else ""


@dataclass(slots=True)
class Alignment:
    """``edited`` and ``moved`` pair an old unit with a new one; ``same`` counts old characters."""

    edited: list[tuple[Unit, Unit]] = field(default_factory=list)
    moved: list[tuple[Unit, Unit]] = field(default_factory=list)
    deleted: list[Unit] = field(default_factory=list)
    inserted: list[Unit] = field(default_factory=list)
    same: int = 0
    total: int = 0
    gaps: int = 0


def align(old: Sequence[Block], new: Sequence[Block]) -> Alignment:
    """Pair the blocks of two texts: equal, edited, moved, gone, or come."""
    result = Alignment()
    texts_old, texts_new = [block.text for block in old], [block.text for block in new]
    i = j = 0
    for match in find_matching_runs(texts_old, texts_new):
        if match[0] > i or match[1] > j:
            _align_gap(_units(old, i, match[0]), _units(new, j, match[1]), result)
        i, j = match[0] + match[2], match[1] + match[2]
        kept = sum(map(len, texts_old[match[0] : i]))
        result.same += kept
        result.total += kept
    _find_moves(result)
    return result


def _units(blocks: Sequence[Block], start: int, end: int) -> list[Unit]:
    units = (Unit(at, blocks[at], make_block_key(blocks[at].text)) for at in range(start, end))
    return [unit for unit in units if unit.key]


def _align_gap(old: list[Unit], new: list[Unit], result: Alignment) -> None:
    result.total += sum(len(unit.key) for unit in old)
    i = j = 0
    for at, bt, size in find_matching_runs([u.key for u in old], [u.key for u in new]):
        if at > i or bt > j:
            for x, y in _skip_recut(old[i:at], new[j:bt], result):
                _pair(x, y, result)
        i, j = at + size, bt + size
        result.same += sum(len(unit.key) for unit in old[at:i])


def _skip_recut(
    old: list[Unit], new: list[Unit], result: Alignment
) -> Iterator[tuple[list[Unit], list[Unit]]]:
    """Take out runs of blocks that say the same cut differently; yield what lies between."""
    start_i = start_j = 0
    if old and new and len(old) * len(new) <= MAX_PAIRS:
        texts_old, texts_new = _bare(old), _bare(new)
        i = 0
        while i < len(old):
            found = next(
                (
                    (j, *ends)
                    for j in range(start_j, len(new))
                    if (ends := find_same_run(texts_old, i, texts_new, j)) is not None
                ),
                None,
            )
            if found is None:
                i += 1
                continue
            j, end_i, end_j = found
            yield old[start_i:i], new[start_j:j]
            result.same += sum(len(unit.key) for unit in old[i:end_i])
            i = start_i = end_i
            start_j = end_j
    yield old[start_i:], new[start_j:]


def _bare(units: Sequence[Unit]) -> list[str]:
    return [unit.key.replace("|", "") for unit in units]


def find_same_run(a: Sequence[str], i: int, b: Sequence[str], j: int) -> tuple[int, int] | None:
    """Find the ends of the shortest runs from ``i`` and ``j`` whose texts join to the same."""
    x = y = 0  # how far a[i] and b[j] have been read
    while True:
        step = min(len(a[i]) - x, len(b[j]) - y)
        if a[i][x : x + step] != b[j][y : y + step]:
            return None
        x, y = x + step, y + step
        ended_a, ended_b = x == len(a[i]), y == len(b[j])
        if ended_a:
            i, x = i + 1, 0
        if ended_b:
            j, y = j + 1, 0
        if ended_a and ended_b:
            return i, j
        if i == len(a) or j == len(b):
            return None


def _pair(old: list[Unit], new: list[Unit], result: Alignment) -> None:
    """Pair what is similar in a gap, in order."""
    if len(old) * len(new) > MAX_PAIRS:
        i = j = 0
        for at, bt, size in find_matching_runs([_outline(u) for u in old], [_outline(u) for u in new]):
            _pair_small(old[i:at], new[j:bt], result)
            result.edited += zip(old[at : at + size], new[bt : bt + size], strict=True)
            i, j = at + size, bt + size
        return
    _pair_small(old, new, result)


def _outline(unit: Unit) -> str:
    """Give what a block keeps when its values change: a row's name, or its words without numbers."""
    return unit.first or "".join(char for char in normalise_values(unit.key) if not char.isdigit())


def _pair_small(old: list[Unit], new: list[Unit], result: Alignment) -> None:
    chosen = _best_pairs(old, new) if len(old) * len(new) <= MAX_PAIRS else []
    paired_old, paired_new = {i for i, _ in chosen}, {j for _, j in chosen}
    result.edited += ((old[i], new[j]) for i, j in chosen)
    result.gaps += 1
    for unit in (*old, *new):
        unit.gap = result.gaps
    result.deleted += (unit for i, unit in enumerate(old) if i not in paired_old)
    result.inserted += (unit for j, unit in enumerate(new) if j not in paired_new)


def _best_pairs(old: Sequence[Unit], new: Sequence[Unit]) -> list[tuple[int, int]]:
    """Find the pairs in order with the greatest sum of similarities, each at least ``MIN_SIMILARITY``."""
    n, m = len(old), len(new)
    if not n or not m:
        return []
    scores = [[measure_similarity(a, b) for b in new] for a in old]
    best = [[0.0] * (m + 1) for _ in range(n + 1)]
    for i in range(n - 1, -1, -1):
        row, below, score = best[i], best[i + 1], scores[i]
        for j in range(m - 1, -1, -1):
            here = max(below[j], row[j + 1])
            if score[j] >= MIN_SIMILARITY:
                here = max(here, below[j + 1] + score[j])
            row[j] = here
    pairs, i, j = [], 0, 0
    while i < n and j < m:
        if scores[i][j] >= MIN_SIMILARITY and best[i][j] == best[i + 1][j + 1] + scores[i][j]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def measure_similarity(old: Unit, new: Unit) -> float:
    """Measure how much two blocks say the same, from 0 to 1."""
    a, b = old.key, new.key
    if (
        2 * min(len(a), len(b)) < MIN_SIMILARITY * (len(a) + len(b))
        and max(len(a), len(b)) > ESTIMATED_ABOVE_CHARS
    ):
        return 0.0
    if max(len(a), len(b)) > ESTIMATED_ABOVE_CHARS:
        return _estimate(a, b)
    ratio = measure_percent(a, b) / 100
    if old.first and old.first == new.first:
        return max(0.75, ratio)  # the row of that name
    shorter, longer = sorted((a, b), key=len)
    if ratio < MIN_SIMILARITY and len(shorter) >= 12 and shorter.rstrip(".。") in longer:
        return 0.9
    return ratio


def _estimate(a: str, b: str) -> float:
    """Estimate the similarity of long texts by the pieces they share."""
    pieces_a, pieces_b = ({text[i : i + 8] for i in range(0, len(text), 4)} for text in (a, b))
    shared_ends = count_common_prefix(a, b) + count_common_prefix(a[::-1], b[::-1])
    overlap = 2 * len(pieces_a & pieces_b) / (len(pieces_a) + len(pieces_b))
    return max(overlap, min(1.0, 2 * shared_ends / (len(a) + len(b))))


def _find_moves(result: Alignment) -> None:
    old = [unit for unit in result.deleted if len(unit.key) >= MIN_MOVED_CHARS]
    new = [unit for unit in result.inserted if len(unit.key) >= MIN_MOVED_CHARS]
    taken_old: set[int] = set()
    taken_new: set[int] = set()

    def take(a: Unit, b: Unit) -> None:
        if a.at not in taken_old and b.at not in taken_new:
            taken_old.add(a.at)
            taken_new.add(b.at)
            result.moved.append((a, b))

    by_key: dict[str, list[Unit]] = {}
    for unit in new:
        by_key.setdefault(unit.key, []).append(unit)
    for unit in old:
        if waiting := by_key.get(unit.key):
            take(unit, waiting.pop(0))
    if len(old) * len(new) <= MAX_PAIRS:
        close = (
            (score, a, b)
            for a in old
            for b in new
            if a.at not in taken_old
            and b.at not in taken_new
            and (score := measure_similarity(a, b)) >= MIN_MOVED_SIMILARITY
        )
        for _, a, b in sorted(close, key=lambda found: (-found[0], found[1].at, found[2].at)):
            take(a, b)
    result.deleted = [unit for unit in result.deleted if unit.at not in taken_old]
    result.inserted = [unit for unit in result.inserted if unit.at not in taken_new]
