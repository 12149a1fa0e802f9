"""The links between notices and incidents as they follow from what is stored.

What declares, judges or decides calls in here afterwards, and whatever the order, the same links stand in
the end: a notice is weighed by its keys against those of an incident (suggest), and whenever keys on either
side come or go, whoever meets them is weighed anew. What a person decided stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from monitor.incidents import KEYS_VERSION
from monitor.incidents.declaring import LINKS
from monitor.incidents.evidence_keys import NAMES, NoticeProfile, list_keys
from monitor.incidents.suggest import (
    MEMBER_KINDS,
    RAREST,
    SEED,
    Candidate,
    Held,
    add_declared,
    judge,
    list_keys_met_by,
    list_meeting_keys,
    list_met_keys,
    seed_keys,
)
from storage.archive import Reader, Writer
from storage.records import BELONGING, EvidenceKey, Incident, IncidentLink, Notice, Page, Version

DECIDED = ("confirmed", "rejected")
SAMPLE = 200
"""Notices by which it is told whether a key is everywhere: the oldest that hold it."""
MANY_MONTHS = 12
"""What notices of more months hold is of no one incident."""
MANY_HOLDERS = 6
SHARED_AT_LEAST, MONTHS_OF_ONE, SHARED_LATER = 1 / 3, 6, 3 / 5
"""A number that so many notices give is nobody's hotline unless such a part of them shares something else,
and a larger part where it is given over so many months."""
SHARED_KINDS = frozenset((*NAMES, "day", "count", "link", "quoted", "band"))
SAME_TITLES = 3
"""Titles that more notices bear are such as anybody gives; a company and its clients may bear the same."""


def relink_all(writer: Writer, tell: Callable[[int, int], None] = lambda done, total: None) -> None:
    """Make the keys of every notice and all links anew, as after a change of the rules.

    ``tell`` hears how many notices of how many are done.
    """
    writer.lock_links()
    notices = writer.notice_ids()
    for done, number in enumerate(notices, 1):
        notice = writer.notice(number)
        if notice is not None:
            writer.put_evidence(notice.id, notice.source, _month(notice), list_keys(_profile(writer, notice)))
        tell(done, len(notices))
    for incident in (*writer.incidents(), *writer.removed_incidents()):
        relink(writer, incident)
    writer.note(LINKS, str(KEYS_VERSION))


def relink(writer: Writer, incident: Incident) -> None:
    """Make all links of an incident anew: it is new, or it or who belongs to it was changed.

    Of one that was removed there are none but what people decided.
    """
    writer.lock_links()
    before = writer.evidence_of_incident(incident.id)
    if incident.status == "removed":
        writer.put_evidence_of_incident(incident.id, {}, before)
        for link in writer.incident_links(incident.slug):
            writer.drop_link(incident.id, link.notice)
        return
    _link_seeds(writer, incident)
    of_members = writer.evidence_of_members(incident.id)
    held = add_declared(incident, {key: of_members[key] for key in of_members if key[0] in MEMBER_KINDS})
    changed = {key: only for key, only in held.items() if key not in before or before[key] != only}
    writer.put_evidence_of_incident(incident.id, changed, before.keys() - held.keys())
    _weigh_all(writer, incident, held)


def list_incidents_met(reader: Reader, notice: Notice) -> list[Incident]:
    """List the incidents that the notices on the page of one meet or are linked to."""
    found: set[int] = set()
    for one in reader.notices_of_page(notice.page):
        found |= reader.incidents_with_evidence(list_keys_met_by(reader.evidence(one.id))).keys()
        found |= {link.incident for link in reader.links_of_notice(one.id)}
    return [incident for incident in reader.incidents() if incident.id in found]


def link_pages(writer: Writer, pages: Iterable[int]) -> None:
    """Link the notices on pages as they stand now; ``pages`` are those of notices, not of attachments."""
    for page in sorted(pages):
        for notice in writer.notices_of_page(page):
            link_notice(writer, notice)


def link_notice(writer: Writer, notice: Notice) -> None:
    """Write the links that a notice as it stands now has, and those of others that follow from it."""
    writer.lock_links()
    before, keys = writer.evidence(notice.id), list_keys(_profile(writer, notice))
    concerned, watched = _watch(writer, before | keys)
    was_common = {key: _is_common(writer, key) for key in watched}
    gone, new = writer.put_evidence(notice.id, notice.source, _month(notice), keys)
    stands = {link.incident: link for link in writer.links_of_notice(notice.id)}
    belonged = {number for number, link in stands.items() if link.status in BELONGING}
    candidate = Candidate(notice.id, notice.source, notice.published, (before - gone) | new)
    held = _find_held(writer, candidate)
    if not held and not stands and not concerned:  # as most: no incident has to be read
        return
    incidents = {incident.id: incident for incident in writer.incidents()}
    belongs = _weigh_one(writer, candidate, held, incidents, stands)
    for number in sorted(belonged | belongs):
        stayed = number in belonged & belongs
        _renew_held(writer, incidents[number], gone | new if stayed else before | keys)
    turned = [key for key in watched if _is_common(writer, key) != was_common[key]]
    if turned:
        _weigh_turned(writer, incidents, concerned, turned)


def _watch(
    reader: Reader, keys: Iterable[EvidenceKey]
) -> tuple[dict[int, dict[EvidenceKey, str]], list[EvidenceKey]]:
    """Return the incidents that are known by keys which may become common with these, and those keys."""
    rare = {counted for key in keys for counted in _counted(key)}
    concerned = reader.incidents_with_evidence({met for key in rare for met in _met_by(key)})
    return concerned, [key for key in rare if any(_met_by(key) & held.keys() for held in concerned.values())]


def _weigh_turned(
    writer: Writer,
    incidents: Mapping[int, Incident],
    concerned: Mapping[int, Held],
    turned: Collection[EvidenceKey],
) -> None:
    """Weigh anew who holds keys that have become common, or are so no more."""
    for number, held in concerned.items():
        if met := [key for key in turned if _met_by(key) & held.keys()]:
            holders = writer.evidence_holders(one for key in met for one in _as_weighed(key))
            _weigh(writer, incidents[number], holders, writer.evidence_of_incident(number))


def _counted(key: EvidenceKey) -> Iterator[EvidenceKey]:
    """Yield the keys whose commonness a notice's key adds to."""
    kind, said = key
    if kind == "office":
        yield "phone", said
    elif kind in RAREST:
        yield key


