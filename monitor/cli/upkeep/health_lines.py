"""How sources and runs fare, in lines for a person: grouped by what is wrong and by host, worst first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from feeds.wording.sanitise import cut, one_line
from feeds.wording.tables.source_words import ALERTS
from feeds.wording.tables.terminal_words import STATES_IN_LINES
from feeds.wording.words import join_words, say_detail, word
from monitor.cli.common import counted, desk, local, name_term, say
from storage.query import Coverage
from storage.records import Alert, Source
from storage.topics import health

NAMED = 6
"""So many names of a group stand in its line, the others are counted."""

MAX_DETAIL_CHARS = 200
_GRAVEST_ALERTS = ("failed", "too-expensive", "unreachable", "blocked", "missing", "soft-404", "unreadable")


def status_lines(
    sources: Sequence[Source], coverage: Mapping[str, Coverage], *, broken: bool
) -> Iterator[str]:
    """Say how the sources fare; with ``broken`` of those alone that need attention."""
    known = [source for source in sources if source.start]
    visited = [(source, coverage[source.id]) for source in known if source.id in coverage]
    wrong = [(source, row) for source, row in visited if health.is_wrong(row)]
    if broken:
        yield from _wrong_lines(wrong)
        return
    yield _sum_line(sources, known, len(wrong))
    yield from _wrong_lines(wrong)
    others = [(source, row) for source, row in visited if not health.is_wrong(row)]
    for state, group in health.by_gravity(others):
        yield from _fold(state, [source for source, _ in group])
    yield from _fold("unvisited", [source for source in known if source.id not in coverage])
    yield from _fold("", [source for source, row in others if not row.state])


def _sum_line(sources: Sequence[Source], known: Sequence[Source], wrong: int) -> str:
    listed = {bare_name(source) for source in known}
    named = sum(not source.start and bare_name(source) not in listed for source in sources)
    sums = counted(len(sources), "source"), len(known), named, wrong
    if wrong == 1:
        return say("{}: {} fetched, {} known by name only; {} needs attention", *sums)
    return say("{}: {} fetched, {} known by name only; {} need attention", *sums)


def _wrong_lines(wrong: Iterable[tuple[Source, Coverage]]) -> Iterator[str]:
    for state, group in health.by_gravity(wrong):
        hosts = counted(len({health.host_of(source) for source, _ in group}), "host")
        yield say("{}: {} of {}", _state(state), counted(len(group), "source"), hosts)
        for source, row in group:
            yield f"  {health.host_of(source)}  {source.id}: {health_line(row)}"


def bare_name(source: Source) -> str:
    """Give the name of a publisher without what a list of its adds: 例示市(報道発表)."""
    return re.split("[(（]", source.name)[0].strip()


def _fold(state: str, group: Sequence[Source]) -> Iterator[str]:
    if group:
        yield f"{_state(state)}: {counted(len(group), 'source')} ({_some(source.id for source in group)})"


def _state(state: str) -> str:
    """Name what is not in order with a source; nothing where it is."""
    if not state:
        return say("in order")
    if state == "unvisited":
        return say("not visited yet")
    return name_term(STATES_IN_LINES, state)


def _some(names: Iterable[str]) -> str:
    all_names = list(names)
    more = say(" and {} more", len(all_names) - NAMED) if len(all_names) > NAMED else ""
    return ", ".join(all_names[:NAMED]) + more


def health_line(row: Coverage) -> str:
    """Say how one source fares."""
    read = local(row.last_success.isoformat()) if row.last_success else say("never")
    item = local(row.last_new_item.isoformat()) if row.last_new_item else say("none")
    sums = f"{counted(row.pages, 'page')}, {counted(row.alerts, 'open alert')}"
    said = say("read {}, last new item {}, {}", read, item, sums)
    if row.expected:
        least, most = row.expected
        fewest = say("unknown rows") if row.rows is None else counted(row.rows[0], "row")
        said += say(", {} of {} to {} expected", fewest, least, most or say("any number"))
    if row.open_gap:
        said += say(", unread since {}", local(row.open_gap.began_at.isoformat()))
    for trial in row.trials:
        said += say(", tried {}: {}", local(trial.at.isoformat()), trial.problem or say("reads well"))
    return f"{said}: {join_words(map(_state, row.state or ('',)), desk().lang)}"


def alert_lines(alerts: Iterable[Alert], *, over: bool = False) -> Iterator[str]:
    """Say what is wrong in a line for each host, the host with the gravest first; why, unless it is over."""
    hosts: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in alerts:
        hosts[health.host_of_alert(alert)].append(alert)
    lang = desk().lang

    def gravity(group: Iterable[Alert]) -> int:
        return min(_gravity(alert.kind) for alert in group)

    for host, group in sorted(hosts.items(), key=lambda one: (gravity(one[1]), -len(one[1]), one[0])):
        kinds: defaultdict[str, list[Alert]] = defaultdict(list)
        for alert in sorted(group, key=lambda alert: _gravity(alert.kind)):
            kinds[alert.kind].append(alert)
        said = [
            say(
                "{}: {} of {}",
                word(ALERTS, kind, lang) if lang == "ja" else kind,
                counted(len({alert.url for alert in each}), "page"),
                _some(dict.fromkeys(alert.source for alert in each)),
            )
            for kind, each in kinds.items()
        ]
        why = "" if over else f" ({cut(one_line(say_detail(group[0].detail, lang)), MAX_DETAIL_CHARS)})"
        yield f"{host} {join_words(said, lang)}{why}"


def _gravity(kind: str) -> int:
    return _GRAVEST_ALERTS.index(kind) if kind in _GRAVEST_ALERTS else len(_GRAVEST_ALERTS)
