"""On SQLite moments are numbers, microseconds since 1970: a third of the bytes of a date in letters."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

_MOMENTS = {
    "host": ("next_at", "away_until", "rests_until"),
    "lease": ("until",),
    "robots": ("asked_at",),
    "run": ("started_at", "finished_at"),
    "stamp": ("stamped_at",),
    "incident_trace": ("at", "undone_at"),
    "offer": ("offered_at",),
    "page": (
        *("due_at", "last_checked", "last_success", "last_changed", "missing_since", "fetched_at"),
        *("awaited_at", "stirred_at"),
    ),
    "gap": ("began_at", "ended_at"),
    "notice": ("appeared_at", "first_seen", "last_seen"),
    "snapshot": ("captured_at", "pruned_at"),
    "alert": ("raised_at", "last_seen"),
    "check": ("checked_at",),
    "redaction": ("redacted_at",),
    "version": ("captured_at",),
    "change": ("detected_at",),
    "outbox": ("due_at", "sent_at"),
}
_NUMBER = (
    "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER) * 1000000 + CAST(substr({0}, 21, 6) AS INTEGER)"
)
_PART = "(({0} % 1000000 + 1000000) % 1000000)"  # of a second; of a moment before 1970, too
_LETTERS = (
    f"strftime('%Y-%m-%d %H:%M:%S', ({{0}} - {_PART}) / 1000000, 'unixepoch') || printf('.%06d', {_PART})"
)


def upgrade() -> None:
    """Write every moment as a number."""
    _write(_NUMBER)


def downgrade() -> None:
    """Write every moment in letters again."""
    _write(_LETTERS)


def _write(form: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, names in _MOMENTS.items():
        moments: list[sa.ColumnClause[int]] = [sa.column(name) for name in names]
        written: dict[Any, Any] = {one: sa.literal_column(f"({form.format(one.name)})") for one in moments}
        op.execute(sa.table(table, *moments).update().values(written))
