"""Alembic's environment: runs migrations on the engine that it is handed."""

from typing import Literal

from alembic import context
from sqlalchemy import JSON, Connection, text

from lms.db.base import Base, UnitFraction, UtcDateTime
from lms.db.engine import WRITES
from lms.db.schema import LOCK_SECONDS

config = context.config


def _render_item(kind: str, item: object, _autogen: object) -> str | Literal[False]:
    """Migrations never import our models: our own column types are written as SQLAlchemy's."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, UnitFraction):
        return "sa.Numeric(9, 8)"
    if kind == "type" and isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def _wait_briefly(connection: Connection, *, is_running: bool) -> None:
    """While migrations run, a lock is waited for only so long; the connection goes back to its pool as it was."""
    if connection.dialect.name == "postgresql":
        value = f"'{LOCK_SECONDS}s'" if is_running else "DEFAULT"
        connection.execute(text(f"SET lock_timeout = {value}"))
        connection.commit()


# On SQLite the write lock is taken at the start of each step: upgrading a read lock amid traffic fails at once.
with config.attributes["engine"].connect().execution_options(**{WRITES: True}) as connection:
    _wait_briefly(connection, is_running=True)
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render_item,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.rollback()
        _wait_briefly(connection, is_running=False)
