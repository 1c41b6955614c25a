"""How Alembic reaches the ledger: on the connection, and in the transaction, that `kiosk.ledger.migrate` hands it."""

from __future__ import annotations

from alembic import context

from kiosk.ledger.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
