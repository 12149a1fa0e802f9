"""A draft of an incident from what its notices state, for a person to look at and to change.

    profiles of notices -> who is meant, where to call, which days, which bodies -> Incident

Who is meant: bodies that others name as processor, subcontractor or staffing agency, on whom an authority
acts, or that publish as a company and are named by others. What only one notice of many says is left out.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache

from feeds.wording.tables.incident_words import DRAFTS
from feeds.wording.words import phrase
from monitor.facts import extract
from monitor.incidents.evidence_keys import PARTS, NoticeProfile, name_key
from storage.records import THIRD_PARTIES, Fact, Incident, RosterEntry
from storage.text.fold import fold
from storage.text.wording import wording

MAX_RESPONDENTS = 4
MAX_HOTLINES = 4
MAX_ROSTER = 500
FEW_SOURCES = 2
"""Of so many publishers at most, what one says is enough."""

DAYS_AFTER = 365
"""A follow-up may come so many days after the last notice."""

MAX_DAYS_BEFORE = 90
"""A day of discovery that lies longer before the first notice is of something else, more often than not."""

BODY_KINDS = {
    "company": "company",
    "prefecture": "prefecture",
    "municipality": "municipality",
    "agency": "agency",
}
"""Kinds of bodies in a roster, by the role of an organisation's fact."""


def draft_incident(profiles: Sequence[NoticeProfile], slug: str = "", name: str = "") -> Incident:
    """Draft an incident from its notices, with a name if none is given."""
    profiles = sorted(profiles, key=lambda one: (one.published or date.max, one.notice))
    bodies = _Bodies(profiles)
    respondents = bodies.respondents()
    days = [one.published for one in profiles if one.published]
    return Incident(
        slug=slug,
        name=name or _name([*respondents, *bodies.publishers()], days),
        respondents=tuple(respondents),
        hotlines=tuple(_hotlines(profiles)),
        window=_window(profiles, days),
        roster=tuple(bodies.roster())[:MAX_ROSTER],
    )


def propose_slug(profiles: Sequence[NoticeProfile], taken: Iterable[str]) -> str:
    """Propose a slug that is free: a source of whom it is about, or of the first notice, with the month."""
    profiles = sorted(profiles, key=lambda one: (one.published or date.max, one.notice))
    bodies, first = _Bodies(profiles), profiles[0]
    of = next((own[0] for name in bodies.respondents() if (own := bodies.notices_of(name))), first)
    stem = f"{of.source}-{first.published:%Y-%m}" if first.published else of.source
    known, name, number = set(taken), stem, 2
    while name in known:
        name, number = f"{stem}-{number}", number + 1
    return name


def _name(bodies: Sequence[str], days: Sequence[date]) -> str:
    """Name an incident by whom it is about and the month of its first notice."""
    who = bodies[0] if bodies else phrase(DRAFTS, "nobody", "ja")
    if not days:
        return phrase(DRAFTS, "name", "ja", who)
    return phrase(DRAFTS, "name-with-month", "ja", who, min(days).year, min(days).month)


def _window(profiles: Sequence[NoticeProfile], days: Sequence[date]) -> tuple[date, date | None] | None:
    if not days:
        return None
    first = min(days)
    found = [
        date.fromisoformat(str(fact.value))
        for one in profiles
        for fact in one.facts
        if fact.field == "date" and fact.role == "discovered" and len(str(fact.value)) == len("2024-01-24")
    ]
    earlier = [day for day in found if first - timedelta(MAX_DAYS_BEFORE) <= day < first]
    return min([first, *earlier]), max(days) + timedelta(DAYS_AFTER)


def _hotlines(profiles: Sequence[NoticeProfile]) -> list[str]:
    """List the numbers that publishers give; where there are several publishers, those that they share."""
    given: defaultdict[str, set[str]] = defaultdict(set)
    for one in profiles:
        if one.kind not in ("regulator", *THIRD_PARTIES):
            for fact in one.facts:
                if fact.field == "phone" and fact.role != "fax":
                    given[str(fact.value)].add(one.source)
    publishers = {source for sources in given.values() for source in sources}
    enough = 1 if len(publishers) <= 1 else FEW_SOURCES
    shared = [phone for phone, sources in given.items() if len(sources) >= enough]
    return sorted(shared, key=lambda phone: -len(given[phone]))[:MAX_HOTLINES]


