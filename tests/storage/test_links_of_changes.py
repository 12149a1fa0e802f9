"""Changes are chained by hashes: whoever alters one, or takes one out, is found, and where."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from itertools import pairwise

import pytest
import sqlalchemy as sa

from storage.archive import Archive
from storage.records import FactChange
from tests.storage.builders import NOW, change, later, notice, read, snapshot, watch
from tests.storage.former import to_the_first_schema

FACTS = (FactChange("count", "30人", "31人"),)
REASONS = ("count", "silent")


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Three changes between four versions of one page."""
    with archive.write() as writer:
        page = watch(writer)
        versions = [read(writer, page, f"対象者は{30 + day}人です。", at=later(days=day)) for day in range(4)]
        made = writer.add_notice(notice(page))
        for old, new in pairwise(versions):
            told = change(made, kind="updated", detected_at=new.captured_at, reasons=REASONS, facts=FACTS)
            writer.add_change(replace(told, from_version=old.id, to_version=new.id, summary="30人 → 31人"))
    return archive


def alter(archive: Archive, *statements: str) -> list[str]:
    """What is found wrong with the chain after somebody has been at the tables."""
    with archive.write() as writer:
        for statement in statements:
            writer._db.execute(sa.text(statement))
    return [str(damage) for damage in archive.verify() if damage.what in ("chain", "change")]


def test_a_link_is_what_it_is_documented_to_be(filled: Archive) -> None:
    with filled.read() as reader:
        before = "0" * 64
        for told in reversed(reader.changes()):
            record = reader.record_of_change(told.id)
            assert record is not None
            assert told.link is not None
            assert hashlib.sha256(record).hexdigest() == told.link.record
            before = hashlib.sha256(f"{before}\n{told.link.record}\n".encode()).hexdigest()
            assert before == told.link.hash
            said = json.loads(record)
            assert (said["kind"], said["reasons"], said["title"]) == (
                "updated",
                ["count", "silent"],
                "お知らせ",
            )
            assert (said["old"]["sha256"], said["new"]["sha256"]) == (
                told.link.old_sha256,
                told.link.new_sha256,
            )
            assert said["new"]["captured_at"] == told.detected_at.isoformat(timespec="microseconds")
        head = reader.chain_head()
        assert head is not None
        assert (head.number, head.hash) == (3, before)
    assert list(filled.verify()) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE change SET title = 'x' WHERE id = 2", "chain 2: change 2 does not say"),
        ("UPDATE change SET kind = 'moved' WHERE id = 2", "chain 2: change 2 does not say"),
        ("UPDATE change SET reasons = '[]' WHERE id = 2", "chain 2: change 2 does not say"),
        ("UPDATE change SET facts = '[]' WHERE id = 2", "chain 2: change 2 does not say"),
        ("UPDATE change SET material = NOT material WHERE id = 2", "chain 2: change 2 does not say"),
        ("UPDATE change SET to_version = 4 WHERE id = 2", "chain 2: change 2 does not say"),
        ("UPDATE snapshot SET captured_at = (SELECT max(captured_at) FROM snapshot) WHERE id = 1", "chain 1"),
        ("UPDATE chain SET record = hash WHERE number = 2", "chain 2: does not follow"),
        ("UPDATE chain SET hash = record WHERE number = 2", "chain 2: does not follow"),
        ("DELETE FROM chain WHERE number = 2", "chain 2: this link is missing"),
        ("DELETE FROM chain WHERE number = 3", "change 3: is not in the chain"),
    ],
)
def test_the_first_broken_link_is_named(filled: Archive, statement: str, found: str) -> None:
    told = alter(filled, statement)
    assert told[0].startswith(found)


def test_a_change_that_was_taken_out_is_missed(filled: Archive) -> None:
    hung = [f"DELETE FROM {table} WHERE change_id = 2" for table in ("moved_count", "chain")]
    told = alter(filled, *hung, "DELETE FROM change WHERE id = 2")
    assert told[0] == "chain 2: this link is missing"


def test_a_change_put_in_later_is_not_in_the_chain(filled: Archive) -> None:
    columns = "notice_id, source_id, url, title, kind, material, reasons, summary, hunks, facts"
    told = alter(
        filled,
        f"INSERT INTO change ({columns}, detected_at) SELECT {columns}, '2020-01-01' FROM change WHERE id = 1",
    )
    assert told == ["change 4: is not in the chain"]


def test_what_our_rules_read_and_say_anew_is_no_part_of_it(filled: Archive) -> None:
    with filled.write() as writer:
        version, page = writer.version(2), writer.page_by_id(1)
        assert version is not None
        assert page is not None
        writer.replace_version(replace(version, title="別の読み方", text="別の本文", blocks=()))
        earlier = writer.add_snapshot(snapshot(page, b"<p>31</p>", later(hours=1)))
        writer.replace_version(replace(version, snapshot=earlier.id, captured_at=earlier.captured_at))
        writer._db.execute(sa.text("UPDATE change SET summary = '言い換え', hunks = '[]'"))
    assert list(filled.verify()) == []


def test_redaction_leaves_the_chain_with_a_mark(filled: Archive) -> None:
    with filled.read() as reader:
        before = [link.hash for link in reader.chain_from(1, 10)]
    with filled.write() as writer:
        writer.redact(1, "申し出により", NOW)
    with filled.read() as reader:
        after = list(reader.chain_from(1, 10))
        assert [link.hash for link in after] == before
        assert all(link.redacted for link in after)
        assert reader.redacted_links() == 3
    assert list(filled.verify()) == []
    assert alter(filled, "UPDATE chain SET record = hash WHERE number = 2") == [
        "chain 2: does not follow from the link before it"
    ]


def test_a_change_that_is_written_anew_gets_a_link_of_its_own(filled: Archive) -> None:
    with filled.write() as writer:
        told = writer.change(2)
        assert told is not None
        writer.put_change(replace(told, reasons=("found-later",)))
    with filled.read() as reader:
        assert [(link.number, link.change) for link in reader.chain_from(1, 10)][-1] == (4, 2)
        again = reader.change(2)
        assert again is not None
        assert again.link is not None
        assert again.link.number == 4
    assert list(filled.verify()) == []


def test_what_was_told_before_the_upgrade_is_chained_by_it(filled: Archive, database_url: str) -> None:
    with filled.read() as reader:
        before = list(reader.chain_from(1, 10))
    with filled.write() as writer:
        to_the_first_schema(writer)
    filled.close()
    from storage.archive import open_archive

    with open_archive(database_url) as upgraded:
        with upgraded.read() as reader:
            assert list(reader.chain_from(1, 10)) == before
            assert reader.setting("chain began behind") == "3"
        assert list(upgraded.verify()) == []
