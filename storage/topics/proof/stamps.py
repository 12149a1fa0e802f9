"""Outside timestamps: that a link of the chain, and all before it, was there at a time others vouch for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from storage.db.session import Session
from storage.db.tables import chain, stamp
from storage.query import Damage
from storage.records import Stamp


class StampReads(Session):
    """Questions about timestamps."""

    def stamps(self, first: int = 1, last: int | None = None) -> list[Stamp]:
        """Return the timestamps of links between two numbers, in the order of the chain."""
        query = select(stamp).where(stamp.c.number >= first).order_by(stamp.c.number, stamp.c.id)
        if last is not None:
            query = query.where(stamp.c.number <= last)
        return [_stamp(row) for row in self._fetch_all(query)]

    def misplaced_stamps(self) -> Iterator[Damage]:
        """Yield timestamps of hashes that are not in the chain, or not where they were."""
        where = select(stamp, chain.c.hash.label("linked")).outerjoin(chain, chain.c.number == stamp.c.number)
        for row in self._fetch_all(where.order_by(stamp.c.id)):
            if row.linked is None:
                yield Damage("stamp", row.id, f"the chain ends before link {row.number}, which was stamped")
            elif row.linked != row.hash:
                yield Damage("stamp", row.id, f"link {row.number} of the chain is another than was stamped")


class StampWrites(StampReads):
    """Keeping of timestamps."""

    def add_stamp(self, new: Stamp) -> None:
        """Store a timestamp beside those there are."""
        self._insert(
            stamp,
            {
                "number": new.number,
                "hash": bytes.fromhex(new.hash),
                "authority": new.authority,
                "stamped_at": new.stamped_at,
                "response": new.response,
            },
        )


def _stamp(row: Any) -> Stamp:
    return Stamp(
        number=row.number,
        hash=row.hash.hex(),
        authority=row.authority,
        stamped_at=row.stamped_at,
        response=row.response,
        id=row.id,
    )
