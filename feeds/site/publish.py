"""The published tree: feeds, calendar and pages as files, which any web server can serve.

    changes since the last time | the feeds and pages they touch | render | replace if bytes differ

Equal archives give equal bytes, and an unchanged one writes none: then what renders is not even loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from feeds.addresses import Site
from feeds.formats.entries import MAX_ENTRIES
from feeds.site.delta import find_delta, gather_marks, gather_state
from feeds.site.folder import Tree
from feeds.wording.sanitise import web_url
from storage.archive import Archive
from storage.cores import count_cores

if TYPE_CHECKING:
    from feeds.formats.channels import WatchList


@dataclass(frozen=True, slots=True)
class PublishResult:
    """Counts of files that were looked at, and the addresses of feeds with new entries, for a WebSub hub."""

    written: int
    unchanged: int
    feeds: tuple[str, ...] = ()


def publish(
    archive: Archive,
    out: Path,
    *,
    base_url: str,
    lang: str = "ja",
    limit: int = MAX_ENTRIES,
    hub: str = "",
    watching: Sequence[WatchList] = (),
    contact: str = "",
    processes: int = 0,
    compiled: Path | None = None,
) -> PublishResult:
    """Bring the tree in ``out`` up to date: at once where nothing was written since the last time.

    Much is rendered by several ``processes``, of 0 by as many as there are cores; the bytes are the same.
    ``compiled`` is a folder of the user's own for compiled templates.

    ``base_url`` is where it will be read, since the links in feeds have to be absolute; the pages
    themselves can be moved. Raise ValueError where an address is not http or https.
    """
    for name, url in (("base", base_url), ("hub", hub)):
        if (url or name == "base") and web_url(url) is None:
            raise ValueError(f"{name} URL {url!r}: not an address that begins with http:// or https://")
    tree, site = Tree(out), Site(base_url, lang, hub=hub, contact=contact)
    with tree.alone(), archive.read() as reader:
        before = tree.read_state()
        now = gather_marks(reader, site, limit, watching)
        if all(before.get(name) == value for name, value in now.items()):
            return PublishResult(0, 0)
        coverage = reader.coverage()
        now |= gather_state(reader, coverage)
        from feeds.site.crew import Crew
        from feeds.site.tree_pass import Publication
        from feeds.views.render import keep_compiled

        if compiled:
            keep_compiled(compiled)

        news = find_delta(reader, before, now)
        publication = Publication(reader, tree, site, limit, news, before, watching, coverage)
        crew = None
        if archive.shared_url and (processes := processes or count_cores()) > 1 and publication.is_large:
            crew = Crew(processes, archive.shared_url, reader.mark().told)
        tree.write_state({**now, **publication.run(crew)})
    return PublishResult(tree.written, tree.unchanged, tuple(sorted(publication.fresh)))
