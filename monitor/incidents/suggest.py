"""Which incident a notice may belong to, with the evidence. Nothing is merged: a person decides.

A notice is weighed against what is declared of an incident and what the notices hold that belong to it,
never against other suggestions, so that no order of events can matter. From strong to weak: a seed of the
declaration, a link to or from a notice that belongs, the incident's hotline, a quoted title, an attachment,
a body named within the window, the day of the event, the same large count, similar wording. The weak ones
only add to others, names of municipalities say nothing, what is everywhere says nothing, and where a
notice tells of other bodies or other days, a name or a hotline says less: two incidents of one company stay
two.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date

from monitor.incidents.evidence_keys import (
    NAMES,
    NoticeProfile,
    address_key,
    list_keys,
    list_names,
    phone_key,
)
from storage.records import EvidenceKey, Incident, IncidentLink

LINK, HOTLINE, SHARED_PHONE, QUOTED, FILE = 0.9, 0.8, 0.7, 0.8, 0.7
RESPONDENT, DAY, LATER_DAY, EXACT_COUNT, ROUND_COUNT, WORDING = 0.5, 0.5, 0.6, 0.5, 0.3, 0.2
CAUSE = 0.15
PARTY, PUBLISHER_AGAIN, MENTION = 0.5, 0.1, 0.35
OTHER_BODY, OTHER_EVENT = 0.65, 0.7
"""What is left of a score where a notice tells of other bodies, or of another event and a name is all."""
SUGGEST_FROM_SCORE = 0.5
SHARED_BANDS = 2
"""Bands of wording from which it counts; see evidence_keys.list_bands."""

_MEETS: Mapping[str, tuple[str, ...]] = {
    "address": ("link", "seed"),
    "link": ("address", "seed"),
    "phone": ("hotline", "phone"),
    "title": ("quoted",),
    "quoted": ("title", "quoted"),
    "file": ("file",),
    "count": ("count",),
    "day": ("day",),
    "occurred": ("occurred",),
    "cause": ("cause",),
    "band": ("band",),
    **dict.fromkeys(NAMES, ("respondent", "alias", "party", "publisher")),
}
"""With which kinds of keys of an incident each kind of a notice's keys is held together."""
MEMBER_KINDS = frozenset(
    (
        "address",
        "link",
        "phone",
        "title",
        "quoted",
        "file",
        "count",
        "day",
        "occurred",
        "cause",
        "band",
        "party",
        "publisher",
        "names",
    )
)
"""Kinds of keys that an incident has from the notices that belong to it."""
SEED = ("seed of the declaration",)
RAREST = frozenset(("phone", "title", "quoted", "file"))
"""Kinds of keys that say nothing where they are common."""


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """One reason to link, with its weight between 0 and 1."""

    text: str
    weight: float


