"""Reading stored bytes again after an upgrade of a declaration or of our own rules.

What is derived anew replaces what was derived before, under the same numbers. No change and no
alert is written: nobody hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from monitor.incidents.incident_links import link_pages
from monitor.track.judge.judgement import renew
from monitor.track.judge.recipe import make_recipe
from storage.archive import Archive, Writer
from storage.records import Source, Version


def rederive(
    archive: Archive, sources: Iterable[Source], tell: Callable[[str, int, int], None] = lambda *_: None
) -> int:
    """Read every stored version of ``sources`` again where its recipe is out of date.

    ``tell`` hears (source, pages done, pages in all). Returns how many versions were rewritten.
    """
    rewritten = 0
    for source in sources:
        with archive.read() as reader:
            pages = [page for page in reader.pages(source.id) if page.role != "listing"]
        for done, page in enumerate(pages, 1):
            with archive.write() as writer:
                for version in writer.versions(page.id):
                    if version.recipe != make_recipe(source):
                        rewritten += reread(writer, source, version)
            tell(source.id, done, len(pages))
    return rewritten


def reread(writer: Writer, source: Source, version: Version) -> bool:
    """Read a version by today's recipe; False where its bytes say nothing any more."""
    page = writer.page_by_id(version.page)
    evidence = writer.snapshot(version.snapshot, body=True)
    renewed = renew(version, evidence, source, page.volatile if page else ())
    if renewed is None:
        return False
    writer.replace_version(renewed.version)
    writer.replace_facts(version.id, renewed.facts)
    if page is not None:
        link_pages(writer, [page.parent or page.id])
    return True
