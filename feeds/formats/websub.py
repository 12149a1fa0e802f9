"""Tells a WebSub hub that feeds have something new, so that it need not be asked again and again."""

from __future__ import annotations

import urllib.request
from collections.abc import Sequence
from urllib.parse import urlencode

from feeds.wording.sanitise import web_url

_TIMEOUT_SECONDS = 10  # seconds


def ping(hub: str, feeds: Sequence[str]) -> str | None:
    """Announce ``feeds`` to ``hub``, all in one request; what went wrong, or None. A hub that is down is
    no reason to fail: subscribers still poll."""
    if not feeds:
        return None
    if web_url(hub) is None:
        return f"hub {hub!r}: not an address that begins with http:// or https://"
    body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]).encode()
    try:
        request = urllib.request.Request(hub, body, {"User-Agent": "kohyo"})  # noqa: S310 - checked above
        with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS):  # noqa: S310
            return None
    except (OSError, ValueError) as error:
        return f"hub {hub}: {error}"
