from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from storage.db import blobs
from storage.db.tables import blob, metadata
from storage.errors import Corrupt


@pytest.fixture(scope="module")
def db() -> Iterator[Connection]:
    engine = sa.create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def stored(db: Connection, id: int) -> sa.Row[tuple[int, int, bytes]]:
    return db.execute(sa.select(blob.c.base_id, blob.c.depth, blob.c.data).where(blob.c.id == id)).one()


PAGE = "".join(
    f"<li>{i:05} 個人情報の漏えいに関するお知らせ {i * 7919 % 104729}</li>\n" for i in range(400)
).encode()


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, len(PAGE)), st.binary(max_size=40)), min_size=1, max_size=45))
def test_every_state_of_a_chain_of_edits_is_restored(db: Connection, edits: list[tuple[int, bytes]]) -> None:
    with db.begin_nested() as undone:
        body, last, states = PAGE, blobs.put(db, PAGE), []
        for at, new in edits:
            body = body[:at] + new + body[at + len(new) // 2 :]
            last = blobs.put(db, body, base=last)
            states.append((last, body))
        assert all(blobs.get(db, id) == body for id, body in states)
        assert max(stored(db, id).depth for id, _ in states) <= blobs.MAX_DEPTH
        undone.rollback()


def test_a_small_edit_costs_a_small_delta(db: Connection) -> None:
    first = blobs.put(db, PAGE)
    second = blobs.put(db, PAGE + b"<li>new</li>", base=first)
    assert len(stored(db, second).data) < 80 < len(stored(db, first).data)


def test_equal_bytes_are_stored_once(db: Connection) -> None:
    assert blobs.put(db, b"the same bytes") == blobs.put(db, b"the same bytes", base=blobs.put(db, PAGE))


@pytest.mark.parametrize("body", [b"", b"x", b"1234567", b"12345678", bytes(100)])
def test_short_bytes_serve_as_base(db: Connection, body: bytes) -> None:
    base = blobs.put(db, body)
    later = blobs.put(db, body + b"!" * 20, base=base)
    assert (blobs.get(db, base), blobs.get(db, later)) == (body, body + b"!" * 20)


def test_large_bytes_stand_alone(db: Connection) -> None:
    large = bytes(range(256)) * 5000
    assert stored(db, blobs.put(db, large, base=blobs.put(db, PAGE))).base_id is None
    id = blobs.put(db, large + b"x", base=blobs.put(db, large))
    assert stored(db, id).base_id is None
    assert blobs.get(db, id) == large + b"x"


def test_no_more_is_unpacked_than_was_packed(db: Connection) -> None:
    id = blobs.put(db, b"little")
    bomb = blobs.compress(bytes(50_000_000), None)
    db.execute(blob.update().where(blob.c.id == id).values(data=bomb))
    assert len(blobs.decompress(bomb, 6, b"")) == 6
    with pytest.raises(Corrupt, match="digest"):
        blobs.get(db, id)


def test_bytes_removed_leave_what_was_built_on_them(db: Connection) -> None:
    root = blobs.put(db, b"root " + PAGE)
    left = blobs.put(db, b"left " + PAGE, base=root)
    right = blobs.put(db, b"right " + PAGE, base=root)
    leaf = blobs.put(db, b"leaf " + PAGE, base=right)
    blobs.discard(db, root)
    assert db.scalar(sa.select(sa.func.count()).where(blob.c.id == root)) == 0
    assert [blobs.get(db, id)[:4] for id in (left, right, leaf)] == [b"left", b"righ", b"leaf"]
    assert len(stored(db, right).data) < 200


def test_an_heir_that_descends_from_what_is_removed_makes_no_circle(db: Connection) -> None:
    root = blobs.put(db, b"old " + PAGE)
    middle = blobs.put(db, b"mid " + PAGE, base=root)
    leaf = blobs.put(db, b"end " + PAGE, base=middle)
    blobs.discard(db, root, heir=leaf)
    assert [blobs.get(db, id)[:3] for id in (middle, leaf)] == [b"mid", b"end"]
