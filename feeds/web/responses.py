"""Answer over HTTP: conditional, compressed, with the headers that keep strangers' bytes harmless."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import cached_property
from types import MappingProxyType
from typing import IO, Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from feeds.views.render import POLICY

_PIECE_BYTES = 1 << 16
_MIN_GZIP_BYTES = 600  # bytes that are not worth compressing

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

DATA_POLICY = "default-src 'none'; sandbox"
"""The policy of whatever is data and no page: feeds, JSON, stored bytes."""


CORS_HEADERS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link"}
"""Pages of other sites may read what everybody may read. Nothing that decides is open to them."""


@dataclass(eq=False)
class Whole:
    """An answer before it is known what of it a client needs: the bytes, and what is said of them."""

    body: bytes
    media: str
    modified: datetime | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def tag(self) -> str:
        """The validator: a digest of the bytes, which is the same for every server that makes them."""
        return hashlib.blake2b(self.body, digest_size=16).hexdigest()

    @cached_property
    def packed(self) -> bytes:
        """The bytes, compressed."""
        return gzip.compress(self.body, 6, mtime=0)

    def _is_packed(self, request: Request) -> bool:
        accepted = request.headers.get("accept-encoding", "")
        return "gzip" in accepted and len(self.body) >= _MIN_GZIP_BYTES

    def answer(self, request: Request) -> WholeResponse:
        """Answer with the body, or 304 where the client has it."""
        is_packed = self._is_packed(request)
        text = "charset" not in self.media and _is_text(self.media)
        sent = {
            **HEADERS,
            "Content-Type": f"{self.media}; charset=utf-8" if text else self.media,
            "Cache-Control": "no-cache",
            "ETag": f'"{self.tag}-gz"' if is_packed else f'"{self.tag}"',
            "Vary": "Accept-Encoding",
            **self.headers,
        }
        if not self.media.startswith("text/html"):
            sent["Content-Security-Policy"] = DATA_POLICY
        if self.modified is not None:
            sent["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        if self.status == 200 and _client_has(request, self.tag, self.modified):
            del sent["Content-Type"]
            return WholeResponse(self, b"", 304, sent)
        if is_packed:
            sent["Content-Encoding"] = "gzip"
        else:
            sent["Content-Length"] = str(len(self.body))
        body = b"" if is_packed or request.method == "HEAD" else self.body
        return WholeResponse(self, body, self.status, sent, packed=is_packed)


class WholeResponse(Response):
    """A response that knows what it is a part of.

    What is ``packed`` is compressed as it is sent, by another thread: it holds up nobody who makes an answer.
    """

    def __init__(
        self, whole: Whole, body: bytes, status: int, headers: Mapping[str, str], *, packed: bool = False
    ) -> None:
        super().__init__(body, status, headers)
        self.whole = whole
        self._packed = packed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the response."""
        if self._packed:
            whole = self.whole
            if "packed" not in whole.__dict__:
                await asyncio.get_running_loop().run_in_executor(None, lambda: whole.packed)
            self.headers["Content-Length"] = str(len(whole.packed))
            self.body = b"" if scope["method"] == "HEAD" else whole.packed
        await super().__call__(scope, receive, send)


def respond(
    request: Request,
    body: bytes,
    media: str,
    *,
    modified: datetime | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> WholeResponse:
    """Answer with the body, or 304 where the client has it; the validator is a digest of the bytes."""
    return Whole(body, media, modified, status, headers or {}).answer(request)


def respond_file(
    request: Request,
    file: IO[bytes],
    media: str,
    name: str,
    headers: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """Answer with a file that was written for this answer, from its first byte on, and close it."""
    size, tag = file.tell(), _digest(file)
    sent = {
        **HEADERS,
        "Content-Security-Policy": DATA_POLICY,
        "Content-Type": media,
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(size),
        "Cache-Control": "no-cache",
        "ETag": f'"{tag}"',
        **_cors_headers(request),
        **headers,
    }
    if _client_has(request, tag, None):
        file.close()
        for name in ("Content-Type", "Content-Length"):
            del sent[name]
        return Response(status_code=304, headers=sent)
    if request.method == "HEAD":
        file.close()
        return Response(b"", 200, sent)
    return StreamingResponse(_pieces(file), 200, sent, background=BackgroundTask(file.close))


def _digest(file: IO[bytes]) -> str:
    file.seek(0)
    digest = hashlib.blake2b(digest_size=16)
    for piece in _pieces(file):
        digest.update(piece)
    file.seek(0)
    return digest.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(_PIECE_BYTES):
        yield piece


def _is_text(media: str) -> bool:
    return media.startswith("text/") or media.endswith(("+xml", "json"))


def _client_has(request: Request, tag: str, modified: datetime | None) -> bool:
    """Say whether the client has these bytes.

    If-None-Match decides where it is given, since two changes can fall into one second.
    """
    given = request.headers.get("if-none-match")
    if given is not None:
        tags = {one.strip().removeprefix("W/").strip('"').removesuffix("-gz") for one in given.split(",")}
        return tag in tags or given.strip() == "*"
    since = request.headers.get("if-modified-since")
    if since is None or modified is None:
        return False
    try:
        then = parsedate_to_datetime(since)
    except (ValueError, OverflowError):
        return False
    return then.tzinfo is not None and modified.replace(microsecond=0) <= then


def redirect_beside(request: Request, path: str) -> Response:
    """Redirect to the page that another one of its folder goes on as: of a merged incident, or a body."""
    query = f"?{request.url.query}" if request.url.query else ""
    place = path.rpartition("/")[2]
    return Response(status_code=308, headers={**HEADERS, "Location": f"{place}{query}"})


def respond_text(
    request: Request, message: str, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with an error of a feed or an interface: words, never markup."""
    body = message.encode("utf-8", "replace") + b"\n"
    return respond(
        request, body, "text/plain", status=status, headers={**_cors_headers(request), **(headers or {})}
    )


def respond_json(request: Request, value: Any, status: int = 200) -> Response:
    """Answer with a value as JSON."""
    body = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    return respond(request, body, "application/json", status=status, headers=_cors_headers(request))


def _cors_headers(request: Request) -> dict[str, str]:
    return CORS_HEADERS if request.method in ("GET", "HEAD") else {}
