"""Commands that list incidents, suggest some, and check what is declared of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from feeds.wording.tables.incident_words import INCIDENT_FIELDS, INCIDENT_STATUSES
from feeds.wording.words import join_words, say_evidence
from monitor.cli.common import (
    FAILURES,
    as_called,
    counted,
    desk,
    fail,
    name_term,
    plain,
    print_rows,
    reading,
    say,
    say_decision,
    say_valid,
)
from monitor.config import incident_paths
from monitor.incidents.declaring import are_declared, declare_incidents
from storage.errors import Busy, Unreachable
from storage.json_shapes import notice_json
from storage.records import BELONGING, Incident

if TYPE_CHECKING:
    from monitor.incidents.clusters import Cluster
    from storage.archive import Reader

_ELSEWHERE = {
    "show": "incident_shown:show",
    "new": "incident_keeping:new",
    "edit": "incident_keeping:edit",
    "link": "incident_keeping:link",
    "unlink": "incident_keeping:unlink",
    "merge": "incident_keeping:merge",
    "split": "incident_keeping:split",
    "close": "incident_keeping:close",
    "reopen": "incident_keeping:reopen",
    "remove": "incident_keeping:remove",
    "undo": "incident_keeping:undo",
}


class _Incidents(click.Group):
    """Loads a command when it is called: to list incidents takes less than to load what keeps them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*self.commands, *_ELSEWHERE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, _, name = _ELSEWHERE[cmd_name].partition(":")
        command = getattr(import_module(f"monitor.cli.{module}"), name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Incidents, invoke_without_command=True)
@reading
@click.pass_context
def incidents(ctx: click.Context) -> None:
    """List incidents and the notices that belong to them; make, change, merge, split and remove them."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_)


@incidents.command("list")
@reading
def list_() -> None:
    """List every incident, with how many notices belong to it and how many are suggested."""
    declare()
    with desk().archive.read() as reader:
        rows = [summarise(reader, incident) for incident in reader.incidents()]
    print_rows(
        rows,
        lambda row: (
            f"{row['slug']}  {row['name']}  "
            + say("{}, {} suggested", counted(row["notices"], "notice"), row["suggested"])
            + (f", {name_term(INCIDENT_STATUSES, row['status'])}" if row["status"] != "open" else "")
        ),
        named="incidents",
    )


@incidents.command("suggest")
@reading
def suggest() -> None:
    """List notices of no incident that look like one, with the evidence, the surest first.

    `kohyo incidents new --from` makes an incident of them.
    """
    from monitor.incidents.clusters import suggest_clusters

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
    why = "; ".join(f"{say_link_evidence(one['text'])} ({one['notices']})" for one in row["evidence"])
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
    from monitor.incidents.declared import check as check_declarations
    from monitor.incidents.declared import load

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
        for remark in (remark for one in known for remark in list_remarks(one)):
            click.echo(plain(as_called(remark)))
    number = len(load(incident_paths()))
    click.echo(say_valid(number))


def declare() -> None:
    """Write down what is declared, so that commands see it before the next crawl.

    Where nothing can be written they show what is stored; who writes hears of it by what he writes himself.
    """
    with desk().archive.read() as reader:
        if are_declared(reader):
            return
    with suppress(Busy, Unreachable), desk().archive.write() as writer:
        declare_incidents(writer)


def known_incident(reader: Reader, slug: str) -> Incident:
    """Return the incident of a slug, or the one it was merged into; end with one clear line without."""
    incident = reader.incident(slug)
    if incident is None:
        from feeds.operator import Decision
        from monitor.incidents import keeping

        said = keeping.find_standing(reader, slug)
        assert isinstance(said, Decision)
        fail(say_decision(said))
    assert incident is not None
    return incident


def list_remarks(incident: Incident) -> Iterator[str]:
    """Say where what people did and what is declared differ; nothing of an incident that was drafted."""
    if incident.origin != "declared":
        return
    from monitor.incidents.declared import load

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


def say_link_evidence(said: str) -> str:
    """Say the evidence of a link in the language of this run."""
    return said if desk().lang == "en" else say_evidence(said, "ja")


def summarise(reader: Reader, incident: Incident) -> dict[str, Any]:
    """Give what a list of incidents says of one."""
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
