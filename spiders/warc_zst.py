"""A .warc.zst as the plain WARC it holds: a frame of zstd for each record, with or without a dictionary.

The form is that of https://iipc.github.io/warc-specifications/specifications/warc-zstd/. A file that is one
frame is unpacked as well.
"""

from __future__ import annotations

import mmap
import sys
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

_FRAME = b"\x28\xb5\x2f\xfd"
_DICTIONARY = 0x184D2A5D
_SKIPPABLE = 0x184D2A50  # and the 15 numbers behind it
_PIECE_BYTES = 1 << 16
MAX_DICTIONARY_BYTES = 16 << 20
"""Of a dictionary, packed or not; those of archives have at most a hundred kilobytes."""


class TooMuchInside(Exception):
    """A file that holds more than may be unpacked."""


def is_zst(path: Path) -> bool:
    """Tell whether a file begins as zstd does, with a frame or with a dictionary."""
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError:
        return False
    return start == _FRAME or _is_skippable(int.from_bytes(start, "little"))


def unpack_records(path: Path, target: Path, limit: int, damaged: Callable[[str], None]) -> None:
    """Write the records of a file one behind the other, without those of damaged frames, which are named.

    Raises TooMuchInside above ``limit`` bytes, and ValueError for a dictionary that is none.
    """
    dictionary: zstd.ZstdDict | None = None
    at, named = 0, False
    with path.open("rb") as packed, target.open("wb") as plain:
        size = packed.seek(0, 2)
        while at < size:
            packed.seek(at)
            kind, length = (int.from_bytes(packed.read(4), "little") for _ in range(2))
            if _is_skippable(kind):
                if kind == _DICTIONARY and not at:
                    dictionary = _load_dictionary(packed, length)
                at += 8 + length
                continue
            begin = plain.tell()
            try:
                at, named = _unpack_frame(packed, at, plain, dictionary, limit), False
            except (zstd.ZstdError, EOFError) as error:
                if not named:
                    damaged(f"{path}: record at byte {at}: {error}")
                named = True
                plain.seek(begin)
                plain.truncate()
                at = _find_next_frame(packed, at + 1, size)


def _is_skippable(kind: int) -> bool:
    return kind & ~0xF == _SKIPPABLE


def _load_dictionary(packed: BinaryIO, length: int) -> zstd.ZstdDict:
    if length > MAX_DICTIONARY_BYTES:
        raise ValueError(f"a dictionary of {length} bytes")
    data = packed.read(length)
    if data.startswith(_FRAME):
        data = zstd.ZstdDecompressor().decompress(data, MAX_DICTIONARY_BYTES)
    try:
        return zstd.ZstdDict(data)
    except zstd.ZstdError as error:
        raise ValueError(f"no dictionary: {error}") from None


def _unpack_frame(
    packed: BinaryIO, at: int, plain: BinaryIO, dictionary: zstd.ZstdDict | None, limit: int
) -> int:
    """Unpack one frame, and return where the next begins. Raises EOFError where it does not end."""
    packed.seek(at)
    stream = zstd.ZstdDecompressor(zstd_dict=dictionary)
    while not stream.eof:
        piece = packed.read(_PIECE_BYTES) if stream.needs_input else b""
        if stream.needs_input and not piece:
            raise EOFError("it has no end")
        at += len(piece)
        plain.write(stream.decompress(piece, _PIECE_BYTES))
        if plain.tell() > limit:
            raise TooMuchInside(f"larger than {limit} bytes when unpacked")
    return at - len(stream.unused_data)


def _find_next_frame(packed: BinaryIO, at: int, size: int) -> int:
    with mmap.mmap(packed.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = data.find(_FRAME, at)
    return found if found >= 0 else size
