"""Patterns as ``re`` compiles them, kept from one process to the next where Python keeps bytecode.

To compile those that reading a dozen pages takes is to work as long as for a hundred pages more: a run that
comes upon one altered page would do little else. What ``re`` makes of a pattern are numbers, which it takes
back as they are. They stand beside the bytecode of this module, under the same terms: nothing is written
where Python writes none, what another version of it made is not read, and who may write there is trusted.
"""

from __future__ import annotations

import atexit
import importlib
import importlib.util
import marshal
import os
import re
import sys
from array import array
from contextlib import suppress
from pathlib import Path
from typing import Any

_Made = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""Flags, numbers, how many groups, their names, and these in order: a pattern, but for its source."""

_FORM = f"1 {sys.version} {sys.byteorder}"

_MOST = 3000
"""Patterns that are kept; a program has a third of them. Then those of its former versions go."""


class Kept:
    """The patterns that a file keeps, and those that this process compiled and will add to them."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._known: dict[tuple[str, int], _Made] | None = None
        self._new: dict[tuple[str, int], _Made] = {}

    def compile(self, source: str, flags: int) -> re.Pattern[str]:
        """Return what ``re.compile`` does."""
        if self._known is None:
            self._known = self._read()
        asked = source, int(flags)
        with suppress(Exception):  # a source that is wrong, or an ``re`` that is made otherwise
            if (made := self._known.get(asked) or self._new.get(asked)) is None:
                made = self._new[asked] = _make(*asked)
            return _restore(source, made)
        return re.compile(source, flags)

    def save(self) -> None:
        """Add what this process compiled to what is kept."""
        if not self._new or self._path is None or sys.dont_write_bytecode:
            return
        known, new, self._new = self._read(), self._new, {}
        kept = {**known, **new} if len(known) < _MOST else new
        beside = self._path.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(marshal.dumps((_FORM, kept)))
            beside.replace(self._path)
        self._known = {**(self._known or {}), **new}

    def _read(self) -> dict[tuple[str, int], _Made]:
        if self._path is not None:
            with suppress(OSError, ValueError, EOFError, TypeError):
                form, kept = marshal.loads(self._path.read_bytes())  # noqa: S302 - as bytecode is
                return kept if form == _FORM else {}
        return {}


def _make(source: str, flags: int) -> _Made:
    """Compile a pattern as ``re`` does, up to the last step."""
    compiler: Any = importlib.import_module("re._compiler")
    parsed = compiler._parser.parse(source, flags)
    numbers = array("I", compiler._code(parsed, flags)).tobytes()
    groups = dict(parsed.state.groupdict)
    names: list[str | None] = [None] * parsed.state.groups
    for name, number in groups.items():
        names[number] = name
    return int(flags | parsed.state.flags), numbers, len(names) - 1, groups, tuple(names)


def _restore(source: str, made: _Made) -> re.Pattern[str]:
    """Take the last step of compiling, in which ``re`` sees to it that the numbers are well formed."""
    flags, numbers, count, groups, names = made
    engine: Any = importlib.import_module("_sre")
    pattern: re.Pattern[str] = engine.compile(
        source, flags, array("I", numbers).tolist(), count, groups, names
    )
    return pattern


def _find_place() -> Path | None:
    with suppress(NotImplementedError):  # this Python keeps no bytecode
        return Path(importlib.util.cache_from_source(__file__)).with_suffix(".patterns")
    return None


KEPT = Kept(_find_place())
atexit.register(KEPT.save)
