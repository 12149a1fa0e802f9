"""What a request brought, or why it brought nothing, as a Capture."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from scrapy import exceptions

from spiders.transport.browser import FLAG
from spiders.transport.encodings import INCOMPLETE
from spiders.transport.manners.retry_after import read_retry_after
from spiders.transport.politeness import AskedToStayAway
from storage.records import Capture, Visit

if TYPE_CHECKING:
    from scrapy.http import Response

_MEANINGS: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.CannotResolveHostError, "no such host"),
    (exceptions.DownloadTimeoutError, "no answer in time"),
    (exceptions.DownloadConnectionRefusedError, "connection refused"),
    (exceptions.ResponseDataLossError, "the answer broke off"),
    (exceptions.DownloadFailedError, "the connection failed"),
)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
FORBIDDEN = "robots.txt forbids this address"
_FAMILIAR = {
    "Forbidden by robots.txt": FORBIDDEN,
    "max redirections reached": "redirected in a circle, or too often",
}


def capture(visit: Visit, response: Response, now: datetime, **more: Any) -> Capture:
    """Make the capture of an answer of any status. What only an operator can act on is told in ``error``."""
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    if FLAG in response.flags:
        headers += (("X-Kohyo-Drawn", "by scripts, in a browser"),)  # no server sent these bytes
    return Capture(
        source=visit.source,
        url=visit.url,
        role=visit.role,
        captured_at=now,
        status=response.status,
        final_url=response.url,
        redirects=_redirects(response),
        headers=headers,
        body=response.body,
        error=_complaint(response, now),
        row=visit.row,
        **more,
    )


def capture_failure(visit: Visit, error: BaseException, now: datetime, *, limit: int) -> Capture:
    """Make the capture of a visit that got no answer at all.

    A host that asked to be left alone said so to another of its pages; its Retry-After stands for all of
    them, so that none is due before.
    """
    headers: tuple[tuple[str, str], ...] = ()
    if isinstance(error, AskedToStayAway):
        headers = (("Retry-After", format_datetime(error.until, usegmt=True)),)
    return Capture(
        source=visit.source,
        url=visit.url,
        role=visit.role,
        captured_at=now,
        headers=headers,
        error=explain(error, limit=limit),
        row=visit.row,
    )


def explain(error: BaseException, *, limit: int) -> str:
    """Explain an error in one line for a person. ``limit`` is the most bytes an answer may have."""
    said = " ".join(str(error).split())
    if isinstance(error, exceptions.IgnoreRequest):
        # Scrapy, and our own robots.txt, gate and Retry-After, refuse with their reason.
        if "exceeded DOWNLOAD_MAXSIZE" in said:
            return f"larger than {limit} bytes when unpacked"
        return _FAMILIAR.get(said, said)
    if isinstance(error, exceptions.DownloadCancelledError):
        return f"larger than {limit} bytes"  # nothing else cancels a download here
    for kind, meaning in _MEANINGS:
        if isinstance(error, kind):
            return f"{meaning}: {said}"[:500].rstrip(": ")
    return f"{type(error).__name__}: {said}"[:500].rstrip(": ")


def _redirects(response: Response) -> tuple[str, ...]:
    assert response.request is not None
    return tuple(response.request.meta.get("redirect_urls", ()))


def find_break(response: Response) -> str:
    """Say why an answer is known not to be whole; empty where nothing is known."""
    flag = next((flag for flag in response.flags if flag.startswith(INCOMPLETE)), "")
    return f"the answer broke off: {flag.removeprefix(INCOMPLETE)}" if flag else ""


def _complaint(response: Response, now: datetime) -> str:
    if reason := find_break(response):
        return reason
    if response.status in (429, 503) and (
        until := read_retry_after(response.headers.get(b"Retry-After"), now)
    ):
        return f"the server asks to stay away until {until:%Y-%m-%d %H:%M:%S} UTC"
    if response.status == 429 or response.status >= 500:
        return f"the server answered {response.status} {_PHRASES.get(response.status, '')}".rstrip()
    if 300 <= response.status < 400 and response.status != 304:
        target = (response.headers.get(b"Location") or b"nowhere").decode("latin-1")
        return f"redirected to {target}, which is not followed"
    return ""
