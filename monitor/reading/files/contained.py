"""Files opened in a process of its own, so that a hostile one can hurt nobody else."""

from __future__ import annotations

import atexit
import contextlib
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

MAX_SECONDS = 20.0
"""Longest that one file may take; a notice takes a hundredth of a second."""

MAX_FILES = 500
"""Files that one process opens before it is replaced."""


def open_contained(body: bytes) -> dict[str, Any]:
    """Return what ``opener.py`` finds in a file; under ``error`` the reason where that is nothing."""
    return _OPENER.ask(body)


class _Opener:
    """One process for many files; one that dies or dawdles is replaced."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def ask(self, body: bytes) -> dict[str, Any]:
        with self._lock:
            process = self._running()
            timer = threading.Timer(MAX_SECONDS, process.kill)
            timer.start()
            try:
                assert process.stdin is not None
                assert process.stdout is not None
                process.stdin.write(b"%d\n" % len(body))
                process.stdin.write(body)
                process.stdin.flush()
                line = process.stdout.readline()
                return dict(json.loads(line)) if line else self._died()
            except (OSError, ValueError):
                return self._died()
            finally:
                timer.cancel()

    def close(self) -> None:
        """End the process, if one runs."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()
            process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        self._files += 1
        if self._process is not None and (self._files > MAX_FILES or self._process.poll() is not None):
            self.close()
        if self._process is None:
            self._files = 1
            self._process = subprocess.Popen(  # noqa: S603 - our own script
                [sys.executable, str(Path(__file__).with_name("opener.py"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process

    def _died(self) -> dict[str, Any]:
        self.close()
        return {"error": f"not read within {MAX_SECONDS:.0f} s, or in the memory it may take"}


_OPENER = _Opener()
atexit.register(_OPENER.close)
