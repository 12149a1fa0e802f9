"""What a person decides is answered in one sentence of either language, and written once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from feeds.operator import Decision
from feeds.wording.tables.decision_words import DECISIONS
from monitor.incidents import keeping
from monitor.incidents.declaring import declare_incidents
from monitor.track import decisions
from storage.archive import Archive, open_archive
from storage.records import IncidentLink, LinkStatus, Offer, Source
from tests.databases import ON_POSTGRESQL, database_at
from tests.monitor.story import LEAK, SINGLE, Story, html
from tests.storage.builders import NOW

INDEX = replace(SINGLE, id="index", kind="index", start=("https://www.example.jp/list",))
ADDRESS = "https://www.town.example.jp/"
SLUG = "ntt-procx-2023"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(database_at(tmp_path / "a.db")) as opened:
        Story(opened).page(html(LEAK))
        with opened.write() as writer:
            writer.put_source(INDEX)
            writer.add_offer(Offer("index", ADDRESS, "例示町", NOW))
            declare_incidents(writer)
        yield opened


def answer(outcome: str, name: str, *words: object) -> Decision:
    ja, en = DECISIONS[name]
    return Decision(outcome, en.format(*words), ja.format(*words))  # type: ignore[arg-type]


def offered(archive: Archive, number: int = 1, *, accept: bool) -> Decision:
    with archive.write() as writer:
        return decisions.decide_offer(writer, number, {}, accept=accept)


def test_an_offer_is_decided_once(archive: Archive) -> None:
    assert offered(archive, 7, accept=True) == answer("unknown", "offer-unknown", 7)
    assert offered(archive, accept=True) == answer(
        "done", "offer-confirmed", ADDRESS, "offer-town-example-jp"
    )
    with archive.read() as reader:
        (made,) = [one for one in reader.sources() if one.start == (ADDRESS,)]
    assert (made.id, made.origin) == ("offer-town-example-jp", "accepted")
    for accept in (True, False):
        assert offered(archive, accept=accept) == answer("already", "offer-confirmed-before", 1, ADDRESS)


def test_a_rejected_offer_is_watched_by_nobody(archive: Archive) -> None:
    assert offered(archive, accept=False) == answer("done", "offer-rejected", ADDRESS)
    assert offered(archive, accept=True) == answer("already", "offer-rejected-before", 1, ADDRESS)
    with archive.read() as reader:
        assert [one.id for one in reader.sources()] == ["city", "index"]


def test_a_declaration_at_hand_goes_before_the_stored_one(archive: Archive) -> None:
    with archive.write() as writer:
        declared = {"index": replace(INDEX, every=7200), "offer-town-example-jp": INDEX}
        done = decisions.decide_offer(writer, 1, declared, accept=True)
    assert done == answer("done", "offer-confirmed", ADDRESS, "offer-town-example-jp-2")
    with archive.read() as reader:
        (made,) = [one for one in reader.sources() if one.start == (ADDRESS,)]
    assert made.every == 7200


def linked(archive: Archive, *, accept: bool, overrules: LinkStatus | None = None, **at: object) -> Decision:
    where = {"slug": SLUG, "notice": 1, **at}
    with archive.write() as writer:
        hand = keeping.Hand(writer, NOW, "page")
        return keeping.decide_links(
            hand, str(where["slug"]), [int(str(where["notice"]))], accept=accept, overrules=overrules
        )


def test_a_link_is_decided_once_and_overruled_by_name(archive: Archive) -> None:
    assert linked(archive, accept=True, slug="x") == answer("unknown", "link-unknown", "x", 1)
    assert linked(archive, accept=True, notice=9) == answer("unknown", "link-unknown", SLUG, 9)
    assert linked(archive, accept=False) == answer("done", "link-rejected")
    assert linked(archive, accept=True) == answer("already", "link-decided-before")
    assert linked(archive, accept=True, overrules="confirmed") == answer(
        "already", "link-not-overruled", "confirmed"
    )
    assert linked(archive, accept=True, overrules="rejected") == answer("done", "link-confirmed")
    with archive.read() as reader:
        incident = reader.incident(SLUG)
        assert incident is not None
        (link,) = reader.links_of_notice(1)
    assert (link.incident, link.status, link.evidence, link.score) == (
        incident.id,
        "confirmed",
        ("by hand",),
        0.0,
    )


def test_a_decided_suggestion_keeps_its_evidence(archive: Archive) -> None:
    with archive.write() as writer:
        incident = writer.incident(SLUG)
        assert incident is not None
        writer.set_link(IncidentLink(incident.id, 1, "suggested", ("hotline: 1",), 0.8))
    assert linked(archive, accept=True) == answer("done", "link-confirmed")
    with archive.read() as reader:
        (link,) = reader.links_of_notice(1)
    assert (link.status, link.evidence, link.score) == ("confirmed", ("hotline: 1",), 0.8)


def test_what_is_redacted_says_so(archive: Archive) -> None:
    assert decisions.redact(archive, 9, "氏名", NOW) == answer("unknown", "notice-unknown", 9)
    assert decisions.redact(archive, 1, "氏名", NOW) == answer("done", "redacted", 1)


@pytest.mark.skipif(ON_POSTGRESQL, reason="there is no file")
def test_what_a_reader_keeps_in_the_file_is_said_to_remain(archive: Archive, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM notice").fetchone()
        said = decisions.redact(archive, 1, "氏名", NOW)
    why = "a reader is at work and keeps the former state of the file"
    done, remains = answer("done", "redacted", 1), answer("done", "redaction-remains", why)
    assert said == Decision("done", done.detail + remains.detail, done.ja + remains.ja)


DECLARED = 'id = "mihon"\nname = "見本市"\nkind = "affected"\nstart = ["https://www.city.mihon.lg.jp/"]\n'


def watched(
    archive: Archive, declaration: str = DECLARED, *, private: bool = False, **changes: str
) -> Decision:
    with archive.write() as writer:
        return decisions.watch_source(writer, declaration, {INDEX.id: INDEX}, private=private, **changes)


def test_a_source_is_watched_once_and_dropped_once(archive: Archive) -> None:
    assert watched(archive) == answer("done", "source-added", "見本市", "mihon")
    again = answer("already", "source-watched", "https://www.city.mihon.lg.jp/", "mihon")
    assert watched(archive) == again
    assert watched(archive, DECLARED.replace("www.city.mihon.lg.jp", "mihon.example")) == answer(
        "already", "source-id-taken", "mihon"
    )
    with archive.write() as writer:
        assert decisions.drop_source(writer, "mihon") == answer("done", "source-dropped", "mihon")
        assert decisions.drop_source(writer, "mihon") == answer("already", "source-dropped-before", "mihon")
        assert decisions.drop_source(writer, "city") == answer("unknown", "source-not-accepted", "city")
        assert decisions.drop_source(writer, "x") == answer("unknown", "source-not-accepted", "x")
    assert watched(archive).outcome == "done", "it comes back by its id"
    with archive.read() as reader:
        (source,) = [one for one in reader.sources() if one.id == "mihon"]
    assert source.origin == "accepted"


def test_addresses_that_are_watched_broken_or_private_are_refused(archive: Archive) -> None:
    listed = DECLARED.replace("https://www.city.mihon.lg.jp/", INDEX.start[0])
    assert watched(archive, listed) == answer("already", "source-watched", INDEX.start[0], "index")
    broken = watched(archive, DECLARED.replace('"affected"', '"x"'))
    assert broken.outcome == "refused"
    assert broken.detail.startswith("this declaration cannot be used: kind: ")
    private = DECLARED + "private = true\n"
    assert watched(archive, private) == answer("refused", "source-private")
    assert watched(archive, private, private=True).outcome == "done"


def test_keys_may_be_changed_on_the_way(archive: Archive) -> None:
    assert watched(archive, name="見本の市") == answer("done", "source-added", "見本の市", "mihon")


def test_a_source_declared_at_hand_is_known(archive: Archive) -> None:
    known = Source("mihon", "x", "affected", ("https://other.example/",))
    with archive.write() as writer:
        done = decisions.watch_source(writer, DECLARED, {known.id: known})
    assert done == answer("already", "source-id-taken", "mihon")
