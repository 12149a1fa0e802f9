"""``kohyo demo`` over real connections, and what a second look at unchanged sites costs them.

On SQLite; ``just test-postgresql`` does the same on PostgreSQL.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from monitor.demo.epochs import EPOCHS
from monitor.demo.server import World
from monitor.demo.story import crawl, declare, run_demo
from monitor.incidents.clusters import suggest_clusters
from monitor.incidents.incident_links import relink
from storage.archive import open_archive
from storage.db.tables import incident_link
from storage.errors import BadUrl
from storage.query import Query
from storage.records import IncidentState
from tests.databases import *  # noqa: F403
from tests.databases import database_at

pytestmark = pytest.mark.timeout(400)


def test_the_demo_tells_everything_in_order(tmp_path: Path) -> None:
    blank_url = database_at(tmp_path / "blank.db")
    said: list[str] = []
    assert run_demo(tmp_path, blank_url, echo=said.append) == 0, "\n".join(said)
    expected = [one for epoch in EPOCHS for one in epoch.expected]
    feed = feedparser.parse((tmp_path / "site" / "feeds" / "all.atom").read_bytes())
    assert not feed.bozo
    with open_archive(blank_url) as archive, archive.read() as reader:
        changes = reader.changes(Query(newest_first=False))
        assert reader.story_end() == EPOCHS[-1].moment
    assert len(feed.entries) == len(changes) == len(expected)
    updated = [entry.updated_parsed for entry in feed.entries]
    assert updated == sorted(updated, reverse=True)
    at = 0
    for epoch in EPOCHS:  # no change of a later epoch stands before one of an earlier
        told = changes[at : at + len(epoch.expected)]
        assert all(any(one.fits(change) for one in epoch.expected) for change in told)
        at += len(epoch.expected)
    for place in ("index.html", "feeds/all.rss", "feeds/all.json", "feeds/deadlines.ics", "feeds.opml"):
        assert (tmp_path / "site" / place).stat().st_size > 100, place
    is_offered_without_a_declaration(blank_url)
    with pytest.raises(BadUrl, match="give the demo an empty database"):
        run_demo(tmp_path, blank_url)


def is_offered_without_a_declaration(database: str) -> None:
    """Of what nobody declared, nine tenths are found to be one incident, and nothing besides."""
    with open_archive(database) as archive, archive.write() as writer:
        (incident,) = writer.incidents()
        belonging = {link.notice for link in writer.incident_links(incident.slug)}
        writer._db.execute(incident_link.delete())
        writer.put_incident_state(incident.slug, IncidentState("removed"))
        relink(writer, replace(incident, status="removed"))
        (cluster,) = suggest_clusters(writer)
    assert belonging >= {*cluster.notices}
    assert len(cluster.notices) >= 0.9 * len(belonging)


def test_an_unchanged_site_is_asked_conditionally_and_nothing_is_stored(
    world: World, tmp_path: Path, sqlite_url: str
) -> None:
    moment = EPOCHS[1].moment
    world.move(moment)
    declare(tmp_path / "sources", world, moment)
    database = sqlite_url
    assert crawl(database, tmp_path, moment) == 0
    before = _size(database)
    world.requests.clear()
    assert crawl(database, tmp_path, moment + timedelta(minutes=10)) == 0
    assert _size(database) == before
    with_validators = {site.name for site in world.sites if site.validators}
    # What a redirect leads to is asked for without conditions: validators belong to the address asked.
    redirected = {target for site in world.sites for target in site.redirects.values()} | {"/robots.txt"}
    asked = [seen for seen in world.requests if seen.path not in redirected and seen.status != 302]
    assert {seen.site for seen in asked} == {site.name for site in world.sites}
    for seen in asked:
        if seen.site in with_validators:
            assert (seen.conditional, seen.status) == (True, 304), seen


def _size(database: str) -> tuple[int, int]:
    """Versions and changes."""
    with open_archive(database) as archive, archive.read() as reader:
        versions = sum(len(reader.versions(page.id)) for page in reader.pages())
        return versions, len(reader.changes(Query()))
