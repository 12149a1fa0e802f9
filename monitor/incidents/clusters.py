"""Notices that look like one incident, offered with the evidence. Nothing is merged: a person decides.

Unlinked notices are taken in the order of their days. Each is weighed against the groups so far, by the same
evidence as against an incident, and joins the one it fits best, or begins one. Authorities and articles,
which may be about several incidents at once, come last and bring no others with them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from monitor.incidents.incident_links import Commonness
from monitor.incidents.suggest import (
    MEMBER_KINDS,
    Candidate,
    MatchEvidence,
    is_within,
    judge_evidence,
    list_keys_met_by,
    never,
)
from storage.archive import Reader
from storage.records import THIRD_PARTIES, EvidenceKey, Incident

JOIN_FROM_SCORE = 0.55
"""More than a name: see the weights in monitor.incidents.suggest."""
CLEARLY = 0.05
"""By so much another group has to fit less, or it is not known which one a notice is of."""
DAYS_BEFORE, DAYS_AFTER, DAYS_TO_ACT = 45, 180, 400
"""Days around the first notice in which names say that it is the same incident; authorities act late."""
LOOK_BACK_DAYS = 800
"""Of how many days unlinked notices are looked at, back from the newest."""
MAX_EVIDENCE = 6
ROUNDS = 3
"""Times that groups are held against each other: a notice that came later may tie what came before."""

_TYING = frozenset(
    ("address", "link", "seed", "phone", "title", "quoted", "file", "party", "publisher", "count")
)
"""Kinds of keys by which groups are found that a notice may fit; the others only add."""
_IN_WINDOW = frozenset(("party", "publisher", "count", "occurred", "cause", "band"))
"""Kinds of keys that say nothing, not even together, of notices outside of a group's window."""
_INCIDENT_KINDS = frozenset(("party", "count", "day", "cause"))
"""A group of which no notice holds any of these is about no incident."""


