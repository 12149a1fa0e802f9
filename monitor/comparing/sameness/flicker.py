"""What flickers on one page: learned by looking twice, or from its history, and then left out.

A marker is a short string, so that a page can carry its own:

* a block's key, or its hash: this block
* ``d:`` a block of these words with any digits (a counter, a clock in the page's own words)
* ``t:`` a block that begins and ends so, whatever stands between ("今日の一言：…")
* ``s:`` what little stands between two blocks that stay (a banner, an advertisement)
* ``l:`` the target of the link with this text (a token in an address that no rule knows)

Nothing that tells of an incident (a number of people, 追記, 漏えい) is ever left out by ``s:``: a
rotating banner must not become the place where an edit goes unseen.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from monitor.comparing.lcs import count_common_prefix, find_matching_runs
from monitor.comparing.sameness.keys import digest, make_block_key
from monitor.comparing.sameness.noise import link_target, names_incident, strip_update_date
from monitor.comparing.sameness.values import normalise_values
from storage.records import Block
from storage.text.patterns import pattern_of
from storage.text.units import COMMON_UNITS, PIECE_UNITS, PREMISES_UNITS, any_of

MIN_SHARED_SHARE = 0.4
"""Two fetches that share less than this are two pages (an error, a test variant), not one with noise."""

MIN_RETURNS = 2
"""A block that came back so often after having gone is flickering; once is an edit taken back."""

MIN_POOL_BLOCKS = 3
"""So many flickering blocks in one place make it a place of rotation."""

MIN_COUNTER_STATES = 3
"""So many states with another number each make a line a counter."""

_MAX_COUNTER_CHARS = 40
_COUNTS_THINGS = pattern_of(
    f"[0-9万億千百](?:{any_of((*COMMON_UNITS, *PIECE_UNITS, *PREMISES_UNITS, '口座'))}"
    "|[箇か]所|円|%|割|月|報|回目)"
)
_MAX_SLOT_BLOCKS, _MAX_SLOT_CHARS = 4, 240
_DIGITS = pattern_of(r"[0-9]+(?:[,.][0-9]+)*")


@dataclass(frozen=True, slots=True)
class _Keyed:
    key: str
    block: Block


def _keyed(blocks: Iterable[Block]) -> list[_Keyed]:
    pairs = (_Keyed(make_block_key(block.text), block) for block in blocks)
    return [pair for pair in pairs if pair.key]


def learn_flicker(first: Sequence[Block], second: Sequence[Block]) -> frozenset[str]:
    """Learn markers of what differs between two fetches of one page a minute apart."""
    a, b = _keyed(first), _keyed(second)
    markers = set(_mark_moving_links(a, b))
    keys_a, keys_b = [unit.key for unit in a], [unit.key for unit in b]
    if keys_a == keys_b:
        return frozenset(markers)
    shared = 0
    for old, new, before, after in _gaps(keys_a, keys_b):
        markers.update(_gap_markers(old, new, before, after))
        shared -= sum(map(len, old))
    shared += sum(map(len, keys_a))
    if shared < MIN_SHARED_SHARE * sum(map(len, keys_a)):
        return frozenset()
    return frozenset(markers)


def _gaps(a: list[str], b: list[str]) -> Iterator[tuple[list[str], list[str], str, str]]:
    """List what differs between two lists of keys, with the keys that stay before and after."""
    i = j = 0
    for at, bt, size in find_matching_runs(a, b):
        if at > i or bt > j:
            yield a[i:at], b[j:bt], a[i - 1] if i else "", a[at] if size else ""
        i, j = at + size, bt + size


def _gap_markers(old: list[str], new: list[str], before: str, after: str) -> Iterator[str]:
    explained = len(old) == len(new)
    for x, y in zip(old, new, strict=False):
        if (words := _words(x)) == _words(y) and re.search(r"\w", words.replace("0", "")):
            yield _words_marker(x)
        elif frame := _frame(x, y):
            yield frame
        else:
            explained = False
    if not explained:
        yield from (digest(key) for key in (*old, *new))
        if all(_small(side) for side in (old, new)):
            yield _slot_marker(before, after)


def _words(key: str) -> str:
    return _DIGITS.sub("0", key)


def _words_marker(key: str) -> str:
    return "d:" + digest(_words(key))


def _slot_marker(before: str, after: str) -> str:
    return "s:" + digest(f"{_anchor(before)}\n{_anchor(after)}")


def _anchor(key: str) -> str:
    """Give what a neighbour keeps when its notation or the page's update date moves."""
    return normalise_values(strip_update_date(key)) or "-" * bool(key)


