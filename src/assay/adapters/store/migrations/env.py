"""Run by alembic, on the connection that `database.upgrade` hands over. Not imported by anybody, hence no package."""

from __future__ import annotations

from alembic import context

from assay.adapters.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