def _as_weighed(key: EvidenceKey) -> list[EvidenceKey]:
    """Return the keys that weigh less where one is common: a title that many bear is quoted in vain."""
    return [("title", key[1]), ("quoted", key[1])] if key[0] in ("title", "quoted") else [key]


def _met_by(key: EvidenceKey) -> set[EvidenceKey]:
    return list_keys_met_by(_as_weighed(key))


def _link_seeds(writer: Writer, incident: Incident) -> None:
    """Declare the links of seeds, and take back those of what is none any more."""
    seeds = seed_keys(incident)
    found = writer.evidence_holders(("address", seed) for kind, seed in seeds if kind == "seed")
    found |= writer.notices_of_sources({source for kind, source in seeds if kind == "source"})
    stands = {link.notice: link for link in writer.incident_links(incident.slug)}
    for number in sorted(found):
        link = IncidentLink(incident.id, number, "declared", SEED, 1.0)
        if stands.get(number) != link:
            writer.set_link(link)
    for number, link in stands.items():
        if link.status == "declared" and number not in found:
            writer.drop_link(incident.id, number)


def _renew_held(writer: Writer, incident: Incident, keys: Iterable[EvidenceKey]) -> None:
    """Write what the incident's notices hold of these keys now, and weigh anew whom it meets."""
    keys = {key for key in keys if key[0] in MEMBER_KINDS}
    if any(kind == "names" for kind, _ in keys):  # then other names are the respondents'
        relink(writer, incident)
        return
    before = writer.incidents_with_evidence(keys).get(incident.id, {})
    now = writer.evidence_of_members(incident.id, keys)
    changed = {key: only for key, only in now.items() if before.get(key) != only}
    gone = before.keys() - now.keys()
    if not changed and not gone:
        return
    kinds = writer.kinds_of_evidence(incident.id)
    writer.put_evidence_of_incident(incident.id, changed, gone)
    held = writer.evidence_of_incident(incident.id)
    if kinds == writer.kinds_of_evidence(incident.id):
        _weigh(writer, incident, writer.evidence_holders(list_met_keys([*changed, *gone])), held)
    else:  # what it is not known by at all casts no doubt
        _weigh_all(writer, incident, held)


def _weigh_all(writer: Writer, incident: Incident, held: Held) -> None:
    """Weigh every notice that the incident meets, or is linked to."""
    met = writer.evidence_holders(list_met_keys(held))
    for kind, name in held:
        if kind == "respondent":
            met |= writer.notices_titled_with(name)
    met |= {link.notice for link in writer.incident_links(incident.slug)}
    _weigh(writer, incident, met, held)


def _weigh(writer: Writer, incident: Incident, notices: Iterable[int], held: Held) -> None:
    """Weigh notices against all that an incident is known by."""
    stands = {link.notice: link for link in writer.incident_links(incident.slug)}
    kinds, common = {kind for kind, _ in held}, Commonness(writer)
    for candidate in _candidates(writer, sorted(notices)):
        _put(writer, incident, candidate, held, kinds, common, stands.get(candidate.notice))


def _find_held(reader: Reader, candidate: Candidate) -> dict[int, dict[EvidenceKey, str]]:
    """Find the incidents that a notice meets, and what they hold of its keys."""
    held = reader.incidents_with_evidence(list_meeting_keys(candidate))
    for title in candidate.of("title"):
        for number, name in reader.incidents_named_in(title):
            held.setdefault(number, {})["respondent", name] = ""
    return held