_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A notice to be weighed, by its keys."""

    notice: int
    source: str
    published: date | None
    keys: frozenset[EvidenceKey]
    _by_kind: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for kind, key in self.keys:
            self._by_kind.setdefault(kind, set()).add(key)

    def of(self, kind: str) -> Set[str]:
        """Return what it holds of one kind."""
        return self._by_kind.get(kind, _NOTHING)


Held = Mapping[EvidenceKey, str]
"""Keys of an incident, each with the only source whose notices hold it, or nothing where several do."""


def never(_: EvidenceKey) -> bool:
    """Call nothing common: where a few notices are all there is."""
    return False


def suggest(
    incident: Incident, profile: NoticeProfile, members: Sequence[NoticeProfile] = ()
) -> IncidentLink | None:
    """Weigh a notice against an incident whose ``members`` are known; None where nothing suggests a link."""
    candidate = Candidate(profile.notice, profile.source, profile.published, list_keys(profile))
    held = hold_together(
        incident, [(one.source, list_keys(one)) for one in members if one.notice != profile.notice]
    )
    return judge(incident, candidate, held, {kind for kind, _ in held})


def judge(
    incident: Incident,
    candidate: Candidate,
    held: Held,
    kinds: Collection[str],
    common: Callable[[EvidenceKey], bool] = never,
) -> IncidentLink | None:
    """Weigh a notice by keys.

    ``held`` are the incident's keys, or those of them that the notice can meet; ``kinds`` are the kinds that
    the incident has any keys of; ``common`` says of a notice's key that it is everywhere.
    """
    if is_seed(incident, candidate):
        return IncidentLink(incident.id, candidate.notice, "declared", SEED, 1.0)
    score, found = judge_evidence(incident, candidate, held, kinds, common)
    if score < SUGGEST_FROM_SCORE:
        return None
    return IncidentLink(incident.id, candidate.notice, "suggested", tuple(one.text for one in found), score)


def judge_evidence(
    incident: Incident,
    candidate: Candidate,
    held: Held,
    kinds: Collection[str],
    common: Callable[[EvidenceKey], bool] = never,
) -> tuple[float, list[MatchEvidence]]:
    """Weigh a notice by keys: how much speaks for it, between 0 and 1, and what, strongest first."""
    found = sorted(list_evidence(incident, candidate, held, common), key=lambda one: -one.weight)
    score = 1.0
    for one in found:
        score *= 1 - one.weight
    return round((1 - score) * _doubt(candidate, held, kinds, found), 3), found


def is_seed(incident: Incident, candidate: Candidate) -> bool:
    """Tell whether the declaration names this address, or this source as one that watches a single page."""
    seeds = seed_keys(incident)
    return ("source", candidate.source) in seeds or any(
        ("seed", own) in seeds for own in candidate.of("address")
    )


def seed_keys(incident: Incident) -> set[EvidenceKey]:
    """Return the seeds of a declaration: addresses by their keys, sources by their ids."""
    return {("seed", address_key(seed)) if "://" in seed else ("source", seed) for seed in incident.seeds}


def hold_together(
    incident: Incident, members: Iterable[tuple[str, Iterable[EvidenceKey]]] = ()
) -> dict[EvidenceKey, str]:
    """Return what an incident is known by: what is declared, and the keys of the notices that belong to it.

    ``members`` are the ids of their sources with their keys.
    """
    held: dict[EvidenceKey, str] = {}
    for source, keys in members:
        for key in keys:
            if key[0] in MEMBER_KINDS:
                held[key] = source if held.get(key, source) == source else ""
    return add_declared(incident, held)


def add_declared(incident: Incident, held: Mapping[EvidenceKey, str]) -> dict[EvidenceKey, str]:
    """Add what is declared of an incident to the keys that its notices hold."""
    declared = {*seed_keys(incident)}
    declared |= {("hotline", key) for key in map(phone_key, incident.hotlines) if key}
    declared |= {("respondent", name) for said in incident.respondents for name in list_names(said)}
    declared |= {("alias", name) for said in incident.aliases for name in list_names(said)}
    ours = {name for kind, name in declared if kind in ("respondent", "alias")}
    for kind, pair in held:
        one, _, other = pair.partition("\t")
        if kind == "names" and (one in ours or other in ours):
            declared |= {("alias", name) for name in (one, other) if name not in ours}
    return {**held, **dict.fromkeys(declared, "")}


def list_meeting_keys(candidate: Candidate) -> set[EvidenceKey]:
    """Return the keys of an incident that a notice would meet."""
    return list_keys_met_by(candidate.keys) | {("source", candidate.source)}


def list_keys_met_by(keys: Iterable[EvidenceKey]) -> set[EvidenceKey]:
    """Return the keys of an incident that these of a notice would meet."""
    return {(meets, key) for kind, key in keys for meets in _MEETS.get(kind, ())}


def list_met_keys(held: Iterable[EvidenceKey]) -> set[EvidenceKey]:
    """Return the keys of notices that would meet these of an incident."""
    return {(kind, key) for meets, key in held for kind, with_ in _MEETS.items() if meets in with_}


def list_evidence(
    incident: Incident, candidate: Candidate, held: Held, common: Callable[[EvidenceKey], bool] = never
) -> Iterator[MatchEvidence]:
    """List every reason to link this notice, strongest kind first."""
    if linked := _linked(candidate, held):
        yield MatchEvidence(f"link: {linked}", LINK)
    yield from _phones(candidate, held, common)
    if quoted := _quoted(candidate, held, common):
        yield MatchEvidence(f"quoted title: {quoted}", QUOTED)
    if files := sorted(f for f in candidate.of("file") if ("file", f) in held and not common(("file", f))):
        yield MatchEvidence(f"same attachment: {files[0][:12]}", FILE)
    named, day = _named(incident, candidate, held), _shared(candidate, held, "day")
    if not is_within(incident, candidate.published):
        if named and named.weight >= RESPONDENT and day:
            yield MatchEvidence(f"same day of the event: {day}", LATER_DAY)
        return
    if named:
        yield named
        if cause := _shared(candidate, held, "cause"):
            yield MatchEvidence(f"same cause: {cause}", CAUSE)
        if day:
            yield MatchEvidence(f"same day of the event: {day}", DAY)
    counts = [int(key) for key in candidate.of("count") if ("count", key) in held]
    if counts:
        largest = max(counts, key=lambda count: (_digits(count) >= 4, count))
        yield MatchEvidence(f"same count: {largest:,}", EXACT_COUNT if _digits(largest) >= 4 else ROUND_COUNT)
    bands = candidate.of("band")
    if (shared := sum(("band", key) in held for key in bands)) >= SHARED_BANDS:
        yield MatchEvidence(f"wording: {shared / len(bands):.2f}", WORDING)


def _doubt(candidate: Candidate, held: Held, kinds: Collection[str], found: Sequence[MatchEvidence]) -> float:
    """Say what is left of a score where a notice tells of something else.

    A day on which something was found or reported may differ for one event, and where a day is shared, causes
    may be told otherwise.
    """
    shown = {one.text.partition(":")[0] for one in found}
    parties = candidate.of("party")
    known = {key for kind, key in held if kind in ("respondent", "alias", "party", "publisher")}
    others = parties and not parties & known and {"respondent", "alias", "party"} & {*kinds}
    if others and not shown & {"quoted title", "same attachment", "same count"}:
        return OTHER_BODY
    differ = [kind for kind in ("occurred", "cause") if kind in kinds and not _shares(candidate, held, kind)]
    only_named = not shown & {"link", "hotline", "quoted title", "same attachment", "same count"}
    if differ and only_named and not _shared(candidate, held, "day"):
        return OTHER_EVENT
    return 1.0


def _linked(candidate: Candidate, held: Held) -> str:
    """Return the address by which this notice and one that belongs are linked, in either direction."""
    to = sorted(key for key in candidate.of("link") if ("address", key) in held or ("seed", key) in held)
    back = sorted(key for key in candidate.of("address") if ("link", key) in held)
    return (to or back or [""])[0]


def _phones(
    candidate: Candidate, held: Held, common: Callable[[EvidenceKey], bool]
) -> Iterator[MatchEvidence]:
    """Find every hotline of the incident, and the numbers that notices of others give, too."""
    for phone in sorted(candidate.of("phone")):
        declared, only = ("hotline", phone) in held, held.get(("phone", phone))
        if (declared or (only is not None and only != candidate.source)) and not common(("phone", phone)):
            yield MatchEvidence(f"hotline: {_spell_phone(phone)}", HOTLINE if declared else SHARED_PHONE)


def _spell_phone(digits: str) -> str:
    parts = (4, 3) if digits.startswith(("0120", "0570", "0800")) else (3, 4 if len(digits) == 11 else 3)
    parts = (2, 4) if digits.startswith(("03", "06")) and len(digits) == 10 else parts
    return "-".join((digits[: parts[0]], digits[parts[0] : sum(parts)], digits[sum(parts) :]))


def _quoted(candidate: Candidate, held: Held, common: Callable[[EvidenceKey], bool]) -> str:
    """Return the title that this notice quotes and another has or quotes, or the other way round."""
    own = (key for key in candidate.of("title") if ("quoted", key) in held)
    theirs = (key for key in candidate.of("quoted") if ("title", key) in held or ("quoted", key) in held)
    met = sorted({*own, *theirs})
    return next((key for key in met if not common(("title", key)) and not common(("quoted", key))), "")


def _named(incident: Incident, candidate: Candidate, held: Held) -> MatchEvidence | None:
    """Return the name that says most: a declared respondent's, or that of a body of notices that belong."""
    spelled = {key: said for said in (*incident.aliases, *incident.respondents) for key in list_names(said)}
    for kind in ("party", "contractor", "named", "publisher"):
        ours = sorted(
            (key for key in candidate.of(kind) if ("respondent", key) in held or ("alias", key) in held),
            key=lambda key: (key not in spelled, key),
        )
        if ours:
            return MatchEvidence(f"respondent within the window: {spelled.get(ours[0], ours[0])}", RESPONDENT)
    for title in candidate.of("title"):
        for name in sorted(key for kind, key in held if kind == "respondent"):
            if name in title:
                return MatchEvidence(f"respondent within the window: {spelled.get(name, name)}", RESPONDENT)
    ways = (
        ("party", "party", PARTY),
        ("party", "publisher", PARTY),
        ("contractor", "party", PARTY),
        ("contractor", "publisher", PARTY),
        ("publisher", "party", PARTY),
        ("named", "party", MENTION),
        ("named", "publisher", MENTION),
        ("publisher", "publisher", PUBLISHER_AGAIN),
    )
    for own, theirs, weight in ways:
        if met := sorted(key for key in candidate.of(own) if (theirs, key) in held):
            return MatchEvidence(f"same body: {met[0]}", weight)
    return None


def _shared(candidate: Candidate, held: Held, kind: str) -> str:
    return min((key for key in candidate.of(kind) if (kind, key) in held), default="")


def _shares(candidate: Candidate, held: Held, kind: str) -> bool:
    """Tell whether a notice says of a kind what is known, or says nothing."""
    own = candidate.of(kind)
    return not own or any((kind, key) in held for key in own)


def is_within(incident: Incident, day: date | None) -> bool:
    """Tell whether a notice of a day lies in the window in which names say that it is of the incident."""
    if incident.window is None:
        return True
    first, last = incident.window
    return day is not None and first <= day and (last is None or day <= last)


def _digits(count: int) -> int:
    """Count the digits that are not rounded away: three of 9,280,000."""
    return len(str(count).rstrip("0"))
