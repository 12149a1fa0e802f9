"""The same tree over HTTP, rendered live, and what only a program can answer.

That is search, filters, comparison of any two versions, feeds by query and an API. Everything here
reads. Every question that makes no sense gets a clear answer, never a traceback.
"""

from __future__ import annotations

import itertools
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import feeds.web.convertors  # noqa: F401 - makes known what may stand in a path
from feeds import addresses
from feeds.addresses import EPOCH, MEDIA_TYPES, Site
from feeds.course.incident_course import load_course
from feeds.evidence.file_names import make_file_name
from feeds.formats import channels, clocks_ics, deadlines_ics, roster_files
from feeds.formats.channels import WRITERS, Channel, WatchList
from feeds.formats.entries import Names, load_names
from feeds.formats.opml import write_subscriptions
from feeds.operator import Operator
from feeds.views import (
    comparison_page,
    coverage_page,
    home_page,
    incident_page,
    notice_page,
    render,
    search_page,
)
from feeds.views.following import organisation_page, visits, watch_list_page
from feeds.views.following.visits import SeenUntil
from feeds.views.roster_table import ORDERS
from feeds.web import api, lookup, operate, responses
from feeds.web.gate import ASK_FOR_TOKEN, Gate, is_loopback
from feeds.web.lookup import BilingualError, not_found
from feeds.web.params import MAX_ID, Question, parse_choice, parse_number, parse_params
from feeds.web.running.alerts_feed import build_alerts_feed
from feeds.web.running.figures import RunningFigures, answer_health
from feeds.web.running.kept import KeptAnswers
from feeds.web.running.processes import Shared
from feeds.web.running.shared_parts import Parts
from feeds.wording.conditions import BadParameter, unknown_choice
from feeds.wording.sanitise import plain
from feeds.wording.tables.glossary_words import TERMS
from feeds.wording.tables.request_words import CONDITIONS, ERRORS, REFUSALS
from feeds.wording.words import LANGUAGES, word
from storage.archive import Archive, Reader
from storage.errors import StorageError
from storage.query import Hit, Query
from storage.records import Comparison, Version

Compare = Callable[[Version, Version], Comparison]
Now = Callable[[], datetime]

HITS_PER_PAGE = 20
VISITS = "kohyo-seen"
"""The cookie of those who asked to be shown what is new since their last visit."""
MAX_SWITCHED_CHARS = 2_000
"""Characters of an address that every page repeats in its link to the other language."""