def _weigh_one(
    writer: Writer,
    candidate: Candidate,
    held: Mapping[int, Held],
    incidents: Mapping[int, Incident],
    stands: Mapping[int, IncidentLink],
) -> set[int]:
    """Weigh a notice against every incident that it meets, or is linked to; return those it belongs to."""
    common = Commonness(writer)
    belongs = set()
    for number in sorted({*held, *stands}):
        incident, kinds = incidents[number], writer.kinds_of_evidence(number)
        if _put(writer, incident, candidate, held.get(number, {}), kinds, common, stands.get(number)):
            belongs.add(number)
    return belongs


def _put(
    writer: Writer,
    incident: Incident,
    candidate: Candidate,
    held: Held,
    kinds: Collection[str],
    common: Callable[[EvidenceKey], bool],
    stands: IncidentLink | None,
) -> bool:
    """Write the link of a notice to an incident, or take it away; neither where somebody has decided.

    Returns whether it belongs there now.
    """
    if stands is not None and stands.status in DECIDED:
        return stands.status in BELONGING
    link = judge(incident, candidate, held, kinds, common)
    if link is not None and link != stands:
        writer.set_link(link)  # meanwhile somebody may have decided
    elif link is None and stands is not None:
        writer.drop_link(incident.id, candidate.notice)
    return link is not None and link.status in BELONGING


def _candidates(reader: Reader, notices: Collection[int]) -> Iterator[Candidate]:
    keys = reader.evidence_of(notices)
    for number, source, published in reader.publishers(notices):
        yield Candidate(number, source, published, keys.get(number, frozenset()))


class Commonness:
    """Tells of keys whether they are everywhere, each once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[EvidenceKey, bool] = {}

    def __call__(self, key: EvidenceKey) -> bool:
        """Tell whether a key is everywhere."""
        if key not in self._known:
            self._known[key] = _is_common(self._reader, key)
        return self._known[key]


def _is_common(reader: Reader, key: EvidenceKey) -> bool:
    """Tell whether so many different notices hold a key that it says nothing.

    A number: it is an authority's, or given over more than a year of months, or by many that share nothing
    else. An attachment or a quoted title: held over as many months. A title: several bear it.
    """
    kind, said = key
    if kind == "phone" and reader.evidence_holders([("office", said)]):
        return True
    holders = reader.first_holders(key, SAMPLE)
    if kind == "title":
        return len(holders) > SAME_TITLES
    months = len({month for _, month in holders if month})
    if months > MANY_MONTHS:
        return True
    if kind != "phone" or len(holders) < MANY_HOLDERS:
        return False
    keys = reader.evidence_of(number for number, _ in holders).values()
    told = ({_as_shared(one) for one in held if one[0] in SHARED_KINDS} for held in keys)
    shared = Counter(one for of_one in told for one in of_one)
    part = SHARED_LATER if months >= MONTHS_OF_ONE else SHARED_AT_LEAST
    return max(shared.values(), default=0) < part * len(holders)


def _as_shared(key: EvidenceKey) -> EvidenceKey:
    """Return a key without the part in which a body is named."""
    return ("name", key[1]) if key[0] in NAMES else key


def _month(notice: Notice) -> int:
    day = notice.published
    return day.year * 12 + day.month if day else 0


def read_profile(reader: Reader, number: int) -> NoticeProfile | None:
    """Return a stored notice as linking looks at it; None where its page was not read yet."""
    notice = reader.notice(number)
    page = reader.page_by_id(notice.page) if notice is not None else None
    if notice is None or page is None or page.version is None:
        return None
    return _profile(reader, notice)


def _profile(reader: Reader, notice: Notice) -> NoticeProfile:
    """Return a notice with its attachments: on a regulator's thin page, the facts stand in those."""
    page, source = reader.page_by_id(notice.page), reader.source(notice.source)
    files = reader.attachments_of(notice.page)
    own = _read(reader, page)
    read = [version for version in (own, *(_read(reader, file) for file in files)) if version is not None]
    return NoticeProfile(
        notice=notice.id,
        source=notice.source,
        url=notice.url,
        title=notice.title,
        text="\n".join(version.text for version in read if not version.redacted),
        published=notice.published,
        facts=[fact for version in read for fact in reader.facts(version.id)],
        links=[link.url for block in own.blocks for link in block.links] if own else (),
        publisher=source.name if source else "",
        kind=source.kind if source else "affected",
        files=sorted(filter(None, (_digest(reader, file) for file in files))),
    )


def _read(reader: Reader, page: Page | None) -> Version | None:
    return reader.version(page.version) if page is not None and page.version is not None else None


def _digest(reader: Reader, file: Page) -> str:
    shot = reader.snapshot(file.snapshot) if file.snapshot is not None else None
    return shot.sha256 if shot is not None and shot.size else ""
