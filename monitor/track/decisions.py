"""What people decide: over offered addresses, over suggested links, and what is taken out.

The command line, the pages and the API all act through here, so that two people who decide the same thing
at once get one decision and a clear answer, whichever way they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from feeds.operator import Decision, IncidentInput, SuggestedIncident, answer
from monitor.incidents import keeping
from monitor.incidents.clusters import suggest_clusters
from monitor.incidents.declaring import declare_incidents
from monitor.incidents.incident_links import link_pages, list_incidents_met, relink
from monitor.incidents.keeping import Hand
from monitor.track.offers import make_source
from spiders.declarations import read_declaration
from spiders.mistakes import DeclarationError
from storage.archive import Archive, Reader, Writer
from storage.records import Incident, IncidentAction, LinkStatus, Offer, Source
from storage.text.urls import place


def decide_offer(writer: Writer, number: int, declared: Mapping[str, Source], *, accept: bool) -> Decision:
    """Watch an offered address from the next crawl on, or never offer it again."""
    offer = _find_offer(writer, number)
    if offer is None:
        return answer("unknown", "offer-unknown", number)
    if not writer.set_offer(number, "confirmed" if accept else "rejected"):
        stands = _find_offer(writer, number) or offer  # somebody else may have decided since it was read
        return answer("already", f"offer-{stands.status}-before", number, offer.url)
    if not accept:
        return answer("done", "offer-rejected", offer.url)
    # who serves or decides need not have the declarations at hand with which the crawl was made
    known = {**{source.id: source for source in writer.sources()}, **declared}
    source = make_source(offer, known[offer.source], frozenset(known))
    writer.put_source(source)
    return answer("done", "offer-confirmed", offer.url, source.id)


def _find_offer(reader: Reader, number: int) -> Offer | None:
    return next((one for one in reader.offers(None) if one.id == number), None)


def redact(archive: Archive, notice: int, reason: str, now: datetime) -> Decision:
    """Take out for good what is stored of a notice, leaving a trace with the reason."""
    with archive.write() as writer:
        if (named := writer.notice(notice)) is None:
            return answer("unknown", "notice-unknown", notice)
        concerned = list_incidents_met(writer, named)
        writer.redact(notice, reason, now)
        link_pages(writer, [named.page])
        for incident in concerned:
            relink(writer, incident)
    with archive.read() as reader:
        remains = reader.redaction_remains()
    done = answer("done", "redacted", notice)
    if not remains:
        return done
    rest = answer("done", "redaction-remains", remains)
    return Decision("done", done.detail + rest.detail, done.ja + rest.ja)


def watch_source(
    writer: Writer, declaration: str, declared: Mapping[str, Source], *, private: bool = False, **changes: str
) -> Decision:
    """Watch a source from the next crawl on, by its declaration as TOML.

    ``changes`` take the place of its keys. A source that was taken back comes back by its id. Addresses of
    one's own network need ``private``.
    """
    try:
        source = read_declaration(declaration, **changes)
    except DeclarationError as error:
        mistakes = "; ".join(f"{one.where}: {one.message}" for one in error.problems)
        return answer("refused", "source-broken", mistakes)
    if source.private and not private:
        return answer("refused", "source-private")
    known = {**{one.id: one for one in writer.sources()}, **declared}
    at = {place(start): one for one in known.values() if one.origin != "dropped" for start in one.start}
    if stands := next((at[place(start)] for start in source.start if place(start) in at), None):
        return answer("already", "source-watched", source.start[0], stands.id)
    if source.id in known and known[source.id].origin != "dropped":
        return answer("already", "source-id-taken", source.id)
    writer.put_source(replace(source, origin="accepted"))
    return answer("done", "source-added", source.name, source.id)


def drop_source(writer: Writer, id: str) -> Decision:
    """Watch a source no longer that was accepted here; what is stored of it stays."""
    stands = next((one for one in writer.sources() if one.id == id), None)
    if stands is None or stands.origin not in ("accepted", "dropped"):
        return answer("unknown", "source-not-accepted", id)
    if stands.origin == "dropped":
        return answer("already", "source-dropped-before", id)
    writer.put_source(replace(stands, origin="dropped"))
    return answer("done", "source-dropped", id)


@dataclass(frozen=True, slots=True)
class Decider:
    """Acts for whoever holds the token; see feeds.operator."""

    archive: Archive
    sources: Callable[[], Iterable[Source]]
    now: Callable[[], datetime]
    search: Callable[[str], Mapping[str, Any] | str]
    """Searches at an address: findings as ``kohyo sources new --json`` gives them, or why there are none."""
    private: bool = False
    """Whether sources of one's own network may be watched by a form."""

    def find_source(self, url: str) -> Mapping[str, Any] | str:
        """Search at an address for what can be watched: the findings, or why there are none."""
        return self.search(url)

    def watch_source(self, declaration: str, name: str, kind: str) -> Decision:
        """Watch a source from the next crawl on."""
        declared = {source.id: source for source in self.sources()}
        changes = {"name": name, "kind": kind}
        with self.archive.write() as writer:
            return watch_source(writer, declaration, declared, private=self.private, **changes)

    def drop_source(self, id: str) -> Decision:
        """Watch a source no longer that was accepted here."""
        with self.archive.write() as writer:
            return drop_source(writer, id)

    def decide_offer(self, offer: int, *, accept: bool) -> Decision:
        """Accept or reject an offered address; the first decision stands."""
        declared = {source.id: source for source in self.sources()}
        with self.archive.write() as writer:
            return decide_offer(writer, offer, declared, accept=accept)

    def decide_link(
        self, slug: str, notice: int, *, accept: bool, overrules: LinkStatus | None = None
    ) -> Decision:
        """Confirm or reject the link of a notice to an incident; the first decision stands.

        ``overrules`` is the decision that the new one may overwrite, as the person deciding saw it.
        """
        with self.archive.write() as writer:
            declare_incidents(writer)
            hand = Hand(writer, self.now(), "page")
            return keeping.decide_links(hand, slug, [notice], accept=accept, overrules=overrules)

    def suggest_incidents(self) -> list[SuggestedIncident]:
        """Suggest incidents of notices that belong to none, the surest first."""
        with self.archive.read() as reader:
            return [
                SuggestedIncident(one.notices, tuple(why.text for why in one.evidence), one.score)
                for one in suggest_clusters(reader)
            ]

    def draft_incident(self, notices: Sequence[int]) -> Incident:
        """Draft an incident from notices, with a slug that is free; nothing is stored."""
        with self.archive.read() as reader:
            return keeping.draft_from(reader, "", notices)

    def keep_incident(
        self, action: IncidentAction | Literal["undo"], slug: str, given: IncidentInput
    ) -> Decision:
        """Do something to an incident, or undo the last thing that was done to it."""
        with self.archive.write() as writer:
            declare_incidents(writer)
            return _keep(Hand(writer, self.now(), "page"), action, slug, given)

    def redact(self, notice: int, reason: str) -> Decision:
        """Take out what is stored of a notice, with the reason on record."""
        return redact(self.archive, notice, reason, self.now())


def _keep(hand: Hand, action: IncidentAction | Literal["undo"], slug: str, given: IncidentInput) -> Decision:
    match action:
        case "new":
            new = keeping.write_new(slug, given.keys)
            return new if isinstance(new, Decision) else keeping.add_incident(hand, new, given.notices)
        case "split":
            new = keeping.write_new(given.into, given.keys)
            if isinstance(new, Decision):
                return new
            return keeping.split_incident(hand, slug, new, given.notices)
        case "edit":
            return keeping.edit_incident(hand, slug, given.keys, seen=given.seen)
        case "link" | "unlink":
            return keeping.decide_links(hand, slug, given.notices, accept=action == "link", seen=given.seen)
        case "merge":
            return keeping.merge_incidents(hand, given.into, slug)
        case "undo":
            return keeping.undo_last(hand, slug, seen=given.seen)
        case "close":
            return keeping.close_incident(hand, slug)
        case "reopen":
            return keeping.reopen_incident(hand, slug)
        case "remove":
            return keeping.remove_incident(hand, slug)
