"""What the API takes and gives, as JSON Schema; the shapes themselves are those of storage.json_shapes."""

from __future__ import annotations

from typing import Any, get_args

from feeds.web.params import ORDERS
from feeds.wording.conditions import MAX_COUNT, MAX_QUERY_CHARS, PERIOD, PERIOD_ABOUT, RULES, FilterRule
from feeds.wording.tables.fact_words import ACTIONS
from storage.query import State
from storage.records import (
    REASONS,
    ChangeKind,
    FactField,
    HunkOp,
    HunkPlace,
    IncidentOrigin,
    IncidentStatus,
    LinkStatus,
    NoticeStatus,
    Outcome,
    SourceKind,
)

Schema = dict[str, Any]
Parameter = tuple[Schema, str]
"""Its schema, and what it says."""


def array_of(of: Schema) -> Schema:
    """Make the schema of an array."""
    return {"type": "array", "items": of}


def object_of(**properties: Schema) -> Schema:
    """Make the schema of an object whose properties are all required."""
    return {"type": "object", "properties": properties, "required": list(properties)}


def enum_of(values: Any) -> Schema:
    """Make the schema of a string that is one of some values."""
    return {"type": "string", "enum": list(values)}


def refer_to(schema: str) -> Schema:
    """Refer to a schema by its name."""
    return {"$ref": f"#/components/schemas/{schema}"}


def nullable(schema: Schema) -> Schema:
    """Allow null as well."""
    return {**schema, "type": [schema["type"], "null"]}


STRING: Schema = {"type": "string"}
INTEGER: Schema = {"type": "integer"}
BOOLEAN: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
STATUS = enum_of(get_args(LinkStatus))

_WORDS: Schema = {**STRING, "maxLength": MAX_QUERY_CHARS}
_COUNT: Schema = {**INTEGER, "minimum": 0, "maximum": MAX_COUNT}
_SHAPES: dict[str, Schema] = {
    "source": STRING,
    "material": enum_of(("true", "false", "any")),
    "stated_over": _COUNT,
    "changed_over": _COUNT,
    "changed_by": {**STRING, "pattern": "^([0-9]{1,15}%?)?$"},  # empty: not asked, as a form sends it
    "since": DAY,
    "until": DAY,
}
"""Schemas of the filters that are neither words nor one of some values."""


def _describe(rule: FilterRule) -> Parameter:
    schema = enum_of(rule.choices) if rule.choices else _SHAPES.get(rule.name, _WORDS)
    several = "; several with commas" if rule.several else ""
    also = f"; also {', '.join(rule.also)}" if rule.also else ""
    return schema, f"{rule.about}{several}{also}"


FILTERS: dict[str, Parameter] = {
    **{rule.name: _describe(rule) for rule in RULES},
    PERIOD: (_WORDS, PERIOD_ABOUT),
}
OF_SEARCH: dict[str, Parameter] = {
    **FILTERS,
    "order": (enum_of(ORDERS), "newest first, or what the words are most about"),
}
OF_ALERTS: dict[str, Parameter] = {
    "source": FILTERS["source"],
    "kind": (STRING, "kind of alert, such as soft-404; several with commas"),
    "since": FILTERS["since"],
    "until": FILTERS["until"],
    PERIOD: FILTERS[PERIOD],
}
OF_OFFERS: dict[str, Parameter] = {"source": FILTERS["source"], "status": (STATUS, "what was decided")}
OF_LINKS: dict[str, Parameter] = {
    "incident": (STRING, "slug of an incident; several with commas"),
    "status": OF_OFFERS["status"],
}

