"""What is redacted is gone, from the file as well; what it was known by stays."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage.archive import Archive, open_archive
from storage.errors import NotFound
from storage.query import Query, Redaction
from storage.records import (
    Alert,
    Check,
    Fact,
    FactChange,
    Hunk,
    Incident,
    IncidentLink,
    Notice,
)
from storage.text.wording import TOMBSTONE
from tests.storage.builders import NOW, change, later, notice, publish, read, snapshot, watch

SECRET = "例示太郎 090-0000-1111"


def leak(archive: Archive) -> Notice:
    """A notice with an attachment that quotes personal data wherever something can be quoted."""
    with archive.write() as writer:
        made = publish(writer, "お知らせ本文")
        page = writer.page_by_id(made.page)
        assert page is not None
        version = read(writer, page, f"{SECRET} の情報", title=SECRET, at=later(days=1))
        writer.add_facts(version.id, [Fact("organisation", SECRET, SECRET, 0, 5)])
        paper = writer.add_page("example", "https://www.example.jp/x.pdf", "attachment", parent=page.id)
        read(writer, paper, f"別紙 {SECRET}", at=later(days=1))
        hunks, facts = (Hunk("insert", new=SECRET),), (FactChange("organisation", None, SECRET),)
        writer.add_change(change(made, to_version=version.id, summary=SECRET, hunks=hunks, facts=facts))
        known = writer.put_incident(Incident("i", "I"))
        writer.set_link(IncidentLink(known.id, made.id, "suggested", (SECRET,)))
        writer.raise_alert(Alert("redesign", "example", page.url, SECRET, NOW))
        writer.add_check(Check(page.id, None, NOW, "version", detail=SECRET))
    return made


def test_nothing_of_it_can_be_read_or_found(archive: Archive) -> None:
    made = leak(archive)
    with archive.write() as writer:
        other = publish(writer, f"ほかの {SECRET}", number=2)
        done = writer.redact(made.id, "掲載者が取り下げた", later(days=2))
        assert done == Redaction(
            made.id, "掲載者が取り下げた", later(days=2), snapshots=3, versions=3, id=done.id
        )
        assert writer.redactions() == [done]
    with archive.read() as reader:
        assert [hit.notice.id for hit in reader.search("例示太郎")] == [other.id]
        assert [n.id for n in reader.notices(Query(text="お知らせ"))] == [other.id]
        pages = [made.page, *(page.id for page in reader.attachments_of(made.page))]
        for version in [v for page in pages for v in reader.versions(page)]:
            assert (version.text, version.title, version.attachments) == (TOMBSTONE, TOMBSTONE, ())
            assert reader.facts(version.id) == []
        for stored in [s for page in pages for s in reader.snapshots(page)]:
            kept = reader.snapshot(stored.id, body=True)
            assert kept is not None
            assert kept.body == TOMBSTONE.encode()
        said = [*reader.changes_of_notice(made.id), *reader.links_of_notice(made.id), *reader.alerts()]
        said += reader.checks(made.page)
        assert SECRET not in repr(said)
        assert [page for page, _ in reader.stored_captures()] == [reader.page_by_id(other.page)]
    assert list(archive.verify()) == []


def test_digest_time_and_address_stay(archive: Archive) -> None:
    made = leak(archive)
    with archive.write() as writer:
        before = writer.notice(made.id), writer.snapshots(made.page), writer.earlier_keys(made.page)
        writer.redact(made.id, "reason", NOW)
        assert (writer.notice(made.id), writer.snapshots(made.page), writer.earlier_keys(made.page)) == before
        assert [c.reasons for c in writer.changes()] == [()]


def test_asked_for_twice_it_leaves_one_trace(archive: Archive) -> None:
    made = leak(archive)
    with archive.write() as writer:
        first = writer.redact(made.id, "reason", NOW)
    with archive.write() as writer:
        assert writer.redact(made.id, "again", later(days=1)) == first
        assert writer.redactions() == [first]
        page = writer.page_by_id(made.page)
        assert page is not None
        read(writer, page, f"また {SECRET}", at=later(days=2))
        assert writer.redact(made.id, "again", later(days=3)).versions == 1  # of what came since


def test_life_goes_on_after_it(archive: Archive) -> None:
    made = leak(archive)
    with archive.write() as writer:
        writer.redact(made.id, "reason", NOW)
        page = writer.page_by_id(made.page)
        assert page is not None
        version = read(writer, page, "個人情報を除いた本文", at=later(days=3))
        assert version.number == 3
        writer.put_notice(replace(made, title="新しい題"))
        assert [hit.version for hit in writer.search("除いた")] == [version.id]
        assert [hit.notice.id for hit in writer.search("新しい題")] == [made.id]
    assert list(archive.verify()) == []


def test_other_pages_keep_what_was_stored_as_a_difference_from_it(archive: Archive) -> None:
    template = "".join(f"<li>{n} {hashlib.sha256(bytes([n])).hexdigest()}</li>" for n in range(200)).encode()
    with archive.write() as writer:
        pages = [watch(writer, f"https://www.example.jp/{n}") for n in range(4)]
        stored = [
            writer.add_snapshot(snapshot(page, template + bytes([65 + n]))) for n, page in enumerate(pages)
        ]
        twin = writer.add_snapshot(snapshot(pages[3], template + b"A"))  # the same bytes as the first
        writer.redact(writer.add_notice(notice(pages[0])).id, "reason", NOW)
        bodies = [writer.snapshot(s.id, body=True) for s in (*stored[1:], twin)]
        assert [body and body.body for body in bodies] == [template + x for x in (b"B", b"C", b"D", b"A")]
    assert list(archive.verify()) == []


def test_other_sites_keep_what_was_stored_as_a_difference_from_it(archive: Archive) -> None:
    """Each site's first page is likened to the first of another."""
    body = "".join(f"<li>{n} 個人情報の漏えい {n * 7919 % 104729}</li>" for n in range(200)).encode()
    with archive.write() as writer:
        pages = [watch(writer, f"https://{name}.example.jp/", name) for name in ("one", "two", "three")]
        first = writer.add_notice(notice(pages[0], "取り下げる"))
        stored = [writer.add_snapshot(snapshot(page, page.url.encode() + body)) for page in pages]
        sizes = writer._db.scalars(sa.text("SELECT length(data) FROM blob ORDER BY id")).all()
        assert max(sizes[1:]) * 10 < sizes[0]
        writer.redact(first.id, "申し出", NOW)
        assert writer.snapshot(stored[0].id, body=True).body == TOMBSTONE.encode()  # type: ignore[union-attr]
        for page, one in zip(pages[1:], stored[1:], strict=True):
            kept = writer.snapshot(one.id, body=True)
            assert kept is not None
            assert kept.body == page.url.encode() + body
    assert list(archive.verify()) == []


