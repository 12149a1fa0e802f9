"""Bodies as they were before Content-Encoding, whole or not at all.

Scrapy gives what it could unpack of a stream that broke off, and nobody after it can tell.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Callable, Iterable
from typing import Any

import brotli
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.responsetypes import responsetypes

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

INCOMPLETE = "incomplete: "
"""What a flag of a Response begins with that is known not to be whole; the reason follows."""

_PIECE_BYTES = 65_536
MAX_MEMBERS = 10_000
"""Of gzip or zstd, one after the other; each costs the same, however little is in it."""


class TooLarge(Exception):
    """More bytes come out than may."""


class NotPacked(ValueError):
    """The bytes are not in the encoding that is said of them."""


class Incomplete(Exception):
    """The stream has no end, or is damaged. ``body``: what came out of it before."""

    def __init__(self, reason: str, body: bytes) -> None:
        super().__init__(reason)
        self.body = body


def list_encodings(headers: Iterable[str]) -> list[str]:
    """Return the encodings of a body, the last one applied first; Content-Encoding lists them in turn."""
    named = [one.strip().lower() for value in headers for one in value.split(",")]
    return [one for one in reversed(named) if one not in ("", "identity")]


def unpack(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo one encoding: gzip, deflate, br or zstd.

    ``limit`` is in bytes. Raises Incomplete, TooLarge, or ValueError where the bytes are not in that
    encoding, or nobody here knows it.
    """
    if not body:
        return b""  # nothing was packed, as with an answer without a body
    steps: dict[str, Callable[[bytes, _Out], None]] = {
        "gzip": _gzip,
        "x-gzip": _gzip,
        "deflate": _deflate,
        "br": _brotli,
        "zstd": _zstd,
    }
    step = steps.get(encoding)
    if step is None:
        raise ValueError(f"encoded as {encoding[:40]}, which nobody here can read")
    out = _Out(limit)
    try:
        step(body, out)
    except (zlib.error, brotli.error, zstd.ZstdError) as error:
        if not out.size:
            raise NotPacked(f"not {encoding}, though it says so: {error}") from None
        raise Incomplete(f"damaged {encoding}: {error}", out.body) from None
    if not out.ended:
        raise Incomplete(f"{encoding} without its end", out.body)
    return out.body


class _Out:
    """What came out, and no more than may."""

    def __init__(self, limit: int) -> None:
        self.limit, self.size, self.ended = limit, 0, False
        self.members = 0
        self.pieces: list[bytes] = []

    def begin_member(self) -> None:
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise TooLarge(f"packed in more than {MAX_MEMBERS} members")

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size > self.limit:
            self.pieces.clear()  # the error's traceback would hold them
            raise TooLarge(f"larger than {self.limit} bytes when unpacked")
        self.pieces.append(piece)

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


def _gzip(body: bytes, out: _Out) -> None:
    at = 0
    while body[at : at + 2] == b"\x1f\x8b" or not at:  # bytes behind the last member are none of it
        out.begin_member()
        at = _zlib(body, out, 31, at)
        if not out.ended or at >= len(body):
            return


def _deflate(body: bytes, out: _Out) -> None:
    try:
        zlib.decompressobj().decompress(body[:_PIECE_BYTES], 1)
    except zlib.error:
        _zlib(body, out, -15)  # raw, as some servers send it
    else:
        _zlib(body, out, 15)


def _zlib(body: bytes, out: _Out, window: int, at: int = 0) -> int:
    """Unpack one stream that begins ``at`` there, and return where it ends.

    Input goes in by pieces, since what is not yet consumed is copied each time.
    """
    stream = zlib.decompressobj(window)
    while at < len(body) and not stream.eof:
        data = body[at : at + _PIECE_BYTES]
        at += len(data)
        while data and not stream.eof:
            out.add(stream.decompress(data, _PIECE_BYTES))
            data = stream.unconsumed_tail
    while not stream.eof and (piece := stream.decompress(b"", _PIECE_BYTES)):
        out.add(piece)
    out.ended = stream.eof
    return at - len(stream.unused_data)


def _brotli(body: bytes, out: _Out) -> None:
    stream: Any = brotli.Decompressor()
    piece = stream.process(body, output_buffer_limit=_PIECE_BYTES)
    while piece:
        out.add(piece)
        piece = b"" if stream.is_finished() else stream.process(b"", output_buffer_limit=_PIECE_BYTES)
    out.ended = stream.is_finished()


def _zstd(body: bytes, out: _Out) -> None:
    at = 0
    while at < len(body):
        out.begin_member()
        stream = zstd.ZstdDecompressor()
        while at < len(body) and not stream.eof:
            data = body[at : at + _PIECE_BYTES]
            at += len(data)
            out.add(stream.decompress(data, _PIECE_BYTES))
            while not stream.eof and not stream.needs_input:
                out.add(stream.decompress(b"", _PIECE_BYTES))
        at -= len(stream.unused_data) if stream.eof else 0
        out.ended = stream.eof


class WholeBodyMiddleware(HttpCompressionMiddleware):
    """Unpacks an answer, and marks one that is known not to be whole, so that it is asked for again."""

    def process_response(  # type: ignore[override]  # the spider argument is a thing of the past
        self, request: Request, response: Response
    ) -> Response:
        """Unpack an answer, and mark with a flag one that broke off or is not encoded as it says.

        Raises IgnoreRequest where the body is larger than ``download_maxsize`` when unpacked.
        """
        limit: int = request.meta.get("download_maxsize", self._max_size)
        packed = list_encodings(
            value.decode("latin-1") for value in response.headers.getlist("Content-Encoding")
        )
        if not packed or request.method == "HEAD":
            return response
        body, flags = response.body, list(response.flags)
        try:
            for encoding in packed:
                body = unpack(body, encoding, limit)
        except TooLarge as error:
            raise IgnoreRequest(str(error)) from None
        except Incomplete as error:
            body = error.body
            flags.append(f"{INCOMPLETE}{error}")
        except ValueError as error:
            flags.append(f"{INCOMPLETE}{error}")
        headers = response.headers.copy()
        del headers[b"Content-Encoding"]
        kind = responsetypes.from_args(headers=headers, url=response.url, body=body)
        return response.replace(cls=kind, body=body, flags=flags, headers=headers)
