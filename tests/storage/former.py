"""An archive as the first schema had it, to be upgraded."""

from __future__ import annotations

import sqlalchemy as sa

from storage.archive import Writer
from storage.db.views import drop_views


def to_the_first_schema(writer: Writer) -> None:
    sqlite = writer._db.dialect.name == "sqlite"
    time = "DATETIME" if sqlite else "TIMESTAMP WITH TIME ZONE"
    drop_views(writer._db)
    for step in (
        # 0011
        "DROP TABLE stamp",
        # 0010
        "DROP TABLE moved_count",
        # 0009
        "ALTER TABLE snapshot DROP COLUMN pruned_at",
        # 0008
        "DROP TABLE chain",
        # 0007
        "DROP TABLE outbox",
        f"CREATE TABLE outbox (id {'INTEGER NOT NULL' if sqlite else 'SERIAL'},"
        " change_id INTEGER NOT NULL, target TEXT NOT NULL, status TEXT NOT NULL,"
        f" due_at {time} NOT NULL, attempts INTEGER NOT NULL, error TEXT NOT NULL, sent_at {time},"
        " CONSTRAINT pk_outbox PRIMARY KEY (id),"
        " CONSTRAINT fk_outbox_change_id FOREIGN KEY(change_id) REFERENCES change (id),"
        " CONSTRAINT uq_outbox_change_id_target UNIQUE (change_id, target))",
        "CREATE INDEX ix_outbox_status_due_at ON outbox (status, due_at)",
        # 0006
        "DROP TABLE notice_evidence",
        "DROP TABLE incident_evidence",
        # 0005
        "DROP TABLE incident_trace",
        *(
            f"ALTER TABLE incident DROP COLUMN {name}"
            for name in ("edits", "origin", "status", "merged_into")
        ),
        # 0004
        "UPDATE search_doc SET id = id * 1048576",
        "DROP INDEX ix_fact_version_id_field_number",
        "DROP INDEX ix_fact_field_number_version_id",
        "DROP INDEX ix_fact_field_term_version_id",
        "CREATE INDEX ix_fact_version_id_field ON fact (version_id, field)",
        "DROP INDEX ix_change_notice_id_kind_material_reasons",
        "DROP INDEX ix_change_detected_at_kind_material_reasons",
        "CREATE INDEX ix_change_notice_id ON change (notice_id)",
        "CREATE INDEX ix_change_detected_at ON change (detected_at)",
        # 0003
        "DROP INDEX ix_change_from_version",
        "DROP INDEX ix_change_to_version",
        "DROP TABLE search_index",
        "ALTER TABLE search_doc DROP COLUMN folded",
        "CREATE VIRTUAL TABLE search_index USING fts5(pairs, content='', tokenize='ascii')"
        if sqlite
        else "CREATE TABLE search_index (id bigint PRIMARY KEY, folded text, pairs integer[])",
        # 0002
        "DROP TABLE gap",
        "DROP INDEX ix_page_source_id_failures_last_checked",
        "DROP INDEX ix_page_source_id_last_changed",
        "DROP INDEX ix_notice_source_id_first_seen",
        "DROP INDEX ix_check_page_id_id",
        "ALTER TABLE page DROP COLUMN rows",
        "CREATE INDEX ix_page_source_id_due_at ON page (source_id, due_at)",
        'CREATE INDEX ix_check_page_id ON "check" (page_id)',
        "UPDATE alembic_version SET version_num = '0001'",
    ):
        writer._db.execute(sa.text(step))
