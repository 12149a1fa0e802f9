"""The whole incident, judged without a network: every epoch tells what it must, and nothing else.

The captures are made from the sample sites as the spiders would make them; ``kohyo demo`` does the
same over real connections and takes its time.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import pytest

from monitor.demo.epochs import EPOCHS, judged
from monitor.demo.model import Resource
from monitor.demo.sites import SITES, declarations
from monitor.track.tracker import Tracker
from spiders.declarations import load
from spiders.listings.listing import find_attachments, read_rows
from storage.archive import Archive, open_archive
from storage.query import Query
from storage.records import Capture, Change, Role, Row, Source
from tests.databases import database_at

BASES = {site.name: f"http://{site.name}.test" for site in SITES}
NOISE = itertools.count(1)


class Visitor:
    """Makes captures of everything a source leads to at a moment."""

    def __init__(self, moment: datetime) -> None:
        self.now = moment.astimezone(UTC)
        self.standing = {
            BASES[site.name] + path: resource
            for site in SITES
            for path, resource in site.at(moment, BASES).items()
        }
        for site in SITES:
            for source, target in site.redirects.items():
                self.standing[BASES[site.name] + source.replace(" ", "%20")] = self.standing[
                    BASES[site.name] + target
                ]

    def source(self, source: Source, known: Iterator[str]) -> Iterator[Capture]:
        met: dict[str, Row] = {}
        for url in source.start:
            if source.listing is None:
                met[url] = Row(url, "")
                continue
            capture = self.capture(source, url, "listing")
            found = read_rows(capture.body, url, source.listing) if capture.status == 200 else None
            yield replace(capture, rows=found)
            for row in found or ():
                met.setdefault(row.url.partition("#")[0], row)
        for url in dict.fromkeys([*met, *known]):
            yield self.page(source, url, met.get(url))

    def page(self, source: Source, url: str, row: Row | None) -> Capture:
        capture = self.capture(source, url, "page")
        linked: tuple[str, ...] = ()
        if source.page.attachments and capture.status == 200 and not capture.body.startswith(b"%PDF"):
            linked = find_attachments(capture.body, url, include=source.page.include).documents
        return replace(
            capture,
            row=row if row is not None and row.title else None,
            attachments=tuple(self.capture(source, one, "attachment") for one in linked),
            again=self.capture(source, url, "page").body if capture.status == 200 else None,
        )

    def capture(self, source: Source, url: str, role: Role) -> Capture:
        resource = self.standing.get(url)
        return Capture(
            source=source.id,
            url=url,
            role=role,
            captured_at=self.now,
            status=404 if resource is None else 200,
            final_url=url,
            headers=(("Content-Type", resource.content_type),) if resource else (),
            body=_bytes(resource) if resource else b"",
        )


def _bytes(resource: Resource) -> bytes:
    if isinstance(resource.body, bytes):
        return resource.body
    turn = next(NOISE)
    noise = {"counter": f"{turn:07d}", "clock": f"12:{turn % 60:02d}", "token": f"{turn:032x}"}
    noise |= {"banner": f"campaign{turn % 5}", "hours": str(turn % 23 + 1)}
    body = Template(resource.body).safe_substitute(noise) if resource.live else resource.body
    return body.encode(resource.encoding)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with open_archive(database_at(tmp_path / "kohyo.db")) as opened:
        yield opened


def test_every_epoch_tells_what_it_must_and_nothing_else(archive: Archive, tmp_path: Path) -> None:
    told: list[Change] = []
    complaints = []
    for number, epoch in enumerate(EPOCHS):
        folder = tmp_path / f"sources-{number}"
        folder.mkdir()
        for name, text in declarations(SITES, BASES, epoch.moment).items():
            (folder / name).write_text(text, "utf-8")
        sources = load([folder], bundled=False)
        with archive.write() as writer:
            run = writer.start_run("crawl", epoch.moment.astimezone(UTC)).id
            for source in sources:
                writer.put_source(source)
        tracker = Tracker(archive, sources, run)
        visitor = Visitor(epoch.moment)
        for source in sources:
            with archive.read() as reader:
                known = [page.url for page in reader.pages(source.id, role="page")]
            for capture in visitor.source(source, iter(known)):
                tracker.track(capture)
        with archive.read() as reader:
            changes = reader.changes(Query(after=told[-1].id if told else None, newest_first=False))
        told += changes
        missing, extra = judged(epoch.expected, changes)
        complaints += [f"{epoch.moment:%Y-%m-%d} not told: {one}" for one in missing]
        complaints += [
            f"{epoch.moment:%Y-%m-%d} told without cause: {one.kind} {one.source} {one.title} {one.reasons}"
            for one in extra
        ]
    with archive.read() as reader:
        offers = {offer.url for offer in reader.offers()}
        alerts = reader.alerts()
    assert complaints == []
    assert offers == {BASES["example"] + "/machi/0000000131.html"}
    quiet = {alert.source for alert in alerts if alert.kind == "stood-still"}
    broken = {alert.source for alert in alerts if alert.kind != "stood-still"}
    assert broken <= {"affected-example"}  # the notice that vanished
    assert quiet <= {source.id for source in sources if source.quiet_after}  # months lie between the visits
    recommendation = _facts(told, "ppc-press", "及びNTTビジネスソリューションズ株式会社")
    assert {("deadline", "2024-02-29"), ("deadline", "2024-03-29")} <= recommendation
    assert {("provision", f"APPI {article}") for article in ("148(1)", "147", "146(1)")} <= recommendation
    assert any(field == "count" and "928万人" in new for field, new in recommendation)
    assert any("162,828人" in new for _, new in _facts(told, "affected-fukuoka", "委託業務"))


def _facts(told: list[Change], source: str, title: str) -> set[tuple[str, str]]:
    return {
        (fact.field, fact.new or "")
        for change in told
        if change.source == source and title in change.title
        for fact in change.facts
    }
