"""Incidents as people keep them: what a person wrote goes first, and each step can be taken back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

from storage.archive import Archive, open_archive
from storage.query import Query
from storage.records import Incident, IncidentLink, IncidentState, IncidentStep, RosterEntry
from storage.topics.incidents import dump_edits
from tests.storage.builders import NOW, later, publish
from tests.storage.former import to_the_first_schema

DRAFTED = Incident(
    "mihon",
    "見本市の事案",
    hotlines=("0120-000-111",),
    window=(date(2024, 1, 2), None),
    roster=(RosterEntry("見本市", "city", disclosed="2024-01-02"),),
)


def test_what_a_person_wrote_goes_before_the_declaration(archive: Archive) -> None:
    declared = Incident("procx", "ProCX", hotlines=("1",), respondents=("例示",))
    with archive.write() as writer:
        writer.put_incident(declared)
        edits = dump_edits(replace(declared, name="別名", hotlines=()), ("name", "hotlines"))
        writer.put_incident_state("procx", IncidentState("closed", edits=edits))
        (known,) = writer.incidents()
        assert (known.name, known.hotlines, known.respondents) == ("別名", (), ("例示",))
        assert (known.status, known.origin, known.edited) == ("closed", "declared", ("name", "hotlines"))
        again = writer.put_incident(replace(declared, name="ProCX 2", respondents=("例示商事",)))
        assert (again.name, again.respondents, again.status) == ("別名", ("例示商事",), "closed")
        assert writer.incidents() == [again]
        writer.put_incident_state("procx", IncidentState("open"))
        assert writer.incident("procx") == replace(
            declared, id=known.id, name="ProCX 2", respondents=("例示商事",)
        )


def test_a_slug_is_drafted_once_and_a_declaration_of_it_takes_nothing_away(archive: Archive) -> None:
    with archive.write() as writer:
        made = writer.add_incident(DRAFTED)
        assert made is not None
        assert replace(made, id=0, edited=()) == replace(DRAFTED, origin="drafted")
        assert writer.add_incident(replace(DRAFTED, name="other")) is None
        writer.put_incident(Incident("mihon", "宣言", summary="x"))
        known = writer.incident("mihon")
        assert known is not None
        assert (known.origin, known.name, known.summary) == ("declared", DRAFTED.name, "")


def test_a_merged_incident_is_answered_by_the_other_and_a_removed_one_by_none(archive: Archive) -> None:
    with archive.write() as writer:
        notice = publish(writer, "本文")
        into, old, gone = (writer.put_incident(Incident(slug, slug)) for slug in ("into", "old", "gone"))
        for incident in (into, old, gone):
            writer.set_link(IncidentLink(incident.id, notice.id, "confirmed"))
        writer.put_incident_state("old", IncidentState("removed", "into"))
        writer.put_incident_state("gone", IncidentState("removed"))
        assert [one.slug for one in writer.incidents()] == ["into"]
        assert [one.slug for one in writer.removed_incidents()] == ["old", "gone"]
        assert writer.incident("old") == writer.incident("into") == into
        assert writer.incident("gone") is writer.incident("no") is None
        assert [link.incident for link in writer.links_of_notice(notice.id)] == [into.id]
        assert [one.incidents for one in writer.notices(Query(incident="old"))] == [("into",)]
        assert writer.notices(Query(incident="gone")) == []


def test_the_trace_leads_back_to_what_stood_before(archive: Archive) -> None:
    with archive.write() as writer:
        notice = publish(writer, "本文")
        known = writer.put_incident(Incident("procx", "ProCX"))
        writer.set_link(IncidentLink(known.id, notice.id, "suggested", ("hotline: 1",), 0.8))
        before = writer.incident_state("procx", [notice.id, 99])
        assert before == IncidentState("open", links=((notice.id, "suggested"), (99, None)))
        after = replace(before, status="removed", links=((notice.id, "rejected"),))
        writer.put_incident_state("procx", after)
        step = IncidentStep("procx", "remove", NOW, "command", before, after)
        number = writer.trace_incidents([step, replace(step, action="close")])
        assert writer.incident_operation(number) == writer.incident_steps("procx") == writer.incident_steps()
        assert [one.action for one in writer.incident_steps()] == ["close", "remove"]
        last = writer.last_incident_step("procx")
        assert last is not None
        assert (last.operation, last.before, last.after) == (number, before, after)
        writer.put_incident_state("procx", before)
        assert [(link.status, link.evidence, link.score) for link in writer.incident_links("procx")] == [
            ("suggested", ("hotline: 1",), 0.8)
        ]
        assert writer.mark_undone(number, later(hours=1))
        assert not writer.mark_undone(number, later(hours=2))
        assert writer.last_incident_step("procx") is None
        assert {one.undone_at for one in writer.incident_steps()} == {later(hours=1)}


def test_incidents_of_the_first_schema_come_through_an_upgrade(database_url: str) -> None:
    with open_archive(database_url) as archive, archive.write() as writer:
        known = writer.put_incident(replace(DRAFTED, slug="procx"))
        link = IncidentLink(known.id, publish(writer, "本文").id, "confirmed", ("by hand",), 0.5)
        writer.set_link(link)
        to_the_first_schema(writer)
    with open_archive(database_url) as archive, archive.read() as reader:
        assert reader.incidents() == [known]
        assert reader.incident_links("procx") == [link]
        assert reader.incident_steps() == []


def test_who_links_waits_for_who_changes_an_incident_and_then_does(archive: Archive) -> None:
    with archive.write() as writer:
        known = writer.put_incident(DRAFTED)
        notice = publish(writer, "本文")

    def link() -> bool:
        with archive.write() as linker:
            return linker.set_link(IncidentLink(known.id, notice.id, "suggested"))

    with ThreadPoolExecutor(1) as others:
        with archive.write() as holder:
            holder.hold_incidents([known.slug])
            linked = others.submit(link)
            time.sleep(0.2)
            assert not linked.done()  # there is one writer at a time
        assert linked.result(60)
