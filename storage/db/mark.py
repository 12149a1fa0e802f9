"""The mark of an archive: equal as long as nothing was written, so that what was made of it still holds.

Every transaction that writes raises it as its last statement, so that the mark is seen with what it tells
of and never before. It has two parts. ``told`` is raised by whatever pages and feeds may be made of;
``checked`` by what only tells that pages were looked at: a crawl writes that all the time, and hardly
anything else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import wraps
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, cast, select
from sqlalchemy.engine import Connection

from storage.db.prepared import Prepared
from storage.db.session import upsert
from storage.db.tables import setting

_TOLD, _CHECKED = "mark told", "mark checked"
_READ = Prepared(
    select(setting.c.name, setting.c.value).where((setting.c.name == _TOLD) | (setting.c.name == _CHECKED))
)
_RAISE = Prepared(
    setting.update()
    .where(setting.c.name == bindparam("row"))
    .values(value=cast(cast(setting.c.value, BigInteger) + 1, Text))
    .returning(setting.c.value)
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How often an archive was written to; see the module."""

    told: int = 0
    checked: int = 0


def read_mark(db: Connection) -> Mark:
    """Read the mark of the state that a transaction sees: one statement."""
    found = {row.name: int(row.value) for row in _READ.rows(db, {})}
    return Mark(found.get(_TOLD, 0), found.get(_CHECKED, 0))


def raise_mark(db: Connection, *, told: bool) -> None:
    """Raise one part of the mark. Last of all: on a server, whoever writes next waits for it."""
    name = _TOLD if told else _CHECKED
    if _RAISE.scalar(db, {"row": name}) is None:
        first = upsert(db, setting).values(name=name, value="1")
        raised = cast(cast(setting.c.value, BigInteger) + 1, Text)
        db.execute(first.on_conflict_do_update(index_elements=["name"], set_={"value": raised}))


def tell_of_writes(writer: type[Any], reader: type[Any], quiet: Collection[str]) -> None:
    """Let every method of a writer that its reader lacks note that it was called, in ``told``.

    Those named in ``quiet`` write nothing that pages and feeds are made of. A method added later tells unless
    it is named: a page made once too often is better than one that is out of date.
    """
    for name in set(dir(writer)) - set(dir(reader)) - set(quiet):
        if not name.startswith("_") and callable(method := getattr(writer, name)):
            setattr(writer, name, _telling(method))


def _telling(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def telling(self: Any, *given: Any, **named: Any) -> Any:
        self.told = True
        return method(self, *given, **named)

    return telling
