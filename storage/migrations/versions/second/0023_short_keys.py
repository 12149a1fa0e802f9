"""Long keys of notices stand in the index of keys as digests, where nobody reads them there."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.db.kept.short import KNOWN_KEYS, Packed

revision = "0023"
down_revision = "0022"

_NOTICES = 2_000
_READ = frozenset("pymlst")  # as letters: publisher, party, named, local, names, title
_LONG_BYTES = 12


def upgrade() -> None:
    """Write the digest of each long key in its place."""
    _rewrite(lambda kind, key: (key, _short(kind, key)))


def downgrade() -> None:
    """Write each long key again in place of its digest."""
    _rewrite(lambda kind, key: (_short(kind, key), key))


def _short(kind: str, key: str) -> str:
    plain = key.encode()
    if kind in _READ or len(plain) <= _LONG_BYTES:
        return key
    return "#" + base64.b64encode(hashlib.blake2b(plain, digest_size=6).digest()).decode()


def _rewrite(form: Callable[[str, str], tuple[str, str]]) -> None:
    db = op.get_bind()
    of: list[sa.ColumnClause[Any]] = [sa.column("notice_id"), sa.column("keys", Packed(KNOWN_KEYS))]
    keys = sa.table("notice_keys", *of)
    evidence = sa.table("notice_evidence", *map(sa.column, ("kind", "key", "notice_id")))
    which = [evidence.c[name] == sa.bindparam(f"old_{name}") for name in ("kind", "key", "notice_id")]
    put = evidence.update().where(*which).values(key=sa.bindparam("new"))
    rows = sa.select(keys.c.notice_id, keys.c["keys"]).order_by(keys.c.notice_id).limit(_NOTICES)
    last = 0
    while found := db.execute(rows.where(keys.c.notice_id > last)).all():
        last = found[-1].notice_id
        if altered := [one for row in found for one in _altered(*row, form)]:
            db.execute(put, altered)


def _altered(notice: int, keys: str, form: Callable[[str, str], tuple[str, str]]) -> Iterator[dict[str, Any]]:
    for kind, key in json.loads(keys):
        old, new = form(kind, key)
        if old != new:
            yield {"old_kind": kind, "old_key": old, "old_notice_id": notice, "new": new}
