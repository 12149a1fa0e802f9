"""Links and clusters in a made-up world stay as good as they are promised to be."""

from __future__ import annotations

from pathlib import Path

from bench.incidents import run
from bench.incidents_world import make_world
from storage.archive import open_archive
from tests.databases import database_at


def test_links_and_clusters_keep_their_worth(tmp_path: Path) -> None:
    with open_archive(database_at(tmp_path / "a.db")) as archive:
        found = run(make_world(901, 10), archive)
    assert found.links[0.9].precision >= 0.98
    assert found.links[0.9].offered > 20
    assert found.links[0.5].precision >= 0.9
    assert found.links[0.5].recall >= 0.85
    assert found.clusters[0.5].precision >= 0.95
    assert found.clusters[0.5].recall >= 0.8
