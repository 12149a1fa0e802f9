"""Texts to be searched are stored as their difference from others, and nothing of that is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.archive import Archive, Writer, open_archive
from storage.db.index import looking, search_index
from storage.db.kept import grams, packing
from storage.db.schema import take_back
from storage.db.tables import search_doc
from storage.errors import Corrupt
from storage.records import Version
from storage.text.fold import fold
from storage.topics import search
from tests.storage.builders import later, notice, publish, read, watch

SENTENCES = tuple(f"第{n}号の書類{n * 7919}枚を{n * 31 % 12 + 1}月に誤って送付しました。" for n in range(60))
LONG = "\n".join(SENTENCES)

# What the first pages say gets into the index twice, and enough is taken out at once for FTS5 to bring it
# together by itself.
TWICE_IN_THE_INDEX = [
    *(("index", 9, 57), ("add", 3, 1), ("index", 6, 51), ("add", 5, 9), ("insert", 3, 27), ("add", 5, 13)),
    *(("index", 6, 12), ("insert", 2, 30), ("redact", 4, 0), ("add", 2, 48), ("index", 1, 4), ("add", 7, 20)),
    *(("index", 2, 29), ("renew", 1, 58), ("redact", 9, 1), ("add", 2, 51), ("index", 1, 17), ("add", 5, 21)),
    *(("renew", 2, 18), ("add", 4, 7), ("add", 6, 23)),
]


@given(st.text("あ漏い。7𠮷\n", max_size=400), st.text("あ漏い。7𠮷\n", max_size=400), st.booleans())
def test_what_is_packed_is_unpacked(text: str, other: str, built: bool) -> None:
    base = other.encode() if built else None
    data, close = packing.pack(text.encode(), base)
    assert packing.restore(data, other if close else None, None) == text.encode()
    for phrases in ([text[:3], text[-2:]], [text[:3], text + "。"], ["件", text[1:4]]):
        found = packing.holds(data, other if close else None, None, *phrases)
        assert found is all(phrase in text for phrase in phrases)


def texts(writer: Writer) -> dict[int, str]:
    rows = writer._fetch_all(sa.select(search_doc.c.version_id, search_index.text_of().label("text")))
    return {row.version_id: row.text for row in rows if row.version_id}


def redact(connection: sa.Connection, versions: list[Version]) -> None:
    search_index.remove(connection, [one.id for one in versions], ())
    for one in versions:
        connection.execute(sa.text("DELETE FROM version WHERE id = :id"), {"id": one.id})


def holding_docs(connection: sa.Connection, versions: set[int]) -> list[int]:
    rows = connection.execute(sa.select(search_doc.c.id, search_doc.c.version_id))
    return [row.id for row in rows if row.version_id in versions]


def said(version: Version) -> str:
    return fold(version.title) + "\uffff" + fold(version.text)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["add", "add", "add", "renew", "insert", "redact", "index", "index"]),
            st.integers(0, 9),
            st.integers(0, 59),
        ),
        max_size=14,
    )
)
@example(steps=TWICE_IN_THE_INDEX)
def test_whatever_becomes_of_other_texts_each_stays_as_it_is(
    file_url: str, steps: list[tuple[str, int, int]]
) -> None:
    """Those of other versions and pages, upon which it may be built."""
    with open_archive(file_url) as archive, archive._engine.connect() as connection:  # nothing is kept
        writer = Writer(connection)
        pages = [watch(writer, f"https://www.example.jp/{n}") for n in range(3)]
        for page in pages:
            writer.add_notice(notice(page, "題"))
        for turn, (what, which, line) in enumerate(steps):
            page = pages[which % 3]
            text = LONG.replace(SENTENCES[line], f"{turn}は書き改めた。")
            stored = writer.versions(page.id)
            if what == "add":
                read(writer, page, text, at=later(days=turn))
            elif what == "insert" and stored:
                new = replace(stored[0], number=1 + which % len(stored), text=text, blocks=())
                writer.add_version(new)
            elif what == "renew" and stored:
                one = stored[which % len(stored)]
                writer.replace_version(replace(one, text=text, blocks=()))
            elif what == "index":
                search_index.catch_up(connection, 0)
            elif what == "redact":
                redact(connection, stored)
        kept = {one.id: said(one) for page in pages for one in writer.versions(page.id)}
        assert texts(writer) == kept
        search_index.catch_up(connection, 0)
        for line in (0, 59):
            for asked in (SENTENCES[line], SENTENCES[line][:3], f"{line}は", "改め", "改", "。第"):
                holding = {id for id, text in kept.items() if fold(asked) in text}
                wanted = looking.look_for(connection, asked)
                found = connection.execute(sa.select(wanted.documents().c.version_id)).scalars()
                assert {*found} == holding, asked
                walked = {id for ids in wanted.batches(connection) for id in ids}
                assert walked >= {*holding_docs(connection, holding)}, asked
        assert list(search_index.damages(connection, 0, 999)) == []
        for page in pages:
            redact(connection, writer.versions(page.id))
        connection.execute(sa.text("DELETE FROM search_doc"))
        connection.execute(sa.text("CREATE VIRTUAL TABLE temp.said USING fts5vocab(main, search_index, row)"))
        left = connection.scalars(sa.text("SELECT term FROM temp.said")).all()
        assert {*left} <= {"題" + grams.APART * 2, grams.APART}, (
            "something of what was redacted is left in the index"
        )


def test_a_version_takes_little(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        for turn in range(4):
            read(writer, page, LONG.replace(SENTENCES[turn], "改めた。"), at=later(days=turn))
        stored = writer._db.scalars(sa.text("SELECT folded FROM search_doc ORDER BY id")).all()
    if not isinstance(stored[0], str):  # PostgreSQL keeps them as they are
        assert max(map(len, stored[1:])) < 100 < len(stored[0]) < len(LONG.encode()) // 3


def test_what_waits_for_the_index_is_found(archive: Archive) -> None:
    waiting = sa.select(sa.func.count()).where(search_doc.c.pending)
    for number in range(1, search_index.BATCH_DOCS // 2 + 2):
        with archive.write() as writer:  # two documents each: text and title
            made = publish(writer, f"本文{number}の漏えい", number=number, title=f"題{number}")
        with archive.read() as reader:
            assert [hit.notice.id for hit in reader.search(f"本文{number}の")] == [made.id]
            assert reader.search(f"題{number}")[0].notice.id == made.id
            assert len(reader.search("漏えい")) == number
            left = reader._db.scalar(waiting)
            assert left == 2 * number % search_index.BATCH_DOCS


def test_the_index_stays_in_few_parts(archive: Archive) -> None:
    for number in range(12):
        with archive.write() as writer:
            publish(writer, f"{SENTENCES[number]}漏えい", number=number + 1)
            search_index.catch_up(writer._db, 0)
    with archive.read() as reader:
        assert len(reader.search("漏えい")) == 12
        if archive.is_file:  # without, there are twelve
            parts = sa.text("SELECT count(DISTINCT segid) FROM search_index_idx")
            assert (reader._db.scalar(parts) or 0) <= 4


@pytest.mark.parametrize("killed", [search.SearchWrites.pack_texts, search.SearchWrites.reindex])
def test_killed_while_texts_are_packed_it_goes_on(
    archive: Archive, database_url: str, killed: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.write() as writer:
        for number in range(1, 6):
            publish(writer, LONG.replace(SENTENCES[number], "漏えい。"), number=number, at=later(days=number))
        before = texts(writer)
        take_back(writer._db, "0013")
        writer.told = False
    name = killed.__name__  # type: ignore[attr-defined]
    monkeypatch.setattr(search, "BATCH_DOCS", 2)
    turns = []

    def dies(self: Writer) -> object:
        turns.append(1)
        if len(turns) == 3:
            raise KeyboardInterrupt
        return killed(self)  # type: ignore[operator]

    with monkeypatch.context() as patch:
        patch.setattr(search.SearchWrites, name, dies)
        patch.setattr("storage.archive.Writer." + name, dies)
        if archive._engine.dialect.name == "sqlite" or name == "reindex":
            with pytest.raises(KeyboardInterrupt):
                open_archive(database_url)
    told: list[tuple[int, int]] = []
    with open_archive(database_url, lambda done, total: told.append((done, total))) as again:
        with again.write() as writer:
            assert texts(writer) == before
            assert [hit.notice.id for hit in writer.search("漏えい")] == [5, 4, 3, 2, 1]
            assert writer.search(SENTENCES[3])[-1].notice.id == 1
        assert list(again.verify()) == []
    if name == "reindex":
        assert told[0] == (2, 6)  # of ten documents four were done


def test_a_text_that_is_damaged_is_told(file_url: str) -> None:
    with open_archive(file_url) as archive:
        with archive.write() as writer:
            page = watch(writer)
            read(writer, page, LONG)
            read(writer, page, LONG.replace(SENTENCES[3], "改めた。"), at=later(days=1))
            data = writer._db.scalar(sa.text("SELECT folded FROM search_doc WHERE version_id = 2"))
            worse = data[:-1] + bytes([data[-1] ^ 1])
            writer._db.execute(
                sa.text("UPDATE search_doc SET folded = :d WHERE version_id = 2"), {"d": worse}
            )
        assert [(one.what, one.id) for one in archive.verify()] == [("version", 2)]
        for broken in (worse, data[:-1], data + b"\0", data + data):
            with pytest.raises(Corrupt):
                packing.unpack(broken, LONG.encode())
