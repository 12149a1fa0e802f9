"""The first schema. What the columns are for stands in storage/tables.py."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables and the index of texts."""
    _tables()
    _search_index()


def _tables() -> None:
    op.create_table(
        "blob",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("base_id", sa.Integer()),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["base_id"], ["blob.id"], name="fk_blob_base_id"),
        sa.PrimaryKeyConstraint("id", name="pk_blob"),
        sa.UniqueConstraint("sha256", name="uq_blob_sha256"),
    )
    op.create_index("ix_blob_base_id", "blob", ["base_id"])
    op.create_table(
        "host_block",
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("host", "key", name="pk_host_block"),
    )
    op.create_index("ix_host_block_host_pages", "host_block", ["host", "pages"])
    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_incident"),
        sa.UniqueConstraint("slug", name="uq_incident_slug"),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stats", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_setting"),
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("declaration", sa.Text(), nullable=False),
        sa.Column("reference_blob", sa.Integer()),
        sa.PrimaryKeyConstraint("id", name="pk_source"),
        sa.UniqueConstraint("slug", name="uq_source_slug"),
    )
    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_offer_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_offer"),
        sa.UniqueConstraint("source_id", "url_hash", name="uq_offer_source_id_url_hash"),
    )
    op.create_table(
        "page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Integer()),
        sa.Column("etag", sa.Text()),
        sa.Column("last_modified", sa.Text()),
        sa.Column("due_at", sa.DateTime(timezone=True)),
        sa.Column("last_checked", sa.DateTime(timezone=True)),
        sa.Column("last_success", sa.DateTime(timezone=True)),
        sa.Column("last_changed", sa.DateTime(timezone=True)),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True)),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("snapshot_id", sa.Integer()),
        sa.Column("version_id", sa.Integer()),
        sa.Column("held", sa.Text()),
        sa.Column("volatile", sa.Text(), nullable=False),
        sa.Column("changes_seen", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["parent_id"], ["page.id"], name="fk_page_parent_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_page_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_page"),
        sa.UniqueConstraint("source_id", "url_hash", "role", name="uq_page_source_id_url_hash_role"),
    )
    op.create_index("ix_page_parent_id", "page", ["parent_id"])
    op.create_index("ix_page_source_id_due_at", "page", ["source_id", "due_at"])
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.Date()),
        sa.Column("updated", sa.Date()),
        sa.Column("appeared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_notice_page_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_notice_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
    )
    op.create_index("ix_notice_appeared_at", "notice", ["appeared_at"])
    op.create_index("ix_notice_page_id", "notice", ["page_id"])
    op.create_index("ix_notice_source_id_appeared_at", "notice", ["source_id", "appeared_at"])
    op.create_table(
        "page_blocks",
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("blocks", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_page_blocks_page_id"),
        sa.PrimaryKeyConstraint("page_id", name="pk_page_blocks"),
    )
    op.create_table(
        "snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("final_url", sa.Text(), nullable=False),
        sa.Column("redirects", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Integer()),
        sa.ForeignKeyConstraint(["blob_id"], ["blob.id"], name="fk_snapshot_blob_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_snapshot_page_id"),
        sa.PrimaryKeyConstraint("id", name="pk_snapshot"),
    )
    op.create_index("ix_snapshot_blob_id", "snapshot", ["blob_id"])
    op.create_index("ix_snapshot_page_id_captured_at", "snapshot", ["page_id", "captured_at"])
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("url_hash", sa.LargeBinary(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("snapshot_id", sa.Integer()),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_alert_run_id"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_alert_snapshot_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_alert_source_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index("ix_alert_last_seen", "alert", ["last_seen"])
    op.create_index("ix_alert_source_id_url_hash", "alert", ["source_id", "url_hash"])
    op.create_table(
        "check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("snapshot_id", sa.Integer()),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_check_page_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_check_run_id"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_check_snapshot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_check"),
    )
    op.create_index("ix_check_page_id", "check", ["page_id"])
    op.create_table(
        "incident_link",
        sa.Column("incident_id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name="fk_incident_link_incident_id"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_incident_link_notice_id"),
        sa.PrimaryKeyConstraint("incident_id", "notice_id", name="pk_incident_link"),
    )
    op.create_index("ix_incident_link_notice_id", "incident_link", ["notice_id"])
    op.create_table(
        "redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("snapshots", sa.Integer(), nullable=False),
        sa.Column("versions", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_redaction_notice_id"),
        sa.PrimaryKeyConstraint("id", name="pk_redaction"),
    )
    op.create_table(
        "version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot_id", sa.Integer(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("published", sa.Date()),
        sa.Column("updated", sa.Date()),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("recipe", sa.Text(), nullable=False),
        sa.Column("encoding", sa.Text(), nullable=False),
        sa.Column("replaced", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer()),
        sa.ForeignKeyConstraint(["content_id"], ["blob.id"], name="fk_version_content_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_version_page_id"),
        sa.ForeignKeyConstraint(["snapshot_id"], ["snapshot.id"], name="fk_version_snapshot_id"),
        sa.PrimaryKeyConstraint("id", name="pk_version"),
        sa.UniqueConstraint("page_id", "number", name="uq_version_page_id_number"),
    )
    op.create_index("ix_version_content_id", "version", ["content_id"])
    op.create_index("ix_version_snapshot_id", "version", ["snapshot_id"])
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("detected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("material", sa.Boolean(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("from_version", sa.Integer()),
        sa.Column("to_version", sa.Integer()),
        sa.Column("hunks", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.ForeignKeyConstraint(["from_version"], ["version.id"], name="fk_change_from_version"),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_change_notice_id"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_change_run_id"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name="fk_change_source_id"),
        sa.ForeignKeyConstraint(["to_version"], ["version.id"], name="fk_change_to_version"),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
    )
    op.create_index("ix_change_detected_at", "change", ["detected_at"])
    op.create_index("ix_change_notice_id", "change", ["notice_id"])
    op.create_index(
        "uq_change",
        "change",
        [
            "notice_id",
            "kind",
            sa.text("coalesce(from_version, 0)"),
            sa.text("coalesce(to_version, 0)"),
            "detected_at",
        ],
        unique=True,
    )
    op.create_index("ix_change_source_id_detected_at", "change", ["source_id", "detected_at"])
    op.create_table(
        "fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger()),
        sa.Column("term", sa.Text()),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("qualifiers", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_fact_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_fact"),
    )
    op.create_index("ix_fact_version_id_field", "fact", ["version_id", "field"])
    op.create_table(
        "search_doc",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer()),
        sa.Column("notice_id", sa.Integer()),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name="fk_search_doc_notice_id"),
        sa.ForeignKeyConstraint(["page_id"], ["page.id"], name="fk_search_doc_page_id"),
        sa.ForeignKeyConstraint(["version_id"], ["version.id"], name="fk_search_doc_version_id"),
        sa.PrimaryKeyConstraint("id", name="pk_search_doc"),
        sa.UniqueConstraint("notice_id", name="uq_search_doc_notice_id"),
        sa.UniqueConstraint("version_id", name="uq_search_doc_version_id"),
    )
    op.create_index("ix_search_doc_page_id", "search_doc", ["page_id"])
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["change_id"], ["change.id"], name="fk_outbox_change_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("change_id", "target", name="uq_outbox_change_id_target"),
    )
    op.create_index("ix_outbox_status_due_at", "outbox", ["status", "due_at"])


def _search_index() -> None:
    """See storage/db/index/search_index.py."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE search_index USING fts5(pairs, content='', tokenize='ascii')")
        return
    op.execute(
        "CREATE TABLE search_index (id bigint PRIMARY KEY, folded text NOT NULL, pairs integer[] NOT NULL)"
    )
    # without fastupdate no search has to wade through a list of what is not yet indexed
    op.execute("CREATE INDEX ix_search_index_pairs ON search_index USING gin (pairs) WITH (fastupdate = off)")