_FACT_CHANGE = {
    "type": "object",
    "properties": {"field": STRING, "old": nullable(STRING), "new": nullable(STRING), "role": STRING},
    "required": ["field", "old", "new"],  # role: of a date of which the text says what it is of
}
_CHANGE = {
    "id": INTEGER,
    "detected_at": TIME,
    "kind": enum_of(get_args(ChangeKind)),
    "material": BOOLEAN,
    "reasons": array_of(enum_of(REASONS)),
    "source": STRING,
    "notice": INTEGER,
    "url": STRING,
    "title": STRING,
    "from_version": nullable(INTEGER),
    "to_version": nullable(INTEGER),
    "summary": STRING,
    "facts": array_of(_FACT_CHANGE),
    "from_sha256": nullable(STRING),
    "to_sha256": nullable(STRING),
    "chain_number": nullable(INTEGER),
    "chain_record": nullable(STRING),
    "chain_hash": nullable(STRING),
    "headline": STRING,
}
_NOTICE = {
    "id": INTEGER,
    "source": STRING,
    "url": STRING,
    "title": STRING,
    "published": nullable(DAY),
    "updated": nullable(DAY),
    "status": enum_of(get_args(NoticeStatus)),
    "versions": INTEGER,
    "first_seen": TIME,
    "last_seen": TIME,
    "incidents": array_of(STRING),
}
_VERSION = {
    "id": INTEGER,
    "number": INTEGER,
    "captured_at": TIME,
    "title": STRING,
    "published": nullable(DAY),
    "updated": nullable(DAY),
    "encoding": STRING,
    "snapshot": INTEGER,
    "attachments": array_of(object_of(text=STRING, url=STRING)),
    "sha256": STRING,
    "text_sha256": nullable(STRING),
}
_DOCUMENT = {
    "history": array_of(refer_to("Version")),
    "text": nullable(STRING),
    "facts": array_of(refer_to("Fact")),
}
_SOURCE = {
    "name": STRING,
    "kind": enum_of(get_args(SourceKind)),
    "start": array_of(STRING),
    "every": INTEGER,
    "note": STRING,
    # what has been watched of it
    "source": STRING,
    "pages": INTEGER,
    "notices": INTEGER,
    "last_checked": nullable(TIME),
    "last_success": nullable(TIME),
    "last_new_item": nullable(TIME),
    "last_changed": nullable(TIME),
    "failures": INTEGER,
    "alerts": INTEGER,
    "withdrawn": INTEGER,
    "quiet_after": nullable(INTEGER),
    "usual_interval": nullable(INTEGER),
    "expected_rows": nullable(object_of(min=INTEGER, max=nullable(INTEGER))),
    "rows": nullable(object_of(fewest=INTEGER, most=INTEGER)),
    "gaps": object_of(days=INTEGER, count=INTEGER, seconds=INTEGER),
    "unread_since": nullable(TIME),
    "trials": array_of(object_of(url=STRING, at=TIME, problem=nullable(STRING))),
    "state": array_of(enum_of(get_args(State))),
}
_ENTRY = {
    "name": STRING,
    "kind": STRING,
    "source": nullable(STRING),
    "disclosed": nullable(STRING),
    "count": nullable(STRING),
    "later": nullable(STRING),
}
_STEP = object_of(name=STRING, day=DAY, raw=STRING)
_INCIDENT = {
    "slug": STRING,
    "name": STRING,
    "summary": STRING,
    "respondents": array_of(STRING),
    "hotlines": array_of(STRING),
    "window": nullable(array_of(nullable(DAY))),
    "roster": array_of(object_of(**_ENTRY)),
    "origin": enum_of(get_args(IncidentOrigin)),
    "status": enum_of(get_args(IncidentStatus)),
}

