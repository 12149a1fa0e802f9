"""Connections that do not wait for ever: for a request that never ends, or for an answer that nobody reads.

uvicorn knows a time limit between requests, and none within one. Half-sent requests, which cost a stranger
nothing, would take every connection there is.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

MAX_CONNECTIONS = 500
"""Half of the files that a process may usually open. Of more, who has waited longest for the end of a request
makes room."""

HEAD_SECONDS = 10.0
BODY_SECONDS = 30.0
"""A form has at most a few thousand characters."""

ANSWER_SECONDS = 300.0
"""The largest stored answer over a line of one megabit a second."""


class BoundedProtocol(H11Protocol):
    """Uvicorn's HTTP/1.1 with limits: so many connections, and so many seconds for each part of a request."""

    _timer: asyncio.TimerHandle | None = None
    _awaits = ""
    """``head``, ``body`` or ``answer``; nothing between two requests."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request.

        Where there are too many connections, the one longest without the end of its request makes room.
        """
        if len(self.connections) >= MAX_CONNECTIONS:
            self._make_room()
        super().connection_made(transport)
        self._await("head")

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock of a connection that is gone."""
        self._await("")
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came, and wait for what is due next."""
        super().data_received(data)
        self._follow()

    def on_response_complete(self) -> None:
        """Stop the clock of an answer, and go on with a request that was sent ahead."""
        self._await("")
        super().on_response_complete()  # goes on with a request that was sent ahead
        if self.cycle is not None and not self.cycle.response_complete:
            self._follow()

    def _follow(self) -> None:
        if self.transport.is_closing():
            self._await("")
        elif self.conn.their_state is h11.IDLE:
            self._await("head")
        elif self.conn.their_state is h11.SEND_BODY:
            self._await("body")
        else:
            self._await("answer")

    def _await(self, what: str) -> None:
        """Start the time for the next thing to come to its end; what is awaited already goes on running."""
        if what == self._awaits:
            return
        if self._timer is not None:
            self._timer.cancel()
        seconds = {"head": HEAD_SECONDS, "body": BODY_SECONDS, "answer": ANSWER_SECONDS}.get(what)
        self._awaits = what
        self._timer = self.loop.call_later(seconds, self.transport.abort) if seconds else None

    def _make_room(self) -> None:
        half_sent = [
            one
            for one in self.connections
            if isinstance(one, BoundedProtocol) and one._timer is not None and one._awaits in ("head", "body")
        ]
        if half_sent:
            oldest = min(half_sent, key=lambda one: one._timer.when() if one._timer else 0.0)
            oldest._await("")
            oldest.connections.discard(oldest)
            oldest.transport.abort()
