"""A search for what can be watched, in a process of its own: a server has no crawl to run it in."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

MAX_SECONDS = 120
"""A search asks 16 addresses, one a second, of a host that may be slow."""
_ONE = threading.Lock()


def find_apart(url: str, db: str, *, private: bool = False) -> Mapping[str, Any] | str:
    """Search at an address by ``kohyo sources new``, one search at a time.

    ``db`` is the address of the archive. Returns the findings as JSON, or in one line why there are none.
    """
    command = [sys.executable, "-X", "utf8", "-m", "monitor.cli", "--db", db, "sources", "new", "--json"]
    command += [*(["--private"] if private else []), "--", url]
    if not _ONE.acquire(blocking=False):
        return "another search is running; try again when it is done"
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the address stands behind --
            command,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=MAX_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"the site did not answer within {MAX_SECONDS} s"
    finally:
        _ONE.release()
    try:
        found: Mapping[str, Any] = json.loads(done.stdout)
    except ValueError:
        last = (done.stderr.strip().splitlines() or ["nothing was found"])[-1]
        return last.removeprefix("kohyo: ")
    return found