def _small(keys: Sequence[str]) -> bool:
    text = "".join(keys)
    return len(keys) <= _MAX_SLOT_BLOCKS and len(text) <= _MAX_SLOT_CHARS and not names_incident(text)


def _frame(x: str, y: str) -> str:
    """Mark two blocks that share more than they differ in, at their ends."""
    head = count_common_prefix(x, y)
    tail = count_common_prefix(x[head:][::-1], y[head:][::-1])
    if 2 * (head + tail) < max(len(x), len(y)) or head + tail < 4:
        return ""
    return f"t:{head}:{tail}:{digest(x[:head] + x[len(x) - tail :])}"


def _mark_moving_links(a: Sequence[_Keyed], b: Sequence[_Keyed]) -> Iterator[str]:
    """Mark link texts whose targets are others in every fetch."""
    first, second = _targets(a), _targets(b)
    for text in first.keys() & second.keys():
        if first[text] != second[text]:
            yield "l:" + digest(text)


def _targets(units: Sequence[_Keyed]) -> dict[str, set[str]]:
    targets: dict[str, set[str]] = {}
    for unit in units:
        for link in unit.block.links:
            targets.setdefault(make_block_key(link.text), set()).add(link_target(link.url))
    return targets


def learn_from_history(
    history: Sequence[Sequence[Block]], present: Sequence[Block] | None = None
) -> frozenset[str]:
    """Learn markers of blocks that came and went again and again over the states of a page.

    Likewise of a place where several of them take turns. States are given oldest first. A text edited and
    taken back once is two changes; only from the second return on it flickers.
    """
    states = [[unit.key for unit in _keyed(state)] for state in history]
    if present is not None:
        states.append([unit.key for unit in _keyed(present)])
    sets = [set(state) for state in states]
    flickering = {
        key for key in set().union(*sets) if _returns([key in state for state in sets]) >= MIN_RETURNS
    }
    places: dict[str, set[str]] = {}
    for state in states:
        for before, key, after in zip(["", *state], state, [*state[1:], ""], strict=False):
            if key in flickering and not flickering & {before, after} and _small([key]):
                places.setdefault(_slot_marker(before, after), set()).add(key)
    rotating = {place for place, keys in places.items() if len(keys) >= MIN_POOL_BLOCKS}
    return frozenset({digest(key) for key in flickering} | rotating)


def learn_counters(states: Sequence[Sequence[Block]]) -> frozenset[str]:
    """Learn markers of lines that stood in each of the latest states with another number each time.

    States are given oldest first. Such lines are counters in words that no rule knows; what counts people,
    cases or things is none.
    """
    latest = [_map_numbered(state) for state in states[-MIN_COUNTER_STATES:]]
    if len(latest) < MIN_COUNTER_STATES:
        return frozenset()
    steady = set.intersection(*(set(state) for state in latest))
    return frozenset(
        "d:" + words for words in steady if all(a[words] != b[words] for a, b in pairwise(latest))
    )


def may_return(
    old: Sequence[Block],
    new: Sequence[Block],
    calm: Sequence[Block],
    past: Collection[int],
    known: Collection[str],
) -> bool:
    """Tell whether ``new`` may be, or hold, what stood in versions before ``old``: these have to be read.

    ``past`` are digests of blocks that went away before, ``calm`` is ``new`` without noise, ``known`` what is
    learned already. If none of the blocks that came ever went away, none came back; if some that are no noise
    came, the text is no earlier one; and what flickered until now was learned when it did.
    """
    before = {unit.key for unit in _keyed(old)}
    present = [unit.key for unit in _keyed(new)]
    came = {key for key in present if key not in before}
    if any(digest_block(key) in past for key in came):
        return True
    if before.issuperset(unit.key for unit in _keyed(calm)):
        return True
    if any(digest(key) in known for key in present):  # the places where it takes turns may be told now
        return True
    counted, now = _map_numbered(old), _map_numbered(new)
    return any(now.get(words, key) != key for words, key in counted.items())


