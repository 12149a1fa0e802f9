"""Folded texts in few bytes: on SQLite each is stored as its difference from one that it resembles.

A version differs little from the one before, and pages of a source say much in the same words. A text is
therefore compressed by Zstandard with another one as dictionary, its base, which may have a base itself: a
root. More there is not, so that any text is there again in some 15 microseconds, which is what makes it
possible to look at hundreds of them for a search. Short ones stay as they are.

PostgreSQL keeps plain texts: it could not look into others.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import Any

from storage.errors import Corrupt

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_DEPTH = 2
"""Bases below a text."""

_PLAIN_BYTES = 120  # shorter texts gain nothing
_MIN_BASE_BYTES = 64
_CLOSE_BYTES = 300  # a difference of fewer bytes is taken without asking what the text takes by itself
_OPTIONS: dict[int, int] = {
    zstd.CompressionParameter.compression_level: 8,  # 9 takes three times as long for 1 byte in 200
    zstd.CompressionParameter.checksum_flag: 1,
}


def pack(text: bytes, base: bytes | None = None) -> tuple[str | bytes, bool]:
    """Compress a text, and tell whether that is as its difference from ``base``."""
    if len(text) < _PLAIN_BYTES:
        return text.decode(), False
    if base is None or len(base) < _MIN_BASE_BYTES:
        return zstd.compress(text, options=_OPTIONS), False
    close = zstd.compress(text, options=_OPTIONS, zstd_dict=zstd.ZstdDict(base, is_raw=True).as_prefix)
    if len(close) > _CLOSE_BYTES:
        alone = zstd.compress(text, options=_OPTIONS)
        if len(close) > len(alone) * 3 // 4:
            return alone, False
    return close, True


def unpack(data: str | bytes, base: bytes | None = None) -> bytes:
    """Undo ``pack``. Raises Corrupt."""
    if isinstance(data, str):
        return data.encode()
    prefix = None if base is None else zstd.ZstdDict(base, is_raw=True).as_prefix
    unpacker = zstd.ZstdDecompressor(prefix)  # there is one frame, and a search has a thousand texts
    try:
        text = unpacker.decompress(data)
    except zstd.ZstdError as error:
        raise Corrupt(f"a stored text cannot be decompressed: {error}") from None
    if not unpacker.eof or unpacker.unused_data:
        raise Corrupt("a stored text cannot be decompressed: it is cut off, or goes on behind its end")
    return text


@lru_cache(256)
def _base(data: str | bytes, root: str | bytes | None) -> bytes:
    """Restore what is asked for by many: the first text of a page, and that of a source."""
    return unpack(data, None if root is None else _base(root, None))


def restore(data: str | bytes, base: str | bytes | None, root: str | bytes | None) -> bytes:
    """Restore a text from its row, that of its base and that of its base's base."""
    return unpack(data, None if base is None else _base(base, root))


@lru_cache(2_048)
def read(data: str | bytes, base: str | bytes | None, root: str | bytes | None) -> bytes:
    """Restore a text that is searched; the newest are asked for again and again."""
    return restore(data, base, root)


def holds(data: str | bytes, base: str | bytes | None, root: str | bytes | None, *phrases: str) -> bool:
    """Tell whether a text holds all phrases."""
    if isinstance(data, str):
        return all(phrase in data for phrase in phrases)
    text = read(data, base, root)  # in UTF-8 a phrase stands where it stands in letters, and nowhere else
    return all(phrase in text for phrase in _encoded(phrases))


@lru_cache(64)
def _encoded(phrases: tuple[str, ...]) -> list[bytes]:
    return [phrase.encode() for phrase in phrases]


def _text(data: str | bytes, base: str | bytes | None, root: str | bytes | None) -> str:
    return restore(data, base, root).decode()


def teach(connection: Any) -> None:
    """Let SQLite look into packed texts: ``text_holds`` (text, base, root, phrases …) and ``text_of``."""
    connection.create_function("text_holds", -1, holds, deterministic=True)
    connection.create_function("text_of", 3, _text, deterministic=True)
