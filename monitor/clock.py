"""The clock of a run: real time, or the time of a story being told (``KOHYO_NOW``)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Now = Callable[[], datetime]


def make_clock(start: str | None) -> Now:
    """Make a clock that shows UTC. With ``start`` (ISO 8601 with zone) it begins there and goes on.

    Raises ValueError where ``start`` is no such time.
    """
    if not start:
        return lambda: datetime.now(UTC)
    begin = datetime.fromisoformat(start)
    if begin.tzinfo is None:
        raise ValueError(f"KOHYO_NOW={start}: a time needs its zone, as in 2023-10-17T09:00:00+09:00")
    began = time.monotonic()
    return lambda: begin.astimezone(UTC) + timedelta(seconds=time.monotonic() - began)
