"""What Alembic runs: the caller's connection, in the caller's transaction."""

from __future__ import annotations

from alembic import context

from records.schema import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    transaction_per_migration=False,
    transactional_ddl=True,
)
context.run_migrations()
