"""Facts are stored once for every value, and read as if each version had its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.archive import Archive, Writer, open_archive
from storage.db.kept import fact_spans
from storage.db.schema import take_back
from storage.db.tables import fact_span, fact_value
from storage.records import Fact
from storage.topics import search
from tests.storage.builders import later, notice, read, watch

VALUES = (
    Fact("count", 1_200, "1,200件", 0, 0, unit="件", role="affected"),
    Fact("count", 1_200, "約1,200件", 0, 0, unit="件", qualifiers=("about",), role="affected"),
    Fact("organisation", "見本市", "見本市", 0, 0),
    Fact("provision", {"law": "個人情報保護法", "article": "148"}, "第148条", 0, 0),
    Fact("date", "2024-01-24", "令和6年1月24日", 0, 0, role="discovered"),
    Fact("count", None, "多数", 0, 0),
)


@st.composite
def said(draw: st.DrawFn) -> list[Fact]:
    facts, at = [], 0
    for value in draw(st.lists(st.sampled_from(VALUES), max_size=6)):
        at += draw(st.integers(0, 300))
        more = draw(st.sampled_from((0, 0, 0, 2)))
        facts.append(replace(value, start=at, end=at + len(value.raw) + more))
    return facts


@given(st.lists(st.tuples(st.integers(1, 1 << 40), st.integers(0, 1 << 30), st.integers(-9, 9))))
def test_what_is_written_of_facts_is_read_again(facts: list[tuple[int, int, int]]) -> None:
    assert list(fact_spans._decode(fact_spans._encode(facts))) == facts


def viewed(writer: Writer) -> dict[int, Counter[tuple[object, ...]]]:
    rows = writer._db.execute(sa.text("SELECT version, field, count, role, quoted FROM facts"))
    found: dict[int, Counter[tuple[object, ...]]] = {}
    for version, *rest in rows:
        found.setdefault(version, Counter())[tuple(rest)] += 1
    return found


def shown(one: Fact) -> tuple[object, ...]:
    return one.field, one.value if one.field == "count" else None, one.role, one.raw


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["new", "new", "more", "other", "earlier", "redact"]), st.integers(0, 9), said()
        ),
        max_size=9,
    )
)
def test_every_version_states_what_it_was_stored_with(
    sqlite_url: str, steps: list[tuple[str, int, list[Fact]]]
) -> None:
    with open_archive(sqlite_url) as archive, archive._engine.connect() as connection:  # nothing is kept
        writer = Writer(connection)
        pages = [watch(writer, f"https://www.example.jp/{n}") for n in range(2)]
        stated: dict[int, list[Fact]] = {}
        for turn, (what, which, facts) in enumerate(steps):
            page = pages[which % 2]
            stored = writer.versions(page.id)
            one = stored[which % len(stored)] if stored else None
            if what == "new":
                made = read(writer, page, f"{turn}", at=later(days=turn))
                writer.add_facts(made.id, facts)
                stated[made.id] = facts
            elif what == "redact":
                fact_spans.forget(connection, [page.id])
                writer = Writer(connection)  # which knows nothing of what was just written
                stated |= {version.id: [] for version in stored}
            elif one is None:
                continue
            elif what == "more":
                writer.add_facts(one.id, facts)
                stated[one.id] = stated[one.id] + facts
            elif what == "other":
                writer.replace_facts(one.id, facts)
                stated[one.id] = facts
            else:
                made = writer.add_version(replace(one, number=one.number))
                writer.add_facts(made.id, facts)
                stated[made.id] = facts
        assert {id: writer.facts(id) for id in stated} == stated
        assert viewed(writer) == {id: Counter(map(shown, facts)) for id, facts in stated.items() if facts}
        assert list(fact_spans.damages(connection, 0, 99)) == []
        held = {(one.field, one.raw, one.qualifiers) for facts in stated.values() for one in facts}
        assert connection.scalar(sa.select(sa.func.count()).select_from(fact_value)) == len(held)


def test_what_a_version_leaves_as_it_is_takes_no_row(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        for turn in range(5):
            made = read(writer, page, f"{turn}", at=later(days=turn))
            writer.add_facts(made.id, [*VALUES, *VALUES[:2], Fact("count", turn, f"{turn}人", 9, 11)])
        assert writer._db.scalar(sa.select(sa.func.count()).select_from(fact_span)) == len(VALUES) + 5
        assert len(viewed(writer)) == 5
        assert sum(viewed(writer)[3].values()) == len(VALUES) + 3


def test_killed_while_facts_are_stored_anew_it_goes_on(
    archive: Archive, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with archive.write() as writer:
        stated = {}
        for number in range(5):
            page = watch(writer, f"https://www.example.jp/{number}")
            writer.add_notice(notice(page))
            for turn in range(3):
                made = read(writer, page, f"{number} {turn}", at=later(days=turn))
                facts = [
                    replace(one, start=turn, end=turn + len(one.raw)) for one in VALUES[: 2 + number - turn]
                ]
                writer.add_facts(made.id, facts)
                stated[made.id] = facts
        before = viewed(writer)
        take_back(writer._db, "0014")
        writer.told = False
        assert writer._db.scalar(sa.text("SELECT count(*) FROM fact")) == sum(map(len, stated.values()))
    monkeypatch.setattr(search, "BATCH_DOCS", 2)
    pack, turns = fact_spans.take_over, []

    def dies(db: sa.Connection, page_id: int) -> None:
        turns.append(page_id)
        if len(turns) == 4:
            raise KeyboardInterrupt
        pack(db, page_id)

    with monkeypatch.context() as patch:
        patch.setattr(fact_spans, "take_over", dies)
        with pytest.raises(KeyboardInterrupt):
            open_archive(database_url)
        assert turns == [1, 2, 3, 4]
    with open_archive(database_url) as again:
        with again.read() as reader:
            assert {id: reader.facts(id) for id in stated} == stated
            assert viewed(reader) == before  # type: ignore[arg-type]
            assert "former_fact" not in sa.inspect(reader._db).get_table_names()
        assert list(again.verify()) == []


def test_facts_that_are_not_what_was_stored_are_told(archive: Archive) -> None:
    with archive.write() as writer:
        page = watch(writer)
        for turn in range(3):
            made = read(writer, page, f"{turn}", at=later(days=turn))
            writer.add_facts(made.id, VALUES[turn:])
        writer._db.execute(fact_span.update().where(fact_span.c.last == 1).values(last=2))
    assert [(one.what, one.id) for one in archive.verify()] == [("version", 2)]
