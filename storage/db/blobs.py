"""Stored bytes: each kept once, as its difference from bytes it resembles.

A page changes little from one snapshot to the next, so its bytes are compressed with those of the
snapshot before as dictionary: some 40 bytes in place of 5,000. Chains are cut by depth, so that any
bytes are restored in bounded time, and decompression never yields more than the size on record.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from storage.db.kept import contents
from storage.db.prepared import Prepared, insertion
from storage.db.session import among
from storage.db.tables import blob, snapshot, source, version
from storage.errors import Corrupt

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_DEPTH = 20
_ZSTD_LEVEL = 3  # of what differs little from its base 9 saves 3 bytes of 38 and takes four times as long
_ZSTD_LEVEL_OF_FIRST = 9  # of another page of the site it saves a fifth, for a quarter of a millisecond
_OPTIONS_OF_SITE: dict[int, int] = {  # for four milliseconds, once a site, the best of what is near at hand
    zstd.CompressionParameter.strategy: zstd.Strategy.btopt,
    zstd.CompressionParameter.min_match: 3,
    zstd.CompressionParameter.search_log: 1,
    zstd.CompressionParameter.target_length: 24,
}
"""The first bytes of a site repeat little of what is known, and are the longest: this saves a fourth."""
_MIN_TABLE_BITS = 10  # of few bytes, where it costs nothing
_MIN_DELTA_BYTES = 8  # zstd takes no shorter dictionary
_MAX_DELTA_BYTES = 1 << 20  # larger bodies (PDF, mostly) gain nothing from a dictionary, which fills memory

_BY_SHA = Prepared(sa.select(blob.c.id).where(blob.c.sha256 == sa.bindparam("sha256")))
_DEPTH = Prepared(sa.select(blob.c.depth, blob.c.size, blob.c.sha256).where(blob.c.id == sa.bindparam("id")))
_ALONE = Prepared(
    sa.select(blob.c.id)
    .join(source, source.c.reference_blob == blob.c.id)
    .where(blob.c.depth == 0)
    .order_by(source.c.id.desc())
    .limit(1)
)
_ADD = insertion(blob)
_USED = Prepared(
    sa.select(
        sa.or_(
            sa.exists().where(snapshot.c.blob_id == sa.bindparam("id")),
            sa.exists().where(version.c.content_id == sa.bindparam("id")),
        ).label("used")
    )
)
_BUILT_UPON = Prepared(
    sa.select(blob.c.id, blob.c.read_as).where(blob.c.base_id == sa.bindparam("base")).order_by(blob.c.id)
)
_PUT_REFERENCE = Prepared(
    source.update().where(source.c.reference_blob == sa.bindparam("old")), ["reference_blob"]
)
_LATEST = 4
_latest: dict[bytes, bytes] = {}
"""The last bytes that were stored, by their digest: what comes next is most likely stored as its difference
from one of them, and need not restore it."""


def _chain(which: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select blobs and all that they are built upon."""
    top = sa.select(blob.c.id, blob.c.base_id).where(which).cte("chain", recursive=True)
    chain = top.union(sa.select(blob.c.id, blob.c.base_id).join(top, blob.c.id == top.c.base_id))
    return sa.select(blob).join(chain, chain.c.id == blob.c.id)


_CHAIN = Prepared(_chain(blob.c.id == sa.bindparam("id")))


def put(
    db: Connection,
    body: bytes,
    base: int | None = None,
    *,
    first: bool = False,
    of_site: bool = False,
    read_as: str | None = None,
) -> int:
    """Store bytes, if they are not stored already, and return their id.

    ``base`` is the id of similar bytes, the page's before, as a delta to which they may be stored. ``first``:
    these are the first of their page, and ``base`` those of another, or of none that is alike; ``of_site``:
    so are all of their site. ``read_as``: ``base`` is a page in that encoding, and these are what was read
    of it.
    """
    digest = hashlib.sha256(body).digest()
    known: int | None = _BY_SHA.scalar(db, {"sha256": digest})
    if known is not None:
        return known
    depth, dictionary = 0, None
    if base is not None and len(body) <= _MAX_DELTA_BYTES:
        row = _DEPTH.one(db, {"id": base})
        if row.depth < MAX_DEPTH and _carries(row.size):
            depth = row.depth + 1
            dictionary, read_as = _dictionary(_latest.get(row.sha256) or get(db, base), read_as)
    thorough = first and len(body) <= _MAX_DELTA_BYTES
    data = compress(body, dictionary, thorough=thorough, options=_OPTIONS_OF_SITE if of_site else {})
    values = {
        "sha256": digest,
        "size": len(body),
        "base_id": base if depth else None,
        "depth": depth,
        "data": data,
        "read_as": read_as if depth else None,
    }
    stored: int = _ADD.scalar(db, values)
    if _carries(len(body)):
        _latest[digest] = body
        while len(_latest) > _LATEST:
            del _latest[next(iter(_latest))]
    return stored


def other_site(db: Connection) -> int | None:
    """Return what the first bytes of a site may be built upon: those of another that stand alone.

    Sites of one maker have much in common, and where they have not, little is lost.
    """
    found: int | None = _ALONE.scalar(db, {})
    return found


