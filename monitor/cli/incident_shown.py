"""The command that shows an incident from its first notice to its last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import click

from feeds.course.clocks import Clock
from feeds.course.course_json import clock_json, cross_check_json, roster_json, timeline_json
from feeds.course.incident_course import Course, LinkedNotice, load_course
from feeds.course.roster import RosterBody
from feeds.course.timeline import TimelineEntry
from feeds.formats.entries import load_names
from feeds.formats.headlines import load_headlines
from feeds.wording.tables.change_words import KINDS, REASONS
from feeds.wording.tables.count_words import AMOUNTS
from feeds.wording.tables.incident_words import CLOCKS, STANDINGS, STEPS_OF_INCIDENTS, WAYS
from feeds.wording.tables.page_words import LABELS
from feeds.wording.tables.terminal_words import NOT_KNOWN, TERMINAL, TIMELINE_KINDS
from feeds.wording.words import join_words, phrase
from feeds.wording.words import say as say_value
from monitor.cli.common import as_called, counted, desk, name_term, pad, plain, print_json, reading, say
from monitor.cli.incidents import declare, known_incident, list_remarks, say_link_evidence, summarise
from storage.json_shapes import incident_step_json
from storage.records import IncidentStep


@click.command("show")
@click.argument("slug")
@reading
def show(slug: str) -> None:
    """Show an incident from its first notice to its last, its roster, clocks, and what is not known."""
    declare()
    with desk().archive.read() as reader:
        incident = known_incident(reader, slug)
        known = load_course(reader, incident)
        summary = summarise(reader, incident)
        steps = reader.incident_steps(incident.slug)[::-1]
        changes = [entry.change for entry in known.timeline if entry.change]
        headlines = load_headlines(reader, changes, load_names(reader, desk().headline_lang))
    if desk().as_json:
        print_json(
            {
                **summary,
                **_course_json(known, headlines),
                "trace": [incident_step_json(step) for step in steps],
            }
        )
        return
    for line in (*_lines(known, headlines), *map(_step_line, steps), *map(as_called, list_remarks(incident))):
        click.echo(plain(line))


def _step_line(step: IncidentStep) -> str:
    said = name_term(STEPS_OF_INCIDENTS, step.action)
    if step.after.links:
        said += say(" of {}", counted(len(step.after.links), "notice"))
    if step.after.merged_into:
        said += say(" into {}", step.after.merged_into)
    said += say(", by {}", name_term(WAYS, step.by))
    if step.undone_at:
        said += say(", undone {:%Y-%m-%d %H:%M} UTC", step.undone_at)
    return f"{step.at:%Y-%m-%d %H:%M} UTC  {said}"


def _course_json(known: Course, headlines: Mapping[int, str]) -> dict[str, Any]:
    return {
        "timeline": [timeline_json(entry, headlines) for entry in known.timeline],
        "roster": [
            {
                **roster_json(row),
                **asdict(row.entry),
                "published": row.disclosed and row.disclosed.isoformat(),
                "days": row.days,
            }
            for row in known.roster
        ],
        "clocks": [clock_json(row) for row in known.clocks],
        "cross_check": cross_check_json(known.cross_check),
        "suggestions": [
            {"notice": row.notice.id, "score": row.link.score, "evidence": row.link.evidence}
            for row in _suggestions(known)
        ],
    }


def _lines(known: Course, headlines: Mapping[int, str]) -> Iterator[str]:
    yield f"{known.incident.name}\n{known.incident.summary}\n"
    for entry in known.timeline:
        yield _timeline_line(entry, headlines)
    yield ""
    if known.roster:
        yield phrase(LABELS, "bodies-disclosed", desk().lang, known.summary.disclosed, known.summary.bodies)
    yield from map(_roster_line, known.roster)
    yield ""
    for measure in known.measures:
        for due in measure.deadlines:
            acts = join_words((say_value("action", act, desk().lang) for act in measure.actions), desk().lang)
            day = say_value("deadline", str(due.value), desk().lang) if due.value else due.raw
            yield f"{phrase(AMOUNTS, 'by', desk().lang, day)}  {measure.notice.source}: {acts}  「{due.raw}」"
    for row in known.clocks:
        yield clock_line(row.notice.source, row.clock)
    if absent := known.cross_check.named_only:
        bodies = join_words(absent, desk().lang)
        yield say("named by the regulator, no own notice found in what is watched: {}", bodies)
    for link in _suggestions(known):
        why = "; ".join(map(say_link_evidence, link.link.evidence))
        notice = link.notice
        yield say("suggested {:.2f}: notice {} {} — {}", link.link.score, notice.id, notice.title, why)


def _timeline_line(entry: TimelineEntry, headlines: Mapping[int, str]) -> str:
    steps = [
        say_value(fact.field, fact.new, desk().lang)
        for fact in entry.facts
        if entry.kind == "step" and fact.new
    ]
    said = headlines.get(entry.change.id, "") if entry.change else "  ".join((entry.title, *steps))
    where = say("notice {}", entry.notice)
    if entry.version:
        where += say(", version {}", entry.version)
    reasons = join_words((name_term(REASONS, one) for one in entry.reasons), desk().lang)
    why = f" ({reasons})" if reasons else ""
    kind = name_term({**KINDS, **TIMELINE_KINDS}, entry.kind)
    return f"{entry.day}  {pad(kind, 10)} {entry.source}: {said}{why}  [{where}]"


def _roster_line(row: RosterBody) -> str:
    days = _said("later", row.days) if row.days is not None else _said("undated")
    counts = join_words(row.last_counts, desk().lang) or row.entry.count or row.count or _said("uncounted")
    edits = f"  {_said('edits', row.edits, row.silent_edits)}" if row.edits else ""
    missing = join_words((name_term(NOT_KNOWN, one) for one in row.unknown), desk().lang)
    unknown = f"  {_said('not known', missing)}" if missing else ""
    sources = join_words(dict.fromkeys(one.notice.source for one in row.named), desk().lang)
    unknown += f"  {_said('named by', sources)}" if sources else ""
    return (
        f"{row.entry.name}  {row.disclosed or row.entry.disclosed or '-'}  {days}  {counts}{edits}{unknown}"
    )


def _said(name: str, *words: object) -> str:
    return phrase(TERMINAL, name, desk().lang, *words)


def clock_line(source: str, clock: Clock) -> str:
    """Say the days from one stated day to another. A notice's own day is often in no words: no arrow then."""
    words = " → ".join(raw for raw in (clock.start.raw, clock.end.raw) if raw)
    limit = f"{clock.limit} {name_term(STANDINGS, clock.standing or '')}".strip()
    return (
        f"{source}: {name_term(CLOCKS, clock.name)} {counted(clock.days, 'day')} ({words}) {limit}".rstrip()
    )


def _suggestions(known: Course) -> list[LinkedNotice]:
    """List the suggested links, the strongest first."""
    suggested = [row for row in known.linked if row.link.status == "suggested"]
    return sorted(suggested, key=lambda row: (-row.link.score, row.notice.id))
