"""Reading stored bytes again after an upgrade of a declaration or of our own rules.

What is derived anew replaces what was derived before, under the same numbers. No change and no
alert is written: nobody hears of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from monitor.comparing import text_key, text_shape, without_noise
from monitor.facts import extract
from monitor.reading import read
from monitor.track.judge.recipe import recipe
from storage.archive import Archive, Writer
from storage.records import Fact, Source, Version
from storage.topics.versions import TOMBSTONE


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
                    if version.recipe != recipe(source):
                        rewritten += reread(writer, source, version) is not version
            tell(source.id, done, len(pages))
    return rewritten


def reread(writer: Writer, source: Source, version: Version) -> Version:
    """The same version read by today's recipe; as it was where the bytes say nothing any more."""
    snapshot = writer.snapshot(version.snapshot, body=True)
    if snapshot is None or snapshot.body is None or version.text == TOMBSTONE:
        return version  # redacted
    content_type = snapshot.header("Content-Type")
    reading = read(snapshot.body, url=snapshot.final_url, content_type=content_type, rules=source.page)
    if reading.verdict != "content":
        return version
    page = writer.page_by_id(version.page)
    calmed = without_noise(reading.blocks, frozenset(page.volatile if page else ()))
    version = replace(
        version,
        title=reading.title,
        text=reading.text,
        blocks=reading.blocks,
        attachments=reading.attachments,
        key=text_key(calmed),
        shape=text_shape(calmed),
        recipe=recipe(source),
        published=reading.published.value if reading.published else None,
        updated=reading.updated.value if reading.updated else None,
        encoding=reading.encoding,
        replaced=reading.replaced,
    )
    writer.replace_version(version)
    writer.replace_facts(version.id, extract_facts(version))
    return version


def extract_facts(version: Version) -> list[Fact]:
    """The facts of a text. 昨年 and days without a year are meant from the page's own last date."""
    return extract(version.text, published=version.updated or version.published, title=version.title)
