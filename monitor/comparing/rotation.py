"""Banners by their looks: lone links that take turns in one place."""

from __future__ import annotations

import re

from monitor.comparing.align import Alignment, Unit
from monitor.comparing.key import block_key
from monitor.comparing.noise import is_document, link_target, telling

_POINTED = re.compile(r"[0-9]|窓口|問い?合わ?せ|報告|発表|一覧|詳細")
"""A figure, or what leads on to what a notice is about."""


Turn = tuple[list[Unit], list[Unit]]
"""What gave way, and to what."""


def take_turns(alignment: Alignment) -> list[Turn]:
    """Take lone links that gave way to other lone links in the same place out of ``alignment``.

    Nothing that could tell of an incident is taken for a banner: no document, no figure, no word of
    ``telling``, and only where every block that went or came in that place is such a link.
    """
    gaps: dict[int, Turn] = {}
    for side, units in enumerate((alignment.deleted, alignment.inserted)):
        for unit in units:
            gaps.setdefault(unit.gap, ([], []))[side].append(unit)
    places: list[Turn] = [([a], [b]) for a, b in alignment.edited]
    places += [(old, new) for old, new in gaps.values() if old and new]
    turns = [
        (old, new)
        for old, new in places
        if all(map(_lone_link, (*old, *new))) and not {*map(_target, old)} & {*map(_target, new)}
    ]
    taken = {id(unit) for turn in turns for side in turn for unit in side}
    alignment.deleted = [unit for unit in alignment.deleted if id(unit) not in taken]
    alignment.inserted = [unit for unit in alignment.inserted if id(unit) not in taken]
    alignment.edited = [pair for pair in alignment.edited if id(pair[0]) not in taken]
    return turns


def _lone_link(unit: Unit) -> bool:
    block = unit.block
    return (
        block.kind in ("text", "item")
        and len(block.links) == 1
        and block_key(block.links[0].text) == unit.key
        and not is_document(block.links[0].url)
        and not telling(unit.key)
        and not _POINTED.search(unit.key)
    )


def _target(unit: Unit) -> str:
    return link_target(unit.block.links[0].url)
