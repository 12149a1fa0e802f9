"""Send a few bytes to an address that the operator named, and to no other: redirects are not followed."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

TIMEOUT_SECONDS = 10
MAX_ANSWER_BYTES = 1_000_000

Resolve = Callable[[str], str]
"""The IP address to connect to for a URL. Raises OSError where it may not be fetched, or has none."""


def post(url: str, body: bytes, headers: Mapping[str, str], resolve: Resolve) -> tuple[int, bytes]:
    """Send ``body`` in one request; return the status and the answer.

    Raises OSError, ValueError or HTTPException where there is none, or it is too long.
    """
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, resolve(url))
    try:
        path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("POST", path, body, {"User-Agent": "kohyo", **headers})
        answer = connection.getresponse()
        read = answer.read(MAX_ANSWER_BYTES + 1)
    finally:
        connection.close()
    if len(read) > MAX_ANSWER_BYTES:
        raise ValueError("the answer is too long")
    return answer.status, read


def _connection(scheme: str, host: str, port: int | None, address: str) -> http.client.HTTPConnection:
    if scheme == "https":
        return _Secure(host, port, address)
    return _Plain(host, port, address)


class _Plain(http.client.HTTPConnection):
    """Connects to the very address that was judged: a name may be answered otherwise the next time."""

    def __init__(self, host: str, port: int | None, address: str) -> None:
        super().__init__(host, port, timeout=TIMEOUT_SECONDS)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT_SECONDS)


class _Secure(_Plain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