def list_gone(states: Iterable[Sequence[Block]], new: Sequence[Block]) -> frozenset[int]:
    """Return digests of the blocks that stood in one of these states and do not in ``new``."""
    present = {unit.key for unit in _keyed(new)}
    former = {unit.key for state in states for unit in _keyed(state)}
    return frozenset(map(digest_block, former - present))


def digest_block(key: str) -> int:
    """Hash the key of a block to 32 bits: two that share them make versions be read for nothing, no more."""
    return int(digest(key)[:8], 16)


def _map_numbered(state: Sequence[Block]) -> dict[str, str]:
    """Map short lines with one number each by the digest of their words; none whose words come twice."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for unit in _keyed(block for block in state if block.kind != "row"):
        if len(unit.key) > _MAX_COUNTER_CHARS or _COUNTS_THINGS.search(unit.key) or names_incident(unit.key):
            continue
        if len(_DIGITS.findall(unit.key)) != 1 or not re.search(r"\w", _DIGITS.sub("", unit.key)):
            continue
        words = digest(_words(unit.key))
        if words in found:
            twice.add(words)
        found[words] = unit.key
    return {words: key for words, key in found.items() if words not in twice}


def _returns(seen: Sequence[bool]) -> int:
    """Count how often something came back after it had gone."""
    comings = sum(now and not before for before, now in pairwise(seen))
    return comings - (not seen[0])


def strip_noise(blocks: Sequence[Block], volatile: Collection[str]) -> tuple[Block, ...]:
    """Give ``blocks`` without noise and without what ``volatile`` marks."""
    if not volatile:
        return tuple(block for block in blocks if make_block_key(block.text))
    units = _keyed(blocks)
    frames = _frames(volatile)
    links = {marker[2:] for marker in volatile if marker.startswith("l:")}
    slots = any(marker.startswith("s:") for marker in volatile)
    units = [unit for unit in units if not _marked(unit.key, volatile, frames)]
    if slots:
        units = list(_without_slots(units, volatile))
    return tuple(_without_links(unit.block, links) for unit in units)


def _frames(volatile: Collection[str]) -> list[tuple[int, int, str]]:
    parts = (marker.split(":") for marker in volatile if marker.startswith("t:"))
    return [(int(head), int(tail), name) for _, head, tail, name in parts]


def _marked(key: str, volatile: Collection[str], frames: list[tuple[int, int, str]]) -> bool:
    return (
        key in volatile
        or digest(key) in volatile
        or _words_marker(key) in volatile
        or any(
            len(key) >= head + tail and digest(key[:head] + key[len(key) - tail :]) == name
            for head, tail, name in frames
        )
    )


def _without_slots(units: list[_Keyed], volatile: Collection[str]) -> Iterator[_Keyed]:
    at = 0
    while at < len(units):
        before = units[at - 1].key if at else ""
        end = next(
            (
                stop
                for stop in range(at + 1, min(at + _MAX_SLOT_BLOCKS, len(units)) + 1)
                if _slot_marker(before, units[stop].key if stop < len(units) else "") in volatile
            ),
            at,
        )
        if end == at or not _small([unit.key for unit in units[at:end]]):
            yield units[at]
            at += 1
        else:
            at = end
            if at < len(units):
                yield units[at]
                at += 1


def _without_links(block: Block, texts: Collection[str]) -> Block:
    if not texts or not block.links:
        return block
    kept = tuple(link for link in block.links if digest(make_block_key(link.text)) not in texts)
    return block if len(kept) == len(block.links) else replace(block, links=kept)
