"""What the pages of one state of the archive have in common: made once for all of them.

Names of sources and incidents stand on every page, and the overview on every page of the list of changes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

from storage.archive import Reader

T = TypeVar("T")


class Parts:
    """Keeps what was made of the newest state that was read, by a key that says what it is."""

    def __init__(self) -> None:
        self._told = -1
        self._made: dict[Hashable, object] = {}
        self._lock = Lock()

    def get(self, reader: Reader, key: Hashable, make: Callable[[], T]) -> T:
        """Return what was made under a key of the state that a reader sees, or make it of that.

        It depends on nothing but the key and what raises the first part of the mark, see storage.db.mark.
        Whoever asks while another makes it makes it for himself: he may see another state.
        """
        told = reader.mark().told
        with self._lock:
            if told > self._told:
                self._told, self._made = told, {}
            if told == self._told and key in self._made:
                return cast(T, self._made[key])
        made = make()
        with self._lock:
            if told == self._told:
                self._made[key] = made
        return made
