"""Commands on incidents: list them, show one from first notice to last, decide over suggested links."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from monitor.cli.common import counted, desk, fail, plain, print_rows, reading
from monitor.incidents import clocks, cross_check, published, roster, timeline
from monitor.incidents.clocks import Clock
from monitor.incidents.incident_links import decide_link, declare_incidents
from monitor.incidents.roster import Published
from storage.archive import Reader
from storage.records import BELONGING, Incident


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


@incidents.command("link")
@click.argument("slug")
@click.argument("notice", type=int)
@reading
def link(slug: str, notice: int) -> None:
    """Confirm that a notice belongs to an incident."""
    _decide(slug, notice, belongs=True)


@incidents.command("unlink")
@click.argument("slug")
@click.argument("notice", type=int)
@reading
def unlink(slug: str, notice: int) -> None:
    """Say that a notice does not belong to an incident; it is not suggested again."""
    _decide(slug, notice, belongs=False)


def _declare() -> None:
    with desk().archive.write() as writer:
        declare_incidents(writer)


def _decide(slug: str, notice: int, *, belongs: bool) -> None:
    _declare()
    with desk().archive.write() as writer:
        _known(writer, slug)
        if writer.notice(notice) is None:
            fail(f"there is no notice {notice}; `kohyo notices` lists them")
        decide_link(writer, slug, notice, belongs=belongs)
    click.echo(f"notice {notice} {'belongs' if belongs else 'does not belong'} to {slug}")


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
