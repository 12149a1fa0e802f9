"""What the API answers, as OpenAPI 3.1."""

from __future__ import annotations

from typing import Any, get_args

from feeds.terms import ACTIONS
from feeds.words import LANGUAGES
from storage.records import REASONS, ChangeKind, NoticeStatus, SourceKind

_STRING: dict[str, Any] = {"type": "string"}
_INTEGER: dict[str, Any] = {"type": "integer"}
_TIME = {"type": "string", "format": "date-time"}
_DAY = {"type": ["string", "null"], "format": "date"}
_OPTIONAL = {"type": ["integer", "null"]}
_WORDS = {"type": ["string", "null"]}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _object(**properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _one_of(values: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


_SCHEMAS = {
    "Change": _object(
        id=_INTEGER,
        detected_at=_TIME,
        kind=_one_of(get_args(ChangeKind)),
        material={"type": "boolean"},
        reasons=_list(_one_of(REASONS)),
        source=_STRING,
        notice=_INTEGER,
        url=_STRING,
        title=_STRING,
        from_version=_OPTIONAL,
        to_version=_OPTIONAL,
        summary=_STRING,
        facts=_list(_object(field=_STRING, old=_WORDS, new=_WORDS)),
    ),
    "Notice": _object(
        id=_INTEGER,
        source=_STRING,
        url=_STRING,
        title=_STRING,
        published=_DAY,
        updated=_DAY,
        status=_one_of(get_args(NoticeStatus)),
        versions=_INTEGER,
        first_seen=_TIME,
        last_seen=_TIME,
        incidents=_list(_STRING),
    ),
    "Source": _object(source=_STRING, name=_STRING, kind=_one_of(get_args(SourceKind)), start=_list(_STRING)),
    "Incident": _object(slug=_STRING, name=_STRING, summary=_STRING, respondents=_list(_STRING)),
    "Hit": _object(
        notice=_INTEGER,
        version=_OPTIONAL,
        source=_STRING,
        url=_STRING,
        title=_STRING,
        published=_DAY,
        snippet=_STRING,
        spans=_list(_list(_INTEGER)),
    ),
}  # fmt: skip

_PARAMETERS = {
    "q": (_STRING, "words that stand in title or text, exactly"),
    "source": (_STRING, "id of a source; several with commas"),
    "publisher": (_one_of(get_args(SourceKind)), "kind of publisher"),
    "incident": (_STRING, "slug of an incident"),
    "kind": (_one_of(get_args(ChangeKind)), "kind of change"),
    "reason": (_one_of(REASONS), "what a change is about"),
    "material": (_one_of(("true", "false", "any")), "material changes; all where it is left out"),
    "min_count": (_INTEGER, "a count of at least so many is stated"),
    "provision": (_STRING, "number of an article that is stated"),
    "organisation": (_STRING, "part of the name of an organisation that is stated"),
    "action": (_one_of(ACTIONS), "measure of an authority that is stated"),
    "since": ({"type": "string", "format": "date"}, "from this day in Japan on"),
    "until": ({"type": "string", "format": "date"}, "before this day in Japan"),
    "limit": (_INTEGER, "rows of one page"),
    "after": (_INTEGER, "id of the last row already seen: the page goes on behind it"),
}

_LISTS = {
    "/api/changes": ("Change", "Changes, newest first"),
    "/api/notices": ("Notice", "Notices, newest first by the day they were published"),
    "/api/search": ("Hit", "Notices found by their text; q is required"),
}
_SINGLES = {
    "/api/notices/{id}": ("Notice", "id", _INTEGER, "A notice with its history, text, facts and changes"),
    "/api/incidents/{slug}": ("Incident", "slug", _STRING, "An incident with its links and their evidence"),
}


def description() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for path, (schema, summary) in _LISTS.items():
        parameters = [
            _parameter(name, *said, required=name == "q" and schema == "Hit")
            for name, said in _PARAMETERS.items()
        ]
        paths[path] = _get(summary, parameters, _page(schema))
    for path, (schema, name, kind, summary) in _SINGLES.items():
        parameter = {"name": name, "in": "path", "required": True, "schema": kind}
        paths[path] = _get(summary, [parameter], _reference(schema))
    paths["/api/sources"] = _get("Sources with what has been watched of each", [], _page("Source"))
    paths["/api/incidents"] = _get("Incidents with their rosters", [], _page("Incident"))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kohyo",
            "version": "1",
            "description": "What is published about personal-data incidents in Japan, and how it changed. "
            f"Pages and feeds take lang={'|'.join(LANGUAGES)}; this interface quotes as published.",
        },
        "paths": paths,
        "components": {"schemas": _SCHEMAS},
    }


def _parameter(name: str, schema: dict[str, Any], said: str, *, required: bool) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": said}


def _reference(schema: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _page(schema: str) -> dict[str, Any]:
    return _object(items=_list(_reference(schema)), next=_WORDS)


def _get(summary: str, parameters: list[dict[str, Any]], schema: dict[str, Any]) -> dict[str, Any]:
    found = {"description": "Found", "content": {"application/json": {"schema": schema}}}
    refused = {"description": "It makes no sense; the text says why", "content": {"text/plain": {}}}
    return {
        "get": {
            "summary": summary,
            "parameters": parameters,
            "responses": {"200": found, "400": refused},
        }
    }
