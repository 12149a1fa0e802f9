"""What is redacted is gone, from the file as well; what it was known by stays."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from storage.archive import Archive, open_archive
from storage.errors import NotFound
from storage.query import Query, Redaction
from storage.records import Alert, Check, Fact, FactChange, Hunk, Incident, IncidentLink, Notice
from storage.topics.versions import TOMBSTONE
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
        writer.link(IncidentLink(known.id, made.id, "suggested", (SECRET,)))
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
        again = writer.redact(made.id, "again", NOW)
        assert (again.snapshots, again.versions) == (0, 0)


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


def test_a_notice_that_is_not_there(archive: Archive) -> None:
    with pytest.raises(NotFound, match="42"), archive.write() as writer:
        writer.redact(42, "reason", NOW)
