"""Comparison keys: what must be equal for two texts to say the same.

``make_block_key`` is strict about content and blind to encoding, whitespace and noise. ``shape_key``
is blind to notation as well: 令和5年10月17日 and 2023/10/17, 二十八名 and 28名, 、 and ，. The keys
of a whole text run over block boundaries, so a new template around the same text is no change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache

from monitor.comparing.sameness.noise import link_target, mask_noise
from monitor.comparing.sameness.values import normalise_values
from storage.records import Block
from storage.text.fold import fold

_CACHED_CHARS = 500
"""Blocks up to this length are remembered: each is asked for several times, and sites repeat themselves."""


def make_block_key(text: str) -> str:
    """Give the text of one block as it is compared; empty where it is nothing but noise."""
    return _block_key(text) if len(text) <= _CACHED_CHARS else mask_noise(fold(text))


def shape_key(text: str) -> str:
    """Give ``make_block_key`` with dates, times, numbers and punctuation in one notation."""
    return _shape_key(text) if len(text) <= _CACHED_CHARS else normalise_values(make_block_key(text))


@lru_cache(4096)
def _block_key(text: str) -> str:
    return mask_noise(fold(text))


@lru_cache(4096)
def _shape_key(text: str) -> str:
    return normalise_values(_block_key(text))


def make_text_key(blocks: Sequence[Block]) -> str:
    """Make the key of a whole text with its links, whatever blocks it is cut into."""
    # the bars between the cells of a row are ours; a template may turn the row into a paragraph
    text = "".join(make_block_key(block.text).replace("|", "") for block in blocks)
    links = {
        f"{make_block_key(link.text)}>{target}"
        for block in blocks
        for link in block.links
        if (target := link_target(link.url)) and link.text
    }
    return digest("\n".join((text, *sorted(links))))


def digest(text: str) -> str:
    """Hash a text to 24 hexadecimal digits."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
