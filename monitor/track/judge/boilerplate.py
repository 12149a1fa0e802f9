"""Blocks that recur over the pages of one host: what a site repeats is not what a page says.

Only sources without declared selectors need it, and only for what looks like furniture: short,
without a sentence's end and without a figure. A sentence or a phone number that stands in three
notices of one publisher is still content.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from monitor.comparing.sameness.keys import digest, make_block_key
from storage.records import Block, Page, Reading, Source

RECURS_ON_PAGES = 3
"""Pages of a host on which a block must have stood."""

_MAX_FURNITURE_CHARS = 40
_SAYS_SOMETHING = re.compile(r"[。0-9０-９]")


def is_learned_on(source: Source, page: Page) -> bool:
    """Tell whether what recurs matters on a page: on one whose main text nobody declared."""
    return not source.page.include and page.role == "page"


def list_furniture_keys(source: Source, page: Page, reading: Reading) -> frozenset[str] | None:
    """Return the keys of the blocks that could be part of a site's frame; None where nobody asks."""
    if not is_learned_on(source, page):
        return None
    return frozenset(
        digest(make_block_key(block.text)) for block in reading.blocks if looks_like_furniture(block)
    )


def select_recurring_keys(here: frozenset[str] | None, elsewhere: Mapping[str, int]) -> frozenset[str]:
    """Return the keys that recur over a host, given those on this page and how many others hold each."""
    if here is None:
        return frozenset()
    return frozenset(key for key, pages in elsewhere.items() if pages + (key in here) >= RECURS_ON_PAGES)


def looks_like_furniture(block: Block) -> bool:
    """Tell whether a block could be part of a site's frame rather than of what a page says."""
    return (
        block.kind != "row"
        and len(block.text) <= _MAX_FURNITURE_CHARS
        and not _SAYS_SOMETHING.search(block.text)
        and bool(block.links)
    )
