"""The command line, killed with SIGKILL at a named point: ``python -m tests.feeds.killing POINT ARGUMENT…``"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from feeds.notify import run
from monitor.cli import main
from storage.archive import Writer


def die(*_: Any, **__: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def put_delivery(self: Writer, state: Any) -> None:
    if state.status == "sent":
        die()
    original(self, state)


original = Writer.put_delivery

if __name__ == "__main__":
    point = sys.argv.pop(1)
    if point == "while queueing":
        Writer.note = die  # type: ignore[method-assign]
    elif point == "before sending":
        run._Round.run = die  # type: ignore[method-assign]
    elif point == "before marking":
        Writer.put_delivery = put_delivery  # type: ignore[method-assign]
    else:
        assert point == "nowhere"
    main()
