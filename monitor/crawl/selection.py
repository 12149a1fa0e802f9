"""Which sources a run covers: the declared ones and those accepted from index pages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.clock import make_clock
from monitor.config import declarations_path, source_sets
from storage.records import SOURCE_SETS, Source
from storage.text.japanese import JST
from storage.text.periods import addresses_at, unit_of

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from storage.archive import Archive


class UnknownSource(Exception):
    """Sources were named that neither a declaration nor an acceptance gives; known ones are ``near``."""

    def __init__(self, names: Sequence[str], near: Sequence[str]) -> None:
        self.names, self.near = names, near
        listed = "`kohyo sources list` shows those that are declared"
        hint = f"did you mean {', '.join(near)}?" if near else listed
        super().__init__(f"unknown source {', '.join(names)}; {hint}")


def list_sources(
    archive: Archive | None, paths: Iterable[Path], *, bundled: bool, sets: Container[str] = SOURCE_SETS
) -> list[Source]:
    """Return the declared sources of ``sets``, then the accepted ones. Raises DeclarationError."""
    from spiders.declarations import load

    declared = load(paths, bundled=bundled, sets=sets, kept=declarations_path())
    if archive is None:
        return declared
    taken = {source.id for source in declared}
    with archive.read() as reader:
        accepted = [source for source in reader.sources() if source.origin == "accepted"]
    return declared + [source for source in accepted if source.id not in taken]


def select_sources(sources: Sequence[Source], names: Iterable[str]) -> list[Source]:
    """Return the named sources, all of them where none is named. Raises UnknownSource."""
    wanted = list(names)
    if not wanted:
        return list(sources)
    known = {source.id: source for source in sources}
    if unknown := [name for name in wanted if name not in known]:
        near = dict.fromkeys(one for name in unknown for one in get_close_matches(name, known, 1))
        raise UnknownSource(unknown, list(near))
    return [known[name] for name in wanted]


def fill_dates(sources: Iterable[Source], now: datetime) -> list[Source]:
    """Fill the addresses that name a day, month or year as it is in Japan now."""
    day = now.astimezone(JST).date()
    return [
        replace(source, start=addresses_at(source.start, day), templates=source.start)
        if any(map(unit_of, source.start))
        else source
        for source in sources
    ]


def choose_sources(archive: Archive, settings: BaseSettings) -> list[Source]:
    """Return what a crawl's settings choose. ``KOHYO_CHOSEN`` holds sources that were chosen before."""
    if (given := settings.get("KOHYO_CHOSEN")) is not None:
        return list(given)
    paths = [Path(path) for path in settings.getlist("KOHYO_SOURCES")]
    sources = list_sources(
        archive, paths, bundled=settings.getbool("KOHYO_BUNDLED", True), sets=source_sets()
    )
    now = make_clock(settings.get("KOHYO_NOW"))()
    return fill_dates(select_sources(sources, settings.getlist("KOHYO_ONLY")), now)
