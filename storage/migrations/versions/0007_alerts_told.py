"""What happened to an alert waits in the outbox as a change does."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_BEFORE = sa.MetaData()
_OUTBOX = sa.Table(  # named here: asked of the database, SQLAlchemy warns of an index of another table
    "outbox",
    _BEFORE,
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
    sa.Index("ix_outbox_status_due_at", "status", "due_at"),
)
_OTHERS = [sa.Table(name, _BEFORE, sa.Column("id", sa.Integer())) for name in ("change", "alert")]


def upgrade() -> None:
    """Let a row of the outbox be of an alert instead of a change."""
    with op.batch_alter_table("outbox", copy_from=_OUTBOX) as table:
        table.alter_column("change_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("alert_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("turn", sa.Text(), nullable=True))
        table.create_foreign_key("fk_outbox_alert_id", "alert", ["alert_id"], ["id"])
        table.create_index("ix_outbox_alert_id", ["alert_id"])


def downgrade() -> None:
    """Let go of what waits to be told of alerts, or was, and leave the outbox to changes."""
    db = op.get_bind()
    kept = db.execute(sa.select(_OUTBOX).where(_OUTBOX.c.change_id.is_not(None))).mappings().all()
    op.drop_table("outbox")
    _OUTBOX.create(db)
    if kept:
        db.execute(_OUTBOX.insert(), [dict(row) for row in kept])
    if db.dialect.name == "postgresql":  # rows that bring their id do not move what gives the next one
        op.execute("SELECT setval('outbox_id_seq', coalesce(max(id), 1), max(id) IS NOT NULL) FROM outbox")
