"""Points at which ``kohyo notify`` is killed with SIGKILL; each is called in the process that will die there."""

from __future__ import annotations

import os
import signal
from typing import Any

from feeds.notify import run
from storage.archive import Writer


def nowhere() -> None:
    """Let it come to its end."""


def while_queueing() -> None:
    Writer.note = _die  # type: ignore[method-assign]


def before_sending() -> None:
    run._Round.run = _die  # type: ignore[method-assign]


def before_marking() -> None:
    """Kill it between the acknowledgement and its mark."""
    original = Writer.put_delivery

    def put_delivery(self: Writer, state: Any) -> None:
        if state.status == "sent":
            _die()
        original(self, state)

    Writer.put_delivery = put_delivery  # type: ignore[method-assign]


def _die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
