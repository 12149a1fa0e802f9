"""Pages that list: changes, what a search finds, rows, bodies, sources; and what the site says of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds import addresses
from feeds.addresses import EPOCH
from feeds.formats import named_publishers
from feeds.formats.entries import MAX_ENTRIES, Names
from feeds.views import coverage_page, home_page, search_page
from feeds.views.following import organisation_page, visits, watch_list_page
from feeds.views.following.visits import SeenUntil
from feeds.web import lookup, responses
from feeds.web.params import Question, parse_number, parse_params
from feeds.web.running.kept import KeptAnswers
from feeds.web.serving import Serving
from feeds.wording.conditions import BadParameter
from feeds.wording.tables.glossary_words import TERMS
from feeds.wording.tables.request_words import CONDITIONS
from storage.query import Hit

HITS_PER_PAGE = 20
VISITS = "kohyo-seen"
"""The cookie of those who asked to be shown what is new since their last visit."""


def make_routes(web: Serving, kept: KeptAnswers, key: bytes) -> list[Route]:
    """Make the routes of pages that list; ``key`` signs the marks of visits."""
    pages, keep = _ListPages(web, key), kept.keep
    return [
        Route("/", keep(pages.home)),
        Route(f"/{addresses.HOME}", keep(pages.home)),
        Route(f"/{addresses.COVERAGE}", pages.coverage),
        Route(f"/{addresses.ABOUT}", keep(pages.about)),
        Route(f"/{addresses.GLOSSARY}", keep(pages.glossary)),
        Route(f"/{addresses.SEARCH}", keep(pages.search, slow=True)),
        Route(f"/{addresses.ROWS}", keep(pages.rows, slow=True)),
        Route("/watching/{name:slug}.html", keep(pages.watch_list)),
        Route(f"/{addresses.ORGANISATIONS}", keep(pages.organisations)),
    ]


@dataclass(frozen=True, slots=True)
class _ListPages:
    web: Serving
    key: bytes

    def home(self, request: Request) -> Response:
        if (tidy := _redirect_to_canonical(request)) is not None:
            return tidy
        question = parse_params(request.query_params)
        site = self.web.site(request)
        with self.web.archive.read() as reader:
            names = self.web.names(reader, request)
            query = replace(question.query, limit=MAX_ENTRIES + 1)
            changes = reader.brief_changes(query, linked=False)
            older = None
            if len(changes) > MAX_ENTRIES:
                changes = changes[:-1]
                older = _next_page_address(addresses.HOME, question.address, changes[-1].id)
            overview = self.web.parts.get(
                reader, ("overview", site.lang), lambda: home_page.build_overview(reader, names, site)
            )
            context = home_page.build_home_page(reader, changes, overview, names, site, older=older)
            context["watching"] = self.web.watching
            choice = _build_choice(names, addresses.HOME, question, site.lang)
            context |= {"choice": choice, "count": len(changes)}
            if question.parameters:
                context["feeds"] = [("kohyo", choice.feed), *context["feeds"]]
            modified = lookup.find_last_change(reader)
            newest, at = reader.latest_change()
        visit, answer = self._visit(request, newest)
        context["visit"] = visit
        context["fresh"] = sum(change.id > visit.behind for change in changes) if visit else 0
        context["seen"] = visits.write_mark(visits.begin_visit(newest, at or EPOCH), self.key)
        response = self.web.page(request, "home", addresses.HOME, context, None if visit else modified)
        return self._keep_visit(request, response, visit, answer)

    def search(self, request: Request) -> Response:
        if (tidy := _redirect_to_canonical(request)) is not None:
            return tidy
        question = parse_params(request.query_params, material=None)
        with self.web.archive.read() as reader:
            names = self.web.names(reader, request)
            hits = []
            if question.text:
                query = replace(question.query, text=None, limit=HITS_PER_PAGE + 1)
                hits = reader.search(question.text, query)
            elif any(name != "order" for name, _ in question.parameters):
                found = reader.notices(replace(question.query, limit=HITS_PER_PAGE + 1))
                hits = [Hit(notice, None, "", (), (False, False)) for notice in found]
            more = None
            if len(hits) > HITS_PER_PAGE:
                hits = hits[:-1]
                more = _next_page_address(addresses.SEARCH, question.address, hits[-1].notice.id)
            choice = _build_choice(names, addresses.SEARCH, question, self.web.site(request).lang)
            context = {
                "text": question.text,
                "hits": search_page.show_hits(hits, names),
                "publishers": named_publishers.find_publishers(names, question.text),
                "more": more,
                "choice": choice,
                "feeds": [(question.text, choice.feed)] if question.text else [],
            }
            modified = lookup.find_last_change(reader)
        return self.web.page(request, "search", addresses.SEARCH, context, modified)

    def rows(self, request: Request) -> Response:
        """Show rows of the lists by words of their titles, those that nobody follows among them."""
        text = parse_params(request.query_params).text
        with self.web.archive.read() as reader:
            context = search_page.build_rows_page(reader, text, self.web.names(reader, request))
            modified = lookup.find_last_change(reader)
        return self.web.page(request, "rows", addresses.ROWS, context, modified)

    def watch_list(self, request: Request) -> Response:
        watched, site = lookup.find_watch_list(self.web.watching, request), self.web.site(request)
        before = parse_number(request.query_params, "before")
        path = addresses.watch_list_page(watched.name)
        with self.web.archive.read() as reader:
            names = self.web.names(reader, request)
            asked = replace(watched.query, limit=MAX_ENTRIES + 1, after=before)
            changes, older = reader.brief_changes(asked), None
            if len(changes) > MAX_ENTRIES:
                changes = changes[:-1]
                older = f"{path}?before={changes[-1].id}"
            context = watch_list_page.build_watch_list_page(
                reader, watched, changes, names, site, older=older
            )
            modified = lookup.find_last_change(reader)
        return self.web.page(request, "watching", path, context, modified)

    def organisations(self, request: Request) -> Response:
        """List bodies, or those whose names hold some words (``q``)."""
        text = parse_params(request.query_params).text
        with self.web.archive.read() as reader:
            names = self.web.names(reader, request)
            context = organisation_page.build_organisations_page(reader, reader.bodies(), names, text)
            modified = lookup.find_last_change(reader)
        return self.web.page(request, "organisations", addresses.ORGANISATIONS, context, modified)

    def coverage(self, request: Request) -> Response:
        with self.web.archive.read() as reader:
            names, site = self.web.names(reader, request), self.web.site(request)
            now = self.web.as_of or self.web.now()
            context = coverage_page.build_coverage_page(reader.coverage(now), names, site, now)
        context["as_of"] = self.web.as_of
        return self.web.page(request, "coverage", addresses.COVERAGE, context, None)

    def about(self, request: Request) -> Response:
        return self.web.page(request, "about", addresses.ABOUT, {}, None)

    def glossary(self, request: Request) -> Response:
        return self.web.page(
            request,
            "glossary",
            addresses.GLOSSARY,
            {"terms": TERMS},
            None,
        )

    # --- since the last visit ----------------------------------------------------------------

    def _visit(self, request: Request, newest: int) -> tuple[SeenUntil | None, str]:
        """Read the mark in the address or the cookie, and what is to become of the cookie."""
        asked = request.query_params.get("seen", "")
        if asked == "stop":
            return None, "drop"
        if (marked := visits.read_mark(asked, self.key)) is not None:
            return marked, ""
        if asked == "start":
            return visits.begin_visit(newest, self.web.now()), "keep"
        if asked:
            raise BadParameter("no-mark")
        kept = visits.read_mark(request.cookies.get(VISITS, ""), self.key)
        return (None, "") if kept is None else (visits.go_on(kept, newest, self.web.now()), "keep")

    def _keep_visit(
        self, request: Request, response: Response, visit: SeenUntil | None, answer: str
    ) -> Response:
        """Answer with the cookie that goes on with a visit, or ends it, if that was asked for."""
        if answer or visit is not None:
            response.headers["Cache-Control"] = "private, no-cache"
            response.headers["Vary"] = "Accept-Encoding, Cookie"
        secure = request.url.scheme == "https"
        if answer == "keep" and visit is not None:
            age = int(visits.MAX_AGE.total_seconds())
            response.set_cookie(
                VISITS,
                visits.write_mark(visit, self.key),
                max_age=age,
                httponly=True,
                samesite="lax",
                secure=secure,
            )
        elif answer == "drop":
            response.delete_cookie(VISITS, httponly=True, samesite="lax", secure=secure)
        return response


def _redirect_to_canonical(request: Request) -> Response | None:
    """Redirect from what a form sends, with empty and doubled fields, to the address that says the same."""
    given = request.query_params.multi_items()
    said = list(dict.fromkeys((name, value) for name, value in given if value))
    if len(said) == len(given):
        return None
    return Response(status_code=303, headers={**responses.HEADERS, "Location": f"?{urlencode(said)}"})


def _next_page_address(path: str, parameters: str, before: int) -> str:
    return f"{path}?{parameters}{'&' if parameters else ''}before={before}"


def _build_choice(names: Names, path: str, question: Question, lang: str) -> home_page.FilterChoice:
    return home_page.build_choice(names, path, _form_values(question.parameters), question.parameters, lang)


def _form_values(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Give one value for each field of the form."""
    return {**dict.fromkeys(CONDITIONS, ""), **dict(parameters)}
