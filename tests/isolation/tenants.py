"""Two organisations beside the public one, and ways to take one of the two walls between them down."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from sqlalchemy import Engine, event, inspect, text

from lms import clock
from lms.db import scope
from lms.db.base import Base
from lms.db.session import Database, ScopedSession
from lms.organisations.models import Organisation


def make_tenant(database: Database, slug: str) -> UUID:
    """An organisation with nothing in it."""
    organisation_id = uuid4()
    with database.transaction(organisation_id) as session:
        session.add(Organisation(id=organisation_id, slug=slug, name=slug.title(), created_at=clock.now()))
    return organisation_id


def tables_of_organisations() -> list[str]:
    """Every table whose rows belong to an organisation, as the models say."""
    return [table.name for table in Base.metadata.sorted_tables if "organisation_id" in table.columns]


@contextmanager
def without_scope() -> Iterator[None]:
    """Take the criterion of the organisation off every statement; row-level security stands alone."""
    listener = scope._add_criterion  # no application may have a switch for this
    event.remove(ScopedSession, "do_orm_execute", listener)
    try:
        yield
    finally:
        event.listen(ScopedSession, "do_orm_execute", listener)


@contextmanager
def without_row_security(engine: Engine) -> Iterator[None]:
    """Let the owner of the tables see every row again; the scope of sessions stands alone."""
    if engine.dialect.name != "postgresql":
        yield
        return
    force(engine, is_on=False)
    try:
        yield
    finally:
        force(engine, is_on=True)


def force(engine: Engine, *, is_on: bool) -> None:
    """Hold the owner of the tables to the policies, or not."""
    present = set(inspect(engine).get_table_names())
    word = "FORCE" if is_on else "NO FORCE"
    with engine.begin() as connection:
        for table in ["organisation", *tables_of_organisations()]:
            if table in present:
                connection.execute(text(f'ALTER TABLE "{table}" {word} ROW LEVEL SECURITY'))
