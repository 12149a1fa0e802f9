"""Describe what the API accepts and answers, as OpenAPI 3.1."""

from __future__ import annotations

import re
from typing import Any

from feeds.evidence.bundle import MAX_BUNDLE_BYTES
from feeds.sheets.office_files import OFFICE_FORMS
from feeds.sheets.office_rows import OFFICE_TABLES
from feeds.web.params import MAX_ID
from feeds.web.routes.api_lists import COLLECTIONS, FILE_TYPES, MAX_FILE_ROWS, MAX_PAGE_ROWS, PAGE_ROWS
from feeds.web.routes.operate import MAX_BODY_BYTES
from feeds.web.routes.schemas import (
    FILTERS,
    INTEGER,
    OF_LINKS,
    OF_OFFERS,
    SCHEMAS,
    STRING,
    Parameter,
    Schema,
    array_of,
    enum_of,
    nullable,
    object_of,
    refer_to,
)
from feeds.wording.conditions import MAX_QUERY_CHARS
from feeds.wording.words import LANGUAGES

Json = dict[str, Any]

_ROW: Schema = {**INTEGER, "minimum": 1, "maximum": MAX_ID}
_VERSIONS: dict[str, Parameter] = {
    "a": (_ROW, "id of the version to compare"),
    "b": (_ROW, "id of the version to compare it with"),
}
_PAGING: dict[str, Parameter] = {
    "limit": (_ROW, f"rows of one page: {PAGE_ROWS}, at most {MAX_PAGE_ROWS}"),
    "after": (_ROW, "id of the last row already seen: the page goes on behind it"),
}
_DECISION = object_of(decision=enum_of(("accept", "reject")))
_LINK_DECISION = {
    **_DECISION,
    "properties": {
        **_DECISION["properties"],
        "overrules": {
            **enum_of(("confirmed", "rejected")),
            "description": "the decision that stands and is turned round: rejected with accept, confirmed "
            "with reject; left out where nothing has been decided yet",
        },
    },
}
_REDACTION = object_of(
    reason={**STRING, "minLength": 1, "maxLength": MAX_QUERY_CHARS},
    sure={"const": "yes", "description": "for good"},
)


