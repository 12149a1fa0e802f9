"""Every kind of damage is found and named, and nothing else is."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from storage.archive import Archive
from storage.db.tables import blob, page, search_doc, snapshot, version
from storage.errors import Corrupt
from storage.topics.proof import checking, integrity
from tests.storage.builders import later, read, watch


@pytest.fixture
def filled(archive: Archive) -> Archive:
    with archive.write() as writer:
        watched = watch(writer)
        for number in range(30):
            read(writer, watched, f"本文 {number} " + "個人情報の漏えいについて" * 20, at=later(days=number))
    return archive


def harm(archive: Archive, statement: sa.Executable) -> None:
    with archive.write() as writer:
        writer._db.execute(statement)


def test_a_sound_archive_has_nothing_to_tell(filled: Archive) -> None:
    assert list(filled.verify()) == []


def test_processes_find_what_one_finds_in_the_same_order(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.write() as writer:
        writer._db.execute(blob.update().where(blob.c.id.in_([5, 9, 40])).values(data=b"garbage"))
        writer._db.execute(search_doc.delete().where(search_doc.c.version_id == 2))
        writer._db.execute(version.update().where(version.c.id == 3).values(facts=b"garbage"))
        writer._db.execute(page.update().values(snapshot_id=999))
    monkeypatch.setattr(integrity, "PART_ROWS", 8)
    monkeypatch.setattr(checking, "count_cores", lambda: 2)
    found = list(filled.verify())
    monkeypatch.setattr(checking, "MANY_PARTS", 1_000)
    assert found == list(filled.verify())
    assert {one.what for one in found} == {"bytes", "version", "page"}


def test_changed_bytes_are_found_with_all_that_is_built_on_them(filled: Archive) -> None:
    with filled.read() as reader:
        received = sa.select(blob.c.id).join(snapshot, snapshot.c.blob_id == blob.c.id)
        built = received.where(blob.c.base_id.is_not(None)).order_by(blob.c.id)
        (first, second, *_) = reader._db.scalars(built)
        data = reader._db.scalar(sa.select(blob.c.data).where(blob.c.id == first))
    assert data is not None
    harm(filled, blob.update().where(blob.c.id == first).values(data=data[:-1] + bytes([data[-1] ^ 1])))
    damages = list(filled.verify())
    assert damages[0].id == first
    assert str(damages[0]).startswith(f"bytes {first}: ")
    assert second not in {d.id for d in damages} or len(damages) > 1
    with filled.read() as reader, pytest.raises(Corrupt):
        _ = [reader.snapshot(stored.id, body=True) for stored in reader.snapshots(1)]


def test_bytes_that_are_no_zstd_are_found(filled: Archive) -> None:
    harm(filled, blob.update().where(blob.c.id == 1).values(data=b"garbage"))
    assert "decompressed" in next(filled.verify()).detail


def test_exchanged_bytes_are_found(filled: Archive) -> None:
    harm(filled, snapshot.update().where(snapshot.c.id == 1).values(blob_id=3))
    assert [(d.what, d.id) for d in filled.verify()] == [("snapshot", 1)]


def test_a_version_that_search_does_not_know_is_found(filled: Archive) -> None:
    harm(filled, search_doc.delete().where(search_doc.c.version_id == 2))
    assert ("version", 2, "is not in the search index") in {(d.what, d.id, d.detail) for d in filled.verify()}


def test_a_page_whose_newest_snapshot_is_missing_is_found(filled: Archive) -> None:
    harm(filled, page.update().values(snapshot_id=999))
    assert [(d.what, d.detail) for d in filled.verify()] == [("page", "its newest snapshot is missing")]
