"""Commands on incidents: list them, show one from first notice to last, decide over suggested links."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import click

from monitor.cli.common import FAILURES, F, counted, desk, fail, plain, print_rows, reading
from monitor.incidents import clocks, cross_check, published, roster, timeline
from monitor.incidents.clocks import Clock
from monitor.incidents.incident_links import declare_incidents
from monitor.incidents.roster import Published
from monitor.track.decisions import decide_link
from storage.archive import Reader
from storage.records import BELONGING, Incident, LinkStatus


@click.group(invoke_without_command=True)
@reading
@click.pass_context
def incidents(ctx: click.Context) -> None:
    """Incidents and the notices that belong to them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@incidents.command("list")
@reading
def list_() -> None:
    """Every incident, with how many notices belong to it and how many are suggested."""
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
    """One incident from its first notice to its last, its roster, its clocks, and what is not known."""
    _declare()
    with desk().archive.read() as reader:
        incident = _known(reader, slug)
        told = published(reader, slug)
        if desk().as_json:
            click.echo(json.dumps(_whole(reader, incident, told), ensure_ascii=False, default=str))
            return
        for line in _lines(reader, incident, told):
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


def _whole(reader: Reader, incident: Incident, told: list[Published]) -> dict[str, Any]:
    return {
        **_summary(reader, incident),
        "timeline": [asdict(entry) for entry in timeline(told)],
        "roster": [
            {
                **asdict(row.entry),
                "published": row.published,
                "days": row.days,
                "notices": [notice.id for notice in row.notices],
                "first_counts": row.first_counts,
                "last_counts": row.last_counts,
                "edits": row.edits,
                "silent_edits": row.silent_edits,
                "unknown": row.unknown,
            }
            for row in roster(incident, told)
        ],
        "clocks": [asdict(clock) for _, clock in _clocks(reader, told)],
        "cross_check": asdict(_cross_check(reader, told)),
        "suggestions": [
            {"notice": link.notice, "score": link.score, "evidence": link.evidence}
            for link in reader.incident_links(incident.slug)
            if link.status == "suggested"
        ],
    }


def _lines(reader: Reader, incident: Incident, told: list[Published]) -> Iterator[str]:
    yield f"{incident.name}\n{incident.summary}\n"
    for entry in timeline(told):
        facts = "、".join(
            f"{fact.old or ''} → {fact.new or ''}" for fact in entry.facts if fact.old and fact.new
        )
        where = f"notice {entry.notice}" + (f", version {entry.version}" if entry.version else "")
        why = f" ({', '.join(entry.reasons)})" if entry.reasons else ""
        said = f"{entry.title}  {facts}" if facts else entry.title
        yield f"{entry.day}  {entry.kind:10} {entry.source}: {said}{why}  [{where}]"
    yield ""
    for row in roster(incident, told):
        days = f"{row.days}日後" if row.days is not None else "日付不明"
        counts = "、".join(row.last_counts) or row.entry.count or "件数不明"
        edits = f"  編集{row.edits}回(うち断りなし{row.silent_edits}回)" if row.edits else ""
        unknown = f"  不明: {', '.join(row.unknown)}" if row.unknown else ""
        day = row.published or row.entry.disclosed or "-"
        yield f"{row.entry.name}  {day}  {days}  {counts}{edits}{unknown}"
    yield ""
    for source, clock in _clocks(reader, told):
        yield clock_line(source, clock)
    check = _cross_check(reader, told)
    if check.named_only:
        yield f"named by the regulator, no own notice found in what is watched: {'、'.join(check.named_only)}"
    for link in reader.incident_links(incident.slug):
        if link.status == "suggested":
            notice_ = reader.notice(link.notice)
            title = notice_.title if notice_ else ""
            yield f"suggested {link.score:.2f}: notice {link.notice} {title} — {'; '.join(link.evidence)}"


def clock_line(source: str, clock: Clock) -> str:
    """Days from one stated day to another. The day of a notice is often in no words: then no arrow to it."""
    words = " → ".join(raw for raw in (clock.start.raw, clock.end.raw) if raw)
    return f"{source}: {clock.name} {counted(clock.days, 'day')} ({words}) {clock.limit}".rstrip()


def _clocks(reader: Reader, told: list[Published]) -> Iterator[tuple[str, Clock]]:
    for one in told:
        versions = reader.versions(one.notice.page)
        if versions:
            facts = reader.facts(versions[-1].id)
            for clock in clocks(versions[-1].text, facts, one.notice.published):
                yield one.notice.source, clock


def _cross_check(reader: Reader, told: list[Published]) -> Any:
    kinds = {source.id: source for source in reader.sources()}
    regulator, publishers = [], []
    for one in told:
        source = kinds.get(one.notice.source)
        page = reader.page_by_id(one.notice.page)
        if source is None or page is None:
            continue
        if source.kind == "regulator":
            for read in (page, *reader.attachments_of(page.id)):
                if read.version is not None:
                    regulator += reader.facts(read.version)
        else:
            publishers.append(source.name)
    return cross_check(regulator, publishers)
