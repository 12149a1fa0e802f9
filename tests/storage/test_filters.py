"""Which notices and changes a query lets through, the same on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from storage.archive import Archive
from storage.db.index import looking
from storage.query import Query
from storage.records import Fact, Incident, IncidentLink, Source
from storage.topics import filters, search
from tests.storage.builders import NOW, change, count, later, notice, read, watch


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Four notices: 1 and 2 of a company, 3 of a city, 4 of a city and only listed."""
    with archive.write() as writer:
        writer.put_source(Source("city", "例示市", "affected"))
        known = writer.put_incident(Incident("procx", "ProCX"))
        for number, source in enumerate(("example", "example", "city", "city"), 1):
            page = (
                watch(writer, f"https://www.example.jp/{number}", source)
                if source == "example"
                else writer.add_page("city", f"https://www.example.jp/{number}", "page")
            )
            made = writer.add_notice(replace(notice(page, f"件名{number}", later(days=number))))
            if number == 4:
                continue
            version = read(writer, page, f"本文{number} 漏えいは{number}00%です", at=later(days=number))
            facts = [
                count(number * 100),
                Fact("organisation", "福岡県" if number == 3 else "（株）例示", "", 0, 0),
            ]
            provision = {"law": "法", "article": str(145 + number), "paragraph": None}
            writer.add_facts(version.id, [*facts, Fact("provision", provision, "", 0, 0)])
            if number == 3:
                writer.add_facts(version.id, [Fact("action", "recommendation", "勧告", 0, 0)])
            writer.put_page(replace(page, version=version.id))
            kind, reasons = ("new", ()) if number < 3 else ("updated", ("count", "silent"))
            writer.add_change(
                change(
                    made,
                    kind=kind,
                    reasons=reasons,
                    material=number > 1,
                    to_version=version.id,
                    detected_at=later(days=number),
                )
            )
        writer.set_link(IncidentLink(known.id, 1, "declared"))
        writer.set_link(IncidentLink(known.id, 2, "suggested"))
        attached = writer.add_page("example", "https://www.example.jp/x.pdf", "attachment", parent=1)
        paper = read(writer, attached, "添付の報告書")
        writer.add_facts(paper.id, [count(9_280_000)])
        writer.put_page(replace(attached, version=paper.id))
    return archive


CASES = [
    (Query(), [4, 3, 2, 1], [3, 2, 1]),
    (Query(newest_first=False), [1, 2, 3, 4], [1, 2, 3]),
    (Query(limit=2), [4, 3], [3, 2]),
    (Query(limit=2, after=3), [2, 1], [2, 1]),
    (Query(after=2, newest_first=False), [3, 4], [3]),
    (Query(sources=("city",)), [4, 3], [3]),
    (Query(sources=("city", "example"), source_kinds=("company",)), [2, 1], [2, 1]),
    (Query(incident="procx"), [1], [1]),
    (Query(incident="other"), [], []),
    (Query(kinds=("new",)), [2, 1], [2, 1]),
    (Query(kinds=("new", "updated"), material=True), [3, 2], [3, 2]),
    (Query(material=False), [1], [1]),
    (Query(reasons=("silent", "title")), [3], [3]),
    (Query(reasons=("sil",)), [], []),
    (Query(since=later(days=2)), [4, 3, 2], [3, 2]),
    (Query(until=later(days=2)), [1], [1]),
    (Query(stated_over=150), [3, 2, 1], [3, 2, 1]),  # 1 by its attachment
    (Query(stated_over=1000), [1], [1]),
    (Query(provision="148"), [3], [3]),
    (Query(provision="14"), [], []),
    (Query(action="recommendation"), [3], [3]),
    (Query(action="order"), [], []),
    (Query(organisation="㈱例示"), [2, 1], [2, 1]),
    (Query(organisation="%"), [], []),
    (Query(text="漏えいは３００％"), [3], [3]),
    (Query(text="３００% 漏え"), [3], [3]),
    (Query(text='"３００% 漏え"'), [], []),
    (Query(text="件名2"), [2], [2]),
    (Query(text="添付"), [1], [1]),  # likewise
    (Query(text="%"), [3, 2, 1], [3, 2, 1]),
    (Query(text=""), [], []),
    (Query(text="' OR 1=1 --"), [], []),
    (Query(any_of=(Query(stated_over=1000), Query(provision="148"))), [3, 1], [3, 1]),
    (
        Query(any_of=(Query(text="件名2"), Query(text="添付"), Query(sources=("city",)))),
        [4, 3, 2, 1],
        [3, 2, 1],
    ),
    (Query(material=True, any_of=(Query(sources=("example",)),)), [2], [2]),
    (Query(any_of=(Query(text="%%%"),)), [], []),
    (Query(sources=("city",), any_of=(Query(),)), [4, 3], [3]),
    (Query(text="本文", provision="147", stated_over=200, sources=("example",), limit=5), [2], [2]),
]


