"""The bodies of an incident: those declared, those that published, those that others name.

    declaration, notices that belong, facts of those notices -> rows, each with who says so

What nobody stated stays unknown and is said to be so; counts stand in their own words, never added.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from types import MappingProxyType
from typing import Literal

from storage.records import THIRD_PARTIES, Change, Fact, Incident, Notice, RosterEntry, Source
from storage.text.body_names import name_key
from storage.text.units import states_count
from storage.text.wording import wording

COUNTED_ROLES = ("affected", "notified")
PARTS = ("controller", "processor", "sub-processor", "staffing agency", "host")
"""Parts in which a notice can name a body that is one of an incident's."""

_NOT_DONE = frozenset({"denied", "planned"})

Stage = Literal["stated", "possible", "under-investigation", "declared", "reported"]
"""How the latest count is held: by the body's own notice, by the declaration, or by others who report it."""


@dataclass(frozen=True, slots=True)
class NoticeOnRecord:
    """A notice that belongs to an incident, with its changes, oldest first, and what it said and says."""

    notice: Notice
    changes: Sequence[Change] = ()
    first_facts: Sequence[Fact] = ()
    facts: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class Naming:
    """That a notice of another names a body, and in which part: one of PARTS, respondent, or counted."""

    notice: Notice
    part: str
    count: str = ""  # as stated of it there


@dataclass(frozen=True, slots=True)
class RosterBody:
    """One body of the roster, as declared, as seen, and as others name it."""

    entry: RosterEntry
    notices: tuple[Notice, ...]
    disclosed: date | None  # as declared, else its own notice's date
    days: int | None  # after the first disclosure of the incident
    first_counts: tuple[str, ...]
    last_counts: tuple[str, ...]
    edits: int
    silent_edits: int
    last_edit: datetime | None
    unknown: tuple[str, ...]
    declared: bool = True
    named: tuple[Naming, ...] = ()
    count: str = ""  # the latest that was stated, in its words
    stage: Stage | None = None
    outcomes: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def has_disclosed(self) -> bool:
        """Say whether a notice of its own is on record or declared."""
        return bool(self.notices or self.disclosed or self.entry.disclosed)

    @property
    def known_since(self) -> datetime | None:
        """Say when a notice first showed that it is one of the incident's; None where only declared."""
        return min((one.first_seen for one in self._witnesses), default=None)

    @property
    def _witnesses(self) -> list[Notice]:
        return [*self.notices, *(one.notice for one in self.named)]


@dataclass(slots=True, eq=False)
class _Row:
    entry: RosterEntry
    declared: bool
    own: list[NoticeOnRecord] = field(default_factory=list)
    named: dict[tuple[int, str], Naming] = field(default_factory=dict)


def build_roster(
    incident: Incident,
    notices: Iterable[NoticeOnRecord],
    sources: Mapping[str, Source] = MappingProxyType({}),
) -> list[RosterBody]:
    """Lay what was declared beside what was seen and what others say; ``notices`` by day.

    Declared bodies come first in the order of the declaration, then the respondents, then those that
    published, then those that are only named. ``sources`` say what kind of publisher a notice is of; of one
    that is not known nothing but what is declared is told.
    """
    known = list(notices)
    rows = _Rows(incident)
    for one in known:
        source = sources.get(one.notice.source)
        rows.publish(one, source)
    for one in known:
        source = sources.get(one.notice.source)
        if source is not None:
            rows.name_others(one, source)
    first = min((day for row in rows.found if (day := _disclosed(row.entry, row.own))), default=None)
    totals = rows.totals(one for one in known if _is_authority(sources.get(one.notice.source)))
    return [_body(row, first, totals if row not in rows.respondents else frozenset()) for row in rows.found]


def _is_authority(source: Source | None) -> bool:
    return source is not None and source.kind == "regulator"


class _Rows:
    """Rows as they are found; one body goes by the id of its source and by its name."""

    def __init__(self, incident: Incident) -> None:
        self.found: list[_Row] = []
        self._by_source: dict[str, _Row] = {}
        self._by_name: dict[str, _Row] = {}
        for entry in incident.roster:
            self._add(entry, declared=True)
        respondents = {
            key: self._by_name.get(key) or self._add(RosterEntry(name, ""))
            for name in incident.respondents
            if (key := name_key(name))
        }
        self.respondents = list(respondents.values())
        for alias in filter(None, map(name_key, incident.aliases)):
            if respondents:  # which of them it means, its spelling must tell
                like = max(respondents, key=lambda key: SequenceMatcher(None, key, alias).ratio())
                self._by_name.setdefault(alias, respondents[like])

    def _add(self, entry: RosterEntry, *, declared: bool = False) -> _Row:
        row = _Row(entry, declared)
        self.found.append(row)
        if entry.source:
            self._by_source.setdefault(entry.source, row)
        if key := name_key(entry.name):
            self._by_name.setdefault(key, row)
        return row

    def publish(self, one: NoticeOnRecord, source: Source | None) -> None:
        """Put a notice to the body whose own it is."""
        row = self._by_source.get(one.notice.source)
        if row is None and source is not None and source.kind not in ("regulator", *THIRD_PARTIES):
            kind = "company" if source.kind == "company" else ""
            row = self._behind(source.name) or self._add(RosterEntry(source.name, kind, source.id))
            self._by_source[source.id] = row
            row.entry = replace(row.entry, source=row.entry.source or source.id)
        if row is not None:
            row.own.append(one)

    def name_others(self, one: NoticeOnRecord, source: Source) -> None:
        """Note whom a notice names besides its own publisher."""
        own = self._by_source.get(source.id)
        for name, part, count in _namings(one.facts, third_party=source.kind in THIRD_PARTIES):
            if not name_key(name):
                continue
            row = self._of(name) or self._add(RosterEntry(name, ""))
            if row is not own:
                known = row.named.get((one.notice.id, part))
                row.named[one.notice.id, part] = Naming(
                    one.notice, part, count or (known.count if known else "")
                )

    def totals(self, authorities: Iterable[NoticeOnRecord]) -> frozenset[int]:
        """List what respondents and authorities count of the whole: others who quote it say it of no part."""
        notices = [*authorities, *(one for row in self.respondents for one in row.own)]
        return frozenset(
            fact.value
            for one in notices
            for fact in one.facts
            if fact.field == "count" and fact.role in COUNTED_ROLES and isinstance(fact.value, int)
        )

    def _behind(self, name: str) -> _Row | None:
        """Find the body behind a source's name, which may go on behind it: X 令和6年1月24日のお知らせ."""
        words = name.split()
        return next(filter(None, (self._of(" ".join(words[:end])) for end in range(len(words), 0, -1))), None)

    def _of(self, name: str) -> _Row | None:
        return self._by_name.get(name_key(name))


