"""Views for those who ask the database itself: their names and columns stay, whatever the tables become.

They are made anew behind every step of the schema, see schema.py; docs/reference/views.md says what each
column holds. Moments are UTC; on SQLite, which has no type for them, as ISO 8601 with a Z.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

_SQLITE = {
    "at": "strftime('%Y-%m-%dT%H:%M:%fZ', {} / 1000000.0, 'unixepoch')",
    "day": "date({} / 1000000.0, 'unixepoch', '+9 hours')",
    "hex": "nullif(lower(hex({})), '')",
    # without json_extract, which SQLite holds for unsafe in a view where trusted_schema is off
    "said": "CASE WHEN substr({0}, 1, 1) = '\"' THEN replace(replace(substr({0}, 2, length({0}) - 2), "
    "'\\\"', '\"'), '\\\\', '\\') ELSE {0} END",
    "roster": "json_each(coalesce(json_extract(i.edits, '$.roster'), "
    "json_extract(i.declaration, '$.roster')))",
    "entry": "json_extract(value, '$.{}')",
    "held": "instr({}, '{}') > 0",
}
_POSTGRESQL = {
    "at": "{}",
    "day": "({} AT TIME ZONE 'Asia/Tokyo')::date",
    "hex": "encode({}, 'hex')",
    "said": "{}::jsonb #>> '{{}}'",
    "roster": "jsonb_array_elements(coalesce(i.edits::jsonb -> 'roster', i.declaration::jsonb -> 'roster'))",
    "entry": "value ->> '{}'",
    "held": "position('{1}' in {0}) > 0",
}


def make_views(db: Connection) -> None:
    """Make all views."""
    for name, query in _queries(db.dialect.name).items():
        db.exec_driver_sql(f"CREATE VIEW {name} AS {query}")


def drop_views(db: Connection) -> None:
    """Take the views out: a table cannot be altered under them."""
    for name in reversed(_queries(db.dialect.name)):
        db.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")


def _queries(dialect: str) -> dict[str, str]:
    words = _SQLITE if dialect == "sqlite" else _POSTGRESQL

    def at(column: str) -> str:
        return words["at"].format(column)

    def day(column: str) -> str:
        return words["day"].format(column)

    def hex_(column: str) -> str:
        return words["hex"].format(column)

    def entry(key: str) -> str:
        return words["entry"].format(key)

    return {
        "sources": f"""
            SELECT s.slug AS id, s.name, s.kind,
                (SELECT count(*) FROM page p WHERE p.source_id = s.id) AS pages,
                (SELECT count(*) FROM notice n WHERE n.source_id = s.id) AS notices,
                (SELECT count(*) FROM page p WHERE p.source_id = s.id AND p.failures > 0) AS failing_pages,
                (SELECT {at("max(p.last_checked)")} FROM page p WHERE p.source_id = s.id) AS last_checked,
                (SELECT {at("max(p.last_success)")} FROM page p WHERE p.source_id = s.id) AS last_success,
                (SELECT {at("max(p.last_changed)")} FROM page p WHERE p.source_id = s.id) AS last_changed
            FROM source s""",
        "notices": f"""
            SELECT n.id, s.slug AS source, s.name AS publisher, s.kind AS publisher_kind, n.title, n.url,
                n.published, n.updated, n.status, {at("n.first_seen")} AS first_seen,
                {at("n.last_seen")} AS last_seen, n.page_id AS page
            FROM notice n JOIN source s ON s.id = n.source_id""",
        "versions": f"""
            SELECT v.id, coalesce(p.parent_id, p.id) AS page, p.id AS document, p.role, p.url, v.number,
                {at("v.captured_at")} AS captured_at, v.title, v.published, v.updated,
                (p.version_id = v.id) AS is_current, b.status AS http_status, {hex_("b.sha256")} AS sha256,
                b.size, b.id AS snapshot, s.slug AS source, s.name AS publisher
            FROM version v JOIN page p ON p.id = v.page_id JOIN source s ON s.id = p.source_id
            JOIN snapshot b ON b.id = v.snapshot_id""",
        "changes": f"""
            SELECT c.id, c.notice_id AS notice, s.slug AS source, s.name AS publisher, c.title, c.url,
                {at("c.detected_at")} AS detected_at, {day("c.detected_at")} AS detected_day, c.kind,
                c.material, ({words["held"].format("c.reasons", '"silent"')}) AS silent, c.reasons, c.summary,
                c.facts, c.from_version, c.to_version, {hex_("o.sha256")} AS from_sha256,
                {hex_("w.sha256")} AS to_sha256, l.number AS chain_number, {hex_("l.hash")} AS chain_hash
            FROM change c JOIN source s ON s.id = c.source_id
            LEFT JOIN chain l ON l.number = (SELECT max(k.number) FROM chain k WHERE k.change_id = c.id)
            LEFT JOIN snapshot o ON o.id = l.old_snapshot_id
            LEFT JOIN snapshot w ON w.id = l.new_snapshot_id""",
        "facts": f"""
            SELECT coalesce(p.parent_id, p.id) AS page, p.id AS document, v.id AS version,
                (p.version_id = v.id) AS is_current, s.slug AS source, s.name AS publisher, p.url,
                {at("v.captured_at")} AS captured_at, f.field, {words["said"].format("f.value")} AS value,
                f.number AS count, f.unit, f.qualifiers, f.role, f.raw AS quoted
            FROM fact_span t JOIN fact_value f ON f.id = t.value_id
            JOIN version v ON v.page_id = t.page_id AND v.number >= t.first
                AND v.number <= coalesce(t.last, v.number) AND v.facts IS NOT NULL
            JOIN page p ON p.id = v.page_id JOIN source s ON s.id = p.source_id
            JOIN tally n ON n.number <= t.times""",
        "roster": f"""
            SELECT i.slug AS incident, i.name AS incident_name, {entry("name")} AS body,
                {entry("kind")} AS kind, {entry("source")} AS source, {entry("disclosed")} AS disclosed,
                {entry("count")} AS count, {entry("later")} AS later
            FROM incident i, {words["roster"]} WHERE i.status <> 'removed'""",
        "incident_notices": """
            SELECT i.slug AS incident, i.name AS incident_name, l.notice_id AS notice, l.status, l.score
            FROM incident_link l JOIN incident i ON i.id = l.incident_id WHERE i.status <> 'removed'""",
    }


VIEWS = tuple(_queries("sqlite"))
"""Names of the views."""