def test_bytes_too_few_to_build_upon_stay_whole(archive: Archive) -> None:
    long = bytes(range(200))
    with archive.write() as writer:
        pages = [watch(writer, f"https://www.example.jp/{n}") for n in range(3)]
        bodies = [long, b"OK", long + b"!"]  # the others are built upon the first
        stored = [writer.add_snapshot(snapshot(page, body)) for page, body in zip(pages, bodies, strict=True)]
        writer.redact(writer.add_notice(notice(pages[0])).id, "reason", NOW)
        left = [writer.snapshot(s.id, body=True) for s in stored[1:]]
        assert [found and found.body for found in left] == bodies[1:]
    assert list(archive.verify()) == []


def test_the_file_forgets(tmp_path: Path) -> None:
    path = tmp_path / "archive.db"
    with open_archive(f"sqlite:///{path}") as archive:
        made = leak(archive)
        needles = [SECRET.encode(), "090-0000".encode("utf-16-be").hex().encode()[:8]]
        files = (path, Path(f"{path}-wal"))
        assert any(needles[0] in file.read_bytes() for file in files)
        with archive.write() as writer:
            writer.redact(made.id, "reason", NOW)
        assert not any(needle in file.read_bytes() for needle in needles for file in files)


def on_disk(archive: Archive) -> bool:
    """Whether the secret can be read in the files of the database."""
    with archive.read() as reader:
        if archive.url.startswith("sqlite"):
            path = archive.url.removeprefix("sqlite:///")
            return any(
                SECRET.encode() in file.read_bytes()
                for file in (Path(path), Path(f"{path}-wal"))
                if file.exists()
            )
        folder = reader._db.scalar(sa.text("SELECT current_setting('data_directory')"))
        database = reader._db.scalar(
            sa.text("SELECT oid FROM pg_database WHERE datname = current_database()")
        )
    with archive._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("CHECKPOINT"))
    tables = Path(folder) / "base" / str(database)
    if not tables.is_dir():
        pytest.skip("the server's files are not at hand")
    return any(SECRET.encode() in file.read_bytes() for file in tables.iterdir())


def test_the_files_forget_what_was_overwritten_long_before(archive: Archive, database_url: str) -> None:
    made = leak(archive)
    with archive.write() as writer:
        for number in range(40):  # corrected, and so left behind in free space
            alert = Alert("redesign", "example", f"https://www.example.jp/{number}", f"{SECRET} " * 40, NOW)
            writer.raise_alert(alert)
        writer._db.execute(sa.text("DELETE FROM alert"))
    assert on_disk(archive)
    with archive.write() as writer:
        writer.redact(made.id, "reason", NOW)
    assert not on_disk(archive)
    with archive.read() as reader:
        assert reader.redaction_remains() == ""


def test_it_is_not_done_while_a_reader_is_at_work(
    archive: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.db.forgetting._PATIENCE_SECONDS", 0)
    made = leak(archive)
    with open_archive(database_url) as other, other.read() as reader:
        assert reader.notice(made.id) is not None
        with archive.write() as writer:
            writer.redact(made.id, "reason", NOW)
        with archive.read() as after:
            assert "reader" in after.redaction_remains()
        assert [damage.what for damage in archive.verify()] == ["redaction"]
    with open_archive(database_url) as again:
        assert list(again.verify()) == []
        assert not on_disk(again)


def test_killed_before_its_end_it_is_finished_at_the_next_opening(
    archive: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = leak(archive)

    def killed(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as context:
        context.setattr("storage.archive.forget", killed)
        with pytest.raises(KeyboardInterrupt), archive.write() as writer:
            writer.redact(made.id, "reason", NOW)
    assert [damage.what for damage in archive.verify()] == ["redaction"]
    with open_archive(database_url) as again:
        assert list(again.verify()) == []
        assert not on_disk(again)


def test_a_notice_that_is_not_there(archive: Archive) -> None:
    with pytest.raises(NotFound, match="42"), archive.write() as writer:
        writer.redact(42, "reason", NOW)
