"""A folder of files that are only touched when their bytes differ."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storage.errors import Busy

STATE = ".kohyo.json"
TEMPORARY = ".kohyo-"
"""How the names of files begin that are still being written."""

FORMER_LOCK = ".kohyo.lock"
"""What earlier releases locked, a file in the tree; it is taken away."""

PATIENCE_SECONDS = 600
"""How long to wait for another publication into the same folder."""
_LOOK_AGAIN_SECONDS = 0.1


@dataclass(slots=True)
class Tree:
    """A folder whose files are replaced whole: whoever reads sees the old bytes or the new ones."""

    root: Path
    written: int = 0
    unchanged: int = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Hold the folder, one publication at a time, rid of what killed ones have left half written."""
        self.root.mkdir(parents=True, exist_ok=True)
        with self._locked():
            for left in (*self.root.rglob(f"{TEMPORARY}*"), self.root / FORMER_LOCK):
                left.unlink(missing_ok=True)
            yield

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Lock the folder itself, so that no file for it is served. The lock ends with the process."""
        folder = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            given_up = time.monotonic() + PATIENCE_SECONDS
            while True:
                try:
                    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() >= given_up:
                        why = f"another publication into {self.root} is at work; try again later"
                        raise Busy(why) from None
                    time.sleep(_LOOK_AGAIN_SECONDS)
            yield
        finally:
            os.close(folder)

    def put(self, path: str, body: bytes) -> bool:
        """Write a file if its bytes differ, and say whether. Raise ValueError outside of the tree."""
        if ".." in Path(path).parts:  # a name that came from elsewhere
            raise ValueError(f"{path} lies outside of the tree")
        written = self._replace(self.root / path, body)
        self.written += written
        self.unchanged += not written
        return written

    def has(self, path: str) -> bool:
        """Say whether the tree has this file."""
        return (self.root / path).is_file()

    def read_state(self) -> dict[str, Any]:
        """Read the state that the last publication stored; empty if it cannot be read."""
        try:
            noted = json.loads((self.root / STATE).read_bytes())
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def write_state(self, state: dict[str, Any]) -> None:
        """Store the state, last of all: after a crash the next publication does more, never less."""
        self._replace(self.root / STATE, json.dumps(state, ensure_ascii=False, sort_keys=True).encode())

    def _replace(self, target: Path, body: bytes) -> bool:
        try:
            if target.stat().st_size == len(body) and target.read_bytes() == body:
                return False
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=TEMPORARY)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(handle)  # else a power cut can leave the new name with nothing in it
            os.chmod(temporary, 0o644)  # mkstemp's files are private; these are to be served
            os.replace(temporary, target)
        except BaseException:
            os.unlink(temporary)
            raise
        return True
