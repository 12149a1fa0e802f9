"""Build the pages of what is watched: coverage of all sources, and the page of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feeds import addresses
from feeds.addresses import FeedAddress, Site
from feeds.formats.entries import Names
from feeds.views.change_lines import MAX_NOTICES, build_lines
from feeds.views.deciding.pending import PendingDecisions, find_pending
from feeds.views.render import Context
from feeds.wording.sanitise import plain
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.tables.source_words import OUTCOMES, SOURCE_KINDS, STATES
from feeds.wording.words import phrase, say_span, word
from storage.archive import Reader
from storage.query import Coverage, Query, Rhythm
from storage.records import Alert, Gap, Source
from storage.topics import health

MAX_VISITS = 20
MAX_GAPS = 100


@dataclass(frozen=True, slots=True)
class ShownCoverage:
    """A source with its coverage in words; unknown values say so, and absent ones are empty."""

    source: Source
    name: str
    coverage: Coverage
    state: list[str]
    wrong: bool
    every: str
    quiet_after: str
    usual: str
    expected: str
    rows: str
    gaps: str
    unread_since: datetime | None
    trials: list[tuple[datetime, str]]


def build_coverage_page(
    coverage: Iterable[Coverage], names: Names, site: Site, now: datetime | None = None
) -> Context:
    """Build the page of all sources by kind of publisher, as of ``now`` or of the last visit to any."""
    rows = [
        _show_coverage(names.sources[covered.source], covered, names, site.lang)
        for covered in coverage
        if covered.source in names.sources
    ]
    visited = [row.coverage.last_checked for row in rows if row.coverage.last_checked]
    by_id = {row.source.id: row for row in rows}
    wrong = health.by_gravity((row.source, row.coverage) for row in rows if row.wrong)
    others = [row for row in rows if not row.wrong]
    apart = {state: sum(state in row.coverage.state for row in others) for state in health.UNWATCHED}
    groups = [(kind, [row for row in others if row.source.kind == kind]) for kind in SOURCE_KINDS]
    return {
        "attention": [(state, [by_id[source.id] for source, _ in group]) for state, group in wrong],
        "groups": [(kind, group) for kind, group in groups if group],
        "folded": len(others),
        "watched": len(rows) - sum(apart.values()),
        "unwatched": apart,
        "wrong": sum(row.wrong for row in rows),
        "as_of": None if now else max(visited, default=None),
        "days": health.RECENT_GAPS.days,
    }


def _show_coverage(source: Source, covered: Coverage, names: Names, lang: str) -> ShownCoverage:
    unknown = word(LABELS, "unknown", lang)
    return ShownCoverage(
        source,
        names.source(source.id),
        covered,
        state=_say_state(covered, lang),
        wrong=health.is_wrong(covered),
        every=say_span(source.every, lang),
        quiet_after=say_span(source.quiet_after, lang) if source.quiet_after else "",
        usual=say_span(covered.usual, lang) if covered.usual else unknown,
        expected=_say_expected(source, lang),
        rows=_say_rows(covered.rows) if covered.rows else unknown if source.listing else "",
        gaps=_say_gaps(covered, lang) if covered.last_success else unknown if source.start else "",
        unread_since=covered.open_gap.began_at if covered.open_gap else None,
        trials=[(trial.at, plain(trial.problem)) for trial in covered.trials],
    )


def _say_state(covered: Coverage, lang: str) -> list[str]:
    counts = {"failing": covered.failures - covered.withdrawn, "alerts": covered.alerts}
    said = [word(STATES, name, lang).format(counts.get(name)) for name in covered.state]
    return said or [word(LABELS, "in-order", lang)]


def _say_rows(rows: tuple[int, int]) -> str:
    fewest, most = rows
    return f"{fewest}" if fewest == most else f"{fewest}–{most}"


def _say_expected(source: Source, lang: str) -> str:
    if source.listing is None:
        return ""
    least, most = source.listing.expect
    if most is None:
        return phrase(AMOUNTS, "or-more", lang, least)
    return _say_rows((least, most))


def _say_gaps(covered: Coverage, lang: str) -> str:
    if not covered.gaps:
        return "" if covered.open_gap else word(LABELS, "none", lang)
    length = say_span(covered.gap_seconds, lang)
    return phrase(AMOUNTS, "times-for", lang, covered.gaps, length)


@dataclass(frozen=True, slots=True)
class ShownGap:
    """A gap with its reason, and its length if it is over."""

    gap: Gap
    page: str
    length: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class ShownVisit:
    """One visit to a page, in words."""

    when: datetime
    page: str
    outcome: str
    status: int | None
    detail: str


@dataclass(frozen=True, slots=True)
class ShownHealth:
    """How a source fares at this moment; values that move with every visit are for the live page alone."""

    covered: ShownCoverage
    rhythm: Rhythm
    intervals: str
    gaps: list[ShownGap]
    visits: list[ShownVisit]
    alerts: list[Alert]
    waiting: PendingDecisions


def build_source_page(
    reader: Reader, source: Source, names: Names, site: Site, now: datetime | None = None
) -> Context:
    """Build the page of a source; with its health where ``now`` is given."""
    lang = site.lang
    recent = reader.brief_changes(Query(sources=(source.id,), limit=50))
    return {
        "source": source,
        "name": names.source(source.id),
        "every": say_span(source.every, lang),
        "quiet_after": say_span(source.quiet_after, lang) if source.quiet_after else "",
        "expected": _say_expected(source, lang),
        "as_of": None,
        "health": _show_health(reader, source, names, lang, now) if now else None,
        "days": health.RECENT_GAPS.days,
        "notices": reader.notices(Query(sources=(source.id,), limit=MAX_NOTICES)),
        "rows": build_lines(reader, recent, names, site),
        "feeds": [(names.source(source.id), FeedAddress(addresses.source_feed(source.id)))],
    }


def _show_health(reader: Reader, source: Source, names: Names, lang: str, now: datetime) -> ShownHealth:
    (covered,) = reader.coverage(now, (source.id,))
    rhythm = reader.rhythm(source.id)
    return ShownHealth(
        _show_coverage(source, covered, names, lang),
        rhythm,
        _say_intervals(rhythm, lang),
        list(_show_gaps(reader, source, covered, lang, now)),
        list(_show_visits(reader, source, lang)),
        reader.alerts((source.id,), limit=20),
        find_pending(reader, names, source.id),
    )


def _say_intervals(rhythm: Rhythm, lang: str) -> str:
    if rhythm.shortest is None or rhythm.longest is None:
        return word(LABELS, "unknown", lang)
    shortest, longest = (say_span(seconds, lang) for seconds in (rhythm.shortest, rhythm.longest))
    return shortest if shortest == longest else phrase(AMOUNTS, "from-to", lang, shortest, longest)


def _show_gaps(
    reader: Reader, source: Source, covered: Coverage, lang: str, now: datetime
) -> Iterable[ShownGap]:
    """List the open gap first, then those that ended lately."""
    gaps: Sequence[Gap] = reader.gaps(source.id, now - health.RECENT_GAPS, MAX_GAPS)
    if covered.open_gap:
        gaps = [_with_reason(reader, covered.open_gap), *gaps]
    pages = {id: reader.page_by_id(id) for id in {gap.page for gap in gaps}}
    for gap in gaps:
        length = say_span((gap.ended_at - gap.began_at).total_seconds(), lang) if gap.ended_at else ""
        page = pages[gap.page]
        reason = word(OUTCOMES, health.reason(gap.outcome, gap.detail), lang)
        yield ShownGap(gap, plain(page.url) if page else "", length, reason, plain(gap.detail))


def _with_reason(reader: Reader, opened: Gap) -> Gap:
    last = reader.checks(opened.page, 1)
    if not opened.visits or not last:
        return opened
    return replace(opened, outcome=last[0].outcome, detail=last[0].detail)


def _show_visits(reader: Reader, source: Source, lang: str) -> Iterable[ShownVisit]:
    for url, check in reader.visits(source.id, MAX_VISITS):
        outcome = word(OUTCOMES, health.reason(check.outcome, check.detail), lang)
        yield ShownVisit(check.checked_at, plain(url), outcome, check.status, plain(check.detail))
