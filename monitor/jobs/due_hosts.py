"""Which hosts have pages that are due: what a visit is enqueued for."""

from __future__ import annotations

from collections.abc import Iterable

from monitor.clock import Now
from monitor.crawl.agenda import ArchiveAgenda
from storage.archive import Archive
from storage.records import Role, Source
from storage.text.urls import hostname

FEW = 10
"""Pages of a host that are read to see whether one of them is to be visited. Most hosts have no more that are
due, and these are read by one question for each source."""


def find_due_hosts(archive: Archive, sources: Iterable[Source], now: Now) -> dict[str, dict[str, str]]:
    """Find the hosts with pages that are due, each with a source and an address that speak for it.

    The index says where something may be due, the agenda whether it is: a list of a former month rests, and
    so does a host that has borne its requests of the day. Hosts that need no job now are left out: one waits
    already, or they stalled too often or asked to be left alone.
    """
    chosen = {source.id: source for source in sources}
    agenda = ArchiveAgenda(archive, [*chosen.values()], now, everything=False, most=FEW)
    wanted = {id: set(agenda.due_hosts.get(id, ())) for id in chosen}
    with archive.read() as reader:
        for id, source in chosen.items():
            role: Role = "listing" if source.listing is not None else "page"
            wanted[id] |= {hostname(url) for url in source.start if reader.watched_at(id, url, role) is None}
        named = {host for those in wanted.values() for host in those} - {""}
        passed_over = reader.passed_over_hosts() & named
        states = {host: reader.host_state(host) for host in named - passed_over}
    resting = {host for host, state in states.items() if state.rest or state.away}
    agenda.left_out = passed_over | resting | {""}
    hosts: dict[str, dict[str, str]] = {}
    for id in sorted(chosen):
        if wanted[id] - agenda.left_out - hosts.keys():
            for visit in agenda.visits(chosen[id]):
                hosts.setdefault(hostname(visit.url), {"source": id, "url": visit.url})
    return hosts