class _Bodies:
    """The bodies that notices are of and name; each goes by the name that it is first known by."""

    def __init__(self, profiles: Sequence[NoticeProfile]) -> None:
        self._profiles = profiles
        self._named: dict[str, Fact] = {}
        for one in profiles:
            for fact in one.facts:
                if fact.field == "organisation":
                    self._named.setdefault(_key(str(fact.value)), fact)
        self._own: dict[str, list[NoticeProfile]] = {}
        for one in profiles:
            if one.kind not in ("regulator", *THIRD_PARTIES):
                self._own.setdefault(self._publisher(one), []).append(one)

    def publishers(self) -> list[str]:
        """List the bodies that published, the first first; no authorities and nobody who writes on others."""
        return list(self._own)

    def notices_of(self, body: str) -> list[NoticeProfile]:
        """List what a body published, the oldest first."""
        return self._own.get(body, [])

    def _publisher(self, profile: NoticeProfile) -> str:
        """Name the body behind a source: what its name begins with, if the notices name such a body."""
        said = _key(profile.publisher)
        known = [fact for name, fact in self._named.items() if said.startswith(name)]
        if known:
            return str(max(known, key=lambda fact: len(str(fact.value))).value)
        own = next((fact for fact in _organisations(profile.publisher) if fact.start == 0), None)
        return str(own.value) if own else _without_brackets(profile.publisher)

    def respondents(self) -> list[str]:
        """List whom the incident is about, those that most publishers name first."""
        parts, named = self._named_by(_in_part), self._named_by(_companies)
        publishers = {by for names in (*parts.values(), *named.values()) for by in names}
        enough = 1 if len(publishers) <= FEW_SOURCES else FEW_SOURCES
        found = {name: len(by) for name, by in parts.items() if len(by - {name}) >= enough}
        for body, own in self._own.items():
            others = named[_key(body)] - {_key(body)}
            if others and any(one.kind == "company" for one in own):
                found.setdefault(_key(body), len(others))
        if not found and len(self._own) == 1:
            return [name for name in self._own if name_key(name)]
        best = sorted(found, key=lambda name: -found[name])[:MAX_RESPONDENTS]
        return [str(self._named[name].value) for name in best]

    def _named_by(self, list_names: Callable[[Iterable[Fact]], Iterator[str]]) -> defaultdict[str, set[str]]:
        """List the names of some kind in notices, each with the publishers that write it."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self._profiles:
            if one.kind not in THIRD_PARTIES:
                for name in filter(name_key, list_names(one.facts)):
                    found[_key(name)].add(_key(self._publisher(one)))
                    self._named.setdefault(_key(name), Fact("organisation", name, name, 0, 0))
        return found

    def roster(self) -> Iterator[RosterEntry]:
        """Make the rows: bodies that published, then those that others name as owners of data or list."""
        told: set[str] = set()
        for body, own in self._own.items():
            days = [one.published for one in own if one.published]
            told.add(_key(body))
            yield RosterEntry(
                body,
                self._kind(body, own),
                source=own[0].source,
                disclosed=min(days).isoformat() if days else "",
                count=_count(own[0].facts),
            )
        for name, count in self._named_only():
            if _key(name) not in told:
                told.add(_key(name))
                yield RosterEntry(name, self._kind(name), count=count)

    def _named_only(self) -> Iterator[tuple[str, str]]:
        for one in self._profiles:
            for fact in one.facts:
                if fact.field == "role" and fact.value == "controller":
                    yield from ((name, "") for name in _qualified(fact, "organisation:"))
        for one in self._profiles:
            if one.kind in THIRD_PARTIES:
                for fact in one.facts:
                    if fact.field == "count" and fact.role == "affected":
                        for name in _qualified(fact, "row:"):
                            if _key(name) in self._named:
                                yield name, wording(fact)

    def _kind(self, body: str, own: Sequence[NoticeProfile] = ()) -> str:
        facts = [self._named.get(_key(body)), *_organisations(body)]
        kind = next((BODY_KINDS[fact.role] for fact in facts if fact and fact.role in BODY_KINDS), "")
        if not kind and any(one.kind == "company" for one in own):
            return "company"
        return kind or "body"


def _key(name: str) -> str:
    """Return what is equal for all spellings of a body's name, also of one that could be anybody's."""
    return name_key(name) or fold(name)


def _in_part(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in facts:
        if fact.field == "role" and fact.value in PARTS:
            yield from _qualified(fact, "organisation:")
        elif fact.field == "action":
            yield from _qualified(fact, "respondent:")


def _companies(facts: Iterable[Fact]) -> Iterator[str]:
    return (str(fact.value) for fact in facts if fact.field == "organisation" and fact.role == "company")


def _qualified(fact: Fact, mark: str) -> Iterator[str]:
    return (said.removeprefix(mark) for said in fact.qualifiers if said.startswith(mark))


def _count(facts: Iterable[Fact]) -> str:
    """Quote the largest count of those affected that is not a part of another; else what is said of it."""
    counts = [
        fact
        for fact in facts
        if fact.field == "count" and fact.role == "affected" and not {"subset", "denied"} & {*fact.qualifiers}
    ]
    best = max(counts, key=lambda fact: fact.value if isinstance(fact.value, int) else -1, default=None)
    return wording(best) if best else ""


def _without_brackets(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).partition("(")[0].split()
    return plain[0] if plain else name


@lru_cache(1024)
def _organisations(name: str) -> tuple[Fact, ...]:
    return tuple(fact for fact in extract(name) if fact.field == "organisation")
