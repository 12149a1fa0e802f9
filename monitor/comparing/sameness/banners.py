"""Banners by their looks: lone links that take turns in one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.comparing.align import Alignment, Unit
from monitor.comparing.sameness.keys import make_block_key
from monitor.comparing.sameness.noise import link_target, names_incident
from storage.records import Block
from storage.text.documents import is_attached
from storage.text.patterns import pattern_of

_POINTED = pattern_of(r"[0-9]|窓口|問い?合わ?せ|報告|発表|一覧|詳細")
"""A figure, or what leads on to what a notice is about."""


MAX_LINK_CHARS = 60
"""Characters of a link that may be decoration."""

MAX_LINK_SHARE = 0.5
"""A page of which links make up more is a listing: there, links that come and go are its content."""

MIN_LIST_LINKS = 3
"""So many lone links in a row are a list of links."""

Turn = tuple[list[Unit], list[Unit]]
"""What gave way, and to what."""


def take_turns(alignment: Alignment, old: Sequence[Block], new: Sequence[Block]) -> list[Turn]:
    """Take lone links that gave way to others in the same place out of ``alignment``.

    Likewise in the same list of links beside a text. Nothing that could tell of an incident is taken for
    decoration: no document, no word of ``names_incident``, and nothing that came without another going.
    """
    turns = [turn for turn in _places(alignment) if _gave_way(turn)]
    _take_out(alignment, turns)
    lists = [turn for turn in _lists(alignment, old, new) if all(turn)]
    _take_out(alignment, lists)
    return turns + lists


def _places(alignment: Alignment) -> Iterator[Turn]:
    """List blocks that went and came in one place."""
    yield from (([a], [b]) for a, b in alignment.edited)
    gaps: dict[int, Turn] = {}
    for side, units in enumerate((alignment.deleted, alignment.inserted)):
        for unit in units:
            gaps.setdefault(unit.gap, ([], []))[side].append(unit)
    yield from (turn for turn in gaps.values() if all(turn))


def _gave_way(turn: Turn) -> bool:
    old, new = turn
    decorative = all(_decorative(unit.block) and not _POINTED.search(unit.key) for unit in (*old, *new))
    return decorative and not {*map(_target, old)} & {*map(_target, new)}


def _take_out(alignment: Alignment, turns: Sequence[Turn]) -> None:
    taken = {id(unit) for turn in turns for side in turn for unit in side}
    alignment.deleted = [unit for unit in alignment.deleted if id(unit) not in taken]
    alignment.inserted = [unit for unit in alignment.inserted if id(unit) not in taken]
    alignment.edited = [pair for pair in alignment.edited if id(pair[0]) not in taken]


def _lists(alignment: Alignment, old: Sequence[Block], new: Sequence[Block]) -> Iterator[Turn]:
    """List what went from and came to one list of links beside a text."""
    if not (alignment.deleted or alignment.edited) or not (alignment.inserted or alignment.edited):
        return
    if any(_share(blocks) > MAX_LINK_SHARE for blocks in (old, new)):
        return
    came = [*alignment.inserted, *(b for _, b in alignment.edited)]
    went = [*alignment.deleted, *(a for a, _ in alignment.edited)]
    partner = {id(a): id(b) for a, b in alignment.edited}
    for run, other in _same_lists(old, new):
        gone = [unit for unit in went if unit.at in other]
        here = [unit for unit in came if unit.at in run]
        here_ids = {id(unit) for unit in here}
        # an edited link must stand in the list on both sides
        if all(partner.get(id(unit), 0) in here_ids for unit in gone if id(unit) in partner):
            yield gone, here


def _same_lists(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[range, range]]:
    """Pair runs of links in ``new`` with those in ``old`` that share a text with them."""
    for run in _runs(new):
        texts = {new[at].text for at in run}
        for other in _runs(old):
            if texts & {old[at].text for at in other}:
                yield run, other


def _runs(blocks: Sequence[Block]) -> list[range]:
    """Find the places of lists of links."""
    runs, start = [], 0
    for at in range(len(blocks) + 1):
        if at == len(blocks) or not _decorative(blocks[at]):
            if at - start >= MIN_LIST_LINKS:
                runs.append(range(start, at))
            start = at + 1
    return runs


def _share(blocks: Sequence[Block]) -> float:
    links = sum(len(block.text) for block in blocks if _lone_link(block))
    return links / max(1, sum(len(block.text) for block in blocks))


def _decorative(block: Block) -> bool:
    """Tell whether a block is a lone link to no document and of nothing that names an incident."""
    return (
        _lone_link(block)
        and len(block.text) <= MAX_LINK_CHARS
        and not is_attached(block.links[0].url, block.text)
        and not names_incident(make_block_key(block.text))
    )


def _lone_link(block: Block) -> bool:
    return (
        block.kind in ("text", "item")
        and len(block.links) == 1
        and make_block_key(block.links[0].text) == make_block_key(block.text)
    )


def _target(unit: Unit) -> str:
    return link_target(unit.block.links[0].url)