SCHEMAS: dict[str, Schema] = {
    "Change": object_of(**_CHANGE),
    "ChangeInFull": object_of(**_CHANGE, hunks=array_of(refer_to("Hunk"))),
    "Hunk": object_of(
        op=enum_of(get_args(HunkOp)),
        label=STRING,
        place=enum_of(get_args(HunkPlace)),
        old=STRING,
        new=STRING,
        reasons=array_of(STRING),
        segments=array_of(
            object_of(
                old=STRING,
                new=STRING,
                values=array_of(object_of(kind=STRING, old=STRING, new=STRING)),
            )
        ),
        goes_on=BOOLEAN,
    ),
    "Notice": object_of(**_NOTICE),
    "NoticeInFull": object_of(
        **_NOTICE,
        **_DOCUMENT,
        attachments=array_of(object_of(url=STRING, **_DOCUMENT)),
        changes=array_of(refer_to("Change")),
        links=array_of(refer_to("Link")),
        redactions=array_of(refer_to("Redaction")),
    ),
    "Version": object_of(**_VERSION),
    "VersionInFull": object_of(**_VERSION, url=STRING, text=STRING, facts=array_of(refer_to("Fact"))),
    "Comparison": object_of(
        notice=INTEGER, old=refer_to("Version"), new=refer_to("Version"), hunks=array_of(refer_to("Hunk"))
    ),
    "Fact": object_of(
        field=enum_of(get_args(FactField)),
        value={"description": "count: integer or null; date, deadline: ISO 8601; provision: its parts"},
        unit=STRING,
        qualifiers=array_of(STRING),
        role=STRING,
        start=INTEGER,
        end=INTEGER,
        raw=STRING,
    ),
    "Hit": object_of(
        notice=INTEGER,
        version=nullable(INTEGER),
        source=STRING,
        url=STRING,
        title=STRING,
        published=nullable(DAY),
        snippet=STRING,
        spans=array_of(array_of(INTEGER)),
    ),
    "Source": object_of(**_SOURCE),
    "SourceInFull": object_of(
        **_SOURCE,
        raised=array_of(refer_to("Alert")),
        offers=array_of(refer_to("Offer")),
        links=array_of(refer_to("Link")),
    ),
    "Check": object_of(
        id=INTEGER,
        checked_at=TIME,
        url=STRING,
        outcome=enum_of(get_args(Outcome)),
        status=nullable(INTEGER),
        detail=STRING,
        snapshot=nullable(INTEGER),
    ),
    "Alert": object_of(
        id=INTEGER,
        raised_at=TIME,
        kind=STRING,
        source=STRING,
        url=STRING,
        detail=STRING,
        last_seen=TIME,
        times=INTEGER,
    ),
    "Offer": object_of(id=INTEGER, source=STRING, url=STRING, title=STRING, offered_at=TIME, status=STATUS),
    "Link": object_of(
        incident=STRING, notice=INTEGER, status=STATUS, evidence=array_of(STRING), score={"type": "number"}
    ),
    "Redaction": object_of(
        id=INTEGER, notice=INTEGER, reason=STRING, redacted_at=TIME, snapshots=INTEGER, versions=INTEGER
    ),
    "Incident": object_of(**_INCIDENT),
    "IncidentInFull": object_of(
        **{
            **_INCIDENT,
            "roster": array_of(
                object_of(
                    **_ENTRY,
                    day=nullable(DAY),
                    days_after_first=nullable(INTEGER),
                    notices=array_of(INTEGER),
                    first_counts=array_of(STRING),
                    last_counts=array_of(STRING),
                    edits=INTEGER,
                    silent_edits=INTEGER,
                    unknown=array_of(STRING),
                    declared=BOOLEAN,
                    has_disclosed=BOOLEAN,
                    latest_count=nullable(STRING),
                    stage=nullable(STRING),
                    outcomes=array_of(STRING),
                    steps=array_of(STRING),
                    last_edit=nullable(TIME),
                    known_since=nullable(TIME),
                    named_by=array_of(
                        object_of(source=STRING, notice=INTEGER, part=STRING, count=nullable(STRING))
                    ),
                )
            ),
        },
        links=array_of(refer_to("Link")),
        counts=array_of(
            object_of(
                change=INTEGER,
                detected_at=TIME,
                source=STRING,
                notice=INTEGER,
                old=nullable(STRING),
                new=nullable(STRING),
            )
        ),
        measures=array_of(
            object_of(
                notice=INTEGER,
                source=STRING,
                title=STRING,
                actions=array_of(enum_of(ACTIONS)),
                provisions=array_of(refer_to("Fact")),
                deadlines=array_of(refer_to("Fact")),
            )
        ),
        timeline=array_of(
            object_of(
                day=DAY,
                kind=STRING,
                source=STRING,
                notice=INTEGER,
                title=STRING,
                url=STRING,
                version=nullable(INTEGER),
                facts=array_of(_FACT_CHANGE),
                reasons=array_of(STRING),
                change=nullable(INTEGER),
                headline=nullable(STRING),
            )
        ),
        clocks=array_of(
            object_of(
                source=STRING,
                notice=INTEGER,
                name=STRING,
                start=_STEP,
                end=_STEP,
                days=INTEGER,
                limit=STRING,
                standing=nullable(STRING),
            )
        ),
        cross_check=object_of(
            named_and_published=array_of(STRING),
            named_only=array_of(STRING),
            published_only=array_of(STRING),
        ),
    ),
    "Decision": object_of(outcome=enum_of(("done", "already")), detail=STRING),
}  # fmt: skip
