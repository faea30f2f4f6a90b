"""Alembic's environment: runs migrations on the engine that it is handed."""

from typing import Literal

from alembic import context
from sqlalchemy import JSON

from lms.db.base import Base, UnitFraction, UtcDateTime

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


with config.attributes["engine"].connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_item=_render_item,
        render_as_batch=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
