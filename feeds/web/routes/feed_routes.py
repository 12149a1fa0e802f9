"""What programs of readers ask for: feeds, calendars and the list of subscriptions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds import addresses
from feeds.addresses import MEDIA_TYPES
from feeds.course.incident_course import load_course
from feeds.formats import channels, clocks_ics, deadlines_ics, roster_files
from feeds.formats.channels import WRITERS, Channel
from feeds.formats.opml import write_subscriptions
from feeds.views.following import organisation_page
from feeds.web import lookup, responses
from feeds.web.lookup import not_found
from feeds.web.params import parse_number, parse_params
from feeds.web.running.kept import KeptAnswers
from feeds.web.serving import Serving
from storage.archive import Reader
from storage.query import Query


def make_routes(web: Serving, kept: KeptAnswers) -> list[Route]:
    """Make the routes of feeds and calendars."""
    feeds, keep = _Feeds(web), kept.keep
    return [
        Route(f"/{addresses.OPML}", keep(feeds.opml)),
        Route(f"/{addresses.DEADLINES}", keep(feeds.deadlines)),
        Route(f"/{addresses.CLOCKS}", keep(feeds.clocks)),
        Route("/feeds/all.{form}", keep(feeds.of_all)),
        Route("/feeds/all/{number:digits}.{form}", keep(feeds.of_all)),
        Route("/feeds/source/{id:slug}.{form}", keep(feeds.of_source)),
        Route("/feeds/source/{id:slug}/{number:digits}.{form}", keep(feeds.of_source)),
        Route("/feeds/incident/{slug:slug}.{form}", keep(feeds.of_incident)),
        Route("/feeds/incident/{slug:slug}/{number:digits}.{form}", keep(feeds.of_incident)),
        Route("/feeds/incident/{slug:slug}/roster.{form}", keep(feeds.of_roster)),
        Route("/feeds/watching/{name:slug}.{form}", keep(feeds.of_watch_list)),
        Route("/feeds/watching/{name:slug}/{number:digits}.{form}", keep(feeds.of_watch_list)),
        Route("/feeds/organisation/{key:slug}.{form}", keep(feeds.of_organisation)),
        Route("/feeds/organisation/{key:slug}/{number:digits}.{form}", keep(feeds.of_organisation)),
        Route("/feeds/search.{form}", keep(feeds.by_query, slow=True)),
    ]


@dataclass(frozen=True, slots=True)
class _Feeds:
    web: Serving
    due: deadlines_ics.NoticesWithDeadlines = field(default_factory=deadlines_ics.NoticesWithDeadlines)

    def of_all(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            return self._feed(request, reader, channels.channel_of_all(self.web.site(request).lang))

    def of_source(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            found = lookup.find_source(reader, request)
            return self._feed(request, reader, channels.channel_of_source(found, self.web.site(request).lang))

    def of_incident(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            found, lang = lookup.find_incident(reader, request), self.web.site(request).lang
            slug = request.path_params["slug"]  # its own, or of one merged into it
            return self._feed(request, reader, channels.channel_of_incident(found, lang, slug))

    def of_roster(self, request: Request) -> Response:
        form = request.path_params["form"]
        if form not in WRITERS:
            raise not_found("this format")
        with self.web.archive.read() as reader:
            known = load_course(reader, lookup.find_incident(reader, request))
            names, site = self.web.names(reader, request), self.web.site(request)
            feed = roster_files.build_roster_feed(known, names, site)
        open_to_all = {"Access-Control-Allow-Origin": "*"}
        return responses.respond(
            request, WRITERS[form](feed), MEDIA_TYPES[form], modified=feed.updated, headers=open_to_all
        )

    def of_watch_list(self, request: Request) -> Response:
        watched = lookup.find_watch_list(self.web.watching, request)
        channel = channels.channel_of_watch_list(watched, self.web.site(request).lang)
        with self.web.archive.read() as reader:
            return self._feed(request, reader, channel)

    def of_organisation(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            key, *_ = lookup.find_body(reader, request)
            if not reader.notices(Query(bodies=(key,), limit=1)):
                raise not_found("this organisation")
            names, lang = self.web.names(reader, request), self.web.site(request).lang
            return self._feed(request, reader, organisation_page.channel_of_body(reader, key, names, lang))

    def by_query(self, request: Request) -> Response:
        question = parse_params(request.query_params)
        words = " ".join(value for _, value in question.parameters)
        query = replace(question.query, after=None)
        channel = channels.channel_by_query(query, question.address, words, self.web.site(request).lang)
        with self.web.archive.read() as reader:
            return self._feed(request, reader, channel)

    def _feed(self, request: Request, reader: Reader, channel: Channel) -> Response:
        form = request.path_params["form"]
        if form not in WRITERS:
            raise not_found("this format")
        names, site = self.web.names(reader, request), self.web.site(request)
        archive = request.path_params.get("number")
        if archive is None:
            feed = channels.build_live_document(
                reader, channel, parse_number(request.query_params, "before"), names, site
            )
        else:
            pieces = channels.read_full_archives(reader, channel)
            piece = next(itertools.islice(pieces, archive - 1, None), None) if archive else None
            if piece is None:
                raise not_found("this archive")
            feed = channels.build_archive_document(channel, archive, piece, names, site)
        body = WRITERS[form](feed)
        open_to_all = {"Access-Control-Allow-Origin": "*"}
        return responses.respond(request, body, MEDIA_TYPES[form], modified=feed.updated, headers=open_to_all)

    def deadlines(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            stating = self.due.refresh(reader)
            body = deadlines_ics.write_deadlines(
                reader,
                sorted(stating),
                self.web.names(reader, request),
                self.web.site(request),
            )
            modified = lookup.find_last_change(reader)
        return responses.respond(request, body, MEDIA_TYPES["ics"], modified=modified)

    def clocks(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            found = reader.discoveries()
            body = clocks_ics.write_clocks(found, self.web.names(reader, request), self.web.site(request))
            modified = lookup.find_last_change(reader)
        return responses.respond(request, body, MEDIA_TYPES["ics"], modified=modified)

    def opml(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            body = write_subscriptions(
                reader.sources(), reader.incidents(), self.web.site(request), self.web.watching
            )
        return responses.respond(request, body, MEDIA_TYPES["opml"])
