"""Declarations that change or replace another one: ``extends``, and a bundled id in a file of one's own.

Pure: tables as they stand in files in, whole tables out.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Origin = Literal["bundled", "file"]
Table = Mapping[str, Any]

DURATION = re.compile(r"([1-9]\d{0,4})([smhdw])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}

_OF_THE_CHANGE = frozenset({"extends", "base"})
"""Keys that say how a declaration is made, and nothing of its source."""


def seconds(duration: str) -> int:
    """Read a duration such as "30m", "1h" or "2d" as seconds."""
    return int(duration[:-1]) * _SECONDS[duration[-1]]


@dataclass(frozen=True, slots=True)
class Written:
    """One declaration as it stands in a file: ``where`` is its place there, empty for the whole file."""

    file: Path
    where: str
    table: Table
    origin: Origin

    @property
    def id(self) -> str | None:
        """The id that it bears: its own, or that of the declaration which it extends."""
        given = self.table.get("id", self.table.get("extends"))
        return given if isinstance(given, str) else None


class Unresolved(ValueError):
    """A declaration extends what cannot be extended; says why in one line."""


class Shelf:
    """All declarations of a run by their ids: one's own, and the bundled ones beneath."""

    def __init__(self, ours: Iterable[Written], bundled: Iterable[Written]) -> None:
        mine, beneath = tuple(ours), tuple(bundled)
        self.all = (*beneath, *mine)
        self.ours = _by_id(mine)
        self.bundled = _by_id(beneath)

    def beneath(self, one: Written) -> Written | None:
        """Find the declaration that ``one`` extends or replaces; None where it stands by itself.

        Raises Unresolved where it extends what is not there.
        """
        if one.origin == "bundled":
            return None
        name = one.table.get("extends")
        if not isinstance(name, str):
            return self.bundled.get(one.id or "")
        found = self.bundled.get(name) if name == one.id else self.ours.get(name) or self.bundled.get(name)
        if found is None:
            near = difflib.get_close_matches(name, {*self.ours, *self.bundled} - {one.id or ""}, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise Unresolved(f"no declaration beneath is called {name!r}{hint}")
        return found

    def whole(self, one: Written, trail: tuple[str, ...] = ()) -> dict[str, Any]:
        """Return the table of ``one`` with the keys of what it extends. Raises Unresolved."""
        name = one.id or ""
        if one.origin == "file" and name in trail:
            raise Unresolved(f"extends in a circle: {', '.join((*trail[trail.index(name) :], name))}")
        below = self.beneath(one) if "extends" in one.table else None
        if below is None:
            return {**one.table}
        table = self.whole(below, (*trail, name))
        return {"id": name, **_merge(_bare(table, "id"), one.table)}

    def digest(self, one: Written) -> str:
        """Return what ``base`` says of a declaration: its content, whatever file or order it stands in."""
        text = json.dumps(_bare(self.whole(one)), sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def changed(self, one: Written) -> tuple[str, ...]:
        """List the keys in which ``one`` differs from the bundled declaration with its id."""
        below = self.bundled.get(one.id or "") if one.origin == "file" else None
        if below is None:
            return ()
        old, new = dict(_flat(_bare(self.whole(below)))), dict(_flat(_bare(self.whole(one))))
        return tuple(sorted(key for key in {*old, *new} if old.get(key) != new.get(key)))


def _by_id(declarations: Iterable[Written]) -> dict[str, Written]:
    found: dict[str, Written] = {}
    for one in declarations:
        if one.id is not None:
            found.setdefault(one.id, one)
    return found


def _bare(table: Table, *also: str) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key not in {*_OF_THE_CHANGE, *also}}


def _merge(below: Table, above: Table) -> dict[str, Any]:
    """Lay one table over another; of tables in them single keys, of everything else the whole."""
    found = dict(below)
    for key, value in above.items():
        old = found.get(key)
        both = isinstance(old, dict) and isinstance(value, dict)
        found[key] = _merge(old, value) if both else value  # type: ignore[arg-type]
    return found


def _flat(table: Table, before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value