def make_app(
    archive: Archive,
    *,
    site: Path | None = None,
    base_url: str = "",
    compare: Compare | None = None,
    lang: str = "ja",
    hub: str = "",
    contact: str = "",
    operator: Operator | None = None,
    token: str = "",
    now: Now = lambda: datetime.now(UTC),
    watching: Sequence[WatchList] = (),
    key: bytes = b"",
    as_of: datetime | None = None,
    shared: Shared | None = None,
) -> Starlette:
    """Make the web application.

    ``site`` is a folder whose files are served where nothing is rendered, such as a published tree
    with its numbered archives; ``compare`` compares two versions, which is not for feeds to judge;
    ``contact`` is where whoever runs it is reached;
    ``operator`` acts for whoever holds the token, and without either nothing can be written; ``now``
    is the clock by which it is judged whether a source should have been visited; ``watching`` are the
    watch-lists that have a page; ``key`` signs the marks of visits, which without one end with this
    process; ``as_of`` stands in the place of now, and on the pages that go by it, where the archive tells
    a story of the past; ``shared`` is what several processes that serve it know of each other.
    """
    shared = shared or Shared()
    gate = Gate(token, shared=shared) if operator and token else None
    web = _Web(
        archive,
        site,
        base_url,
        compare,
        lang,
        hub,
        contact,
        now,
        RunningFigures(archive, now, shared),
        gate,
        watching,
        key or secrets.token_bytes(32),
        as_of,
    )
    kept = KeptAnswers(archive, web.base)
    keep = kept.keep
    decisions = operate.make_routes(operator, gate, archive, web.show) if operator and gate else []
    routes = [
        Route("/", keep(web.home)),
        Route(f"/{addresses.HOME}", keep(web.home)),
        Route(f"/{addresses.COVERAGE}", web.coverage),
        Route(f"/{addresses.ABOUT}", keep(web.about)),
        Route(f"/{addresses.GLOSSARY}", keep(web.glossary)),
        Route(f"/{addresses.SEARCH}", keep(web.search, slow=True)),
        Route(f"/{addresses.ROWS}", keep(web.rows, slow=True)),
        Route("/notices/{id:digits}.html", keep(web.notice)),
        Route("/notices/{id:digits}/diff", keep(web.pair, slow=True)),
        Route("/incidents/{slug:slug}.html", keep(web.incident)),
        Route("/incidents/{slug:slug}/roster.{form}", keep(web.roster)),
        Route("/sources/{id:slug}.html", web.source),
        Route("/watching/{name:slug}.html", keep(web.watch_list)),
        Route(f"/{addresses.ORGANISATIONS}", keep(web.organisations)),
        Route("/organisations/{key:slug}.html", keep(web.organisation)),
        Route("/snapshots/{id:digits}", web.snapshot),
        *(Route(f"/{path}", web.static) for path in (addresses.STYLE, addresses.ICON, *addresses.SCRIPTS)),
        Route(f"/{addresses.OPML}", keep(web.opml)),
        Route(f"/{addresses.DEADLINES}", keep(web.deadlines)),
        Route(f"/{addresses.CLOCKS}", keep(web.clocks)),
        Route("/feeds/all.{form}", keep(web.feed_of_all)),
        Route("/feeds/all/{number:digits}.{form}", keep(web.feed_of_all)),
        Route("/feeds/source/{id:slug}.{form}", keep(web.feed_of_source)),
        Route("/feeds/source/{id:slug}/{number:digits}.{form}", keep(web.feed_of_source)),
        Route("/feeds/incident/{slug:slug}.{form}", keep(web.feed_of_incident)),
        Route("/feeds/incident/{slug:slug}/{number:digits}.{form}", keep(web.feed_of_incident)),
        Route("/feeds/incident/{slug:slug}/roster.{form}", keep(web.feed_of_roster)),
        Route("/feeds/watching/{name:slug}.{form}", keep(web.feed_of_watch_list)),
        Route("/feeds/watching/{name:slug}/{number:digits}.{form}", keep(web.feed_of_watch_list)),
        Route("/feeds/organisation/{key:slug}.{form}", keep(web.feed_of_organisation)),
        Route("/feeds/organisation/{key:slug}/{number:digits}.{form}", keep(web.feed_of_organisation)),
        Route("/feeds/search.{form}", keep(web.feed_by_query, slow=True)),
        *([Route(f"/{addresses.ALERTS}.{{form}}", web.feed_of_alerts)] if gate else []),
        Route("/healthz", lambda request: answer_health(request, archive, now)),
        Route("/metrics", web.metrics),
        *api.make_routes(
            archive,
            compare,
            (lambda: as_of) if as_of else now,
            kept,
            writable=bool(decisions),
            base_url=base_url,
        ),
        *decisions,
        Route("/{path:path}", web.file),
    ]
    handlers: dict[Any, Any] = {
        HTTPException: web.refusal,
        BadParameter: lambda request, error: web.error(request, 400, str(error), error.ja),
        StorageError: lambda request, error: web.error(
            request, 503, word(REFUSALS, "no-answer", "en"), word(REFUSALS, "no-answer", "ja")
        ),
    }
    app = Starlette(routes=routes, exception_handlers=handlers)
    app.router.redirect_slashes = False  # no address of ours ends in one
    app.add_middleware(web.figures.counting)
    return app


