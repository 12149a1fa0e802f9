"""Changes are chained by hashes, so that none can be altered unnoticed."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

# As the first chain was written: what writes it today is free to change.
_SAID = ("url", "title", "kind", "material", "reasons", "facts", "from_version", "to_version")
_TOLD = sa.text(
    f"""
    SELECT c.id, c.notice_id, {", ".join(f"c.{name}" for name in _SAID)}, c.detected_at, s.slug, {
        ", ".join(
            f"{side}b.id AS {side}_id, {side}b.captured_at AS {side}_captured_at, {side}b.status AS"
            f" {side}_status, {side}b.sha256 AS {side}_sha256, {side}p.url AS {side}_url"
            for side in ("old", "new")
        )
    }
    FROM change c JOIN source s ON s.id = c.source_id
    LEFT JOIN version oldv ON oldv.id = c.from_version LEFT JOIN version newv ON newv.id = c.to_version
    LEFT JOIN snapshot oldb ON oldb.id = oldv.snapshot_id LEFT JOIN page oldp ON oldp.id = oldb.page_id
    LEFT JOIN snapshot newb ON newb.id = newv.snapshot_id LEFT JOIN page newp ON newp.id = newb.page_id
    WHERE c.id > :last ORDER BY c.id LIMIT 500
    """  # noqa: S608
).columns(
    material=sa.Boolean(),
    **dict.fromkeys(("detected_at", "old_captured_at", "new_captured_at"), sa.DateTime(timezone=True)),
)
_LINK = sa.table(
    "chain",
    *map(sa.column, ("number", "change_id", "old_snapshot_id", "new_snapshot_id", "form", "record", "hash")),
)


def upgrade() -> None:
    """Make the chain, and link what was told until now in the order it was told."""
    op.create_table(
        "chain",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("old_snapshot_id", sa.Integer(), nullable=True),
        sa.Column("new_snapshot_id", sa.Integer(), nullable=True),
        sa.Column("form", sa.Integer(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("redaction_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_chain"),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_chain_change_id"),
        sa.ForeignKeyConstraint(["old_snapshot_id"], ["snapshot.id"], name="fk_chain_old_snapshot_id"),
        sa.ForeignKeyConstraint(["new_snapshot_id"], ["snapshot.id"], name="fk_chain_new_snapshot_id"),
        sa.ForeignKeyConstraint(["redaction_id"], ["redaction.id"], name="fk_chain_redaction_id"),
    )
    op.create_index("ix_chain_change_id", "chain", ["change_id"])
    db = op.get_bind()
    told = _link_all(db)
    if told:  # of these the chain says only that they were not altered since
        db.execute(
            sa.text("INSERT INTO setting (name, value) VALUES ('chain began behind', :number)"),
            {"number": str(told)},
        )
    # what was redacted before is covered as it was left, and stays checkable


def _link_all(db: sa.Connection) -> int:
    number, last, before = 0, 0, "0" * 64
    while rows := db.execute(_TOLD, {"last": last}).all():
        links = []
        for row in rows:
            record = hashlib.sha256(_record(row)).hexdigest()
            number, last = number + 1, row.id
            before = hashlib.sha256(f"{before}\n{record}\n".encode()).hexdigest()
            link = {"number": number, "change_id": row.id, "form": 1}
            link |= {"old_snapshot_id": row.old_id, "new_snapshot_id": row.new_id}
            links.append({**link, "record": bytes.fromhex(record), "hash": bytes.fromhex(before)})
        db.execute(_LINK.insert(), links)
    return number


def _record(row: Any) -> bytes:
    said = {"form": 1, "change": row.id, "notice": row.notice_id, "source": row.slug}
    said |= {name: getattr(row, name) for name in _SAID}
    said |= {"detected_at": _moment(row.detected_at), "old": _bytes(row, "old"), "new": _bytes(row, "new")}
    said |= {name: json.loads(said[name]) for name in ("reasons", "facts")}
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return written.encode("utf-8", "replace")


def _bytes(row: Any, side: str) -> dict[str, Any] | None:
    captured_at, status, sha256, url = (
        getattr(row, f"{side}_{name}") for name in ("captured_at", "status", "sha256", "url")
    )
    if sha256 is None:
        return None
    return {"captured_at": _moment(captured_at), "sha256": sha256.hex(), "status": status, "url": url}


def _moment(value: datetime) -> str:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")


def downgrade() -> None:
    """Take the chain out."""
    op.drop_table("chain")
    op.execute("DELETE FROM setting WHERE name = 'chain began behind'")
