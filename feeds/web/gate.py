"""Who may decide: whoever holds the token.

It is sent once, in a form or in a header, and never stored: a session is its nonce and hour of birth,
signed with the token, in a cookie that scripts and other sites cannot use.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import secrets
import time
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from starlette.requests import Request

from feeds.operator import MIN_TOKEN_CHARS
from feeds.web.lookup import BilingualError
from feeds.web.running.processes import Shared

_LOG = logging.getLogger(__name__)

COOKIE = "kohyo"
SESSION_SECONDS = 12 * 3_600
ASK_FOR_TOKEN = {"WWW-Authenticate": 'Basic realm="kohyo", charset="UTF-8"'}
"""What lets a reader of feeds ask for a password: the token, with any name."""

MAX_GUESSES, GUESSING_SECONDS = 10, 600
"""Wrong tokens within so many seconds, after which no further one is looked at."""

MAX_CLIENTS = 10_000
"""Addresses whose guesses are remembered."""


class Guesses:
    """Wrong tokens by where they came from.

    Who guesses is not listened to for a while, and is named in the log. Behind a web server that does
    not name its clients, that is all at once.
    """

    def __init__(self) -> None:
        self._wrong: dict[str, list[float]] = {}

    def are_too_many(self, client: str) -> bool:
        """Tell whether a client has sent so many wrong tokens of late that it is not asked for another."""
        since = time.monotonic() - GUESSING_SECONDS
        return sum(moment > since for moment in self._wrong.get(client, ())) >= MAX_GUESSES

    def count(self, client: str) -> None:
        """Note a wrong token, and log it; of too many clients the one that guessed first is forgotten."""
        if client not in self._wrong and len(self._wrong) >= MAX_CLIENTS:
            del self._wrong[next(iter(self._wrong))]
        moments = [*self._wrong.pop(client, ()), time.monotonic()][-MAX_GUESSES:]
        self._wrong[client] = moments
        _LOG.warning("kohyo: a wrong token from %s (%d of late)", client, len(moments))


@dataclass(frozen=True, slots=True)
class Gate:
    """Checks the token; everything made from it is compared in constant time."""

    token: str
    guesses: Guesses = field(default_factory=Guesses)
    shared: Shared = field(default_factory=Shared)
    """What other processes of this server know: among it which sessions were left before their time."""
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    """Part of every signature: what this server forgets, such as who left, opens nothing afterwards."""

    def __post_init__(self) -> None:
        if len(self.token) < MIN_TOKEN_CHARS:
            raise ValueError(f"the token is shorter than {MIN_TOKEN_CHARS} characters")

    def admits(self, request: Request, token: str) -> bool:
        """Say whether this is the token."""
        client = _client(request)
        if self.guesses.are_too_many(client):
            raise BilingualError(429, "guessing", headers={"Retry-After": str(GUESSING_SECONDS)})
        right = hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())
        if token and not right:
            self.guesses.count(client)
        return right

    def admits_bearer(self, request: Request) -> bool:
        """Say whether the request's Authorization header carries the token."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self.admits(request, token.strip())

    def admits_reader(self, request: Request) -> bool:
        """Say whether a request to read carries the token, as bearer or as the password of HTTP Basic.

        Nothing is decided by the latter: a browser sends a password to whatever asks for it again.
        """
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return self.admits_bearer(request)
        try:
            said = base64.b64decode(given, validate=True).decode("utf-8", "replace")
        except ValueError:
            return False
        return self.admits(request, said.partition(":")[2])

    def open_session(self, now: float | None = None) -> str:
        """Make the cookie of a new session."""
        born = f"{int(time.time() if now is None else now)}.{secrets.token_urlsafe(18)}"
        return f"{born}.{self._sign('session', born)}"

    def proof(self, request: Request) -> str:
        """Make what forms of this session carry and no other site can know; empty without a session."""
        born, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", born).encode()):
            return ""
        hour = int(born.partition(".")[0])
        valid = 0 <= time.time() - hour < SESSION_SECONDS and not self.shared.was_left(born)
        return self._sign("form", born) if valid else ""

    def end_session(self, request: Request) -> None:
        """Let the session of a request open nothing any more, whoever has a copy of its cookie."""
        self.shared.note_left(request.cookies.get(COOKIE, "").rpartition(".")[0])

    def admits_form(self, request: Request, given: str) -> bool:
        """Say whether a form carries the proof of its session."""
        proof = self.proof(request)
        return bool(proof) and hmac.compare_digest(given.encode("utf-8", "replace"), proof.encode())

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(
            self.token.encode() + self.key, f"{purpose}\n{text}".encode(), hashlib.sha256
        ).hexdigest()


def _client(request: Request) -> str:
    """Name where a request came from; of IPv6 the network: one machine has any number of addresses."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if address.version == 6 else host


def is_loopback(request: Request) -> bool:
    """Say whether a request came from this machine, as far as a web server in front names its clients."""
    try:
        return ip_address(request.client.host if request.client else "").is_loopback
    except ValueError:
        return False


def is_cross_site(request: Request) -> bool:
    """Say whether the browser reports that another site sent this request.

    Our pages send no referrer, so their forms have the origin "null".
    """
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.headers.get("host")
