"""Who may decide, and what they may decide.

feeds does not judge and does not act: whoever makes the application gives it an ``Operator``. The
token is shown once, in a form or in a header, and never stored: a session is its nonce and hour of
birth, signed with the token, in a cookie that scripts and other sites cannot use.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass
from typing import Literal, Protocol
from urllib.parse import urlsplit

from starlette.requests import Request

from storage.records import LinkStatus

COOKIE = "kohyo"
SESSION_SECONDS = 12 * 3_600
MIN_TOKEN_CHARS = 16
"""Characters of a token that nobody guesses."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of it, in both languages; ``already``: another decision stands."""

    outcome: Literal["done", "already", "unknown"]
    detail: str
    ja: str


class Operator(Protocol):
    def decide_offer(self, offer: int, *, accept: bool) -> Decision: ...
    def decide_link(
        self, slug: str, notice: int, *, accept: bool, overrules: LinkStatus | None = None
    ) -> Decision:
        """The first decision stands; another takes its place only where it says what it ``overrules``."""
        ...

    def redact(self, notice: int, reason: str) -> Decision: ...


@dataclass(frozen=True, slots=True)
class Gate:
    """Compares in constant time whatever is compared with the token or made from it."""

    token: str

    def __post_init__(self) -> None:
        if len(self.token) < MIN_TOKEN_CHARS:
            raise ValueError(f"the token is shorter than {MIN_TOKEN_CHARS} characters")

    def admits(self, token: str) -> bool:
        return hmac.compare_digest(token.encode("utf-8", "replace"), self.token.encode())

    def admits_bearer(self, request: Request) -> bool:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self.admits(token.strip())

    def open_session(self, now: float | None = None) -> str:
        born = f"{int(time.time() if now is None else now)}.{secrets.token_urlsafe(18)}"
        return f"{born}.{self._sign('session', born)}"

    def proof(self, request: Request) -> str:
        """What the forms of this session carry, which no other site can know; empty without a session."""
        born, _, signature = request.cookies.get(COOKIE, "").rpartition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("session", born).encode()):
            return ""
        hour = int(born.partition(".")[0])
        return self._sign("form", born) if 0 <= time.time() - hour < SESSION_SECONDS else ""

    def admits_form(self, request: Request, given: str) -> bool:
        proof = self.proof(request)
        return bool(proof) and hmac.compare_digest(given.encode("utf-8", "replace"), proof.encode())

    def _sign(self, purpose: str, text: str) -> str:
        return hmac.new(self.token.encode(), f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()


def is_cross_site(request: Request) -> bool:
    """Whether the browser says that another site sent this. Our pages send no referrer, so their
    forms have the origin "null"."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.headers.get("host")
