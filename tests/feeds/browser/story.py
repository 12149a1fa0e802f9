"""The incident of the sample sites, judged into an archive without a network."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from filelock import FileLock

from monitor.demo.epochs import EPOCHS
from monitor.demo.sites import SITES, declarations
from monitor.incidents.declaring import declare_incidents
from monitor.track.tracker import Tracker
from spiders.declarations import load
from storage.archive import Archive, open_archive
from tests.demo.test_story import BASES, Visitor


def find_lived(places: pytest.TempPathFactory) -> Path:
    """A database that has lived through the incident, made once for all processes that test; only to be read."""
    base = places.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "lived"
    with FileLock(f"{folder}.lock"):
        if not (folder / "kohyo.db").exists():
            folder.mkdir()
            with open_archive(f"sqlite:///{folder / 'making.db'}") as archive:
                live_through(archive, folder / "sources")
            (folder / "making.db").rename(folder / "kohyo.db")
    return folder / "kohyo.db"


def live_through(archive: Archive, folder: Path) -> None:
    """Every epoch as ``kohyo demo`` lives through it; ``folder`` is for the declarations."""
    with archive.write() as writer:
        declare_incidents(writer)
    for number, epoch in enumerate(EPOCHS):
        declared = folder / str(number)
        declared.mkdir(parents=True)
        for name, text in declarations(SITES, BASES, epoch.moment).items():
            (declared / name).write_text(text, "utf-8")
        sources = load([declared], bundled=False)
        with archive.write() as writer:
            run = writer.start_run("crawl", epoch.moment)
            for source in sources:
                writer.put_source(source)
        tracker, visitor = Tracker(archive, sources, run.id), Visitor(epoch.moment)
        for source in sources:
            with archive.read() as reader:
                known = [page.url for page in reader.pages(source.id, role="page")]
            for capture in visitor.source(source, iter(known)):
                tracker.track(capture)
