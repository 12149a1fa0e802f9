"""The incident of the sample sites, judged into an archive without a network."""

from __future__ import annotations

from pathlib import Path

from monitor.demo.epochs import EPOCHS
from monitor.demo.sites import SITES, declarations
from monitor.incidents.incident_links import declare_incidents
from monitor.track.tracker import Tracker
from spiders.declarations import load
from storage.archive import Archive
from tests.demo.test_story import BASES, Visitor


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
