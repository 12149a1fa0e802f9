"""Notify a WebSub hub of feeds with new entries, so that subscribers need not poll."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Sequence
from urllib.parse import urlencode, urlsplit

from feeds.wording.sanitise import web_url

_TIMEOUT_SECONDS = 10

Resolve = Callable[[str], str]
"""The IP address to connect to for a URL. Raises OSError where it may not be fetched, or has none."""


def ping(hub: str, feeds: Sequence[str], resolve: Resolve) -> str | None:
    """Announce ``feeds`` to ``hub`` in one request; return what went wrong, or None.

    A hub that is down is no reason to fail: subscribers still poll.
    """
    if not feeds:
        return None
    if web_url(hub) is None:
        return f"hub {hub!r}: not an address that begins with http:// or https://"
    body = urlencode([("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)])
    headers = {"User-Agent": "kohyo", "Content-Type": "application/x-www-form-urlencoded"}
    parts = urlsplit(hub)
    try:
        connection = _connection(parts.scheme, parts.hostname or "", parts.port, resolve(hub))
        try:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
        finally:
            connection.close()
    except (OSError, ValueError, http.client.HTTPException) as error:
        return f"hub {hub}: {error or type(error).__name__}"
    if 200 <= answer.status < 300:
        return None
    led = "; redirects are not followed" if 300 <= answer.status < 400 else ""
    return f"hub {hub}: HTTP {answer.status}{led}"


def _connection(scheme: str, host: str, port: int | None, address: str) -> http.client.HTTPConnection:
    if scheme == "https":
        return _Secure(host, port, address)
    return _Plain(host, port, address)


class _Plain(http.client.HTTPConnection):
    """Connects to the very address that was judged: a name may be answered otherwise the next time."""

    def __init__(self, host: str, port: int | None, address: str) -> None:
        super().__init__(host, port, timeout=_TIMEOUT_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), _TIMEOUT_SECONDS)


class _Secure(_Plain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
