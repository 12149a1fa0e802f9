"""Which incident a notice may belong to, with the evidence. Nothing is merged: a person decides.

From strong to weak: a seed of the declaration, an explicit link to or from a notice that belongs, the
incident's hotline, a respondent named within the window, the same large count, similar wording. The
weak ones only add to others, names of municipalities say nothing, and outside the window a
respondent's name says nothing either: two incidents of one company stay two.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import sqrt
from urllib.parse import urlsplit

from storage.records import Fact, Incident, IncidentLink
from storage.text.fold import fold

LINK, HOTLINE, RESPONDENT, COUNT, WORDING = 0.9, 0.8, 0.5, 0.3, 0.2
SUGGEST_FROM_SCORE = 0.5
LARGE_COUNT = 1000  # below, two incidents often share a count by chance
SIMILAR_COSINE = 0.5  # cosine of character trigrams from which wording counts


@dataclass(frozen=True, slots=True)
class NoticeProfile:
    """A notice as far as linking looks at it."""

    notice: int
    source: str  # id of its source
    url: str
    title: str
    text: str
    published: date | None = None
    facts: Sequence[Fact] = ()
    links: Sequence[str] = ()
    publisher: str = ""  # the name of its source


@dataclass(frozen=True, slots=True)
class MatchEvidence:
    """One reason to link, with its weight between 0 and 1."""

    text: str
    weight: float


def suggest(
    incident: Incident, profile: NoticeProfile, members: Sequence[NoticeProfile] = ()
) -> IncidentLink | None:
    """Weigh a notice against an incident whose ``members`` are known; None where nothing suggests a link."""
    if is_seed(incident, profile.source, profile.url):
        return IncidentLink(incident.id, profile.notice, "declared", ("seed of the declaration",), 1.0)
    found = sorted(list_evidence(incident, profile, members), key=lambda one: -one.weight)
    score = 1.0
    for one in found:
        score *= 1 - one.weight
    score = round(1 - score, 3)
    if score < SUGGEST_FROM_SCORE:
        return None
    return IncidentLink(incident.id, profile.notice, "suggested", tuple(one.text for one in found), score)


def is_seed(incident: Incident, source: str, url: str) -> bool:
    """Tell whether the declaration names this address, or this source as one that watches a single page."""
    return source in incident.seeds or any(_same(url, seed) for seed in incident.seeds)


def list_evidence(
    incident: Incident, profile: NoticeProfile, members: Sequence[NoticeProfile] = ()
) -> Iterator[MatchEvidence]:
    """List every reason to link this notice, strongest kind first."""
    others = [member for member in members if member.notice != profile.notice]
    if linked := _linked(incident, profile, others):
        yield MatchEvidence(f"link: {linked}", LINK)
    for phone in sorted(
        {str(fact.value) for fact in profile.facts if fact.field == "phone"} & _digits(incident.hotlines)
    ):
        yield MatchEvidence(f"hotline: {phone}", HOTLINE)
    if not _within(incident, profile.published):
        return
    if named := _respondent(incident, profile):
        yield MatchEvidence(f"respondent within the window: {named}", RESPONDENT)
    if count := _shared_count(profile, others):
        yield MatchEvidence(f"same count: {count:,}", COUNT)
    if others and (likeness := max(_likeness(profile, other) for other in others)) >= SIMILAR_COSINE:
        yield MatchEvidence(f"wording: {likeness:.2f}", WORDING)


def _linked(incident: Incident, profile: NoticeProfile, others: Iterable[NoticeProfile]) -> str:
    """Return the address by which this notice and one that belongs are linked, in either direction."""
    targets = [*(seed for seed in incident.seeds if "://" in seed), *(other.url for other in others)]
    for url in profile.links:
        if any(_same(url, target) for target in targets):
            return url
    return next((other.url for other in others if any(_same(profile.url, url) for url in other.links)), "")


def _digits(phones: Iterable[str]) -> set[str]:
    return {fold(phone) for phone in phones}


def _within(incident: Incident, day: date | None) -> bool:
    if incident.window is None:
        return True
    first, last = incident.window
    return day is not None and first <= day and (last is None or day <= last)


def _respondent(incident: Incident, profile: NoticeProfile) -> str:
    names = {fold(name) for name in (*incident.respondents, *incident.aliases)}
    said = (
        str(f.value)
        for f in profile.facts
        if f.field == "organisation" and f.role not in ("municipality", "prefecture")
    )
    if named := next((name for name in (*said, profile.publisher) if fold(name) in names), ""):
        return named
    title = fold(profile.title)
    return next((name for name in incident.respondents if fold(name) in title), "")


def _shared_count(profile: NoticeProfile, others: Iterable[NoticeProfile]) -> int | None:
    theirs = {value for other in others for value in _large(other.facts)}
    return max((value for value in _large(profile.facts) if value in theirs), default=None)


def _large(facts: Iterable[Fact]) -> set[int]:
    return {f.value for f in facts if f.field == "count" and f.value is not None and f.value >= LARGE_COUNT}


def _likeness(one: NoticeProfile, other: NoticeProfile) -> float:
    """Measure the cosine of the character trigrams of title and opening, between 0 and 1."""
    a, b = _trigrams(one), _trigrams(other)
    norm = sqrt(sum(n * n for n in a.values()) * sum(n * n for n in b.values()))
    return sum(n * b[gram] for gram, n in a.items()) / norm if norm else 0.0


def _trigrams(profile: NoticeProfile) -> Counter[str]:
    text = fold(profile.title + profile.text[:600])
    return Counter(text[i : i + 3] for i in range(len(text) - 2))


def _same(one: str, other: str) -> bool:
    """Tell whether two addresses are one page: scheme, www, final slash and fragment aside."""
    return "://" in other and _address(one) == _address(other)


@lru_cache(4096)  # every notice is held against the same seeds
def _address(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    host = re.sub(r"\Awww\.", "", (parts.hostname or "").lower()) + (f":{parts.port}" if parts.port else "")
    return host, parts.path.rstrip("/"), parts.query
