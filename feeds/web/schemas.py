"""What the API takes and gives, as JSON Schema; the shapes themselves are those of storage.json_shapes."""

from __future__ import annotations

from typing import Any, get_args

from feeds.web.params import ORDERS
from feeds.wording.terms import ACTIONS
from storage.query import State
from storage.records import (
    REASONS,
    ChangeKind,
    FactField,
    HunkOp,
    LinkStatus,
    NoticeStatus,
    Outcome,
    SourceKind,
)

Schema = dict[str, Any]
Parameter = tuple[Schema, str]
"""Its schema, and what it says."""


def listed(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def shape(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def one_of(values: Any) -> Schema:
    return {"type": "string", "enum": list(values)}


def reference(schema: str) -> Schema:
    return {"$ref": f"#/components/schemas/{schema}"}


def or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
STATUS = one_of(get_args(LinkStatus))

FILTERS: dict[str, Parameter] = {
    "q": (STRING, "phrases, apart by white space or in quotes, that a title or a text holds"),
    "source": (STRING, "id of a source; several with commas"),
    "publisher": (one_of(get_args(SourceKind)), "kind of publisher"),
    "incident": (STRING, "slug of an incident"),
    "kind": (one_of(get_args(ChangeKind)), "kind of change"),
    "reason": (one_of(REASONS), "what a change is about"),
    "material": (one_of(("true", "false", "any")), "material changes; all where it is left out"),
    "min_count": (INTEGER, "a count of at least so many is stated"),
    "provision": (STRING, "number of an article that is stated"),
    "organisation": (STRING, "part of the name of an organisation that is stated"),
    "action": (one_of(ACTIONS), "measure of an authority that is stated"),
    "since": (DAY, "from this day in Japan on"),
    "until": (DAY, "before this day in Japan"),
}
OF_SEARCH: dict[str, Parameter] = {
    **FILTERS,
    "order": (one_of(ORDERS), "newest first, or what the words are most about"),
}
OF_ALERTS: dict[str, Parameter] = {
    "source": FILTERS["source"],
    "kind": (STRING, "kind of alert, such as soft-404; several with commas"),
    "since": FILTERS["since"],
    "until": FILTERS["until"],
}
OF_OFFERS: dict[str, Parameter] = {"source": FILTERS["source"], "status": (STATUS, "what was decided")}
OF_LINKS: dict[str, Parameter] = {"incident": FILTERS["incident"], "status": OF_OFFERS["status"]}

_CHANGE = {
    "id": INTEGER,
    "detected_at": TIME,
    "kind": one_of(get_args(ChangeKind)),
    "material": BOOLEAN,
    "reasons": listed(one_of(REASONS)),
    "source": STRING,
    "notice": INTEGER,
    "url": STRING,
    "title": STRING,
    "from_version": or_null(INTEGER),
    "to_version": or_null(INTEGER),
    "summary": STRING,
    "facts": listed(shape(field=STRING, old=or_null(STRING), new=or_null(STRING))),
}
_NOTICE = {
    "id": INTEGER,
    "source": STRING,
    "url": STRING,
    "title": STRING,
    "published": or_null(DAY),
    "updated": or_null(DAY),
    "status": one_of(get_args(NoticeStatus)),
    "versions": INTEGER,
    "first_seen": TIME,
    "last_seen": TIME,
    "incidents": listed(STRING),
}
_VERSION = {
    "id": INTEGER,
    "number": INTEGER,
    "captured_at": TIME,
    "title": STRING,
    "published": or_null(DAY),
    "updated": or_null(DAY),
    "encoding": STRING,
    "snapshot": INTEGER,
    "attachments": listed(shape(text=STRING, url=STRING)),
}
_DOCUMENT = {
    "history": listed(reference("Version")),
    "text": or_null(STRING),
    "facts": listed(reference("Fact")),
}
_SOURCE = {
    "name": STRING,
    "kind": one_of(get_args(SourceKind)),
    "start": listed(STRING),
    "every": INTEGER,
    "note": STRING,
    # what has been watched of it
    "source": STRING,
    "pages": INTEGER,
    "notices": INTEGER,
    "last_checked": or_null(TIME),
    "last_success": or_null(TIME),
    "last_new_item": or_null(TIME),
    "last_changed": or_null(TIME),
    "failures": INTEGER,
    "alerts": INTEGER,
    "withdrawn": INTEGER,
    "quiet_after": or_null(INTEGER),
    "usual_interval": or_null(INTEGER),
    "expected_rows": or_null(shape(min=INTEGER, max=or_null(INTEGER))),
    "rows": or_null(shape(fewest=INTEGER, most=INTEGER)),
    "gaps": shape(days=INTEGER, count=INTEGER, seconds=INTEGER),
    "unread_since": or_null(TIME),
    "state": listed(one_of(get_args(State))),
}
_ENTRY = {
    "name": STRING,
    "kind": STRING,
    "source": or_null(STRING),
    "disclosed": or_null(STRING),
    "count": or_null(STRING),
    "later": or_null(STRING),
}
_INCIDENT = {
    "slug": STRING,
    "name": STRING,
    "summary": STRING,
    "respondents": listed(STRING),
    "hotlines": listed(STRING),
    "window": or_null(listed(or_null(DAY))),
    "roster": listed(shape(**_ENTRY)),
}

SCHEMAS: dict[str, Schema] = {
    "Change": shape(**_CHANGE),
    "ChangeInFull": shape(**_CHANGE, hunks=listed(reference("Hunk"))),
    "Hunk": shape(
        op=one_of(get_args(HunkOp)),
        label=STRING,
        old=STRING,
        new=STRING,
        reasons=listed(STRING),
        segments=listed(shape(old=STRING, new=STRING)),
    ),
    "Notice": shape(**_NOTICE),
    "NoticeInFull": shape(
        **_NOTICE,
        **_DOCUMENT,
        attachments=listed(shape(url=STRING, **_DOCUMENT)),
        changes=listed(reference("Change")),
        links=listed(reference("Link")),
        redactions=listed(reference("Redaction")),
    ),
    "Version": shape(**_VERSION),
    "VersionInFull": shape(**_VERSION, url=STRING, text=STRING, facts=listed(reference("Fact"))),
    "Comparison": shape(
        notice=INTEGER, old=reference("Version"), new=reference("Version"), hunks=listed(reference("Hunk"))
    ),
    "Fact": shape(
        field=one_of(get_args(FactField)),
        value={"description": "count: integer or null; date, deadline: ISO 8601; provision: its parts"},
        unit=STRING,
        qualifiers=listed(STRING),
        role=STRING,
        start=INTEGER,
        end=INTEGER,
        raw=STRING,
    ),
    "Hit": shape(
        notice=INTEGER,
        version=or_null(INTEGER),
        source=STRING,
        url=STRING,
        title=STRING,
        published=or_null(DAY),
        snippet=STRING,
        spans=listed(listed(INTEGER)),
    ),
    "Source": shape(**_SOURCE),
    "SourceInFull": shape(
        **_SOURCE,
        raised=listed(reference("Alert")),
        offers=listed(reference("Offer")),
        links=listed(reference("Link")),
    ),
    "Check": shape(
        id=INTEGER,
        checked_at=TIME,
        url=STRING,
        outcome=one_of(get_args(Outcome)),
        status=or_null(INTEGER),
        detail=STRING,
        snapshot=or_null(INTEGER),
    ),
    "Alert": shape(
        id=INTEGER,
        raised_at=TIME,
        kind=STRING,
        source=STRING,
        url=STRING,
        detail=STRING,
        last_seen=TIME,
        times=INTEGER,
    ),
    "Offer": shape(id=INTEGER, source=STRING, url=STRING, title=STRING, offered_at=TIME, status=STATUS),
    "Link": shape(
        incident=STRING, notice=INTEGER, status=STATUS, evidence=listed(STRING), score={"type": "number"}
    ),
    "Redaction": shape(
        id=INTEGER, notice=INTEGER, reason=STRING, redacted_at=TIME, snapshots=INTEGER, versions=INTEGER
    ),
    "Incident": shape(**_INCIDENT),
    "IncidentInFull": shape(
        **{
            **_INCIDENT,
            "roster": listed(
                shape(
                    **_ENTRY, day=or_null(DAY), days_after_first=or_null(INTEGER), notices=listed(INTEGER)
                )
            ),
        },
        links=listed(reference("Link")),
        counts=listed(
            shape(
                change=INTEGER,
                detected_at=TIME,
                source=STRING,
                notice=INTEGER,
                old=or_null(STRING),
                new=or_null(STRING),
            )
        ),
        measures=listed(
            shape(
                notice=INTEGER,
                source=STRING,
                title=STRING,
                actions=listed(one_of(ACTIONS)),
                provisions=listed(reference("Fact")),
                deadlines=listed(reference("Fact")),
            )
        ),
    ),
    "Decision": shape(outcome=one_of(("done", "already")), detail=STRING),
}  # fmt: skip
