"""Which hosts have pages that are due: what a visit is enqueued for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monitor.clock import Now
from monitor.crawl.agenda import ArchiveAgenda
from storage.archive import Archive
from storage.records import Role, Source
from storage.text.urls import hostname


def find_due_hosts(archive: Archive, sources: Iterable[Source], now: Now) -> dict[str, dict[str, str]]:
    """Find the hosts with pages that are due, each with a source and an address that speak for it.

    The index says where something may be due, the agenda whether it is: a list of a former month rests. Hosts
    that need no job now are left out: one waits already, or they stalled too often or asked to be left alone.
    """
    chosen = {source.id: source for source in sources}
    hosts: dict[str, dict[str, str]] = {}
    with archive.read() as reader:
        planned, passed_over = set(reader.due_hosts(now())), reader.passed_over_hosts()
        for source in chosen.values():
            role: Role = "listing" if source.listing is not None else "page"
            planned |= {
                (source.id, hostname(url))
                for url in source.start
                if reader.watched_at(source.id, url, role) is None
            }
    wanted: defaultdict[str, set[str]] = defaultdict(set)
    for id, host in planned:
        if id in chosen and host and host not in passed_over:
            wanted[id].add(host)
    for id, those in sorted(wanted.items()):
        with archive.read() as reader:
            states = {host: reader.host_state(host) for host in those - hosts.keys()}
        free = tuple(host for host, state in states.items() if not (state.rest or state.away))
        if free:  # what is due of a source is read once, of however many hosts it is
            agenda = ArchiveAgenda(archive, [chosen[id]], now, everything=False, hosts=free)
            for visit in agenda.visits(chosen[id]):
                hosts.setdefault(hostname(visit.url), {"source": id, "url": visit.url})
    return hosts
