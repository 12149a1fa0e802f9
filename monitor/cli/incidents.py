"""Commands on incidents: list them, show one from first notice to last, decide over suggested links."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import click

from feeds.course.clocks import Clock
from feeds.course.course_json import clock_json, cross_check_json, timeline_json
from feeds.course.incident_course import Course, LinkedNotice, load_course
from feeds.course.roster import RosterBody
from feeds.course.timeline import TimelineEntry
from feeds.wording.tables import TERMINAL
from feeds.wording.words import phrase, say
from monitor.cli.common import FAILURES, F, counted, desk, fail, plain, print_json, print_rows, reading
from monitor.incidents.incident_links import declare_incidents
from monitor.track.decisions import decide_link
from storage.archive import Reader
from storage.records import BELONGING, Incident, LinkStatus


@click.group(invoke_without_command=True)
@reading
@click.pass_context
def incidents(ctx: click.Context) -> None:
    """List incidents and the notices that belong to them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@incidents.command("list")
@reading
def list_() -> None:
    """List every incident, with how many notices belong to it and how many are suggested."""
    _declare()
    with desk().archive.read() as reader:
        rows = [_summary(reader, incident) for incident in reader.incidents()]
    print_rows(
        rows,
        lambda row: (
            f"{row['slug']}  {row['name']}  {counted(row['notices'], 'notice')}, {row['suggested']} suggested"
        ),
        named="incidents",
    )


@incidents.command("show")
@click.argument("slug")
@reading
def show(slug: str) -> None:
    """Show an incident from its first notice to its last, its roster, clocks, and what is not known."""
    _declare()
    with desk().archive.read() as reader:
        incident = _known(reader, slug)
        known = load_course(reader, incident)
        summary = _summary(reader, incident)
    if desk().as_json:
        print_json({**summary, **_course_json(known)})
        return
    for line in _lines(known):
        click.echo(plain(line))


def _overrules(contrary: LinkStatus) -> Callable[[F], F]:
    return click.option(
        "--overrules",
        type=click.Choice([contrary]),
        help=f"Take the place of the decision that the link is {contrary}, if that still stands.",
    )


@incidents.command("link")
@click.argument("slug")
@click.argument("notice", type=int)
@_overrules("rejected")
@reading
def link(slug: str, notice: int, overrules: LinkStatus | None) -> None:
    """Confirm that a notice belongs to an incident. The first decision stands."""
    _decide(slug, notice, accept=True, overrules=overrules)


@incidents.command("unlink")
@click.argument("slug")
@click.argument("notice", type=int)
@_overrules("confirmed")
@reading
def unlink(slug: str, notice: int, overrules: LinkStatus | None) -> None:
    """Say that a notice does not belong to an incident, for good. The first decision stands."""
    _decide(slug, notice, accept=False, overrules=overrules)


def _declare() -> None:
    with desk().archive.write() as writer:
        declare_incidents(writer)


def _decide(slug: str, notice: int, *, accept: bool, overrules: LinkStatus | None) -> None:
    _declare()
    with desk().archive.write() as writer:
        incident = _known(writer, slug)
        if writer.notice(notice) is None:
            fail(f"there is no notice {notice}; `kohyo notices` lists them")
        decision = decide_link(writer, slug, notice, accept=accept, overrules=overrules)
        links = writer.links_of_notice(notice)
    standing = next((link.status for link in links if link.incident == incident.id), None)
    agreed = not overrules and standing == ("confirmed" if accept else "rejected")
    if decision.outcome == "done" or agreed:
        click.echo(f"notice {notice} {'belongs' if accept else 'does not belong'} to {slug}")
    elif overrules:
        fail(decision.detail, FAILURES)
    else:
        fail(f"{decision.detail}: it is {standing}; --overrules {standing} takes its place", FAILURES)


def _known(reader: Reader, slug: str) -> Incident:
    incident = reader.incident(slug)
    if incident is None:
        fail(f"there is no incident {slug}; `kohyo incidents` lists them")
    assert incident is not None
    return incident


def _summary(reader: Reader, incident: Incident) -> dict[str, Any]:
    links = reader.incident_links(incident.slug)
    return {
        "slug": incident.slug,
        "name": incident.name,
        "respondents": list(incident.respondents),
        "notices": sum(link.status in BELONGING for link in links),
        "suggested": sum(link.status == "suggested" for link in links),
        "roster": len(incident.roster),
    }


def _course_json(known: Course) -> dict[str, Any]:
    return {
        "timeline": [timeline_json(entry) for entry in known.timeline],
        "roster": [
            {
                **asdict(row.entry),
                "published": row.disclosed and row.disclosed.isoformat(),
                "days": row.days,
                "notices": [notice.id for notice in row.notices],
                "first_counts": row.first_counts,
                "last_counts": row.last_counts,
                "edits": row.edits,
                "silent_edits": row.silent_edits,
                "unknown": row.unknown,
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


def _lines(known: Course) -> Iterator[str]:
    yield f"{known.incident.name}\n{known.incident.summary}\n"
    yield from map(_timeline_line, known.timeline)
    yield ""
    yield from map(_roster_line, known.roster)
    yield ""
    for row in known.clocks:
        yield clock_line(row.notice.source, row.clock)
    if named := known.cross_check.named_only:
        yield f"named by the regulator, no own notice found in what is watched: {'、'.join(named)}"
    for link in _suggestions(known):
        why = "; ".join(link.link.evidence)
        yield f"suggested {link.link.score:.2f}: notice {link.notice.id} {link.notice.title} — {why}"


def _timeline_line(entry: TimelineEntry) -> str:
    pairs = [f"{fact.old} → {fact.new}" for fact in entry.facts if fact.old and fact.new]
    pairs += [say(fact.field, fact.new, "ja") for fact in entry.facts if entry.kind == "step" and fact.new]
    said = "  ".join(filter(None, (entry.title, "、".join(pairs))))
    where = f"notice {entry.notice}" + (f", version {entry.version}" if entry.version else "")
    why = f" ({', '.join(entry.reasons)})" if entry.reasons else ""
    return f"{entry.day}  {entry.kind:10} {entry.source}: {said}{why}  [{where}]"


def _roster_line(row: RosterBody) -> str:
    days = _said("later", row.days) if row.days is not None else _said("undated")
    counts = "、".join(row.last_counts) or row.entry.count or _said("uncounted")
    edits = f"  {_said('edits', row.edits, row.silent_edits)}" if row.edits else ""
    unknown = f"  {_said('not known', ', '.join(row.unknown))}" if row.unknown else ""
    return (
        f"{row.entry.name}  {row.disclosed or row.entry.disclosed or '-'}  {days}  {counts}{edits}{unknown}"
    )


def _said(name: str, *words: object) -> str:
    return phrase(TERMINAL, name, "ja", *words)


def clock_line(source: str, clock: Clock) -> str:
    """Say the days from one stated day to another. A notice's own day is often in no words: no arrow then."""
    words = " → ".join(raw for raw in (clock.start.raw, clock.end.raw) if raw)
    limit = f"{clock.limit} {clock.standing or ''}".strip()
    return f"{source}: {clock.name} {counted(clock.days, 'day')} ({words}) {limit}".rstrip()


def _suggestions(known: Course) -> list[LinkedNotice]:
    """List the suggested links, the strongest first."""
    suggested = [row for row in known.linked if row.link.status == "suggested"]
    return sorted(suggested, key=lambda row: (-row.link.score, row.notice.id))
