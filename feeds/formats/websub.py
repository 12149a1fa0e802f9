"""Notify a WebSub hub of feeds with new entries, so that subscribers need not poll."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from urllib.parse import urlencode

from feeds.formats.posting import Resolve, post
from feeds.wording.sanitise import web_url


def ping(hub: str, feeds: Sequence[str], resolve: Resolve) -> str | None:
    """Announce ``feeds`` to ``hub`` in one request; return what went wrong, or None.

    A hub that is down is no reason to fail: subscribers still poll.
    """
    if not feeds:
        return None
    if web_url(hub) is None:
        return f"hub {hub!r}: not an address that begins with http:// or https://"
    body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        status, _ = post(hub, body.encode(), headers, resolve)
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"hub {hub}: {error or type(error).__name__}"
    if 200 <= status < 300:
        return None
    led = "; redirects are not followed" if 300 <= status < 400 else ""
    return f"hub {hub}: HTTP {status}{led}"