@dataclass(frozen=True, slots=True)
class _Web:
    archive: Archive
    folder: Path | None
    base_url: str
    compare: Compare | None
    lang: str
    hub: str
    contact: str
    now: Now
    figures: RunningFigures
    gate: Gate | None = None
    watching: Sequence[WatchList] = ()
    key: bytes = b""
    as_of: datetime | None = None
    due: deadlines_ics.NoticesWithDeadlines = field(default_factory=deadlines_ics.NoticesWithDeadlines)
    parts: Parts = field(default_factory=Parts)

    # --- pages -----------------------------------------------------------------------------

    def home(self, request: Request) -> Response:
        if (tidy := _redirect_to_canonical(request)) is not None:
            return tidy
        question = parse_params(request.query_params)
        site = self._site(request)
        with self.archive.read() as reader:
            names = self._names(reader, request)
            query = replace(question.query, limit=channels.MAX_ENTRIES + 1)
            changes = reader.brief_changes(query)
            older = None
            if len(changes) > channels.MAX_ENTRIES:
                changes = changes[:-1]
                older = _next_page_address(addresses.HOME, question.address, changes[-1].id)
            overview = self.parts.get(
                reader, ("overview", site.lang), lambda: home_page.build_overview(reader, names, site.lang)
            )
            context = home_page.build_home_page(reader, changes, overview, names, site, older=older)
            context["watching"] = self.watching
            choice = _build_choice(names, addresses.HOME, question, site.lang)
            context |= {"choice": choice, "count": len(changes)}
            if question.parameters:
                context["feeds"] = [("kohyo", choice.feed), *context["feeds"]]
            modified = _last_change_at(reader)
            newest, at = reader.latest_change()
        visit, answer = self._visit(request, newest)
        context["visit"] = visit
        context["fresh"] = sum(change.id > visit.behind for change in changes) if visit else 0
        context["seen"] = visits.write_mark(visits.begin_visit(newest, at or EPOCH), self.key)
        response = self._page(request, "home", addresses.HOME, context, None if visit else modified)
        return self._keep_visit(request, response, visit, answer)

    def coverage(self, request: Request) -> Response:
        with self.archive.read() as reader:
            names, site = self._names(reader, request), self._site(request)
            context = coverage_page.build_coverage_page(reader, names, site, self.as_of or self.now())
        context["as_of"] = self.as_of
        return self._page(request, "coverage", addresses.COVERAGE, context, None)

    def about(self, request: Request) -> Response:
        return self._page(request, "about", addresses.ABOUT, {}, None)

    def glossary(self, request: Request) -> Response:
        return self._page(
            request,
            "glossary",
            addresses.GLOSSARY,
            {"terms": TERMS},
            None,
        )

    def search(self, request: Request) -> Response:
        if (tidy := _redirect_to_canonical(request)) is not None:
            return tidy
        question = parse_params(request.query_params, material=None)
        with self.archive.read() as reader:
            names = self._names(reader, request)
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
            choice = _build_choice(names, addresses.SEARCH, question, self._site(request).lang)
            context = {
                "text": question.text,
                "hits": search_page.show_hits(hits, names),
                "publishers": search_page.find_publishers(names, question.text),
                "more": more,
                "choice": choice,
                "feeds": [(question.text, choice.feed)] if question.text else [],
            }
            modified = _last_change_at(reader)
        return self._page(request, "search", addresses.SEARCH, context, modified)

    def rows(self, request: Request) -> Response:
        """Show rows of the lists by words of their titles, those that nobody follows among them."""
        text = parse_params(request.query_params).text
        with self.archive.read() as reader:
            context = search_page.build_rows_page(reader, text, self._names(reader, request))
            modified = _last_change_at(reader)
        return self._page(request, "rows", addresses.ROWS, context, modified)

    def notice(self, request: Request) -> Response:
        with self.archive.read() as reader:
            notice = lookup.find_notice(reader, request)
            context = notice_page.build_notice_page(
                reader, notice, self._names(reader, request), self._site(request)
            )
        told = [item.change.detected_at for item in context["changes"]]
        modified = max([notice.first_seen, *told])
        return self._page(request, "notice", addresses.notice_page(notice.id), context, modified)

    def pair(self, request: Request) -> Response:
        """Show any two versions of a notice's page, or of one of its attachments, beside each other."""
        with self.archive.read() as reader:
            notice = lookup.find_notice(reader, request)
            old, new = lookup.find_pair(reader, request)
            if self.compare is None:
                raise BilingualError(404, "no-comparison")
            view = parse_choice(request.query_params, "view", comparison_page.VIEWS) or "side"
            history = reader.history(old.page)
            comparison = self.compare(old, new)
            names, site = self._names(reader, request), self._site(request)
            context = comparison_page.build_comparison_page(
                notice, old, new, history, comparison, names, site, view
            )
        path = addresses.pair_page(notice.id, old.id, new.id)
        return self._page(request, "pair", path, context, max(old.captured_at, new.captured_at))

    def incident(self, request: Request) -> Response:
        order = parse_choice(request.query_params, "sort", ORDERS)
        with self.archive.read() as reader:
            found = lookup.find_incident(reader, request)
            if found.slug != request.path_params["slug"]:
                return _redirect_beside(request, addresses.incident_page(found.slug))
            names, site = self._names(reader, request), self._site(request)
            context = incident_page.build_incident_page(
                reader, load_course(reader, found), names, site, order or ""
            )
            modified = _last_change_at(reader)
        return self._page(request, "incident", addresses.incident_page(found.slug), context, modified)

    def roster(self, request: Request) -> Response:
        """Answer with the roster of an incident as a file."""
        form = request.path_params["form"]
        if form not in roster_files.FORMS:
            raise not_found("this format")
        with self.archive.read() as reader:
            found = lookup.find_incident(reader, request)
            body = roster_files.write_roster(load_course(reader, found), form)
            modified = _last_change_at(reader)
        headers = {"Content-Disposition": f'attachment; filename="{found.slug}-roster.{form}"'}
        headers |= {"Access-Control-Allow-Origin": "*"}
        return responses.respond(request, body, roster_files.FORMS[form], modified=modified, headers=headers)

    def source(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = reader.source(request.path_params["id"])
            if found is None:
                raise not_found("this source")
            names, site = self._names(reader, request), self._site(request)
            context = coverage_page.build_source_page(reader, found, names, site, self.as_of or self.now())
        context["as_of"] = self.as_of
        return self._page(request, "source", addresses.source_page(found.id), context, None)

    def watch_list(self, request: Request) -> Response:
        watched, site = self._watched(request), self._site(request)
        before = parse_number(request.query_params, "before")
        path = addresses.watch_list_page(watched.name)
        with self.archive.read() as reader:
            names = self._names(reader, request)
            asked = replace(watched.query, limit=channels.MAX_ENTRIES + 1, after=before)
            changes, older = reader.brief_changes(asked), None
            if len(changes) > channels.MAX_ENTRIES:
                changes = changes[:-1]
                older = f"{path}?before={changes[-1].id}"
            context = watch_list_page.build_watch_list_page(
                reader, watched, changes, names, site, older=older
            )
            modified = _last_change_at(reader)
        return self._page(request, "watching", path, context, modified)

    def organisations(self, request: Request) -> Response:
        """List bodies, or those whose names hold some words (``q``)."""
        text = parse_params(request.query_params).text
        with self.archive.read() as reader:
            names = self._names(reader, request)
            context = organisation_page.build_organisations_page(reader, reader.bodies(), names, text)
            modified = _last_change_at(reader)
        return self._page(request, "organisations", addresses.ORGANISATIONS, context, modified)

    def organisation(self, request: Request) -> Response:
        number = parse_number(request.query_params, "page") or 1
        with self.archive.read() as reader:
            known_as = lookup.find_body(reader, request)
            path = addresses.organisation_page(known_as[0])
            if known_as[0] != request.path_params["key"]:
                return _redirect_beside(request, path)
            names, site = self._names(reader, request), self._site(request)
            context = organisation_page.build_organisation_page(reader, known_as, names, site, number)
            if context is None:
                raise not_found("this organisation")
            modified = _last_change_at(reader)
        return self._page(request, "organisation", path, context, modified)

    # --- feeds -----------------------------------------------------------------------------

    def feed_of_all(self, request: Request) -> Response:
        with self.archive.read() as reader:
            return self._feed(request, reader, channels.channel_of_all(self._site(request).lang))

    def feed_of_source(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = reader.source(request.path_params["id"])
            if found is None:
                raise not_found("this source")
            return self._feed(request, reader, channels.channel_of_source(found, self._site(request).lang))

    def feed_of_incident(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found, lang = lookup.find_incident(reader, request), self._site(request).lang
            slug = request.path_params["slug"]  # its own, or of one merged into it
            return self._feed(request, reader, channels.channel_of_incident(found, lang, slug))

    def feed_of_roster(self, request: Request) -> Response:
        form = request.path_params["form"]
        if form not in WRITERS:
            raise not_found("this format")
        with self.archive.read() as reader:
            known = load_course(reader, lookup.find_incident(reader, request))
            feed = roster_files.build_roster_feed(known, self._names(reader, request), self._site(request))
        open_to_all = {"Access-Control-Allow-Origin": "*"}
        return responses.respond(
            request, WRITERS[form](feed), MEDIA_TYPES[form], modified=feed.updated, headers=open_to_all
        )

    def feed_of_watch_list(self, request: Request) -> Response:
        channel = channels.channel_of_watch_list(self._watched(request), self._site(request).lang)
        with self.archive.read() as reader:
            return self._feed(request, reader, channel)

    def _watched(self, request: Request) -> WatchList:
        for one in self.watching:
            if one.name == request.path_params["name"]:
                return one
        raise not_found("this watch-list")

    def feed_of_organisation(self, request: Request) -> Response:
        with self.archive.read() as reader:
            key, *_ = lookup.find_body(reader, request)
            if not reader.notices(Query(bodies=(key,), limit=1)):
                raise not_found("this organisation")
            names, lang = self._names(reader, request), self._site(request).lang
            return self._feed(request, reader, organisation_page.channel_of_body(reader, key, names, lang))

    def feed_of_alerts(self, request: Request) -> Response:
        """Answer whoever carries the token, and nobody else."""
        form = request.path_params["form"]
        if self.gate is None or form not in WRITERS:
            raise not_found("this format")
        if not self.gate.admits_reader(request):
            raise BilingualError(401, "token-wanted", headers=ASK_FOR_TOKEN)
        with self.archive.read() as reader:
            names, site = self._names(reader, request), self._site(request)
            feed = build_alerts_feed(reader, names, site, self.now())
        private = {"Cache-Control": "private, no-cache"}
        return responses.respond(
            request, WRITERS[form](feed), MEDIA_TYPES[form], modified=feed.updated, headers=private
        )

    def metrics(self, request: Request) -> Response:
        """Answer this machine, and whoever carries the token."""
        if not is_loopback(request):
            if self.gate is None:
                raise BilingualError(403, "this-machine-only")
            if not self.gate.admits_reader(request):
                raise BilingualError(401, "token-wanted", headers=ASK_FOR_TOKEN)
        return self.figures.answer(request)

    def feed_by_query(self, request: Request) -> Response:
        question = parse_params(request.query_params)
        words = " ".join(value for _, value in question.parameters)
        query = replace(question.query, after=None)
        channel = channels.channel_by_query(query, question.address, words, self._site(request).lang)
        with self.archive.read() as reader:
            return self._feed(request, reader, channel)

    def _feed(self, request: Request, reader: Reader, channel: Channel) -> Response:
        form = request.path_params["form"]
        if form not in WRITERS:
            raise not_found("this format")
        names, site = self._names(reader, request), self._site(request)
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
        with self.archive.read() as reader:
            stating = self.due.refresh(reader)
            body = deadlines_ics.write_deadlines(
                reader,
                sorted(stating),
                self._names(reader, request),
                self._site(request),
            )
            modified = _last_change_at(reader)
        return responses.respond(request, body, MEDIA_TYPES["ics"], modified=modified)

    def clocks(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = reader.discoveries()
            body = clocks_ics.write_clocks(found, self._names(reader, request), self._site(request))
            modified = _last_change_at(reader)
        return responses.respond(request, body, MEDIA_TYPES["ics"], modified=modified)

    def opml(self, request: Request) -> Response:
        with self.archive.read() as reader:
            body = write_subscriptions(
                reader.sources(), reader.incidents(), self._site(request), self.watching
            )
        return responses.respond(request, body, MEDIA_TYPES["opml"])

    # --- files -----------------------------------------------------------------------------

    def static(self, request: Request) -> Response:
        path = request.scope["path"].lstrip("/")
        return responses.respond(request, render.read_static(path), MEDIA_TYPES[path.rpartition(".")[2]])

    def snapshot(self, request: Request) -> Response:
        """Send bytes as they were received: only ever a download, never a page of this site."""
        id = request.path_params["id"]
        with self.archive.read() as reader:
            found = reader.snapshot(id, body=True) if id <= MAX_ID else None
            page = reader.page_by_id(found.page) if found else None
        if found is None:
            raise not_found("this snapshot")
        if found.body is None:
            raise HTTPException(410, "these bytes were removed to protect personal data")
        name = make_file_name(page.source if page else "snapshot", id, found.header("Content-Type"))
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return responses.respond(
            request, found.body, "application/octet-stream", modified=found.captured_at, headers=headers
        )

    def file(self, request: Request) -> Response:
        """Answer with a file of the folder, if there is one and it lies within."""
        path = request.path_params["path"]
        if self.folder is None or "\0" in path:
            raise not_found("this page")
        root = self.folder.resolve()
        hidden = any(part.startswith(".") for part in Path(path).parts)
        try:
            target = (root / path).resolve()
            known = not hidden and target.is_relative_to(root) and target.is_file()
        except OSError:  # a name longer than any file's
            known = False
        if not known:
            raise not_found("this page")
        media = MEDIA_TYPES.get(target.suffix.removeprefix("."), "application/octet-stream")
        modified = datetime.fromtimestamp(int(target.stat().st_mtime), EPOCH.tzinfo)
        return responses.respond(request, target.read_bytes(), media, modified=modified)

    # --- since the last visit ----------------------------------------------------------------

    def _visit(self, request: Request, newest: int) -> tuple[SeenUntil | None, str]:
        """Read the mark in the address or the cookie, and what is to become of the cookie."""
        asked = request.query_params.get("seen", "")
        if asked == "stop":
            return None, "drop"
        if (marked := visits.read_mark(asked, self.key)) is not None:
            return marked, ""
        if asked == "start":
            return visits.begin_visit(newest, self.now()), "keep"
        if asked:
            raise BadParameter("no-mark")
        kept = visits.read_mark(request.cookies.get(VISITS, ""), self.key)
        return (None, "") if kept is None else (visits.go_on(kept, newest, self.now()), "keep")

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

    # --- common ----------------------------------------------------------------------------

    def base(self, request: Request) -> str:
        """Give the address that links of an answer begin with, where they have to be whole."""
        return self.base_url or _own_address(request)

    def _names(self, reader: Reader, request: Request) -> Names:
        lang = self._site(request).lang
        return self.parts.get(reader, ("names", lang), lambda: load_names(reader, lang))

    def _site(self, request: Request) -> Site:
        lang = request.query_params.get("lang", self.lang)
        if lang not in LANGUAGES:
            raise unknown_choice("lang", LANGUAGES)
        keep = "" if lang == self.lang else f"lang={lang}"
        return Site(self.base(request), lang, keep, live=True, hub=self.hub, contact=self.contact)

    def _page(
        self,
        request: Request,
        template: str,
        path: str,
        context: dict[str, Any],
        modified: datetime | None,
        status: int = 200,
    ) -> Response:
        site = self._site(request)
        context["other_language"] = _language_link(request, site.lang)
        proof = self.gate.proof(request) if self.gate else ""
        context |= {"operable": self.gate is not None, "proof": proof}
        body = render.render_page(f"{template}.html.j2", path, site, context)
        headers = {"Cache-Control": "no-store"} if proof else None
        return responses.respond(
            request, body, MEDIA_TYPES["html"], modified=modified, status=status, headers=headers
        )

    def show(self, request: Request, template: str, context: dict[str, Any], status: int) -> Response:
        """Answer with a page of those who decide."""
        return self._page(request, template, request.url.path.lstrip("/"), context, None, status)

    def refusal(self, request: Request, refused: HTTPException) -> Response:
        ja = getattr(refused, "ja", "")
        return self.error(request, refused.status_code, refused.detail, ja, refused.headers)

    def error(
        self,
        request: Request,
        status: int,
        message: str,
        ja: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Answer an error with words to programs, a page to people. What was asked for is not repeated."""
        path = request.url.path
        if path.startswith(("/feeds", "/api", "/snapshots", "/static", "/healthz", "/metrics")):
            return responses.respond_text(request, message, status, headers)
        lang = request.query_params.get("lang", self.lang)
        lang = lang if lang in LANGUAGES else self.lang
        site = Site(self.base_url, lang, "" if lang == self.lang else f"lang={lang}", live=True)
        context = {
            "heading": f"{status} {word(ERRORS, HTTPStatus(status).phrase, lang)}",
            "message": plain(ja if lang == "ja" and ja else message),
            "english": not ja,
            "other_language": _language_link(request, lang),
        }
        body = render.render_page("error.html.j2", path.lstrip("/"), site, context)
        return responses.respond(
            request, body, MEDIA_TYPES["html"], status=status, headers=dict(headers or {})
        )


def _own_address(request: Request) -> str:
    """Give the address at which this was asked.

    Of host names in a request only this machine's own is believed: any other would stand in feeds that
    a proxy may keep for others.
    """
    scheme = "https" if request.url.scheme == "https" else "http"
    host, port = request.scope.get("server") or ("localhost", None)
    server = f"[{host}]" if ":" in host else host
    named = re.fullmatch(r"(localhost|[0-9.]+|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", request.url.netloc)
    if named and named[1] in ("localhost", server):
        return f"{scheme}://{request.url.netloc}/"
    usual = {"http": 80, "https": 443}[scheme]
    return f"{scheme}://{server}{f':{port}' if port and port != usual else ''}/"


def _language_link(request: Request, lang: str) -> str | None:
    """Give the same address in the other language.

    A query far too long to be meant is dropped. Return None where a form was sent to: a link cannot
    send it again.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    other = next(one for one in LANGUAGES if one != lang)
    switched = str(request.url.include_query_params(lang=other).query)
    return f"?{switched}" if len(switched) <= MAX_SWITCHED_CHARS else f"?lang={other}"


def _last_change_at(reader: Reader) -> datetime:
    """Find when the archive last recorded a change."""
    return reader.latest_change()[1] or EPOCH


def _redirect_to_canonical(request: Request) -> Response | None:
    """Redirect from what a form sends, with empty and doubled fields, to the address that says the same."""
    given = request.query_params.multi_items()
    said = list(dict.fromkeys((name, value) for name, value in given if value))
    if len(said) == len(given):
        return None
    return Response(status_code=303, headers={**responses.HEADERS, "Location": f"?{urlencode(said)}"})


def _redirect_beside(request: Request, path: str) -> Response:
    """Redirect to the page that another one of its folder goes on as: of a merged incident, or a body."""
    query = f"?{request.url.query}" if request.url.query else ""
    place = path.rpartition("/")[2]
    return Response(status_code=308, headers={**responses.HEADERS, "Location": f"{place}{query}"})


def _next_page_address(path: str, parameters: str, before: int) -> str:
    return f"{path}?{parameters}{'&' if parameters else ''}before={before}"


def _build_choice(names: Names, path: str, question: Question, lang: str) -> home_page.FilterChoice:
    return home_page.build_choice(names, path, _form_values(question.parameters), question.parameters, lang)


def _form_values(parameters: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Give one value for each field of the form."""
    return {**dict.fromkeys(CONDITIONS, ""), **dict(parameters)}