def _namings(facts: Sequence[Fact], *, third_party: bool) -> Iterator[tuple[str, str, str]]:
    """List whom facts name, in which part, and the count that is stated of it."""
    named = {str(fact.value) for fact in facts if fact.field == "organisation" and fact.role != "agency"}
    for fact in facts:
        if fact.field == "role" and fact.value in PARTS:
            yield from ((name, str(fact.value), "") for name in _qualified(fact, "organisation:"))
        elif fact.field == "action":
            yield from ((name, "respondent", "") for name in _qualified(fact, "respondent:"))
        elif third_party and fact.field == "count" and fact.role in COUNTED_ROLES:
            yield from (
                (name, "counted", wording(fact)) for name in _qualified(fact, "row:") if name in named
            )


def _qualified(fact: Fact, mark: str) -> Iterator[str]:
    return (said.removeprefix(mark) for said in fact.qualifiers if said.startswith(mark))


def _body(row: _Row, first: date | None, totals: Collection[int]) -> RosterBody:
    entry, own = row.entry, row.own
    day = _disclosed(entry, own)
    updates = [change for one in own for change in one.changes if change.kind == "updated"]
    first_counts = _counts(own[0].first_facts) if own else ()
    known = {
        "own page": bool(own),
        "disclosure": bool(day or entry.disclosed),
        "count": bool(entry.count or first_counts),
    }
    count, stage = _latest(row, totals)
    return RosterBody(
        entry=entry,
        notices=tuple(one.notice for one in own),
        disclosed=day,
        days=(day - first).days if day and first else None,
        first_counts=first_counts,
        last_counts=_counts(own[-1].facts) if own else (),
        edits=len(updates),
        silent_edits=sum("silent" in change.reasons for change in updates),
        last_edit=max((change.detected_at for change in updates), default=None),
        unknown=tuple(name for name, is_known in known.items() if not is_known),
        declared=row.declared,
        named=tuple(row.named.values()),
        count=count,
        stage=stage,
        outcomes=next(filter(None, (_outcomes(one.facts) for one in reversed(own))), ()),
        steps=tuple(dict.fromkeys(step for one in own for step in _steps(one.facts))),
    )


def _disclosed(entry: RosterEntry, own: Iterable[NoticeOnRecord]) -> date | None:
    """Say when a body first disclosed: as declared, else the earliest date of its own notices."""
    try:
        return date.fromisoformat(entry.disclosed)
    except ValueError:
        return min((one.notice.published for one in own if one.notice.published), default=None)


def _latest(row: _Row, totals: Collection[int]) -> tuple[str, Stage | None]:
    """Quote the latest count that was stated of a body, and say how it is held; ``totals`` are of no body."""
    for one in reversed(row.own):
        counts = [
            fact
            for fact in one.facts
            if fact.field == "count" and fact.role in COUNTED_ROLES and fact.value not in totals
        ]
        whole = [fact for fact in counts if "subset" not in fact.qualifiers] or counts
        if whole:
            fact = max(whole, key=lambda fact: fact.value if isinstance(fact.value, int) else -1)
            return wording(fact), _stage(fact)
    if said := declared_count(row.entry):
        return said, "declared"
    named = next((one.count for one in row.named.values() if one.count), "")
    return named, "reported" if named else None


def declared_count(entry: RosterEntry) -> str:
    """Give the latest count that is declared of a body: what it said later, if that holds one."""
    return entry.later if states_count(entry.later) else entry.count


def _stage(fact: Fact) -> Stage:
    if "under-investigation" in fact.qualifiers:
        return "under-investigation"
    return "possible" if "possible" in fact.qualifiers else "stated"


def _outcomes(facts: Iterable[Fact]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(fact.value) for fact in facts if fact.field == "outcome"))


def _steps(facts: Iterable[Fact]) -> Iterator[str]:
    for fact in facts:
        if fact.field == "step" and _NOT_DONE.isdisjoint(fact.qualifiers):
            yield str(fact.value)


def _counts(facts: Iterable[Fact]) -> tuple[str, ...]:
    """List the counts of affected persons or records that a text states, in its words, each once."""
    said = (wording(fact) for fact in facts if fact.field == "count" and fact.role in COUNTED_ROLES)
    return tuple(dict.fromkeys(said))
