"""What versions read, in bytes of which as many as can be stand likewise in what they were read from.

The first line is JSON: in which ways blocks are made, but for their words; which of these each block is;
attachments; and the text, where it is not that of the blocks. Then come the words, a line for each cell or
block. So they stand in the page as well, but for its mark-up (``bare``), and a page's first version takes
little as its difference from that.

An older kohyo wrote one JSON document, and so do we what lines cannot hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.db import codec
from storage.records import Block, Link

_BETWEEN_CELLS = " | "

# What is read of a page stands between its tags, and its links in attributes. Never to be altered: with what
# is found, archives are written.
_WORDS = re.compile(rb">\s*([^<\s][^<]*)")
_LINKS = re.compile(rb'href="([^"]+)')


@dataclass(frozen=True, slots=True)
class Content:
    """What a version reads. ``text`` only where it is not its blocks' texts joined."""

    blocks: tuple[Block, ...]
    attachments: tuple[Link, ...]
    text: str | None = None

    @property
    def whole(self) -> str:
        """The text of all."""
        return join(self.blocks) if self.text is None else self.text


@dataclass(frozen=True, slots=True)
class _Head:
    """The first line; ``cells``: of so many a block made in that way is composed, or 0."""

    makes: tuple[Block, ...] = ()
    cells: tuple[int, ...] = ()
    blocks: tuple[int, ...] = ()
    attachments: tuple[Link, ...] = ()
    text: str | None = None


def join(blocks: Sequence[Block]) -> str:
    """Return the text of blocks."""
    return "\n".join([block.text for block in blocks])


def write(content: Content) -> bytes:
    """Write what a version reads."""
    ways: dict[tuple[Any, ...], int] = {}
    lines: list[str] = []
    order = []
    for one in content.blocks:
        cells, number = one.cells, len(one.cells)
        if number and one.text == _BETWEEN_CELLS.join(cells):
            lines += cells
            cells = ()
        else:
            lines.append(one.text)
            number = 0
        way = number, one.kind, "", cells, one.head, one.links, one.level, one.row_head
        order.append(ways.setdefault(way, len(ways)))
    numbers, makes = tuple([way[0] for way in ways]), tuple([Block(*way[1:]) for way in ways])
    head = _Head(makes, numbers, tuple(order), content.attachments, content.text)
    words = "\n".join(lines)
    try:
        if words.count("\n") == max(len(lines) - 1, 0):
            return f"[{codec.dumps(head)}]\n{words}".encode()
    except UnicodeEncodeError:  # half a surrogate pair, from a hostile page
        pass
    return codec.dumps(content).encode()


def read(stored: bytes) -> Content:
    """Undo ``write``."""
    if stored.startswith(b"{"):
        return codec.loads(Content, stored)
    first, _, words = stored.decode().partition("\n")
    head = codec.from_json(_Head, json.loads(first)[0])
    lines = iter(words.split("\n"))
    made = []
    for way in head.blocks:
        make, number = head.makes[way], head.cells[way]
        cells = tuple([next(lines) for _ in range(number)])
        text = _BETWEEN_CELLS.join(cells) if number else next(lines)
        made.append(
            Block(make.kind, text, cells or make.cells, make.head, make.links, make.level, make.row_head)
        )
    return Content(tuple(made), head.attachments, head.text)


def bare(page: bytes, encoding: str) -> bytes | None:
    """Return the words of a page and what it links to, in UTF-8; None where it is not in that encoding."""
    found = b"\n".join([*_LINKS.findall(page), *_WORDS.findall(page)])
    if encoding.lower() in ("utf-8", "utf8"):
        return found
    try:
        return found.decode(encoding).encode()
    except (LookupError, UnicodeError):
        return None
