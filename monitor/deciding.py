"""What people decide: over offered addresses, over suggested links, and what is taken out.

The command line and the pages both act through here, so that two people who decide the same thing
at once get one decision and a clear answer, whichever way they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.operator import Decision
from monitor.linking import decided, declare_incidents
from monitor.offers import accepted_source
from storage.archive import Archive, Writer
from storage.records import Source


def decide_offer(writer: Writer, number: int, declared: Mapping[str, Source], *, accept: bool) -> Decision:
    """Watch an offered address from the next crawl on, or never offer it again."""
    offer = next((one for one in writer.offers(None) if one.id == number), None)
    if offer is None:
        return Decision("unknown", f"there is no offer {number}; `kohyo sources offers` lists them")
    if not writer.set_offer(number, "confirmed" if accept else "rejected"):
        return Decision("already", f"offer {number} was already {offer.status}: {offer.url}")
    if not accept:
        return Decision("done", f"rejected {offer.url}")
    # who serves or decides need not have the declarations at hand with which the crawl was made
    known = {**{source.id: source for source in writer.sources()}, **declared}
    source = accepted_source(offer, known[offer.source], frozenset(known))
    writer.put_source(source)
    return Decision("done", f"accepted {offer.url} as {source.id}")


@dataclass(frozen=True, slots=True)
class Decider:
    """Acts for whoever holds the token; see feeds.operator."""

    archive: Archive
    sources: Callable[[], Iterable[Source]]
    now: Callable[[], datetime]

    def decide_offer(self, offer: int, *, accept: bool) -> Decision:
        declared = {source.id: source for source in self.sources()}
        with self.archive.write() as writer:
            return decide_offer(writer, offer, declared, accept=accept)

    def decide_link(self, slug: str, notice: int, *, accept: bool) -> Decision:
        """The first decision stands; the command line can overrule it."""
        with self.archive.write() as writer:
            declare_incidents(writer)
            incident = writer.incident(slug)
            if incident is None or writer.notice(notice) is None:
                return Decision("unknown", f"there is no incident {slug} or no notice {notice}")
            if not writer.set_link(decided(writer, incident, notice, belongs=accept)):
                said = f"the link of notice {notice} to {slug} was already decided, and that stands"
                return Decision("already", f"{said}; `kohyo incidents link` or `unlink` overrules it")
            return Decision("done", f"notice {notice} {'belongs' if accept else 'does not belong'} to {slug}")

    def redact(self, notice: int, reason: str) -> Decision:
        with self.archive.write() as writer:
            if writer.notice(notice) is None:
                return Decision("unknown", f"there is no notice {notice}")
            writer.redact(notice, reason, self.now())
            done = "is redacted; publish again to take it out of feeds and pages"
            return Decision("done", f"notice {notice} {done}")
