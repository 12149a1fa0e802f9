"""The same reads as JSON, page by page, with their description as OpenAPI."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from feeds import answers
from feeds.asking import LARGEST, Refused, asked, number
from feeds.openapi import description
from storage.archive import Archive, Reader
from storage.contract import change_json, coverage_json, fact_json, hit_json, notice_json, version_json
from storage.export import write_csv, write_jsonl
from storage.query import Query
from storage.records import Incident, IncidentLink

PAGE, MOST = 100, 1_000
DOWNLOAD = 10_000


def routes(archive: Archive) -> list[Route]:
    api = _Api(archive)
    return [
        Route("/api/openapi.json", api.openapi),
        Route("/api/changes", api.changes),
        Route("/api/changes.{form}", api.changes_file),
        Route("/api/notices", api.notices),
        Route("/api/notices.{form}", api.notices_file),
        Route("/api/notices/{id:digits}", api.notice),
        Route("/api/sources", api.sources),
        Route("/api/incidents", api.incidents),
        Route("/api/incidents/{slug:slug}", api.incident),
        Route("/api/search", api.search),
    ]


Fetch = Callable[[Reader, Query], list[Any]]


@dataclass(frozen=True, slots=True)
class _Api:
    archive: Archive

    def openapi(self, request: Request) -> Response:
        return answers.json_answer(request, description())

    def changes(self, request: Request) -> Response:
        return self._list(request, lambda reader, query: reader.changes(query), change_json)

    def notices(self, request: Request) -> Response:
        return self._list(request, lambda reader, query: reader.notices(query), notice_json)

    def search(self, request: Request) -> Response:
        text = asked(request.query_params, material=None).text
        if not text:
            raise Refused("a search needs words: ?q=…")

        def fetch(reader: Reader, query: Query) -> list[Any]:
            return reader.search(text, replace(query, text=None))

        return self._list(request, fetch, hit_json, id=lambda hit: hit.notice.id)

    def changes_file(self, request: Request) -> Response:
        return self._file(request, lambda reader, query: reader.changes(query), change_json, "changes")

    def notices_file(self, request: Request) -> Response:
        return self._file(request, lambda reader, query: reader.notices(query), notice_json, "notices")

    def notice(self, request: Request) -> Response:
        id = request.path_params["id"]
        with self.archive.read() as reader:
            notice = reader.notice(id) if id <= LARGEST else None
            if notice is None:
                raise HTTPException(404, "this notice is not on record")
            versions = reader.versions(notice.page)
            facts = reader.facts(versions[-1].id) if versions else []
            value = {
                **notice_json(notice),
                "history": [version_json(version) for version in versions],
                "text": versions[-1].text if versions else None,
                "facts": [fact_json(fact) for fact in facts],
                "changes": [change_json(change) for change in reader.changes_of_notice(id)],
            }
        return answers.json_answer(request, value)

    def sources(self, request: Request) -> Response:
        with self.archive.read() as reader:
            known = {source.id: source for source in reader.sources()}
            items = [
                {
                    **coverage_json(covered),
                    "name": known[covered.source].name,
                    "kind": known[covered.source].kind,
                    "start": list(known[covered.source].start),
                    "every": known[covered.source].every,
                }
                for covered in reader.coverage()
            ]
        return answers.json_answer(request, {"items": items, "next": None})

    def incidents(self, request: Request) -> Response:
        with self.archive.read() as reader:
            items = [_incident_json(incident) for incident in reader.incidents()]
        return answers.json_answer(request, {"items": items, "next": None})

    def incident(self, request: Request) -> Response:
        with self.archive.read() as reader:
            found = reader.incident(request.path_params["slug"])
            if found is None:
                raise HTTPException(404, "this incident is not on record")
            links = [_link_json(link) for link in reader.incident_links(found.slug)]
        return answers.json_answer(request, {**_incident_json(found), "links": links})

    def _list(
        self,
        request: Request,
        fetch: Fetch,
        shape: Callable[[Any], dict[str, Any]],
        id: Callable[[Any], int] = lambda row: row.id,
    ) -> Response:
        """One page; ``next`` is the address of the page behind it, or null."""
        rows, more = self._rows(request, fetch, PAGE, MOST)
        going_on = _next(request, id(rows[-1])) if more else None
        return answers.json_answer(request, {"items": [shape(row) for row in rows], "next": going_on})

    def _file(
        self, request: Request, fetch: Fetch, shape: Callable[[Any], dict[str, Any]], name: str
    ) -> Response:
        """The same rows as one file to keep, JSON Lines or CSV."""
        form = request.path_params["form"]
        if form not in ("jsonl", "csv") or (form == "csv" and name != "changes"):
            raise HTTPException(404, "this format is not on offer")
        rows, more = self._rows(request, fetch, DOWNLOAD, DOWNLOAD)
        out = io.BytesIO()
        shaped: Iterable[dict[str, Any]] = map(shape, rows)
        if form == "csv":
            write_csv(shaped, out)
        else:
            write_jsonl(shaped, out)
        headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
        if more:
            headers["Link"] = f'<{_next(request, rows[-1].id)}>; rel="next"'
        media = "text/csv" if form == "csv" else "application/jsonl"
        return answers.answer(request, out.getvalue(), media, headers=headers)

    def _rows(self, request: Request, fetch: Fetch, usual: int, most: int) -> tuple[list[Any], bool]:
        given = request.query_params
        question = asked(given, material=None)
        limit = min(number(given, "limit") or usual, most)
        query = replace(question.query, limit=limit + 1, after=number(given, "after"))
        with self.archive.read() as reader:
            rows = fetch(reader, query)
        return rows[:limit], len(rows) > limit


def _next(request: Request, after: int) -> str:
    parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    return f"{request.url.path}?{urlencode([*parameters, ('after', after)])}"


def _incident_json(incident: Incident) -> dict[str, Any]:
    return {
        "slug": incident.slug,
        "name": incident.name,
        "summary": incident.summary,
        "respondents": list(incident.respondents),
        "window": [day.isoformat() if day else None for day in incident.window] if incident.window else None,
        "roster": [
            {
                "name": entry.name,
                "kind": entry.kind,
                "source": entry.source or None,
                "disclosed": entry.disclosed or None,
                "count": entry.count or None,
                "later": entry.later or None,
            }
            for entry in incident.roster
        ],
    }


def _link_json(link: IncidentLink) -> dict[str, Any]:
    return {
        "notice": link.notice,
        "status": link.status,
        "evidence": list(link.evidence),
        "score": link.score,
    }
