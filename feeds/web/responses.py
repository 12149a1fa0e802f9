"""Answer over HTTP: conditional, compressed, with the headers that keep strangers' bytes harmless."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from types import MappingProxyType
from typing import IO, Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

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


def respond(
    request: Request,
    body: bytes,
    media: str,
    *,
    modified: datetime | None = None,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    """Answer with the body, or 304 where the client has it; the validator is a digest of the bytes."""
    packed = "gzip" in request.headers.get("accept-encoding", "") and len(body) >= _MIN_GZIP_BYTES
    tag = hashlib.blake2b(body, digest_size=16).hexdigest()
    sent = {
        **HEADERS,
        "Content-Type": media if "charset" in media or not _is_text(media) else f"{media}; charset=utf-8",
        "Cache-Control": "no-cache",
        "ETag": f'"{tag}-gz"' if packed else f'"{tag}"',
        "Vary": "Accept-Encoding",
        **(headers or {}),
    }
    if not media.startswith("text/html"):
        sent["Content-Security-Policy"] = DATA_POLICY
    if modified is not None:
        sent["Last-Modified"] = format_datetime(modified.astimezone(UTC), usegmt=True)
    if status == 200 and _client_has(request, tag, modified):
        del sent["Content-Type"]
        return Response(status_code=304, headers=sent)
    if packed:
        body = gzip.compress(body, 6, mtime=0)
        sent["Content-Encoding"] = "gzip"
    sent["Content-Length"] = str(len(body))
    return Response(b"" if request.method == "HEAD" else body, status, sent)


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
