"""Blocks that recur over the pages of one host: what a site repeats is not what a page says.

Only sources without declared selectors need it, and only for what looks like furniture: short,
without a sentence's end and without a figure. A sentence or a phone number that stands in three
notices of one publisher is still content.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from monitor.comparing.sameness.keys import block_key, digest
from storage.archive import Writer
from storage.records import Block, Page, Reading, Source

RECURS_ON_PAGES = 3
"""Pages of a host on which a block must have stood."""

_MAX_FURNITURE_CHARS = 40
_SAYS_SOMETHING = re.compile(r"[。0-9０-９]")


def learn_recurring(writer: Writer, source: Source, page: Page, reading: Reading) -> frozenset[str]:
    """Note what stands on this page and return the keys that recur over its host."""
    if source.page.include or page.role != "page":
        return frozenset()
    host = urlsplit(page.url).netloc
    writer.put_host_blocks(
        host,
        page.id,
        {digest(block_key(block.text)) for block in reading.blocks if looks_like_furniture(block)},
    )
    return frozenset(writer.host_blocks(host, at_least=RECURS_ON_PAGES))


def looks_like_furniture(block: Block) -> bool:
    """Whether a block could be part of a site's frame rather than of what a page says."""
    return (
        block.kind != "row"
        and len(block.text) <= _MAX_FURNITURE_CHARS
        and not _SAYS_SOMETHING.search(block.text)
        and bool(block.links)
    )