@pytest.mark.parametrize("few", [0, 2_000])
def test_queries(filled: Archive, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is asked of facts and texts, and whether it is looked up first or row by row."""
    monkeypatch.setattr(filters, "FEW_FACTS", few)
    monkeypatch.setattr(looking, "_is_often_new", lambda *_: few == 0)
    with filled.read() as reader:
        for query, notices, changes in CASES:
            assert [n.id for n in reader.notices(query)] == notices, query
            found = reader.changes(query)
            assert [c.notice for c in found] == changes, query
            brief = [replace(c, hunks=()) for c in found]
            assert reader.brief_changes(query) == brief
            assert [c.link for c in reader.brief_changes(query)] == [c.link for c in found]
            unlinked = reader.brief_changes(query, linked=False)
            assert (unlinked, {c.link for c in unlinked} - {None}) == (brief, set())


@pytest.mark.parametrize("few", [0, 2_000])
def test_what_vanished_is_found_by_what_it_stated_last(
    archive: Archive, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "FEW_FACTS", few)
    with archive.write() as writer:
        page = watch(writer)
        made = writer.add_notice(notice(page))
        version = read(writer, page, "本文")
        writer.add_facts(version.id, [count(1_200)])
        gone = writer.add_change(change(made, kind="withdrawn", from_version=version.id, to_version=None))
    with archive.read() as reader:
        assert [one.id for one in reader.changes(Query(stated_over=1_000))] == [gone.id]
        assert reader.changes(Query(stated_over=2_000)) == []


@pytest.mark.parametrize("few", [0, 2_000])
@pytest.mark.parametrize("left", [0, 400])
def test_a_search_is_filtered_likewise(
    filled: Archive, few: int, left: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filters, "FEW_FACTS", few)
    monkeypatch.setattr(search, "FEW_NOTICES", left)
    with filled.read() as reader:
        for query, notices, _ in CASES:
            if query.text is None and query.after is None and query.limit is None and query.newest_first:
                found = [hit.notice.id for hit in reader.search("漏えい", query)]
                assert found == [id for id in notices if id != 4], query


def test_notices_are_in_order_of_their_publication(archive: Archive) -> None:
    with archive.write() as writer:
        for number, published in enumerate(
            (date(2023, 10, 1), None, date(2024, 1, 24), date(2023, 10, 17)), 1
        ):
            page = watch(writer, f"https://www.example.jp/{number}")
            writer.add_notice(replace(notice(page), published=published))
        # 2 was first seen at noon of the day on which 4 was published, in Japan
        assert [n.id for n in writer.notices()] == [3, 2, 4, 1]
        assert [n.id for n in writer.notices(Query(after=2))] == [4, 1]
        day = datetime(2023, 10, 16, 15, tzinfo=UTC)
        assert [n.id for n in writer.notices(Query(since=day, until=NOW))] == [4]
