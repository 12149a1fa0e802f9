"""What people decide: over offered addresses, over suggested links, and what is taken out.

The command line, the pages and the API all act through here, so that two people who decide the same thing
at once get one decision and a clear answer, whichever way they came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from feeds.web.gate import Decision
from monitor.incidents.incident_links import declare_incidents
from monitor.track.offers import make_source
from storage.archive import Archive, Reader, Writer
from storage.records import Incident, IncidentLink, LinkStatus, Source


def decide_offer(writer: Writer, number: int, declared: Mapping[str, Source], *, accept: bool) -> Decision:
    """Watch an offered address from the next crawl on, or never offer it again."""
    offer = next((one for one in writer.offers(None) if one.id == number), None)
    if offer is None:
        detail = f"there is no offer {number}; `kohyo sources offers` lists them"
        return Decision("unknown", detail, f"番号{number}の候補はありません。")
    if not writer.set_offer(number, "confirmed" if accept else "rejected"):
        kept = {"confirmed": "採用済み", "rejected": "却下済み"}.get(offer.status, offer.status)
        detail = f"offer {number} was already {offer.status}: {offer.url}"
        return Decision("already", detail, f"すでに{kept}です: {offer.url}")
    if not accept:
        return Decision("done", f"rejected {offer.url}", f"却下しました: {offer.url}")
    # who serves or decides need not have the declarations at hand with which the crawl was made
    known = {**{source.id: source for source in writer.sources()}, **declared}
    source = make_source(offer, known[offer.source], frozenset(known))
    writer.put_source(source)
    ja = f"採用しました。次の巡回から確認します: {offer.url} (情報源: {source.id})"
    return Decision("done", f"accepted {offer.url} as {source.id}", ja)


def decide_link(
    writer: Writer, slug: str, notice: int, *, accept: bool, overrules: LinkStatus | None = None
) -> Decision:
    """Say whether a notice belongs to an incident. The first decision stands.

    Another takes its place only where it says which one it ``overrules``, so that nobody undoes by chance
    what somebody else decided meanwhile.
    """
    incident = writer.incident(slug)
    if incident is None or writer.notice(notice) is None:
        detail = f"there is no incident {slug} or no notice {notice}"
        return Decision("unknown", detail, f"事案{slug}または公表{notice}がありません。")
    link = _decided_link(writer, incident, notice, accept=accept)
    done = writer.overrule_link(link, overrules) if overrules else writer.set_link(link)
    if done:
        detail = f"the notice {'belongs' if accept else 'does not belong'} to the incident"
        ja = f"この公表を事案に{'関連付けました' if accept else '関連付けないと記録しました'}。"
        return Decision("done", detail, ja)
    if overrules:
        detail = f"nothing was overruled: the link is not, or no longer, {overrules}"
        ja = "変更しようとした判断は、いまの判断ではありません。何も変更していません。"
        return Decision("already", detail, ja)
    detail = "the link was already decided, and that stands"
    return Decision("already", detail, "関連付けはすでに判断されており、その判断が有効です。")


def _decided_link(reader: Reader, incident: Incident, notice: int, *, accept: bool) -> IncidentLink:
    known = next((link for link in reader.links_of_notice(notice) if link.incident == incident.id), None)
    link = known or IncidentLink(incident.id, notice, "suggested", ("by hand",), 0.0)
    return replace(link, status="confirmed" if accept else "rejected")


def redact(archive: Archive, notice: int, reason: str, now: datetime) -> Decision:
    """Take out for good what is stored of a notice, leaving a trace with the reason."""
    with archive.write() as writer:
        if writer.notice(notice) is None:
            return Decision("unknown", f"there is no notice {notice}", f"公表{notice}はありません。")
        writer.redact(notice, reason, now)
    with archive.read() as reader:
        remains = reader.redaction_remains()
    detail = f"notice {notice} is redacted; publish again to take it out of feeds and pages"
    ja = "この公表の記録を削除しました。公開したフィードとページからは、次の公開で消えます。"
    if remains:
        detail += f". Its words are still in the database's files: {remains}. They are taken out later"
        ja += "ただし、データベースのファイルにはまだ残っています。次にkohyoを実行したときに取り除きます。"
    return Decision("done", detail, ja)


@dataclass(frozen=True, slots=True)
class Decider:
    """Acts for whoever holds the token; see feeds.web.gate."""

    archive: Archive
    sources: Callable[[], Iterable[Source]]
    now: Callable[[], datetime]

    def decide_offer(self, offer: int, *, accept: bool) -> Decision:
        declared = {source.id: source for source in self.sources()}
        with self.archive.write() as writer:
            return decide_offer(writer, offer, declared, accept=accept)

    def decide_link(
        self, slug: str, notice: int, *, accept: bool, overrules: LinkStatus | None = None
    ) -> Decision:
        with self.archive.write() as writer:
            declare_incidents(writer)
            return decide_link(writer, slug, notice, accept=accept, overrules=overrules)

    def redact(self, notice: int, reason: str) -> Decision:
        return redact(self.archive, notice, reason, self.now())
