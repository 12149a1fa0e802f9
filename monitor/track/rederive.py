"""Reading stored bytes again after an upgrade of a declaration or of our own rules.

What is derived anew replaces what was derived before, under the same numbers. No change and no
alert is written: nobody hears of it. Versions are read on the other cores, and written in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, groupby

from monitor.incidents.declaring import LINKS
from monitor.incidents.incident_links import link_pages
from monitor.track.judge.case import Renewed
from monitor.track.judge.judgement import renew
from monitor.track.judge.recipe import make_recipe
from spiders.transport.workers.ahead import work_ahead
from storage.archive import Archive, Writer
from storage.records import Page, Snapshot, Source, Version


@dataclass(frozen=True, slots=True)
class _Outdated:
    """A version that other rules made, unread, with its bytes; None stands for a page that has none such.

    ``done`` says which of the source's ``pages`` it is on.
    """

    source: Source
    page: Page
    done: int
    pages: int
    version: Version | None = None
    evidence: Snapshot | None = None


def rederive(
    archive: Archive,
    sources: Iterable[Source],
    tell: Callable[[str, int, int], None] = lambda *_: None,
    *,
    link: bool = True,
) -> int:
    """Read every stored version of ``sources`` again where its recipe is out of date.

    ``tell`` hears (source, pages done, pages in all). Without ``link`` nothing is linked, and whoever calls
    links all afterwards: if he is killed before, the next run does. Returns how many versions were rewritten.
    """
    rewritten = 0
    for _, found in groupby(_renew_ahead(archive, sources), lambda one: one[0].page.id):
        first = next(found)
        here = first[0]
        if here.version is not None:
            with archive.write() as writer:
                if not link and not rewritten:
                    writer.note(LINKS, "")
                written = [_rewrite(writer, *one) for one in chain((first,), found)]
                rewritten += sum(now is not None for now in written)
                if link and any(written):
                    link_pages(writer, [here.page.parent or here.page.id])
        tell(here.source.id, here.done, here.pages)
    return rewritten


def _renew_ahead(archive: Archive, sources: Iterable[Source]) -> Iterator[tuple[_Outdated, Renewed | None]]:
    def choose(one: _Outdated) -> tuple[object, ...] | None:
        if one.version is None or one.evidence is None or not one.evidence.body:
            return None
        return one.version, one.evidence, one.source, one.page.volatile

    def weigh(one: _Outdated) -> int:
        return len(one.evidence.body or b"") if one.evidence is not None else 0

    listed = chain.from_iterable(_list_outdated(archive, source) for source in sources)
    yield from work_ahead(renew, listed, choose, weigh)


def _list_outdated(archive: Archive, source: Source) -> Iterator[_Outdated]:
    today = make_recipe(source)
    with archive.read() as reader:
        pages = [page for page in reader.pages(source.id) if page.role != "listing"]
    for done, page in enumerate(pages, 1):
        with archive.read() as reader:
            old = [version for version in reader.unread_versions(page.id) if version.recipe != today]
        for version in old:
            with archive.read() as reader:
                evidence = reader.snapshot(version.snapshot, body=True)
            yield _Outdated(source, page, done, len(pages), version, evidence)
        if not old:
            yield _Outdated(source, page, done, len(pages))


def _rewrite(writer: Writer, one: _Outdated, renewed: Renewed | None) -> bool | None:
    """Write a version as it was read ahead, if nothing was altered since; else read it here and now.

    Returns whether it says anything else than before; None where its bytes say nothing any more.
    """
    assert one.version is not None
    page = writer.page_by_id(one.page.id)
    stands = page is not None and page.volatile == one.page.volatile
    if renewed is None or not stands or writer.is_redacted(one.version.id):
        found = writer.versions_by_id([one.version.id])
        return _read_again(writer, one.source, found[one.version.id], page) if found else None
    return _replace(writer, renewed)


def reread(writer: Writer, source: Source, version: Version) -> bool:
    """Read a version by today's recipe, and link its notices; False where its bytes say nothing any more."""
    page = writer.page_by_id(version.page)
    if _read_again(writer, source, version, page) is None:
        return False
    if page is not None:
        link_pages(writer, [page.parent or page.id])
    return True


def _read_again(writer: Writer, source: Source, version: Version, page: Page | None) -> bool | None:
    evidence = writer.snapshot(version.snapshot, body=True)
    renewed = renew(version, evidence, source, page.volatile if page else ())
    return None if renewed is None else _replace(writer, renewed)


def _replace(writer: Writer, renewed: Renewed) -> bool:
    written = writer.replace_version(renewed.version), writer.replace_facts(renewed.version.id, renewed.facts)
    return any(written)
