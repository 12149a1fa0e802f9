"""Personal data that a publisher took down is taken out here too, and a trace is left.

Bytes, texts, facts and differences go; addresses, times, digests and the notice's title stay. A title
still stands in the publisher's listing, by which the notice is known again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Row, select

from storage.db import blobs, codec
from storage.db.index import search_index
from storage.db.kept import fact_spans
from storage.db.prepared import Prepared
from storage.db.tables import (
    alert,
    change,
    check,
    incident_evidence,
    incident_link,
    moved_count,
    notice,
    notice_evidence,
    notice_keys,
    page,
    page_past,
    redaction,
    snapshot,
    version,
)
from storage.errors import NotFound
from storage.query import Redaction
from storage.text.wording import TOMBSTONE
from storage.topics.notices import NoticeReads
from storage.topics.operations import OperationReads, OperationWrites
from storage.topics.proof.chain import mark_redacted

_REDACTIONS = Prepared(select(redaction).order_by(redaction.c.id))

REMAINS = "redacted words remain"
"""The setting that says why what was redacted may still be legible in the database's files. Empty when it
is not."""


class RedactionReads(OperationReads):
    """Questions about what was redacted."""

    def redaction_remains(self) -> str:
        """Say why what was redacted may still be legible in the database's files; empty when it is not."""
        return self.setting(REMAINS) or ""

    def redactions(self) -> list[Redaction]:
        """Return all redactions, oldest first."""
        return [_redaction(row) for row in self._fetch_all(_REDACTIONS)]


class RedactionWrites(OperationWrites, RedactionReads, NoticeReads):
    """Taking out what a publisher took down, with a trace that something was taken out."""

    redacted = False
    """Whether this transaction took something out; what it overwrote must not linger on disk."""

    def redact(self, notice_id: int, reason: str, now: datetime) -> Redaction:
        """Take out what is stored of a notice: all versions of its pages and of their attachments."""
        found = self.notice(notice_id)
        if found is None:
            raise NotFound(f"no notice {notice_id} in the archive")
        self._added = None
        if self._is_sqlite:
            self._db.exec_driver_sql("PRAGMA secure_delete = ON")  # free space in the file is overwritten
        self.redacted = True
        self.note(REMAINS, "the redaction did not come to its end")  # until it has
        pages = self._pages_of(notice_id)
        self._forget_index(pages)
        done = Redaction(
            notice=notice_id,
            reason=reason,
            redacted_at=now,
            snapshots=self._empty(snapshot, snapshot.c.blob_id, pages),
            versions=self._empty(version, version.c.content_id, pages),
        )
        self._forget_words(pages)
        before = [one for one in self.redactions() if one.notice == notice_id]
        notices = select(notice.c.id).where(notice.c.page_id.in_(pages))
        if before and not done.snapshots and not done.versions:
            mark_redacted(self._db, notices, before[-1].id)
            return before[-1]  # asked for twice, done once
        values = {
            "notice_id": notice_id,
            "reason": reason,
            "redacted_at": now,
            "snapshots": done.snapshots,
            "versions": done.versions,
        }
        stored = replace(done, id=self._insert(redaction, values))
        mark_redacted(self._db, notices, stored.id)
        return stored

    def _pages_of(self, notice_id: int) -> list[int]:
        """Return the page of a notice, those it moved from, and their attachments."""
        ends = sa.or_(change.c.from_version == version.c.id, change.c.to_version == version.c.id)
        told = sa.exists().where(change.c.notice_id == notice_id, ends)
        former = select(version.c.page_id).join(page).where(told, page.c.role != "listing")
        own = select(notice.c.page_id).where(notice.c.id == notice_id)
        pages = [row.page_id for row in self._fetch_all(own.union(former))]
        attached = select(page.c.id).where(page.c.parent_id.in_(pages))
        return sorted({*pages, *self._db.scalars(attached)})

    def _forget_index(self, pages: list[int]) -> None:
        versions = self._db.scalars(select(version.c.id).where(version.c.page_id.in_(pages))).all()
        notices = self._db.scalars(select(notice.c.id).where(notice.c.page_id.in_(pages))).all()
        search_index.remove(self._db, versions, notices)

    def _empty(self, table: sa.Table, column: sa.Column[Any], pages: list[int]) -> int:
        """Cut rows off from their bytes, remove bytes that no other page has, and count the rows."""
        held = (table.c.page_id.in_(pages)) & column.is_not(None)
        stored = self._fetch_all(select(column.label("blob")).where(held))
        self._db.execute(table.update().where(held).values({column: None}))
        for blob in {row.blob for row in stored}:
            blobs.discard(self._db, blob)
        return len(stored)

    def _forget_words(self, pages: list[int]) -> None:
        """Take out what was quoted from the text elsewhere."""
        notices = select(notice.c.id).where(notice.c.page_id.in_(pages))
        addresses = select(page.c.url_hash).where(page.c.id.in_(pages))
        nothing = codec.dumps(())
        fact_spans.forget(self._db, pages)
        for statement in (
            page_past.delete().where(page_past.c.page_id.in_(pages)),
            moved_count.delete().where(
                moved_count.c.change_id.in_(select(change.c.id).where(change.c.notice_id.in_(notices)))
            ),
            version.update().where(version.c.page_id.in_(pages)).values(title=TOMBSTONE),
            change.update()
            .where(change.c.notice_id.in_(notices))
            .values(summary=TOMBSTONE, hunks=nothing, facts=nothing),
            incident_link.update()
            .where(incident_link.c.notice_id.in_(notices))
            .values(evidence=codec.dumps((TOMBSTONE,))),
            # whoever redacts finds out what the other notices of these incidents hold
            incident_evidence.delete().where(
                incident_evidence.c.incident_id.in_(
                    select(incident_link.c.incident_id).where(incident_link.c.notice_id.in_(notices))
                )
            ),
            notice_evidence.delete().where(notice_evidence.c.notice_id.in_(notices)),
            notice_keys.delete().where(notice_keys.c.notice_id.in_(notices)),
            alert.update().where(alert.c.url_hash.in_(addresses)).values(detail=TOMBSTONE),
            check.update().where(check.c.page_id.in_(pages), check.c.detail != "").values(detail=TOMBSTONE),
        ):
            self._db.execute(statement)


def _redaction(row: Row[Any]) -> Redaction:
    return Redaction(
        notice=row.notice_id,
        reason=row.reason,
        redacted_at=row.redacted_at,
        snapshots=row.snapshots,
        versions=row.versions,
        id=row.id,
    )