def get(db: Connection, id: int) -> bytes:
    """Return the bytes, checked against their digest. Raises Corrupt."""
    return _restored(_CHAIN.all(db, {"id": id}), [id])[id]


def several(db: Connection, ids: Iterable[int]) -> dict[int, bytes]:
    """Return the bytes of each id, checked against their digests. Raises Corrupt."""
    wanted = set(ids)
    if len(wanted) == 1:
        (id,) = wanted
        return {id: get(db, id)}
    return _restored(db.execute(_chain(among(db, blob.c.id, wanted))).all(), wanted)


def _restored(rows: Iterable[Any], ids: Iterable[int]) -> dict[int, bytes]:
    """Restore bytes from rows that hold them and all they are built upon, each decompressed once."""
    stored = {row.id: row for row in rows}
    bodies: dict[int | None, bytes] = {None: b""}
    for id in ids:
        chain = [stored[id]]
        while chain[-1].base_id not in bodies:
            chain.append(stored[chain[-1].base_id])
        for row in reversed(chain):
            bodies[row.id] = restore(row, bodies[row.base_id])
        if hashlib.sha256(bodies[id]).digest() != stored[id].sha256:
            raise Corrupt(f"stored bytes {id} do not match their digest; restore the database from a backup")
    return {id: bodies[id] for id in ids}


def discard(db: Connection, id: int, heir: int | None = None) -> None:
    """Remove bytes that nothing refers to any more.

    What is built upon them is built upon ``heir`` instead, or else upon the first of the orphans that can be
    built upon.
    """
    if _USED.scalar(db, {"id": id}):
        return
    if heir is not None and id in {row.id for row in _CHAIN.all(db, {"id": heir})}:
        heir = None  # it is built upon what is removed
    if heir is not None and not _carries(_DEPTH.one(db, {"id": heir}).size):
        heir = None
    for orphan, read_as in _BUILT_UPON.all(db, {"base": id}):
        body, depth, dictionary = get(db, orphan), 0, None
        if heir is None:
            read_as = None
        else:
            depth = _DEPTH.one(db, {"id": heir}).depth + 1
            dictionary, read_as = _dictionary(get(db, heir), read_as)
        data = compress(body, dictionary)
        values = {"base_id": heir, "depth": depth, "data": data, "read_as": read_as}
        db.execute(blob.update().where(blob.c.id == orphan).values(values))
        heir = orphan if heir is None and _carries(len(body)) else heir
    _PUT_REFERENCE.all(db, {"old": id, "reference_blob": None})
    db.execute(blob.delete().where(blob.c.id == id))


def _dictionary(base: bytes, read_as: str | None) -> tuple[bytes, str | None]:
    """Return what bytes are a delta to, and how that is had from their base: see the column."""
    words = None if read_as is None else contents.bare(base, read_as)
    return (base, None) if words is None or not _carries(len(words)) else (words, read_as)


def _carries(size: int) -> bool:
    """Tell whether bytes of this size can be built upon."""
    return _MIN_DELTA_BYTES <= size <= _MAX_DELTA_BYTES


def compress(
    body: bytes, dictionary: bytes | None, *, thorough: bool = False, options: Mapping[int, int] = {}
) -> bytes:
    """Compress bytes with Zstandard, as a delta to ``dictionary`` where one is given.

    ``thorough`` takes longer, ``options`` say how. Zstandard would then have a table of up to 2 MB, in memory
    that is new each time, which takes longer than what is done with it: one of a slot for two bytes finds as
    much.
    """
    chosen: dict[int, int] = {zstd.CompressionParameter.compression_level: _ZSTD_LEVEL}
    if thorough:
        slots = (len(body) + len(dictionary or b"")) // 2
        chosen = {
            zstd.CompressionParameter.compression_level: _ZSTD_LEVEL_OF_FIRST,
            zstd.CompressionParameter.hash_log: max(slots.bit_length(), _MIN_TABLE_BITS),
            zstd.CompressionParameter.chain_log: max(slots.bit_length(), _MIN_TABLE_BITS),
            **options,
        }
    raw = zstd.ZstdDict(dictionary, is_raw=True).as_prefix if dictionary else None
    return zstd.compress(body, options=chosen, zstd_dict=raw)


def restore(row: Any, base: bytes) -> bytes:
    """Restore the bytes of a row from those it is built upon, if it is upon any. Raises Corrupt."""
    return decompress(row.data, row.size, base if row.read_as is None else _dictionary(base, row.read_as)[0])


def decompress(data: bytes, size: int, dictionary: bytes) -> bytes:
    """Undo ``compress``; ``size`` bounds the result, in bytes. Raises Corrupt."""
    raw = zstd.ZstdDict(dictionary, is_raw=True).as_prefix if dictionary else None
    try:
        return zstd.ZstdDecompressor(zstd_dict=raw).decompress(data, max_length=size)
    except zstd.ZstdError as error:
        raise Corrupt(f"stored bytes cannot be decompressed: {error}") from None
