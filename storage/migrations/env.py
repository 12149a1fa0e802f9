"""Runs migrations on the connection that schema.py hands over, inside its transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,  # SQLite cannot alter a column: alembic copies the table instead
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
