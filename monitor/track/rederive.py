"""Reading stored bytes again after an upgrade of a declaration or of our own rules.

What is derived anew replaces what was derived before, under the same numbers. No change and no
alert is written: nobody hears of it. Versions are read on the other cores, and written in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby

from monitor.incidents.incident_links import link_pages
from monitor.track.judge.case import Renewed
from monitor.track.judge.judgement import renew
from monitor.track.judge.recipe import make_recipe
from spiders.transport.workers import work_ahead
from storage.archive import Archive, Writer
from storage.records import Page, Snapshot, Source, Version


@dataclass(frozen=True, slots=True)
class _Outdated:
    """A version that other rules made, with its bytes; None stands for a page that has no such version."""

    page: Page
    version: Version | None = None
    evidence: Snapshot | None = None


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
        ahead = _renew_ahead(archive, source, pages)
        for done, (_, versions) in enumerate(groupby(ahead, lambda one: one[0].page.id), 1):
            first = next(versions)
            if first[0].version is not None:
                with archive.write() as writer:
                    rewritten += sum(_rewrite(writer, source, *one) for one in chain((first,), versions))
            tell(source.id, done, len(pages))
    return rewritten


def _renew_ahead(
    archive: Archive, source: Source, pages: Sequence[Page]
) -> Iterator[tuple[_Outdated, Renewed | None]]:
    def choose(one: _Outdated) -> tuple[object, ...] | None:
        if one.version is None or one.evidence is None or not one.evidence.body:
            return None
        bare = replace(one.version, text="", blocks=(), attachments=())  # made anew, so it need not travel
        return bare, one.evidence, source, one.page.volatile

    def weigh(one: _Outdated) -> int:
        return len(one.evidence.body or b"") if one.evidence is not None else 0

    yield from work_ahead(renew, _list_outdated(archive, source, pages), choose, weigh)


def _list_outdated(archive: Archive, source: Source, pages: Sequence[Page]) -> Iterator[_Outdated]:
    today = make_recipe(source)
    for page in pages:
        with archive.read() as reader:
            old = [version for version in reader.versions(page.id) if version.recipe != today]
        for version in old:
            with archive.read() as reader:
                evidence = reader.snapshot(version.snapshot, body=True)
            yield _Outdated(page, version, evidence)
        if not old:
            yield _Outdated(page)


def _rewrite(writer: Writer, source: Source, one: _Outdated, renewed: Renewed | None) -> bool:
    """Write a version as it was read ahead, if nothing was altered since; else read it here and now."""
    assert one.version is not None
    page = writer.page_by_id(one.page.id)
    stands = page is not None and page.volatile == one.page.volatile
    if renewed is None or not stands or writer.is_redacted(one.version.id):
        found = writer.versions_by_id([one.version.id])
        return bool(found) and reread(writer, source, found[one.version.id])
    _replace(writer, page, renewed)
    return True


def reread(writer: Writer, source: Source, version: Version) -> bool:
    """Read a version by today's recipe; False where its bytes say nothing any more."""
    page = writer.page_by_id(version.page)
    evidence = writer.snapshot(version.snapshot, body=True)
    renewed = renew(version, evidence, source, page.volatile if page else ())
    if renewed is None:
        return False
    _replace(writer, page, renewed)
    return True


def _replace(writer: Writer, page: Page | None, renewed: Renewed) -> None:
    writer.replace_version(renewed.version)
    writer.replace_facts(renewed.version.id, renewed.facts)
    if page is not None:
        link_pages(writer, [page.parent or page.id])
