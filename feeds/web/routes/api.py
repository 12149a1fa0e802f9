"""The archive as JSON, also for pages of other sites where everybody may read.

See api_lists for lists, operate for the few addresses that accept decisions, and openapi for the
description of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from tempfile import SpooledTemporaryFile
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.course.course_json import clock_json, cross_check_json, roster_json, timeline_json
from feeds.course.incident_course import Course, load_course
from feeds.evidence.bundle import MAX_BUNDLE_BYTES, Bundle, bundle_of_change, bundle_of_notice, write_bundle
from feeds.formats.entries import load_names
from feeds.formats.headlines import load_headlines, shape_change, shape_changes
from feeds.sheets.office_files import OFFICE_FORMS, write_rows
from feeds.sheets.office_rows import OFFICE_TABLES, Office, take_rows
from feeds.views.deciding.pending import find_pending
from feeds.web import lookup, responses
from feeds.web.params import parse_choice, parse_decision_filter, parse_number, parse_params
from feeds.web.routes import api_lists
from feeds.web.routes.openapi import describe_api
from feeds.web.routes.schemas import OF_LINKS, OF_OFFERS
from feeds.web.running.kept import KeptAnswers
from feeds.wording.conditions import known_parameters, refuse_unknown
from feeds.wording.words import LANGUAGES
from storage.archive import Archive, Reader
from storage.json_shapes import (
    Json,
    alert_json,
    coverage_json,
    fact_json,
    hunk_json,
    incident_json,
    link_json,
    notice_json,
    offer_json,
    redaction_json,
    source_json,
    version_json,
)
from storage.query import Coverage
from storage.records import Comparison, Source, Version

MAX_HELD_BYTES = 1_000_000
"""Of a file of evidence, in memory."""
MAX_ALERTS = 20
"""Alerts that are shown beside their source."""


def make_routes(
    archive: Archive,
    compare: Callable[[Version, Version], Comparison] | None,
    now: Callable[[], datetime],
    kept: KeptAnswers,
    *,
    writable: bool,
    base_url: str = "",
) -> list[Route]:
    """Make the routes of the API that only read; what may take long waits in line."""
    api, wait = _Api(archive, compare, now, writable, base_url), kept.wait_in_line
    return [
        Route("/api/openapi.json", _strict(api.openapi)),
        *api_lists.make_routes(archive, kept),
        Route("/api/changes/{id:digits}", _strict(api.change)),
        Route("/api/changes/{id:digits}/evidence.zip", wait(_strict(api.evidence_of_change))),
        Route("/api/notices/{id:digits}/evidence.zip", wait(_strict(api.evidence_of_notice))),
        Route("/api/notices/{id:digits}", _strict(api.notice)),
        Route("/api/notices/{id:digits}/diff", wait(_strict(api.pair, ("a", "b")))),
        Route("/api/notices/{id:digits}/versions/{version:digits}", _strict(api.version)),
        Route("/api/tables/{what}.{form}", wait(api.table)),
        Route("/api/sources", _strict(api.sources)),
        Route("/api/sources/{id:slug}", _strict(api.source)),
        Route("/api/incidents", _strict(api.incidents)),
        Route("/api/incidents/{slug:slug}", _strict(api.incident)),
        Route("/api/offers", _strict(api.offers, OF_OFFERS)),
        Route("/api/links", _strict(api.links, OF_LINKS)),
        Route("/api/redactions", _strict(api.redactions)),
    ]


def _strict(
    endpoint: Callable[[Request], Response], names: Iterable[str] = ()
) -> Callable[[Request], Response]:
    """Make an endpoint refuse what it does not know: a misspelt filter would let everything pass."""
    known = known_parameters(names)

    def answer(request: Request) -> Response:
        refuse_unknown(request.query_params, known)
        return endpoint(request)

    return answer


@dataclass(frozen=True, slots=True)
class _Api:
    archive: Archive
    compare: Callable[[Version, Version], Comparison] | None
    now: Callable[[], datetime]
    writable: bool
    base_url: str

    def openapi(self, request: Request) -> Response:
        return responses.respond_json(request, describe_api(writable=self.writable))

    def change(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = lookup.find_change(reader, request)
            names = load_names(reader)
        value = {**shape_change(found, names), "hunks": [hunk_json(hunk) for hunk in found.hunks]}
        return responses.respond_json(request, value)

    def notice(self, request: Request) -> Response:
        with self.archive.read() as reader:
            notice = lookup.find_notice(reader, request)
            slugs = {incident.id: incident.slug for incident in reader.incidents()}
            value = {
                **notice_json(notice),
                **_document_json(reader, notice.page),
                "attachments": [
                    {"url": page.url, **_document_json(reader, page.id)}
                    for page in reader.attachments_of(notice.page)
                ],
                "changes": shape_changes(reader, reader.changes_of_notice(notice.id), load_names(reader)),
                "links": [
                    link_json(slugs[link.incident], link) for link in reader.links_of_notice(notice.id)
                ],
                "redactions": [
                    redaction_json(trace) for trace in reader.redactions() if trace.notice == notice.id
                ],
            }
        return responses.respond_json(request, value)

    def evidence_of_change(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = lookup.find_change(reader, request)
            return self._evidence(request, reader, bundle_of_change(reader, found))

    def evidence_of_notice(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = lookup.find_notice(reader, request)
            return self._evidence(request, reader, bundle_of_notice(reader, found))

    def _evidence(self, request: Request, reader: Reader, bundle: Bundle) -> Response:
        if bundle.size > MAX_BUNDLE_BYTES:
            raise lookup.BilingualError(413, "evidence-too-large")
        file = SpooledTemporaryFile(MAX_HELD_BYTES)  # noqa: SIM115 - closed when it was sent
        write_bundle(reader, bundle, load_names(reader), file, self.base_url)
        return responses.respond_file(request, file, "application/zip", f"{bundle.name}.zip")

    def table(self, request: Request) -> Response:
        """Answer with a table for an office; where there are more rows, the Link header leads on to them."""
        what, form = request.path_params["what"], request.path_params["form"]
        if what not in OFFICE_TABLES or form not in OFFICE_FORMS:
            raise lookup.not_found("this format")
        table = OFFICE_TABLES[what]
        refuse_unknown(request.query_params, known_parameters((*table.filters, "after")))
        lang = parse_choice(request.query_params, "lang", LANGUAGES) or "ja"
        query = parse_params(request.query_params, material=None).query
        query = replace(query, after=parse_number(request.query_params, "after"))
        with self.archive.read() as reader:
            office = Office(reader, query, load_names(reader, lang), self.now(), self.base_url)
            rows, last = take_rows(table, office, api_lists.MAX_FILE_ROWS)
        file = SpooledTemporaryFile(MAX_HELD_BYTES)  # noqa: SIM115 - closed when it was sent
        write_rows(rows, table.columns, lang, form, file)
        headers = {}
        if last is not None:
            asked = [(name, value) for name, value in request.query_params.items() if name != "after"]
            headers["Link"] = f'<{what}.{form}?{urlencode([*asked, ("after", str(last))])}>; rel="next"'
        return responses.respond_file(request, file, OFFICE_FORMS[form], f"kohyo-{what}.{form}", headers)

    def version(self, request: Request) -> Response:
        with self.archive.read() as reader:
            version = lookup.find_version(reader, request)
            page = reader.page_by_id(version.page)
            assert page is not None, "the foreign key says so"
            value = {
                **version_json(version),
                "url": page.url,
                "text": version.text,
                "facts": [fact_json(fact) for fact in reader.facts(version.id)],
            }
        return responses.respond_json(request, value)

    def pair(self, request: Request) -> Response:
        with self.archive.read() as reader:
            old, new = lookup.find_pair(reader, request)
        if self.compare is None:
            raise HTTPException(404, "versions are not compared here")
        value = {
            "notice": request.path_params["id"],
            "old": version_json(old),
            "new": version_json(new),
            "hunks": [hunk_json(hunk) for hunk in self.compare(old, new).hunks],
        }
        return responses.respond_json(request, value)

    def sources(self, request: Request) -> Response:
        with self.archive.read() as reader:
            known = {source.id: source for source in reader.sources()}
            items = [_source_json(known[covered.source], covered) for covered in reader.coverage(self.now())]
        return _whole_list(request, items)

    def source(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = lookup.find_source(reader, request)
            (covered,) = reader.coverage(self.now(), (found.id,))
            undecided = find_pending(reader, load_names(reader), found.id)
            value = {
                **_source_json(found, covered),
                "raised": [alert_json(alert) for alert in reader.alerts((found.id,), limit=MAX_ALERTS)],
                "offers": [offer_json(row.offer) for row in undecided.offers],
                "links": [link_json(row.slug, row.link) for row in undecided.links],
            }
        return responses.respond_json(request, value)

    def incidents(self, request: Request) -> Response:
        with self.archive.read() as reader:
            items = [incident_json(incident) for incident in reader.incidents()]
        return _whole_list(request, items)

    def incident(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = lookup.find_incident(reader, request)
            links = [link_json(found.slug, link) for link in reader.incident_links(found.slug)]
            known = load_course(reader, found)
            changes = [entry.change for entry in known.timeline if entry.change]
            names = load_names(reader)
            value = {
                **incident_json(found),
                **_course_json(known, load_headlines(reader, changes, names)),
                "links": links,
            }
        return responses.respond_json(request, value)

    def offers(self, request: Request) -> Response:
        wanted, status = parse_decision_filter(request.query_params, "source")
        with self.archive.read() as reader:
            offers = reader.offers(status)
        return _whole_list(request, [offer_json(one) for one in offers if not wanted or one.source in wanted])

    def links(self, request: Request) -> Response:
        wanted, status = parse_decision_filter(request.query_params, "incident")
        with self.archive.read() as reader:
            items = [
                link_json(incident.slug, link)
                for incident in reader.incidents()
                if not wanted or incident.slug in wanted
                for link in reader.incident_links(incident.slug)
                if status in (None, link.status)
            ]
        return _whole_list(request, items)

    def redactions(self, request: Request) -> Response:
        with self.archive.read() as reader:
            items = [redaction_json(trace) for trace in reader.redactions()]
        return _whole_list(request, items)


def _whole_list(request: Request, items: list[Json]) -> Response:
    """Answer with a list that is short enough to be given at once."""
    return responses.respond_json(request, {"items": items, "next": None})


def _document_json(reader: Reader, page: int) -> Json:
    """Shape every version of a page, with the text and facts of the newest."""
    versions = reader.versions(page)
    return {
        "history": [version_json(version) for version in versions],
        "text": versions[-1].text if versions else None,
        "facts": [fact_json(fact) for fact in reader.facts(versions[-1].id)] if versions else [],
    }


def _source_json(source: Source, covered: Coverage) -> Json:
    about = source_json(source)
    return {name: about[name] for name in ("name", "kind", "start", "every", "note")} | coverage_json(covered)


def _course_json(known: Course, headlines: Mapping[int, str]) -> Json:
    return {
        "roster": [roster_json(member) for member in known.roster],
        "counts": [
            {
                "change": row.change.id,
                "detected_at": row.change.detected_at.isoformat(),
                "source": row.change.source,
                "notice": row.change.notice,
                "old": row.count.old,
                "new": row.count.new,
            }
            for row in known.counts
        ],
        "measures": [
            {
                "notice": row.notice.id,
                "source": row.notice.source,
                "title": row.notice.title,
                "actions": row.actions,
                "provisions": [fact_json(fact) for fact in row.provisions],
                "deadlines": [fact_json(fact) for fact in row.deadlines],
            }
            for row in known.measures
        ],
        "timeline": [timeline_json(entry, headlines) for entry in known.timeline],
        "clocks": [clock_json(row) for row in known.clocks],
        "cross_check": cross_check_json(known.cross_check),
    }
