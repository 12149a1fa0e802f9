"""The collections of the API: page by page as JSON, or as a file. Their description uses the same table."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds.formats.entries import load_names
from feeds.formats.headlines import shape_changes
from feeds.web import lookup, responses
from feeds.web.params import parse_alert_filter, parse_number, parse_params
from feeds.web.routes.schemas import FILTERS, OF_ALERTS, OF_SEARCH, SCHEMAS, Parameter
from feeds.web.running.kept import KeptAnswers
from feeds.wording.conditions import BadParameter, known_parameters, refuse_unknown
from storage.archive import Archive, Reader
from storage.export import CSV_FIELDS, write_csv, write_jsonl
from storage.json_shapes import Json, alert_json, check_json, hit_json, notice_json
from storage.query import Query

PAGING = ("limit", "after")
PAGE_ROWS, MAX_PAGE_ROWS = 100, 1_000
MAX_FILE_ROWS = 10_000
FILE_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv"}


@dataclass(frozen=True, slots=True)
class Collection:
    """A list of the API: how rows are fetched, found by id, and shaped.

    ``fetch`` returns at most so many rows behind the one with an id; ``find`` returns that row or None.
    """

    schema: str
    summary: str
    parameters: dict[str, Parameter]
    fetch: Callable[[Request, Reader, int, int | None], list[Any]]
    find: Callable[[Reader, int], object]
    shape: Callable[[Reader, list[Any]], list[Json]]
    id: Callable[[Any], int] = attrgetter("id")


def _parse_query(request: Request, limit: int, after: int | None) -> Query:
    return replace(parse_params(request.query_params, material=None).query, limit=limit, after=after)


def _fetch_changes(request: Request, reader: Reader, limit: int, after: int | None) -> list[Any]:
    return reader.brief_changes(_parse_query(request, limit, after))


def _fetch_notices(request: Request, reader: Reader, limit: int, after: int | None) -> list[Any]:
    return reader.notices(_parse_query(request, limit, after))


def _fetch_hits(request: Request, reader: Reader, limit: int, after: int | None) -> list[Any]:
    question = _parse_query(request, limit, after)
    if not question.text:
        raise BadParameter("no-words")
    return reader.search(question.text, replace(question, text=None))


def _fetch_alerts(request: Request, reader: Reader, limit: int, after: int | None) -> list[Any]:
    return reader.alerts(**parse_alert_filter(request.query_params), limit=limit, after=after)


def _fetch_checks(request: Request, reader: Reader, limit: int, after: int | None) -> list[Any]:
    return reader.checks_of_source(lookup.find_source(reader, request).id, limit, after)


def _each(shape: Callable[[Any], Json]) -> Callable[[Reader, list[Any]], list[Json]]:
    return lambda _, rows: list(map(shape, rows))


COLLECTIONS = {
    "changes": Collection(
        "Change",
        "Changes, newest first",
        FILTERS,
        _fetch_changes,
        Reader.change,
        lambda reader, rows: shape_changes(reader, rows, load_names(reader)),
    ),
    "notices": Collection(
        "Notice",
        "Notices, newest first by the day they were published",
        FILTERS,
        _fetch_notices,
        Reader.notice,
        _each(notice_json),
    ),
    "search": Collection(
        "Hit",
        "Notices found by their text; q is required",
        OF_SEARCH,
        _fetch_hits,
        Reader.notice,
        _each(hit_json),
        lambda hit: hit.notice.id,
    ),
    "alerts": Collection(
        "Alert",
        "What the operator must see, the last seen first; never a change of a publisher's",
        OF_ALERTS,
        _fetch_alerts,
        Reader.alert,
        _each(alert_json),
    ),
    "sources/{id:slug}/checks": Collection(
        "Check",
        "When the pages of a source were looked at and how that went, newest first",
        {},
        _fetch_checks,
        Reader.check,
        _each(lambda row: check_json(*row)),
        lambda row: row[1].id,
    ),
}


def make_routes(archive: Archive, kept: KeptAnswers) -> list[Route]:
    """Make two routes for each collection: pages and files."""
    made = [(path, _CollectionEndpoint(archive, listing)) for path, listing in COLLECTIONS.items()]
    return [
        *(
            Route(f"/api/{path}", kept.wait_in_line(answering.page, _asks_for_words))
            for path, answering in made
        ),
        *(Route(f"/api/{path}.{{form}}", kept.wait_in_line(answering.file)) for path, answering in made),
    ]


def _asks_for_words(request: Request) -> bool:
    return "q" in request.query_params


@dataclass(frozen=True, slots=True)
class _CollectionEndpoint:
    archive: Archive
    listing: Collection

    def page(self, request: Request) -> Response:
        """Answer with one page; ``next`` is the address of the page behind it, or null."""
        rows, going_on = self._rows(request, PAGE_ROWS, MAX_PAGE_ROWS)
        return responses.respond_json(request, {"items": rows, "next": going_on})

    def file(self, request: Request) -> Response:
        """Answer with the same rows as one file; where there are more, the Link header leads on to them."""
        form = request.path_params["form"]
        if form not in FILE_TYPES:
            raise lookup.not_found("this format")
        rows, going_on = self._rows(request, MAX_FILE_ROWS, MAX_FILE_ROWS)
        out = io.BytesIO()
        if form == "csv":
            names = tuple(SCHEMAS[self.listing.schema]["properties"])
            released = CSV_FIELDS if "facts" in names else ()  # before what has come since
            write_csv(rows, out, (*released, *(name for name in names if name not in released)))
        else:
            write_jsonl(rows, out)
        name = request.scope["path"].rpartition("/")[2]
        headers = {**responses.CORS_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
        if going_on:
            headers["Link"] = f'<{going_on}>; rel="next"'
        return responses.respond(request, out.getvalue(), FILE_TYPES[form], headers=headers)

    def _rows(self, request: Request, usual: int, most: int) -> tuple[list[Json], str | None]:
        given, listing = request.query_params, self.listing
        refuse_unknown(given, known_parameters((*listing.parameters, *PAGING)))
        limit, after = parse_number(given, "limit"), parse_number(given, "after")
        if limit == 0:
            raise BadParameter("no-limit")
        limit = min(limit or usual, most)
        with self.archive.read() as reader:
            if after is not None and listing.find(reader, after) is None:
                raise BadParameter("no-row")
            rows = listing.fetch(request, reader, limit + 1, after)
            shaped = listing.shape(reader, rows[:limit])
        going_on = _next_page_address(request, listing.id(rows[limit - 1])) if len(rows) > limit else None
        return shaped, going_on


def _next_page_address(request: Request, after: int) -> str:
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return f"{quote(request.scope['path'])}?{urlencode([*parameters, ('after', after)])}"