def describe_api(*, writable: bool) -> Json:
    """Describe the API as it is served; without an operator nothing in it accepts a decision."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "kohyo",
            "version": "1",
            "description": "What is published about personal-data incidents in Japan, and how it changed. "
            f"Pages and feeds take lang={'|'.join(LANGUAGES)}; this interface quotes as published. "
            "Errors are words in text/plain.",
        },
        "paths": {path: _path(path, operations) for path, operations in _paths(writable).items()},
        "components": {
            "schemas": SCHEMAS,
            "responses": _ERRORS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths(writable: bool) -> dict[str, Json]:
    paths = {"/api/openapi.json": _get_operation("This description", {"type": "object"})}
    for name, listing in COLLECTIONS.items():
        path = "/api/" + re.sub(r":\w+", "", name)
        parameters = listing.parameters | _PAGING
        required = ("q",) if listing.schema == "Hit" else ()
        paths[path] = _get_operation(listing.summary, _page_schema(listing.schema), parameters, required)
        paths[f"{path}.{{form}}"] = _download_operation(listing.summary, parameters, required)
    paths |= {
        "/api/changes/{id}": _get_operation("A change with its differences", refer_to("ChangeInFull")),
        "/api/notices/{id}": _get_operation(
            "A notice with its history, text, facts, attachments, changes, links",
            refer_to("NoticeInFull"),
        ),
        "/api/changes/{id}/evidence.zip": _evidence_operation(
            "The evidence of a change: bytes before and after, headers, digests, its part of the chain"
        ),
        "/api/notices/{id}/evidence.zip": _evidence_operation(
            "The evidence of a notice: every change, and the bytes of every version"
        ),
        "/api/notices/{id}/versions/{version}": _get_operation(
            "A version of a notice's page or attachment, with text and facts", refer_to("VersionInFull")
        ),
        "/api/notices/{id}/diff": _get_operation(
            "What differs between any two versions of a notice's page, or of one of its attachments",
            refer_to("Comparison"),
            _VERSIONS,
            tuple(_VERSIONS),
        ),
        "/api/tables/{what}.{form}": _table_operation(),
        "/api/sources": _get_operation("Sources with what has been watched of each", _page_schema("Source")),
        "/api/sources/{id}": _get_operation(
            "A source, the last alerts of it, and what waits there for a decision", refer_to("SourceInFull")
        ),
        "/api/incidents": _get_operation(
            "Incidents with their rosters as declared", _page_schema("Incident")
        ),
        "/api/incidents/{slug}": _get_operation(
            "An incident with its links and their evidence, stated counts over time, measures, and who "
            "disclosed when",
            refer_to("IncidentInFull"),
        ),
        "/api/offers": _get_operation(
            "Addresses found on index pages, offered as sources", _page_schema("Offer"), OF_OFFERS
        ),
        "/api/links": _get_operation(
            "Links of notices to incidents, with their evidence", _page_schema("Link"), OF_LINKS
        ),
        "/api/redactions": _get_operation(
            "Traces that something was taken out, and why", _page_schema("Redaction")
        ),
    }
    if writable:
        paths |= {
            "/api/offers/{id}": _post_operation(
                "Watch an offered address, or never offer it again", _DECISION
            ),
            "/api/incidents/{slug}/links/{id}": _post_operation(
                "Say whether a notice belongs to an incident", _LINK_DECISION
            ),
            "/api/notices/{id}/redaction": _post_operation(
                "Take out for good what is stored of a notice", _REDACTION
            ),
        }
    return paths


def _path(path: str, operations: Json) -> Json:
    """Add what is in braces in the path, and what follows from that, to its operations."""
    of = {"form": enum_of(FILE_TYPES), "slug": STRING, "version": INTEGER, "what": enum_of(OFFICE_TABLES)}
    if "{what}" in path:
        of["form"] = enum_of(OFFICE_FORMS)
    of["id"] = STRING if path.startswith("/api/sources/") else INTEGER
    names = re.findall(r"\{(\w+)\}", path)
    inner = [{"name": name, "in": "path", "required": True, "schema": of[name]} for name in names]
    for method, operation in operations.items():
        operation["operationId"] = "_".join([method, *re.findall(r"\w+", path.removeprefix("/api/"))])
        if names:
            operation["responses"]["404"] = _error("Missing")
    return {**operations, "parameters": inner} if inner else operations


def _get_operation(
    summary: str,
    schema: Schema,
    parameters: dict[str, Parameter] | None = None,
    required: tuple[str, ...] = (),
) -> Json:
    return _read_operation(summary, parameters or {}, required, _response("Found", schema))


def _download_operation(summary: str, parameters: dict[str, Parameter], required: tuple[str, ...]) -> Json:
    link = {"schema": STRING, "description": 'rel="next": the file with the rows behind these, if there are'}
    kept = {"schema": STRING, "description": "a name for the file"}
    file = {
        "description": f"At most {MAX_FILE_ROWS} rows as JSON Lines, or as CSV with the same names"
        " (of changes steps and dates besides), in UTF-8 with a byte order mark",
        "headers": {"Link": link, "Content-Disposition": kept},
        "content": {media: {"schema": STRING} for media in FILE_TYPES.values()},
    }
    return _read_operation(f"{summary}, as a file", parameters, required, file)


def _table_operation() -> Json:
    link = {"schema": STRING, "description": 'rel="next": the file with the rows behind these, if there are'}
    kept = {"schema": STRING, "description": "a name for the file"}
    file = {
        "description": f"About {MAX_FILE_ROWS} rows for an office, one value a column",
        "headers": {"Link": link, "Content-Disposition": kept},
        "content": {media: {"schema": {}} for media in OFFICE_FORMS.values()},
    }
    lang = {"lang": (enum_of(LANGUAGES), "language of heads, and of what has a word in it")}
    asked = FILTERS | {"after": _PAGING["after"]} | lang
    return _read_operation("A table: one row a fact, a difference, a notice, a body, …", asked, (), file)


def _evidence_operation(summary: str) -> Json:
    kept = {"schema": STRING, "description": "a name for the file"}
    file = {
        "description": "A ZIP that says how it is checked without kohyo",
        "headers": {"Content-Disposition": kept},
        "content": {"application/zip": {"schema": {}}},
    }
    operation = _read_operation(summary, {}, (), file)
    operation["get"]["responses"]["413"] = _error("TooLong")
    return operation


def _read_operation(
    summary: str, parameters: dict[str, Parameter], required: tuple[str, ...], found: Json
) -> Json:
    unchanged = {"description": "As it was: If-None-Match names its ETag"}
    responses = {"200": found, "304": unchanged, "503": _error("Down")}
    if parameters:
        responses["400"] = _error("Refused")
    asked = [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "schema": _or_empty(schema),
            "description": said,
        }
        for name, (schema, said) in parameters.items()
    ]
    return {"get": {"summary": summary, "parameters": asked, "responses": responses}}


def _or_empty(schema: Schema) -> Schema:
    """Allow an empty value as well: a form sends its empty fields, too."""
    free = schema.get("type") == "string" and not schema.keys() & {"enum", "format", "minLength"}
    return schema if free else {"anyOf": [schema, {"type": "string", "maxLength": 0}]}


def _post_operation(summary: str, body: Schema) -> Json:
    responses = {
        "200": _response("Done", refer_to("Decision")),
        "400": _error("Refused"),
        "401": _error("NoToken"),
        "405": _error("NoPost"),
        "409": _response(
            "Nothing was decided: what stands is not what was to be decided, or overruled",
            refer_to("Decision"),
        ),
        "413": _error("TooLarge"),
        "415": _error("NoJson"),
        "429": _error("TooMany"),
        "503": _error("Down"),
    }
    return {
        "post": {
            "summary": summary,
            "security": [{"token": []}],
            "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
            "responses": responses,
        }
    }


def _page_schema(schema: str) -> Schema:
    return object_of(items=array_of(refer_to(schema)), next=nullable(STRING))


def _response(said: str, schema: Schema) -> Json:
    return {"description": said, "content": {"application/json": {"schema": schema}}}


def _error(name: str) -> Json:
    return {"$ref": f"#/components/responses/{name}"}


_ERRORS = {
    name: {"description": said, "content": {"text/plain": {"schema": STRING}}}
    for name, said in {
        "Refused": "It makes no sense; the text says why",
        "NoToken": "It needs the token: Authorization: Bearer …",
        "Missing": "It is not on record",
        "NoPost": "Nothing can be sent to this address",
        "TooLarge": f"The body is larger than {MAX_BODY_BYTES} bytes",
        "TooLong": f"Its captures are larger than {MAX_BUNDLE_BYTES} bytes; kohyo evidence makes it",
        "NoJson": "The body is not application/json",
        "TooMany": "Too many wrong tokens came from there: Retry-After says for how long",
        "Down": "The archive does not answer",
    }.items()
}
