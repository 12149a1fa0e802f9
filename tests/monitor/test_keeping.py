"""People keep incidents: each operation is one step, says what it did, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.operator import Decision, IncidentInput, answer
from monitor.incidents import keeping
from monitor.incidents.incident_links import relink_all
from monitor.incidents.keeping import Hand
from monitor.track.decisions import Decider
from storage.archive import Archive, Reader, open_archive
from storage.query import Query
from storage.records import Fact, Incident, IncidentLink, RosterEntry
from tests.databases import copy_of, database_at
from tests.storage.builders import NOW, publish

Act = Callable[[Hand], Decision]
ONE = Incident(
    "one", "一の事案", respondents=("例示商事",), hotlines=("0120-000-111",), window=(date(2024, 1, 2), None)
)
TWO = Incident(
    "two",
    "二の事案",
    hotlines=("0120-000-222",),
    window=(date(2023, 1, 2), date(2025, 1, 1)),
    seeds=("https://www.example.jp/2",),
    roster=(RosterEntry("見本市", "city"),),
)


def fill(archive: Archive) -> None:
    """Four notices: 1 belongs to one, 2 and 3 to two, 3 is suggested to one, 4 is known to neither."""
    with archive.write() as writer:
        for number in range(1, 5):
            publish(writer, f"本文 {number}", number=number)
        hotline = Fact("phone", "0120-000-111", "0120-000-111", 0, 12)
        page = writer.pages("example")[2]
        (stored,) = writer.versions(page.id)
        writer.put_page(replace(page, version=stored.id))
        writer.add_facts(stored.id, [hotline])
        one, two = writer.put_incident(ONE), writer.add_incident(TWO)
        assert two is not None
        writer.set_link(IncidentLink(one.id, 1, "confirmed", ("hotline: 1",), 0.8))
        writer.set_link(IncidentLink(two.id, 3, "confirmed", ("by hand",), 0.0))
        relink_all(writer)


@pytest.fixture
def kept(archive: Archive) -> Archive:
    fill(archive)
    return archive


def do(archive: Archive, act: Act) -> Decision:
    with archive.write() as writer:
        return act(Hand(writer, NOW, "command"))


def merge(into: str, slug: str) -> Act:
    return lambda hand: keeping.merge_incidents(hand, into, slug)


def edit(slug: str, seen: int | None = None, **keys: Any) -> Act:
    return lambda hand: keeping.edit_incident(hand, slug, keys, seen=seen)


def new(slug: str, *notices: int) -> Act:
    return lambda hand: keeping.add_incident(hand, Incident(slug, "新しい事案"), notices)


def split(slug: str, into: str, *notices: int) -> Act:
    return lambda hand: keeping.split_incident(hand, slug, Incident(into, "分けた事案"), notices)


def link(slug: str, *notices: int, accept: bool = True) -> Act:
    return lambda hand: keeping.decide_links(hand, slug, notices, accept=accept)


def on(act: Callable[[Hand, str], Decision], slug: str) -> Act:
    return lambda hand: act(hand, slug)


def undo(slug: str) -> Act:
    return on(keeping.undo_last, slug)


def stands(reader: Reader) -> list[object]:
    """All that people see of incidents, and what belongs to them."""
    known = [*reader.incidents(), *reader.removed_incidents()]
    return [(one, reader.incident_links(one.slug)) for one in known]


def of(archive: Archive, slug: str) -> tuple[Incident, dict[int, str]]:
    with archive.read() as reader:
        known = reader.stored_incident(slug)
        assert known is not None
        return known, {link.notice: link.status for link in reader.incident_links(slug)}


def test_a_merged_incident_goes_into_the_other_with_all_it_has(kept: Archive) -> None:
    assert do(kept, merge("one", "two")) == answer("done", "incident-merged", "two", "one")
    one, links = of(kept, "one")
    assert links == {1: "confirmed", 2: "declared", 3: "confirmed"}
    assert one.hotlines == ("0120-000-111", "0120-000-222")
    assert (one.name, one.window, one.roster) == (ONE.name, (date(2023, 1, 2), None), TWO.roster)
    with kept.read() as reader:
        assert [notice.incidents for notice in reader.notices(Query(incident="two"))] == [("one",)] * 3
        assert {link.notice: link.evidence for link in reader.incident_links("one")} == {
            1: ("hotline: 1",),
            2: ("seed of the declaration",),
            3: ("hotline: 0120-000-111",),
        }
    assert do(kept, merge("one", "two")) == answer("already", "incident-merged-before", "two", "one")
    assert do(kept, merge("two", "one")) == answer("already", "incident-went", "two", "one")
    assert do(kept, edit("two", name="x")) == answer("already", "incident-went", "two", "one")
    do(kept, new("three", 4))
    do(kept, merge("three", "one"))
    with kept.read() as reader:
        assert {reader.incident(slug).slug for slug in ("one", "two", "three")} == {"three"}  # type: ignore[union-attr]
    assert do(kept, undo("two")) == answer("done", "incident-undone", "two", "統合", "merged")
    assert do(kept, undo("two")).outcome == "done"
    one, links = of(kept, "one")
    assert (one.hotlines, links) == (ONE.hotlines, {1: "confirmed", 3: "suggested"})
    assert of(kept, "two")[1] == {2: "declared", 3: "confirmed"}


def test_two_operators_merge_the_same_at_once(kept: Archive) -> None:
    with ThreadPoolExecutor() as pool:
        both = [pool.submit(do, kept, merge("one", "two")), pool.submit(do, kept, merge("two", "one"))]
        again = [pool.submit(do, kept, merge("one", "two")) for _ in range(2)]
        outcomes = [one.result().outcome for one in (*both, *again)]
    assert outcomes.count("done") == 1
    assert set(outcomes) == {"done", "already"}
    with kept.read() as reader:
        (left,) = reader.incidents()
        assert len(reader.notices(Query(incident=left.slug))) == 3
        assert len({step.operation for step in reader.incident_steps()}) == 1


def test_two_operators_make_the_same_slug_at_once(kept: Archive) -> None:
    with ThreadPoolExecutor() as pool:
        outcomes = [one.result().outcome for one in [pool.submit(do, kept, new("x", 4)) for _ in range(3)]]
    assert sorted(outcomes) == ["already", "already", "done"]


def test_what_somebody_changed_meanwhile_is_not_written_over(kept: Archive) -> None:
    with kept.read() as reader:
        seen = keeping.last_operation(reader, "one")
    assert do(kept, edit("one", seen, name="甲")) == answer("done", "incident-edited", "one", "name")
    assert do(kept, edit("one", seen, name="乙")) == answer("already", "incident-meanwhile", "one")
    assert do(kept, edit("one", name="甲")) == answer("already", "incident-same", "one")
    assert of(kept, "one")[0].name == "甲"


def test_a_declaration_that_changes_leaves_what_a_person_wrote(kept: Archive) -> None:
    do(kept, edit("one", hotlines=[], name=ONE.name))
    with kept.write() as writer:
        writer.put_incident(replace(ONE, name="改めた名", hotlines=("0120-000-333",)))
    known, _ = of(kept, "one")
    assert (known.name, known.hotlines, known.edited) == ("改めた名", (), ("hotlines",))
    do(kept, undo("one"))
    assert of(kept, "one")[0].hotlines == ("0120-000-333",)


def test_what_was_split_off_is_suggested_there_no_more(kept: Archive) -> None:
    assert do(kept, split("two", "three", 3)).outcome == "done"
    assert of(kept, "two")[1] == {2: "declared", 3: "rejected"}
    assert of(kept, "three")[1] == {3: "confirmed"}
    assert do(kept, undo("three")).outcome == "done"
    assert of(kept, "two")[1] == {2: "declared", 3: "confirmed"}
    assert of(kept, "three")[0].status == "removed"
    assert do(kept, new("three", 4)) == answer("done", "incident-made", "新しい事案", "three"), (
        "it was unmade"
    )
    assert of(kept, "three")[1] == {4: "confirmed"}


def test_an_earlier_step_waits_for_the_later_one(kept: Archive) -> None:
    do(kept, merge("one", "two"))
    do(kept, on(keeping.close_incident, "one"))
    blocked = answer("already", "incident-undo-blocked", "two", "one")
    assert do(kept, undo("two")) == blocked
    do(kept, undo("one"))
    assert do(kept, undo("two")).outcome == "done"


ANSWERS: list[tuple[Act, Decision]] = [
    (edit("oen", name="x"), answer("unknown", "incident-near", "oen", "one")),
    (edit("zzzzzz", name="x"), answer("unknown", "incident-unknown", "zzzzzz")),
    (
        edit("one", nme="x", hotlines="1"),
        Decision(
            "refused",
            "this cannot be used: hotlines: must be a list; nme: unknown key, did you mean name?",
            "この内容は使えません: 問い合わせ先の電話番号: must be a list、nme: unknown key, did you mean name?",
        ),
    ),
    (new("one", 4), answer("already", "incident-slug-taken", "one", ONE.name)),
    (new("事案", 4), answer("refused", "incident-slug-bad", "事案")),
    (new("x", 4, 98, 99), answer("unknown", "notices-unknown", "98, 99")),
    (merge("one", "one"), answer("refused", "incident-itself", "one")),
    (merge("one", "tow"), answer("unknown", "incident-near", "tow", "two")),
    (split("one", "x", 1, 2), answer("refused", "incident-not-of", "one", "2")),
    (split("one", "x"), answer("refused", "incident-none-named")),
    (split("one", "two", 1), answer("already", "incident-slug-taken", "two", TWO.name)),
    (link("one", 99), answer("unknown", "link-unknown", "one", 99)),
    (link("one", 1, 99), answer("unknown", "notices-unknown", "99")),
    (link("one", 1, 4, accept=False), answer("already", "links-decided-before", "1")),
    (
        lambda hand: keeping.decide_links(hand, "one", [4], accept=True, seen=999),
        answer("already", "incident-meanwhile", "one"),
    ),
    (link("one", 1, 3, 4), answer("done", "links-linked", "one", 3)),
    (on(keeping.close_incident, "one"), answer("done", "incident-closed", "one")),
    (on(keeping.reopen_incident, "one"), answer("already", "incident-open-before", "one")),
    (on(keeping.remove_incident, "one"), answer("done", "incident-removed", "one")),
    (undo("one"), answer("already", "incident-nothing-to-undo", "one")),
    (undo("oen"), answer("unknown", "incident-near", "oen", "one")),
]


def test_every_answer_is_clear_and_what_is_refused_changes_nothing(tmp_path: Path) -> None:
    with open_archive(database_at(tmp_path / "a.db")) as archive:
        fill(archive)
        with archive.read() as reader:
            before = stands(reader)
        for act, expected in ANSWERS:
            assert do(archive, act) == expected
            with archive.read() as reader:
                assert (stands(reader) == before) == (expected.outcome != "done")
                done = reader.incident_steps()
            if expected.outcome == "done":
                assert do(archive, undo(done[0].incident)).outcome == "done"


def test_what_was_removed_says_so_and_comes_back(kept: Archive) -> None:
    do(kept, on(keeping.remove_incident, "two"))
    gone = answer("already", "incident-gone", "two")
    assert do(kept, edit("two", name="x")) == do(kept, merge("one", "two")) == gone
    assert do(kept, on(keeping.remove_incident, "two")) == answer("already", "incident-removed-before", "two")
    with kept.read() as reader:
        assert reader.notices(Query(incident="two")) == []
        assert {notice.incidents for notice in reader.notices()} == {(), ("one",)}
    do(kept, undo("two"))
    assert of(kept, "two")[1] == {2: "declared", 3: "confirmed"}


SLUGS, NUMBERS = st.sampled_from(["one", "two", "three"]), st.lists(st.integers(1, 4), max_size=2)
OPERATIONS = st.one_of(
    st.builds(merge, SLUGS, SLUGS),
    st.builds(lambda slug, name: edit(slug, name=name), SLUGS, st.sampled_from(["甲", "乙"])),
    st.builds(lambda slug, notices: new(slug, *notices), SLUGS, NUMBERS),
    st.builds(lambda slug, into, notices: split(slug, into, *notices), SLUGS, SLUGS, NUMBERS),
    st.builds(lambda slug, notices, yes: link(slug, *notices, accept=yes), SLUGS, NUMBERS, st.booleans()),
    st.builds(
        on,
        st.sampled_from([keeping.close_incident, keeping.reopen_incident, keeping.remove_incident]),
        SLUGS,
    ),
    st.builds(undo, SLUGS),
)


def copied(template: str, folders: pytest.TempPathFactory) -> str:
    return copy_of(template, folders.mktemp("kept") / "a.db")


@settings(max_examples=25, deadline=None)
@given(st.lists(OPERATIONS, max_size=8))
def test_undoing_everything_leads_back_to_the_beginning(
    tmp_path_factory: pytest.TempPathFactory, template_url: str, operations: list[Act]
) -> None:
    with open_archive(copied(template_url, tmp_path_factory)) as archive:
        fill(archive)
        with archive.read() as reader:
            before = stands(reader)
        for act in operations:
            do(archive, act)
        for _ in range(len(operations)):
            with archive.read() as reader:
                left = [step for step in reader.incident_steps() if step.undone_at is None]
            if left:
                assert do(archive, undo(left[0].incident)).outcome == "done"
        with archive.read() as reader:
            made = [row for row in stands(reader) if row[0].slug != "three"]  # type: ignore[index]
            assert made == before
            assert reader.incident("three") is None


def test_the_pages_do_what_commands_do_and_the_trace_says_who(archive: Archive) -> None:
    fill(archive)
    by_page = Decider(archive, list, lambda: NOW, lambda address: address, private=True)
    keys = {"name": "新しい事案", "hotlines": ["0120-000-333"]}
    acts: list[tuple[Any, str, IncidentInput, str]] = [
        ("new", "three", IncidentInput(keys=keys, notices=(4,)), "done"),
        ("new", "three", IncidentInput(keys=keys), "already"),
        ("edit", "three", IncidentInput(keys={"name": ""}), "refused"),
        ("edit", "three", IncidentInput(keys={"name": "三の事案"}), "done"),
        ("link", "three", IncidentInput(notices=(2,)), "done"),
        ("unlink", "three", IncidentInput(notices=(2,)), "done"),
        ("split", "two", IncidentInput(keys=keys, into="four", notices=(3,)), "done"),
        ("split", "two", IncidentInput(keys={"name": ""}, into="five", notices=(3,)), "refused"),
        ("merge", "four", IncidentInput(into="three"), "done"),
        ("close", "three", IncidentInput(), "done"),
        ("reopen", "three", IncidentInput(), "done"),
        ("remove", "three", IncidentInput(), "done"),
        ("undo", "three", IncidentInput(), "done"),
    ]
    for action, slug, given_with, outcome in acts:
        with archive.read() as reader:
            last = reader.last_incident_step(slug)
        looked = replace(given_with, seen=last.operation if last else None)
        assert by_page.keep_incident(action, slug, looked).outcome == outcome, (action, slug)
    with archive.read() as reader:
        steps = [(step.action, step.incident, step.by, step.at == NOW) for step in reader.incident_steps()]
    assert steps == [
        (action, slug, "page", True)
        for action, slug in (
            ("remove", "three"), ("reopen", "three"), ("close", "three"), ("merge", "four"), ("merge", "three"),
            ("split", "four"), ("split", "two"), ("unlink", "three"), ("link", "three"), ("edit", "three"),
            ("new", "three"),
        )
    ]  # fmt: skip
    assert by_page.find_source("https://x.example/") == "https://x.example/"
    own = 'id = "own"\nprivate = true\nstart = ["http://127.0.0.1/"]\nlisting = { links = true }\n'
    assert by_page.watch_source(own, "自分", "company").outcome == "done"
    assert replace(by_page, private=False).watch_source(own, "自分", "company").outcome == "refused"
    with archive.read() as reader:
        (source,) = [one for one in reader.sources() if one.id == "own"]
    assert (source.name, source.kind, source.origin) == ("自分", "company", "accepted")
