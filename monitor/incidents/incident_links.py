"""Ties a notice to incidents: by declaration, or as a suggestion for a person. Never by itself."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.config import incident_paths
from monitor.incidents import NoticeProfile, load, suggest
from storage.archive import Reader, Writer
from storage.records import BELONGING, Fact, Notice, Source, Version

DECIDED = ("confirmed", "rejected")


def declare_incidents(writer: Writer) -> None:
    """Write down the bundled incidents and those of ``KOHYO_INCIDENTS``. Raises DeclarationError."""
    for incident in load(incident_paths()):
        writer.put_incident(incident)


def link_notice(
    writer: Writer, source: Source, notice: Notice, version: Version, facts: Sequence[Fact]
) -> None:
    """Write the links that ``notice`` in this ``version``, with its ``facts``, has to incidents.

    What a person decided stays as it is.
    """
    decided = {link.incident for link in writer.links_of_notice(notice.id) if link.status in DECIDED}
    profile = None
    for incident in writer.incidents():
        if incident.id in decided:
            continue
        profile = profile or _profile(writer, source, notice, version, facts)
        if link := suggest(incident, profile, _members(writer, incident.slug)):
            writer.set_link(link)  # meanwhile somebody may have decided


def _members(reader: Reader, slug: str) -> list[NoticeProfile]:
    belonging = [link.notice for link in reader.incident_links(slug) if link.status in BELONGING]
    return [found for found in (read_profile(reader, notice) for notice in belonging) if found]


def read_profile(reader: Reader, number: int) -> NoticeProfile | None:
    """Return a stored notice as linking looks at it; None where its page was not read yet."""
    notice = reader.notice(number)
    page = reader.page_by_id(notice.page) if notice is not None else None
    source = reader.source(notice.source) if notice is not None else None
    version = reader.version(page.version) if page is not None and page.version is not None else None
    if notice is None or source is None or version is None:
        return None
    return _profile(reader, source, notice, version, reader.facts(version.id))


def _profile(
    reader: Reader, source: Source, notice: Notice, version: Version, facts: Sequence[Fact]
) -> NoticeProfile:
    """Return a notice with its attachments: on a regulator's thin page, the facts stand in those."""
    attached = [page.version for page in reader.attachments_of(notice.page)]
    files = [file for file in (reader.version(number) for number in attached if number) if file]
    return NoticeProfile(
        notice=notice.id,
        source=notice.source,
        url=notice.url,
        title=notice.title,
        text="\n".join(read.text for read in (version, *files)),
        published=notice.published,
        facts=[*facts, *(fact for file in files for fact in reader.facts(file.id))],
        links=[link.url for block in version.blocks for link in block.links],
        publisher=source.name,
    )
