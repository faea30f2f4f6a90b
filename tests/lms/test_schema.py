"""The migrations make exactly the schema that the models describe, forwards and backwards."""

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from lms.db.base import Base
from lms.db.engine import make_engine
from lms.db.schema import migration_config
from tests.databases import drop_database, make_database_url


@pytest.fixture
def fresh(app, tmp_path):
    url = make_database_url(tmp_path)
    engine = make_engine(url)
    yield engine, migration_config(engine, app.extensions["assay.packages"])
    engine.dispose()
    drop_database(url)


def test_the_migrations_make_what_the_models_describe(fresh):
    engine, config = fresh
    command.upgrade(config, "head")

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrations_go_down_and_up_again(fresh):
    engine, config = fresh
    command.upgrade(config, "head")
    command.downgrade(config, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}

    command.upgrade(config, "head")
    assert "attempt" in inspect(engine).get_table_names()


def test_sqlite_loses_no_acknowledged_commit(database):
    if database.engine.dialect.name != "sqlite":
        return
    with database.engine.connect() as connection:
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2  # FULL
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


def test_sqlite_knows_that_an_organisation_has_many_rows(database):
    if database.engine.dialect.name != "sqlite":
        return
    with database.engine.connect() as connection:
        told = dict(connection.execute(text("SELECT idx, stat FROM sqlite_stat1")).all())
    whole = [
        index
        for table in Base.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is None
    ]
    begin_with_it = [index for index in whole if index.columns[0].name == "organisation_id"]

    assert begin_with_it
    assert all(told[index.name].startswith("1000000 1000000") for index in begin_with_it)
