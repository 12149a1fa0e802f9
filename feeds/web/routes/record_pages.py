"""Pages of one thing each: a notice, two versions of it, an incident, a source, a body."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds import addresses
from feeds.course.incident_course import load_course
from feeds.views import comparison_page, coverage_page, incident_page, notice_page
from feeds.views.following import organisation_page
from feeds.views.roster_table import ORDERS
from feeds.web import lookup, responses
from feeds.web.lookup import BilingualError, not_found
from feeds.web.params import parse_choice, parse_number
from feeds.web.running.kept import KeptAnswers
from feeds.web.serving import Serving
from storage.records import Comparison, Version

Compare = Callable[[Version, Version], Comparison]


def make_routes(web: Serving, kept: KeptAnswers, compare: Compare | None) -> list[Route]:
    """Make the routes of pages of one thing; without ``compare`` no two versions are compared."""
    pages, keep = _RecordPages(web, compare), kept.keep
    return [
        Route("/notices/{id:digits}.html", keep(pages.notice)),
        Route("/notices/{id:digits}/diff", keep(pages.pair, slow=True)),
        Route("/incidents/{slug:slug}.html", keep(pages.incident)),
        Route("/sources/{id:slug}.html", pages.source),
        Route("/organisations/{key:slug}.html", keep(pages.organisation)),
    ]


@dataclass(frozen=True, slots=True)
class _RecordPages:
    web: Serving
    compare: Compare | None

    def notice(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            notice = lookup.find_notice(reader, request)
            context = notice_page.build_notice_page(
                reader, notice, self.web.names(reader, request), self.web.site(request)
            )
        told = [item.change.detected_at for item in context["changes"]]
        modified = max([notice.first_seen, *told])
        return self.web.page(request, "notice", addresses.notice_page(notice.id), context, modified)

    def pair(self, request: Request) -> Response:
        """Show any two versions of a notice's page, or of one of its attachments, beside each other."""
        with self.web.archive.read() as reader:
            notice = lookup.find_notice(reader, request)
            old, new = lookup.find_pair(reader, request)
            if self.compare is None:
                raise BilingualError(404, "no-comparison")
            view = parse_choice(request.query_params, "view", comparison_page.VIEWS) or "side"
            history = reader.history(old.page)
            comparison = self.compare(old, new)
            names, site = self.web.names(reader, request), self.web.site(request)
            context = comparison_page.build_comparison_page(
                notice, old, new, history, comparison, names, site, view
            )
        path = addresses.pair_page(notice.id, old.id, new.id)
        return self.web.page(request, "pair", path, context, max(old.captured_at, new.captured_at))

    def incident(self, request: Request) -> Response:
        order = parse_choice(request.query_params, "sort", ORDERS)
        with self.web.archive.read() as reader:
            found = lookup.find_incident(reader, request)
            if found.slug != request.path_params["slug"]:
                return responses.redirect_beside(request, addresses.incident_page(found.slug))
            names, site = self.web.names(reader, request), self.web.site(request)
            context = incident_page.build_incident_page(
                reader, load_course(reader, found), names, site, order or ""
            )
            modified = lookup.find_last_change(reader)
        return self.web.page(request, "incident", addresses.incident_page(found.slug), context, modified)

    def source(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            found = lookup.find_source(reader, request)
            names, site = self.web.names(reader, request), self.web.site(request)
            context = coverage_page.build_source_page(
                reader, found, names, site, self.web.as_of or self.web.now()
            )
        context["as_of"] = self.web.as_of
        return self.web.page(request, "source", addresses.source_page(found.id), context, None)

    def organisation(self, request: Request) -> Response:
        number = parse_number(request.query_params, "page") or 1
        with self.web.archive.read() as reader:
            known_as = lookup.find_body(reader, request)
            path = addresses.organisation_page(known_as[0])
            if known_as[0] != request.path_params["key"]:
                return responses.redirect_beside(request, path)
            names, site = self.web.names(reader, request), self.web.site(request)
            context = organisation_page.build_organisation_page(reader, known_as, names, site, number)
            if context is None:
                raise not_found("this organisation")
            modified = lookup.find_last_change(reader)
        return self.web.page(request, "organisation", path, context, modified)
