"""Commands that show incidents: list them, show one from first notice to last, check declarations."""

from __future__ import annotations

import sys
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
from feeds.wording.tables.incident_words import (
    CLOCKS,
    INCIDENT_FIELDS,
    INCIDENT_STATUSES,
    STANDINGS,
    STEPS_OF_INCIDENTS,
    WAYS,
)
from feeds.wording.tables.page_words import LABELS
from feeds.wording.tables.terminal_words import NOT_KNOWN, TERMINAL, TIMELINE_KINDS
from feeds.wording.words import join_words, phrase, say_evidence
from feeds.wording.words import say as say_value
from monitor.cli import incident_keeping
from monitor.cli.common import (
    FAILURES,
    as_called,
    counted,
    desk,
    name_term,
    pad,
    plain,
    print_json,
    print_rows,
    reading,
    say,
    say_valid,
)
from monitor.cli.incident_keeping import declare, known_incident
from monitor.config import incident_paths
from monitor.incidents.clusters import Cluster, suggest_clusters
from monitor.incidents.declared import check as check_declarations
from monitor.incidents.declared import load
from storage.archive import Reader
from storage.json_shapes import incident_step_json, notice_json
from storage.records import BELONGING, Incident, IncidentStep


@click.group(invoke_without_command=True)
@reading
@click.pass_context
def incidents(ctx: click.Context) -> None:
    """List incidents and the notices that belong to them; make, change, merge, split and remove them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


for command in incident_keeping.COMMANDS:
    incidents.add_command(command)


@incidents.command("list")
@reading
def list_() -> None:
    """List every incident, with how many notices belong to it and how many are suggested."""
    declare()
    with desk().archive.read() as reader:
        rows = [_summary(reader, incident) for incident in reader.incidents()]
    print_rows(
        rows,
        lambda row: (
            f"{row['slug']}  {row['name']}  "
            + say("{}, {} suggested", counted(row["notices"], "notice"), row["suggested"])
            + (f", {name_term(INCIDENT_STATUSES, row['status'])}" if row["status"] != "open" else "")
        ),
        named="incidents",
    )


@incidents.command("show")
@click.argument("slug")
@reading
def show(slug: str) -> None:
    """Show an incident from its first notice to its last, its roster, clocks, and what is not known."""
    declare()
    with desk().archive.read() as reader:
        incident = known_incident(reader, slug)
        known = load_course(reader, incident)
        summary = _summary(reader, incident)
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
    for line in (*_lines(known, headlines), *map(_step_line, steps), *map(as_called, _remarks(incident))):
        click.echo(plain(line))


@incidents.command("suggest")
@reading
def suggest() -> None:
    """List notices of no incident that look like one, with the evidence, the surest first.

    `kohyo incidents new --from` makes an incident of them.
    """
    declare()
    with desk().archive.read() as reader:
        rows = [_cluster_json(reader, cluster) for cluster in suggest_clusters(reader)]
    print_rows(rows, _cluster_lines, named="clusters")


def _cluster_json(reader: Reader, cluster: Cluster) -> dict[str, Any]:
    notices = [notice for notice in map(reader.notice, cluster.notices) if notice is not None]
    return {
        "score": cluster.score,
        "notices": [notice_json(notice) for notice in notices],
        "evidence": [asdict(one) for one in cluster.evidence],
    }


def _cluster_lines(row: Mapping[str, Any]) -> str:
    why = "; ".join(f"{_evidence(one['text'])} ({one['notices']})" for one in row["evidence"])
    notices = (
        f"  {one['id']}  {one['published'] or '-'}  {one['source']}  {one['title']}" for one in row["notices"]
    )
    return "\n".join((f"{row['score']:.2f}  {counted(len(row['notices']), 'notice')}: {why}", *notices))


@incidents.command("check")
@reading
def check() -> None:
    """Validate the declarations of incidents and name all mistakes at once.

    Says, too, in which keys a person's edits go before a declaration, and which declared incidents no file
    declares any more.
    """
    here = desk()
    problems = check_declarations(incident_paths())
    for problem in problems:
        click.echo(plain(f"kohyo: {problem}"), err=True)
    if problems:
        sys.exit(FAILURES)
    if here.has_archive:
        declare()
        with here.archive.read() as reader:
            known = [*reader.incidents(), *reader.removed_incidents()]
        for remark in (remark for one in known for remark in _remarks(one)):
            click.echo(plain(as_called(remark)))
    number = len(load(incident_paths()))
    click.echo(say_valid(number))


def _remarks(incident: Incident) -> Iterator[str]:
    """Say where what people did and what is declared differ; nothing of an incident that was drafted."""
    if incident.origin != "declared":
        return
    slug, files = incident.slug, {one.slug for one in load(incident_paths())}
    if incident.status == "removed":
        if slug in files:
            if into := incident.merged_into:
                yield say("{}: declared, and merged into {} by hand; {}", slug, into, _undoing(slug))
            else:
                yield say("{}: declared, and removed by hand; {}", slug, _undoing(slug))
        return
    if incident.edited:
        edited = join_words((name_term(INCIDENT_FIELDS, one) for one in incident.edited), desk().lang)
        yield say("{}: edited by hand, which goes before its declaration: {}", slug, edited)
    if slug not in files:
        yield say(
            "{}: no file declares it any more; it stays as it is, `kohyo incidents remove {}` takes it out",
            slug,
            slug,
        )


def _undoing(slug: str) -> str:
    return say("`kohyo incidents undo {}` takes that back", slug)


def _evidence(said: str) -> str:
    return said if desk().lang == "en" else say_evidence(said, "ja")


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


def _summary(reader: Reader, incident: Incident) -> dict[str, Any]:
    links = reader.incident_links(incident.slug)
    return {
        "slug": incident.slug,
        "name": incident.name,
        "respondents": list(incident.respondents),
        "notices": sum(link.status in BELONGING for link in links),
        "suggested": sum(link.status == "suggested" for link in links),
        "roster": len(incident.roster),
        "origin": incident.origin,
        "status": incident.status,
    }


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
        why = "; ".join(map(_evidence, link.link.evidence))
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
