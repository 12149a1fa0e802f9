"""One pass over the published tree: what the news touch is rendered, and replaced where bytes differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any, TypeVar

from feeds import addresses
from feeds.addresses import Site
from feeds.course.incident_course import load_course
from feeds.formats import channels, clocks_ics, deadlines_ics, roster_files
from feeds.formats.channels import Channel, WatchList
from feeds.formats.opml import write_subscriptions
from feeds.site.crew import Crew
from feeds.site.delta import Delta
from feeds.site.folder import Tree
from feeds.site.rendering import Batch, Ends, Rendered, Rendering, Task
from feeds.views import coverage_page, home_page, incident_page, render
from feeds.views.following import organisation_page, watch_list_page
from feeds.wording.tables.glossary_words import TERMS
from storage.archive import Reader
from storage.query import Coverage, Query
from storage.records import Change, Incident, Notice, Source

T = TypeVar("T")

_PAGE_ROWS = 500
NOTICES_AT_ONCE, BODIES_AT_ONCE = 50, 20
MANY_CHANGES = 1_000
"""From which on several processes render: to start one takes as long as 50 pages of notices."""


class Publication:
    """One pass over what is to be rendered.

    ``ends`` holds for each feed how many archives are full, and the last change in them;
    ``due`` the notices that state a deadline, ``naming`` those that name whose own notice was not found;
    ``seeking`` the incidents with bodies for which rows of lists are searched; ``led`` the bodies with a page
    that has become that of another name of theirs, or of none.
    """

    def __init__(
        self,
        reader: Reader,
        tree: Tree,
        site: Site,
        limit: int,
        news: Delta,
        before: Mapping[str, Any],
        watching: Sequence[WatchList],
        coverage: Sequence[Coverage],
    ) -> None:
        self.reader, self.tree, self.site, self.limit, self.news = reader, tree, site, limit, news
        self.watching, self.coverage = watching, coverage
        self.unwatched = before.get("watching", {}).keys() - {one.name for one in watching}
        self.ends: dict[str, Ends] = {} if news.whole else dict(before["ends"])
        self.task = Task(tree.root, site, limit, self.ends, before.get("ends", {}))
        self.rendering = Rendering(reader, self.task, tree)
        self.names = self.rendering.names
        self.fresh: list[str] = []
        self.due: set[int] = set() if news.whole else set(before["due"])
        self.naming: set[int] = set() if news.whole else set(before["naming"])
        self.bodies = reader.bodies()
        for key in news.thinner:  # what is full holds what it is not to hold any more
            self.ends.pop(addresses.organisation_feed(key), None)
        self.led: set[str] = {*before.get("led", ()), *before.get("bodies", ())}
        self.seeking: set[str] = set() if news.whole else set(before["seeking"])

    @property
    def is_large(self) -> bool:
        """Say whether there is much to render."""
        changes = self.reader.latest_change()[0] if self.news.whole else len(self.news.changes)
        return changes >= MANY_CHANGES

    def run(self, crew: Crew | None) -> dict[str, Any]:
        """Render what differs, and return the state that the next publication needs."""
        sources, incidents = self.reader.sources(), self.reader.incidents()
        parts = self._parts(sources, incidents)
        if crew is None:
            self._rest(sources, incidents)
            for part in parts:
                self._take(self.rendering.render(part))
        else:
            with crew.rendering(self.task, parts) as finish:
                self._rest(sources, incidents)
                for done in finish(self.rendering.render):
                    self._take(done)
        noted = {"due": sorted(self.due), "naming": sorted(self.naming), "led": sorted(self.led)}
        return {"ends": self.ends, "seeking": sorted(self.seeking), **noted}

    def _parts(self, sources: Iterable[Source], incidents: Iterable[Incident]) -> Iterator[Batch]:
        """Divide what is most of the work, the feed of all first: it takes longest."""
        for channel in self._channels(sources, incidents):
            yield Batch(channels=(channel,))
        yield from (Batch(notices=some) for some in _in_pieces(self._notices(), NOTICES_AT_ONCE))
        yield from (Batch(bodies=some) for some in _in_pieces(self._touched_bodies(), BODIES_AT_ONCE))

    def _take(self, done: Rendered) -> None:
        self.tree.written += done.written
        self.tree.unchanged += done.unchanged
        self.fresh += done.fresh
        self.ends |= done.ends
        for notice, named in done.naming.items():
            (self.naming.add if named else self.naming.discard)(notice)

    def _rest(self, sources: Sequence[Source], incidents: Sequence[Incident]) -> None:
        """Render what is one file each, or what depends on what is not of one part."""
        for path in (addresses.STYLE, addresses.ICON):
            self.tree.put(path, render.read_static(path))
        for source in sources:
            if self.news.whole or source.id in self.news.sources:
                context = coverage_page.build_source_page(self.reader, source, self.names, self.site)
                self._page("source", addresses.source_page(source.id), context)
        for incident in incidents:
            if self.news.whole or incident.slug in self.news.incidents:
                self._incident(incident)
        for incident in self.reader.removed_incidents():
            if self.news.whole or incident.merged_into in self.news.incidents:
                self._moved(incident)
        newest = self.reader.brief_changes(Query(material=True, limit=self.limit))
        overview = home_page.build_overview(self.reader, self.names, self.site)
        home = home_page.build_home_page(self.reader, newest, overview, self.names, self.site)
        self._page("home", addresses.HOME, {**home, "watching": self.watching})
        coverage = coverage_page.build_coverage_page(self.coverage, self.names, self.site)
        self._page("coverage", addresses.COVERAGE, coverage)
        if self.news.whole:  # they tell of kohyo and of who runs it
            self._page("about", addresses.ABOUT, {})
            self._page("glossary", addresses.GLOSSARY, {"terms": TERMS})
        listed = organisation_page.build_organisations_page(self.reader, self.bodies, self.names)
        self._page("organisations", addresses.ORGANISATIONS, listed)
        self._led_bodies()
        nothing = Query(bodies=("",))
        for watched in (*self.watching, *(WatchList(name, name, nothing) for name in sorted(self.unwatched))):
            self._watch_list(watched)
        self.tree.put(addresses.OPML, write_subscriptions(sources, incidents, self.site, self.watching))
        self._calendar()

    def _incident(self, incident: Incident) -> None:
        """Write the page of an incident, and its roster as files and as a feed."""
        known = load_course(self.reader, incident)
        context = incident_page.build_incident_page(self.reader, known, self.names, self.site)
        self._page("incident", addresses.incident_page(incident.slug), context)
        (self.seeking.add if context["roster"]["seeks"] else self.seeking.discard)(incident.slug)
        for form in roster_files.FORMS:
            path = f"{addresses.incident_roster(incident.slug)}.{form}"
            self.tree.put(path, roster_files.write_roster(known, form))
        feed, done = roster_files.build_roster_feed(known, self.names, self.site), Rendered()
        self.rendering.documents(addresses.roster_feed(incident.slug), feed, done)
        self._take(done)

    def _moved(self, incident: Incident) -> None:
        """Say at the address of an incident where it went, and let its feed tell what that one tells."""
        into = self.reader.incident(incident.slug)
        context = incident_page.build_moved_page(incident, into, self.site.lang)
        self._page("moved", addresses.incident_page(incident.slug), context)
        self._feed(channels.channel_of_incident(into or incident, self.site.lang, incident.slug))

    def _watch_list(self, watched: WatchList) -> None:
        """Write the page and the feed of a watch-list; one file each, they are rendered every time."""
        channel = channels.channel_of_watch_list(watched, self.site.lang)
        if watched.name in self.news.rewatched | self.unwatched:
            self.ends.pop(channel.path, None)
        changes = self.reader.brief_changes(replace(watched.query, limit=self.limit))
        context = watch_list_page.build_watch_list_page(self.reader, watched, changes, self.names, self.site)
        self._page("watching", addresses.watch_list_page(watched.name), context)
        self._feed(channel)

    def _touched_bodies(self) -> Iterator[tuple[str, ...]]:
        """List the bodies that news touch, each by all its names."""
        now = {body.key for body in self.bodies}
        known_as = self.reader.names_of_bodies(now if self.news.whole else now & self.news.bodies)
        yield from (known_as[key] for key in sorted(known_as))

    def _led_bodies(self) -> None:
        """Say at the addresses of former bodies where they went."""
        now = {body.key for body in self.bodies}
        self.led -= now
        known_as = self.reader.names_of_bodies(self.led)
        for key in sorted(self.led):
            into = known_as[key][0] if known_as[key][0] in now else ""
            context = organisation_page.build_led_page(self.reader, key, into, self.names)
            self._page("led", addresses.organisation_page(key), context)
            # under its own id the same notices, or those that are left
            if self.news.whole or into in self.news.bodies or key in self.news.thinner:
                self._feed(organisation_page.channel_of_body(self.reader, key, self.names, self.site.lang))

    def _channels(self, sources: Iterable[Source], incidents: Iterable[Incident]) -> Iterator[Channel]:
        lang, whole = self.site.lang, self.news.whole
        if whole or self.news.changes:
            yield channels.channel_of_all(lang)
        yield from (
            channels.channel_of_source(one, lang) for one in sources if whole or one.id in self.news.sources
        )
        for one in incidents:
            if whole or one.slug in self.news.incidents:
                yield channels.channel_of_incident(one, lang)

    def _feed(self, channel: Channel) -> None:
        self._take(self.rendering.render(Batch(channels=(channel,))))

    def _notices(self) -> Iterator[Notice]:
        """List the notices touched, and those recorded without a change whose page does not exist yet."""
        if self.news.whole:
            yield from self._all_notices(Query(limit=_PAGE_ROWS))
            return
        for id in sorted(self.news.notices):
            if (notice := self.reader.notice(id)) is not None:
                yield notice
        if self.news.sources:
            for notice in self._all_notices(
                Query(sources=tuple(sorted(self.news.sources)), limit=_PAGE_ROWS)
            ):
                if notice.id not in self.news.notices and not self.tree.has(addresses.notice_page(notice.id)):
                    yield notice

    def _all_notices(self, query: Query) -> Iterator[Notice]:
        after: int | None = None
        while found := self.reader.notices(replace(query, after=after)):
            yield from found
            after = found[-1].id

    def _calendar(self) -> None:
        changes = self._all_changes() if self.news.whole else self.news.changes
        self.due |= deadlines_ics.notices_with_deadlines(changes)
        # what is due may be worded otherwise though the day stays
        if (
            self.news.whole
            or self.news.incidents  # what is of one incident may be one duty
            or any(change.notice in self.due for change in self.news.changes)
        ):
            body = deadlines_ics.write_deadlines(self.reader, sorted(self.due), self.names, self.site)
            self.tree.put(addresses.DEADLINES, body)
        if self.news.whole or self.news.changes:
            clocks = clocks_ics.write_clocks(self.reader.discoveries(), self.names, self.site)
            self.tree.put(addresses.CLOCKS, clocks)

    def _all_changes(self) -> Iterator[Change]:
        after: int | None = None
        while found := self.reader.brief_changes(Query(limit=_PAGE_ROWS, after=after)):
            yield from found
            after = found[-1].id

    def _page(self, template: str, path: str, context: render.Context) -> None:
        self.rendering.page(template, path, context)


def _in_pieces(rows: Iterable[T], size: int) -> Iterator[tuple[T, ...]]:
    left = iter(rows)
    while some := tuple(islice(left, size)):
        yield some
