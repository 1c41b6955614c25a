"""Brings a ledger's tables to `schema.HEAD`. Runs at every open, from an installed package too; costs one query when
there is nothing to do, and never touches a ledger of a newer house."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text

from kiosk.ledger.errors import LedgerDamaged
from kiosk.ledger.schema import HEAD


def config(connection: Connection | None = None) -> Config:
    """Alembic's view of the migrations, wherever the package is installed."""
    settings = Config()
    settings.set_main_option("script_location", "kiosk.ledger:migrations")
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


def upgrade(connection: Connection) -> None:
    """Migrate within the caller's transaction, which must already keep other processes out."""
    if inspect(connection).has_table("alembic_version"):
        versions = connection.execute(text("SELECT version_num FROM alembic_version")).scalars().all()
        if versions == [HEAD]:
            return
        if any(version > HEAD for version in versions):
            raise LedgerDamaged(f"a newer Hall Kiosk wrote this ledger (tables {versions[0]}, this one knows {HEAD})")
    command.upgrade(config(connection), "head")
