"""The chain of changes: each link covers the one before it, so that none can be altered unnoticed.

A link holds SHA-256 of the record of its change (what was seen, when and where, and what it was called), and
SHA-256 of the hash before it and that. Records are not stored: they are written anew from the archive and
compared, so whatever was altered later shows. What newer rules or another wording could alter (texts, facts
of versions, summaries, rendered differences) is no part of a record. See docs/decisions/0023.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from storage.db.prepared import Prepared
from storage.db.session import PreparedAmong, Session, among, written
from storage.db.tables import chain, change, page, snapshot, source, version
from storage.query import Damage
from storage.records import ChainLink

FORM = 1
"""The form of records. Another one needs another number: links of this one go on being checked."""

FIRST = "0" * 64
"""Stands for the hash before the first link."""

BATCH_LINKS = 500  # held in memory at a time

_LOCK_KEY = 0x6B6F6882  # of PostgreSQL, any number that is ours


_OLD, _NEW = version.alias("old_version"), version.alias("new_version")
_OLD_BYTES, _NEW_BYTES = snapshot.alias("old_snapshot"), snapshot.alias("new_snapshot")
_OLD_PAGE, _NEW_PAGE = page.alias("old_page"), page.alias("new_page")
_SIDES = {"old": (_OLD_BYTES, _OLD_PAGE), "new": (_NEW_BYTES, _NEW_PAGE)}
_SAID = (
    change.c.id,
    change.c.notice_id,
    change.c.url,
    change.c.title,
    change.c.detected_at,
    change.c.kind,
    change.c.material,
    change.c.reasons,
    change.c.facts,
    change.c.from_version,
    change.c.to_version,
    source.c.slug,
    *(
        column.label(f"{side}_{column.key}")
        for side, (bytes_, page_) in _SIDES.items()
        for column in (bytes_.c.id, bytes_.c.captured_at, bytes_.c.status, bytes_.c.sha256, page_.c.url)
    ),
)


def _with_bytes(said: sa.Select[Any], old: sa.Column[Any], new: sa.Column[Any]) -> sa.Select[Any]:
    for (bytes_, page_), id in zip(_SIDES.values(), (old, new), strict=True):
        said = said.outerjoin(bytes_, bytes_.c.id == id).outerjoin(page_, page_.c.id == bytes_.c.page_id)
    return said


_SAID_NOW = Prepared(  # when it gets its link: by the bytes that its versions are read from
    _with_bytes(
        select(*_SAID)
        .join(source, source.c.id == change.c.source_id)
        .outerjoin(_OLD, _OLD.c.id == change.c.from_version)
        .outerjoin(_NEW, _NEW.c.id == change.c.to_version),
        _OLD.c.snapshot_id,
        _NEW.c.snapshot_id,
    ).where(change.c.id == bindparam("change"))
)
_LINKED = (
    _with_bytes(  # ever after: by the same bytes, even where a version is found to have begun with others
        select(chain, *_SAID)
        .outerjoin(change, change.c.id == chain.c.change_id)
        .outerjoin(source, source.c.id == change.c.source_id),
        chain.c.old_snapshot_id,
        chain.c.new_snapshot_id,
    )
)
_LINKS = (  # without what they cover, for lists
    select(chain, _OLD_BYTES.c.sha256.label("old_sha256"), _NEW_BYTES.c.sha256.label("new_sha256"))
    .outerjoin(_OLD_BYTES, _OLD_BYTES.c.id == chain.c.old_snapshot_id)
    .outerjoin(_NEW_BYTES, _NEW_BYTES.c.id == chain.c.new_snapshot_id)
)
_LINKS_OF = PreparedAmong(_LINKS.order_by(chain.c.number), chain.c.change_id)
_HEAD = Prepared(select(chain.c.number, chain.c.hash).order_by(chain.c.number.desc()).limit(1))
_ADD_LINK = Prepared(
    chain.insert(), [column.key for column in chain.c if column.key != chain.c.redaction_id.key]
)
_FROM = _LINKED.where(chain.c.number >= bindparam("first")).order_by(chain.c.number).limit(bindparam("most"))


def write_record(row: Any) -> bytes:
    """Write what a change is evidence of, as JSON in one canonical form: keys in order, no blanks, UTF-8."""
    said = {
        "form": FORM,
        "change": row.id,
        "notice": row.notice_id,
        "source": row.slug,
        "url": row.url,
        "title": row.title,
        "detected_at": _moment(row.detected_at),
        "from_version": row.from_version,
        "to_version": row.to_version,
        "kind": row.kind,
        "material": row.material,
        "reasons": json.loads(row.reasons),
        "facts": json.loads(row.facts),
        "old": _bytes_seen(row, "old"),
        "new": _bytes_seen(row, "new"),
    }
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode("utf-8", "replace")  # of a surrogate, which is half a character


def _bytes_seen(row: Any, side: str) -> dict[str, Any] | None:
    digest = getattr(row, f"{side}_sha256")
    if digest is None:
        return None
    return {
        "captured_at": _moment(getattr(row, f"{side}_captured_at")),
        "sha256": digest.hex(),
        "status": getattr(row, f"{side}_status"),
        "url": getattr(row, f"{side}_url"),
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def link_hash(before: str, record: str) -> str:
    """Return the hash of a link: SHA-256 of two lines, the hash before it and the digest of its record."""
    return hashlib.sha256(f"{before}\n{record}\n".encode()).hexdigest()


def link_changes(db: Connection, changes: Iterable[int]) -> None:
    """Add a link for each change, in this order, at the head of the chain.

    Whoever adds links holds the chain to the end of its transaction, so that it cannot fork: on SQLite every
    writer is alone.
    """
    if db.dialect.name == "postgresql":
        db.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK_KEY})
    head = _HEAD.one(db, {})
    number, before = (head.number, head.hash.hex()) if head else (0, FIRST)
    for id in changes:
        row = _SAID_NOW.one(db, {"change": id})
        record = hashlib.sha256(write_record(row)).hexdigest()
        number, before = number + 1, link_hash(before, record)
        _ADD_LINK.all(
            db,
            {
                "number": number,
                "change_id": id,
                "old_snapshot_id": row.old_id,
                "new_snapshot_id": row.new_id,
                "form": FORM,
                "record": bytes.fromhex(record),
                "hash": bytes.fromhex(before),
            },
        )


class ChainReads(Session):
    """Questions about the chain of changes."""

    def chain_head(self) -> ChainLink | None:
        """Return the newest link, or None where nothing was told yet."""
        row = self._fetch_one(_LINKED.order_by(chain.c.number.desc()).limit(1))
        return _link(row) if row else None

    def chain_from(self, number: int, most: int) -> Iterator[ChainLink]:
        """Yield links from this number on, at most so many."""
        while most > 0 and (
            rows := self._fetch_all(_FROM, {"first": number, "most": min(most, BATCH_LINKS)})
        ):
            yield from map(_link, rows)
            number, most = rows[-1].number + 1, most - len(rows)

    def links_of_changes(self, changes: Iterable[int]) -> Mapping[int, ChainLink]:
        """Return the link of each change: the newest, where it was written anew."""
        found = self._fetch_all(_LINKS_OF, {"ids": written(self._db, changes)})
        return {row.change_id: _link(row) for row in found}

    def record_of_change(self, change: int) -> bytes | None:
        """Write the record of a change from what is stored now, as its link covers it, or return None."""
        newest = _LINKED.where(chain.c.change_id == change).order_by(chain.c.number.desc()).limit(1)
        row = self._fetch_one(newest)
        return None if row is None or row.id is None else write_record(row)

    def redacted_links(self) -> int:
        """Count the links whose changes were redacted: their records cannot be checked any more."""
        counted = select(sa.func.count().label("links")).where(chain.c.redaction_id.is_not(None))
        number: int = self._fetch_one(counted).links
        return number

    def broken_links(self) -> Iterator[Damage]:
        """Yield what of the chain does not hold, the first broken link first."""
        number, before = 0, FIRST
        while rows := self._fetch_all(_FROM, {"first": number + 1, "most": BATCH_LINKS}):
            newest = self._newest_links({row.change_id for row in rows})
            for row in rows:
                link = _link(row)
                if link.number != number + 1:
                    yield Damage("chain", number + 1, "this link is missing")
                elif link_hash(before, link.record) != link.hash:
                    yield Damage("chain", link.number, "does not follow from the link before it")
                if not link.redacted and newest[link.change] == link.number:
                    yield from _misquoted(row, link)
                number, before = link.number, link.hash
        outside = select(change.c.id).outerjoin(chain, chain.c.change_id == change.c.id)
        for row in self._fetch_all(outside.where(chain.c.number.is_(None)).order_by(change.c.id)):
            yield Damage("change", row.id, "is not in the chain")

    def _newest_links(self, changes: Iterable[int]) -> Mapping[int, int]:
        """Return the number of the newest link of each change; earlier ones say what it said before."""
        newest = select(chain.c.change_id, sa.func.max(chain.c.number).label("number"))
        found = newest.where(among(self._db, chain.c.change_id, changes)).group_by(chain.c.change_id)
        return {row.change_id: row.number for row in self._fetch_all(found)}


def _misquoted(row: Any, link: ChainLink) -> Iterator[Damage]:
    if row.id is None:
        yield Damage("chain", link.number, f"its change {link.change} is missing")
    elif hashlib.sha256(write_record(row)).hexdigest() != link.record:
        told = f"change {link.change} does not say what it said when it was recorded"
        yield Damage("chain", link.number, told)


class ChainWrites(ChainReads):
    """Growing of the chain, with the changes and in their transaction."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self._unlinked: dict[int, None] = {}

    def _put_in_chain(self, change_id: int) -> None:
        """Note that a change is to get a link at the end of this transaction."""
        self._unlinked[change_id] = None

    def link_changes(self) -> None:
        """Link what was told in this transaction: last of all, since the chain is held to its end."""
        if self._unlinked:
            link_changes(self._db, self._unlinked)


def mark_redacted(db: Connection, notices: sa.Select[Any], redaction: int) -> None:
    """Note that the records of these notices' changes were taken out; what their links hold stays."""
    told = select(change.c.id).where(change.c.notice_id.in_(notices))
    db.execute(
        chain.update()
        .where(chain.c.change_id.in_(told), chain.c.redaction_id.is_(None))
        .values(redaction_id=redaction)
    )


def _link(row: Any) -> ChainLink:
    return ChainLink(
        number=row.number,
        change=row.change_id,
        form=row.form,
        record=row.record.hex(),
        hash=row.hash.hex(),
        redacted=row.redaction_id is not None,
        old_snapshot=row.old_snapshot_id,
        new_snapshot=row.new_snapshot_id,
        old_sha256=row.old_sha256.hex() if row.old_sha256 else "",
        new_sha256=row.new_sha256.hex() if row.new_sha256 else "",
    )