@dataclass(frozen=True, slots=True)
class SharedEvidence:
    """One reason to take notices for one incident, and how many of them share it."""

    text: str
    notices: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Notices that look like one incident, the oldest first, and how sure that is, between 0 and 1."""

    notices: tuple[int, ...]
    evidence: tuple[SharedEvidence, ...]
    score: float


def suggest_clusters(reader: Reader) -> list[Cluster]:
    """Find clusters among the notices that no incident has, the surest first."""
    rows = reader.unlinked_notices(LOOK_BACK_DAYS)
    keys = reader.evidence_of(number for number, _, _, _ in rows)
    candidates: list[Candidate] = []
    followers: list[Candidate] = []
    for number, source, kind, published in rows:
        one = Candidate(number, source, published, keys.get(number, frozenset()))
        (followers if kind in ("regulator", *THIRD_PARTIES) else candidates).append(one)
    return find_clusters(candidates, followers, Commonness(reader))


def find_clusters(
    candidates: Iterable[Candidate],
    followers: Iterable[Candidate] = (),
    common: Callable[[EvidenceKey], bool] = never,
) -> list[Cluster]:
    """Find clusters among notices, the surest first, and of those the largest.

    ``followers`` are notices of authorities and third parties; ``common`` says of a key that it says nothing.
    """
    groups = _Groups(common)
    for one in sorted(candidates, key=_order):
        groups.place(one)
    for _ in range(ROUNDS):
        if not groups.join_groups():
            break
    for one in sorted(followers, key=_order):
        groups.place(one, follows=True)
    found = [group.cluster() for group in groups.alive() if len(group.members) > 1 and group.is_incident()]
    return sorted(found, key=lambda one: (-one.score, -len(one.notices), one.notices))


def _order(one: Candidate) -> tuple[date, int]:
    return one.published or date.max, one.notice


@dataclass(slots=True, eq=False)
class _Group:
    first: date | None
    members: list[Candidate] = field(default_factory=list)
    held: dict[EvidenceKey, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)  # of what is held
    reasons: list[list[MatchEvidence]] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)
    acts: bool = False
    """Whether only authorities and third parties are in it."""

    def window(self, *, follows: bool) -> tuple[date, date | None] | None:
        if self.first is None:
            return None
        after = DAYS_TO_ACT if follows or self.acts else DAYS_AFTER
        return self.first - timedelta(DAYS_BEFORE), self.first + timedelta(after)

    def is_incident(self) -> bool:
        return any(kind in _INCIDENT_KINDS for one in self.members for kind, _ in one.keys)

    def cluster(self) -> Cluster:
        counted = Counter(one.text for found in self.reasons for one in found)
        weights = {one.text: one.weight for found in self.reasons for one in found}
        told = sorted(counted, key=lambda text: (-counted[text] * weights[text], text))[:MAX_EVIDENCE]
        return Cluster(
            tuple(one.notice for one in sorted(self.members, key=_order)),
            # whoever was met first shares it, too
            tuple(SharedEvidence(text, counted[text] + 1) for text in told),
            round(sum(self.scores) / len(self.scores), 3) if self.scores else 0.0,
        )


class _Groups:
    """Groups of notices, found by their keys."""

    def __init__(self, common: Callable[[EvidenceKey], bool]) -> None:
        self._common = common
        self._groups: list[_Group] = []
        self._holding: defaultdict[EvidenceKey, dict[int, _Group]] = defaultdict(dict)

    def alive(self) -> list[_Group]:
        return [group for group in self._groups if group.members]

    def place(self, one: Candidate, *, follows: bool = False) -> None:
        """Let a notice join the group it fits best, or begin one."""
        best = self._best(one, follows=follows)
        if best is None:
            group = _Group(one.published, acts=follows)
            self._groups.append(group)
            self._take(group, one, bring=True)
            return
        score, found, group = best
        group.scores.append(score)
        group.reasons.append(found)
        self._take(group, one, bring=not follows)

    def join_groups(self) -> bool:
        """Join groups of which one fits the other by most of its notices; tell whether any was."""
        joined = False
        for group in sorted(self.alive(), key=lambda one: len(one.members)):
            fits: Counter[int] = Counter()
            found: dict[int, tuple[_Group, list[tuple[float, list[MatchEvidence]]]]] = {}
            for one in group.members:
                best = self._best(one, follows=False, but=group)
                if best is not None:
                    score, reasons, other = best
                    fits[id(other)] += 1
                    found.setdefault(id(other), (other, []))[1].append((score, reasons))
            if not fits:
                continue
            at, count = max(fits.items(), key=lambda item: item[1])
            if count * 2 < len(group.members):
                continue
            other, why = found[at]
            self._pour(group, other, why)
            joined = True
        return joined

    def _pour(self, group: _Group, into: _Group, why: Sequence[tuple[float, list[MatchEvidence]]]) -> None:
        into.scores += [*group.scores, *(score for score, _ in why[:1])]
        into.reasons += [*group.reasons, *(reasons for _, reasons in why)]
        for key in group.held:
            self._holding[key].pop(id(group), None)
        members, group.members = group.members, []
        group.held.clear()
        group.kinds.clear()
        days = [day for day in (group.first, into.first) if day is not None]
        into.first = min(days, default=None)
        for one in members:
            self._take(into, one, bring=True)

    def _take(self, group: _Group, one: Candidate, *, bring: bool) -> None:
        group.members.append(one)
        for key in one.keys if bring else ():
            if key[0] in MEMBER_KINDS:
                group.kinds.add(key[0])
                group.held[key] = one.source if group.held.get(key, one.source) == one.source else ""
                if key[0] in _TYING:
                    self._holding[key][id(group)] = group

    def _best(
        self, one: Candidate, *, follows: bool, but: _Group | None = None
    ) -> tuple[float, list[MatchEvidence], _Group] | None:
        """Return the group that a notice fits best, if it clearly does."""
        found = sorted(self._fitting(one, follows=follows, but=but), key=lambda fit: -fit[0])
        if not found:
            return None
        if len(found) > 1 and found[0][0] - found[1][0] < CLEARLY and not follows:
            return None
        return found[0]

    def _fitting(
        self, one: Candidate, *, follows: bool, but: _Group | None
    ) -> Iterator[tuple[float, list[MatchEvidence], _Group]]:
        met = list_keys_met_by(one.keys)
        groups = {
            number: group
            for key in met
            if key in self._holding
            for number, group in self._holding[key].items()
        }
        always = [key for key in met if key[0] not in _IN_WINDOW]
        for group in groups.values():
            as_incident = Incident("", "", window=group.window(follows=follows))
            if group is but or not (
                is_within(as_incident, one.published) or any(key in group.held for key in always)
            ):
                continue
            held = {key: group.held[key] for key in met if key in group.held}
            score, found = judge_evidence(as_incident, one, held, group.kinds, self._common)
            if score >= JOIN_FROM_SCORE:
                yield score, found, group
