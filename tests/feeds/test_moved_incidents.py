"""An incident that went into another: its address leads there, and its feed goes on under its own name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import feedparser

from feeds.site.publish import publish
from feeds.web.app import make_app
from storage.archive import Archive
from storage.records import IncidentLink, IncidentState
from tests.feeds import rules, sample
from tests.feeds.client import Client
from tests.feeds.test_pages import Page, accessible, strict

BASE = "https://kohyo.example/"
OTHER = replace(sample.INCIDENT, slug="other", name="別の事案", roster=())


def files(tree: Path) -> dict[str, bytes]:
    found = {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    found.pop(".kohyo.json")
    return found


def decide(archive: Archive, state: IncidentState) -> None:
    with archive.write() as writer:
        writer.put_incident_state("other", state)


def test_a_tree_follows_a_merge_a_removal_and_the_way_back(archive: Archive, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    with archive.write() as writer:
        incident = writer.put_incident(OTHER)
        writer.set_link(IncidentLink(incident.id, 3, "confirmed"))
    publish(archive, tree, base_url=BASE)
    before = files(tree)
    known = feedparser.parse(before["feeds/incident/other.atom"]).feed.id

    decide(archive, IncidentState("removed", sample.SLUG))
    publish(archive, tree, base_url=BASE)
    after = files(tree)
    assert before.keys() == after.keys()
    page = Page(after["incidents/other.html"].decode())
    strict(page)
    accessible(page)
    assert f'href="../incidents/{sample.SLUG}.html"' in after["incidents/other.html"].decode()
    whole = feedparser.parse(after[f"feeds/incident/{sample.SLUG}.atom"])
    feed = feedparser.parse(after["feeds/incident/other.atom"])
    assert rules.atom(after["feeds/incident/other.atom"])
    assert (feed.feed.id, [one.id for one in feed.entries]) == (known, [one.id for one in whole.entries])
    assert "別の事案" not in after["index.html"].decode()

    decide(archive, IncidentState("removed"))
    publish(archive, tree, base_url=BASE)
    assert "この事案は取り消されました" in files(tree)["incidents/other.html"].decode()
    assert rules.atom(files(tree)["feeds/incident/other.atom"]) == []

    decide(archive, IncidentState("open"))
    publish(archive, tree, base_url=BASE)
    assert files(tree) == before


def test_the_application_answers_the_same(archive: Archive) -> None:
    with archive.write() as writer:
        writer.put_incident(OTHER)
    web = Client(make_app(archive, base_url=BASE))
    decide(archive, IncidentState("removed", sample.SLUG))
    moved = web.get("/incidents/other.html?lang=en")
    assert (moved.status_code, moved.headers["location"]) == (308, f"{sample.SLUG}.html?lang=en")
    assert web.get("/api/incidents/other").json()["slug"] == sample.SLUG
    feed = feedparser.parse(web.get("/feeds/incident/other.atom").content)
    assert feed.feed.id.endswith("incident/other")
    assert len(feed.entries) == len(
        feedparser.parse(web.get(f"/feeds/incident/{sample.SLUG}.atom").content).entries
    )
    decide(archive, IncidentState("removed"))
    gone = web.get("/incidents/other.html")
    assert (gone.status_code, "取り消されました" in gone.text) == (410, True)
    assert web.get("/feeds/incident/other.atom").status_code == 410
    decide(archive, IncidentState("closed"))
    assert "終結" in web.get("/incidents/other.html").text
